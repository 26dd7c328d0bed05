"""What is denied at one look, no form would understand; and the look is short where it can be."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.passport import PASSPORT
from pipeline.answers.blanks.book import blank
from pipeline.plugins import readers_office
from pipeline.reading import guard
from pipeline.reading.formats import zip as zips
from pipeline.reading.recognise import known, rows
from pipeline.reading.recognise.known import KnownWordings
from pipeline.reading.recognise.words import Wording
from tests.support.recognise_books import MENTOR, MENTOR_HEADERS, PLANS, read, sheet
from tests.support.recognise_books import WORDS as VOCABULARIES

WORDINGS = tuple(map(Wording, (*PLANS.values(), PASSPORT)))
KNOWN = KnownWordings(WORDINGS)
TITLES = sorted({t for w in WORDINGS for c in w.plan.columns for t in (c.title, *c.aliases)})
WORDS = sorted({word for title in TITLES for word in title.split()})
AROUND = [
    *("из них", "в том числе", "количество", "укажите", "ваш", "наставника", "куратора", "школы"),
    *("чел.", "лет", "(да/нет)", "(полностью)", ", если есть", "12", "1.", "2025", "нет", "тел."),
    *("ФИО", "Фамилия", "сокр.", "СНИЛС", "+7 999 000-00-01", "Петрова Анна Сергеевна", "№", "—"),
]
PIECE = st.one_of(*map(st.sampled_from, (TITLES, WORDS, AROUND)))


@st.composite
def typed(draw):
    """A header with words around it, out of place, cut short or run together."""
    pieces = draw(st.lists(PIECE, min_size=1, max_size=4))
    text = draw(st.sampled_from([" ", " ", " ", "", ", ", " (", "\n"])).join(pieces)
    start, end = draw(st.integers(0, 3)), draw(st.integers(0, 3))
    return draw(st.sampled_from([text, text.upper(), text[start:], text[: len(text) - end]]))


@given(text=typed())
@settings(max_examples=1500, deadline=None)
def test_a_text_that_some_form_words_is_never_denied(text):
    if any(words.worded(text) for words in WORDINGS):
        assert KNOWN.may_mean(text)


@given(parts=st.lists(typed(), min_size=1, max_size=3))
@settings(max_examples=500, deadline=None)
def test_a_header_that_some_form_is_sure_of_is_never_denied(parts):
    text = " ".join(" ".join(parts).split())
    if any(words.sure(tuple(parts), text) for words in WORDINGS):
        assert KNOWN.may_be_sure(tuple(parts), text)


@given(
    text=st.tuples(
        st.sampled_from(["", " ", "- ", "«", "(", "\u200b"]),
        st.sampled_from(
            [
                *("Пример", "ОБРАЗЕЦ заполнения", "дд.мм.гггг", "Выберите из списка", "Данных нет"),
                *(
                    "нет сведений",
                    "Сведения отсутствуют",
                    "HET данных",
                    "OTCУТСТВУЮТ",
                    "нёт данных",
                ),
            ]
        ),
        st.sampled_from(["", ".", " ", "»"]),
    ).map("".join)
)
@settings(max_examples=300, deadline=None)
def test_a_mark_is_seen_by_its_beginning(text):
    assert not (rows._is_example(text) or rows.is_nil(text)) or rows._may_begin_mark(text[:3])


def test_telephones_and_names_are_not_taken_apart(monkeypatch):
    """A table of a thousand rows asks the forms for no more texts than one of ten."""
    asked = []
    real = known.taken_apart
    monkeypatch.setattr(known, "taken_apart", lambda text: asked.append(text) or real(text))
    letters = "абвгдежзик"

    def look(count):
        asked.clear()
        names = [
            f"Петров{''.join(letters[int(d)] for d in f'{i:03}')} Анна Сергеевна" for i in count
        ]
        phones = [f"+7 999 000-{i // 100:02}-{i % 100:02}, a{i}@example.org" for i in count]
        lines = zip(count, names, phones, strict=True)
        read(sheet([MENTOR_HEADERS, *([*line, *MENTOR[3:]] for line in lines)]))
        return len(asked)

    look(range(10))
    assert look(range(10, 20)) == look(range(20, 420))


def test_each_part_of_a_workbook_is_inflated_once(monkeypatch, tmp_path):
    path, inflated = tmp_path / "книга.xlsx", []
    path.write_bytes(blank(tuple(PLANS.values()), VOCABULARIES))
    real = zips._inflate
    monkeypatch.setattr(
        zips, "_inflate", lambda data, entry: inflated.append(entry.filename) or real(data, entry)
    )
    assert guard.inspect(path).code is None
    assert readers_office.read(str(path)).sheets
    assert len(inflated) == len(set(inflated)) > 5
