"""Which column of a form a header means, and how sure that is (`domain.md` §5.1)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from rapidfuzz import fuzz

from contracts.plan import Column, FormPlan
from pipeline.recognise.phrases import cut_words, reduced, without_hint, without_own, without_unit
from pipeline.text import header_key

SHORTEST_PREFIX = 20
_LONGEST_HEADER = 600
_LIKE = 85.0
_LIKE_WORD = 80.0
_COVERS = 0.75
# Of whom a header speaks, by the beginning of the word. «ФИО наставника» and «ФИО наставляемого»
# are near to each other in letters only.
_SUBJECTS = (
    ("наставник", "наставника"),
    ("наставляем", "наставляемого"),
    ("куратор", "куратора"),
    ("координатор", "куратора"),
    ("родител", "родителя"),
    ("законн", "родителя"),
    ("представител", "родителя"),
    ("мать", "родителя"),
    ("матер", "родителя"),
    ("отец", "родителя"),
    ("отца", "родителя"),
    ("ребен", "ребенка"),
    ("руководител", "руководителя"),
    ("директор", "руководителя"),
    ("ученик", "обучающегося"),
    ("обучающ", "обучающегося"),
    ("учащ", "обучающегося"),
)
_PAIR = frozenset(("наставника", "наставляемого"))
_PAIR_WORDS = (
    ("наставник", "наставника"),
    ("наставника", "наставника"),
    ("наставников", "наставника"),
    ("наставляемый", "наставляемого"),
    ("наставляемого", "наставляемого"),
    ("наставляемых", "наставляемого"),
)
_NEGATIVES = frozenset(("не", "без", "нет", "кроме", "ни", "отсутствует"))
# Words around a question that ask nothing themselves.
_POLITE = frozenset(
    (
        *("ваш", "ваша", "ваше", "ваши", "вашу", "укажите", "введите", "напишите", "впишите"),
        *("выберите", "пожалуйста", "полностью", "и"),
    )
)
_CONTACT_WORDS = (
    "телефон",
    "номер телефона",
    "контактный телефон",
    "мобильный телефон",
    "сотовый телефон",
    "рабочий телефон",
    "служебный телефон",
    "E-mail",
    "почта",
    "эл. почта",
    "электронная почта",
    "адрес электронной почты",
    "адрес эл. почты",
    "координаты для связи",
    "контактная информация",
)
_NAME_PARTS = {"фамилия": 0, "имя": 1, "отчество": 2}
_ENDING = re.compile(
    r"(?:ами|ями|ого|его|ому|ему|ыми|ими|ов|ев|ей|ой|ый|ий|ая|ое|ые|ых|их|ом|ем|ам|ям|ах|ях|ую"
    r"|а|у|е|ы|и|о|я|ю|ь|й)$"
)
_DIGITS = re.compile(r"\d+")


class Grade(IntEnum):
    """How a header was understood; a doubtful one is used and named to the sender."""

    DOUBTFUL = 1
    ALIKE = 2
    EXACT = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A column that a header may mean; `strength` 0…1 orders equal grades."""

    column: str
    grade: Grade
    strength: float


@dataclass(frozen=True, slots=True)
class _Label:
    """One wording of one column."""

    column: str
    key: str
    words: tuple[str, ...]
    subjects: frozenset[str]
    strength: float

    @property
    def generic(self) -> bool:
        """A single word («ФИО», «телефон») means a column only where nothing else stands."""
        return len(self.words) < 2


class Wording:
    """All wordings of one form; answers are remembered, because headers repeat."""

    def __init__(self, plan: FormPlan) -> None:
        self.plan = plan
        person = next((c for c in plan.columns if c.name == plan.person), None)
        self.own = subjects_of(header_key(person.title)) if person else frozenset()
        self.labels = tuple(label for column in plan.columns for label in _labels(column))
        self.exact: dict[str, list[_Label]] = {}
        self.bags: dict[frozenset[str], list[_Label]] = {}
        for label in self.labels:
            for key in {label.key, without_own(label.key) if plan.layout == "card" else label.key}:
                self.exact.setdefault(key.replace(" ", ""), []).append(label)
            if not label.generic:
                self.bags.setdefault(_bag(label.words), []).append(label)
        self.denied = {
            column.name: {word for x in self.labels if x.column == column.name for word in x.words}
            & _NEGATIVES
            for column in plan.columns
        }
        self.digits = frozenset(d for label in self.labels for d in _DIGITS.findall(label.key))
        self._known: dict[str, tuple[Candidate, ...]] = {}

    def candidates(self, text: str) -> tuple[Candidate, ...]:
        """Return the columns that *text* may mean, the surest first."""
        if text not in self._known:
            found = self._find(text) if len(text) <= _LONGEST_HEADER else ()
            best: dict[str, Candidate] = {}
            for one in sorted(found, key=lambda c: (-c.grade, -c.strength)):
                best.setdefault(one.column, one)
            self._known[text] = tuple(best.values())
        return self._known[text]

    def name_part(self, text: str, group: str = "") -> tuple[str, int] | None:
        """Return the ФИО column and 0, 1, 2 for a header «Фамилия», «Имя», «Отчество»."""
        words = header_key(text.partition("(")[0]).split()
        parts = [word for word in words if word in _NAME_PARTS]
        if parts == ["имя", "отчество"]:
            parts = parts[:1]
        if len(parts) != 1 or any(not subjects_of(w) for w in words if w not in _NAME_PARTS):
            return None
        who = subjects_of(header_key(text)) or subjects_of(header_key(group)) or self.own
        for column in self.plan.columns:
            fits = column.type in ("fio", "fio_list") and subjects_of(header_key(column.title))
            if fits and who == fits:
                return column.name, _NAME_PARTS[parts[0]]
        return None

    def _find(self, text: str) -> tuple[Candidate, ...]:
        key = header_key(text)
        found = list(self._equal(key))
        if not found:
            found = list(self._equal(re.sub(r"^\d{1,2} (?=\D)", "", key)))
        found = found or [*self._reduced(text)]
        if found:
            return tuple(found)
        text = without_hint(text)
        key = header_key(text)
        found = [*self._in_other_order(key), *self._by_head(text), *self._by_prefix(text, key)]
        return tuple(found or self._by_likeness(key))

    def _reduced(self, text: str) -> Iterable[Candidate]:
        """A wording among words that ask nothing, or with words cut short by a dot."""
        key = header_key(without_hint(text))
        card = self.plan.layout == "card"
        core = reduced(key, card=card) or key
        for form in (key, core, without_unit(core)):
            for label in self.exact.get(form.replace(" ", ""), ()) if form else ():
                yield Candidate(label.column, Grade.ALIKE, label.strength)
        cut = cut_words(text)
        for label in self.labels if cut else ():
            if _cut_alike(core.split(), cut, label.words):
                yield Candidate(label.column, Grade.ALIKE, label.strength)

    def _equal(self, key: str) -> Iterable[Candidate]:
        for label in self.exact.get(key.replace(" ", ""), ()) if key else ():
            yield Candidate(label.column, Grade.EXACT, label.strength)

    def _in_other_order(self, key: str) -> Iterable[Candidate]:
        words = _asked(key)
        for label in self.bags.get(_bag(words), ()) if len(words) > 1 else ():
            yield Candidate(label.column, Grade.ALIKE, label.strength)
        for label in self.exact.get(words[0], ()) if len(words) == 1 else ():
            yield Candidate(label.column, Grade.ALIKE, label.strength)
        # «Телефон наставника» in the base of mentors is «Телефон».
        rest = "".join(word for word in key.split() if not subjects_of(word) & self.own)
        for label in self.exact.get(rest, ()) if rest != key.replace(" ", "") else ():
            yield Candidate(label.column, Grade.ALIKE, label.strength / 2)

    def _by_head(self, text: str) -> Iterable[Candidate]:
        """A wording that goes on in brackets: «ФИО наставника (как в паспорте)»."""
        head, bracket, tail = text.partition("(")
        if not bracket:
            head, bracket, tail = text.partition(",")
        head_key, tail_key = header_key(head), header_key(tail)
        for label in self.exact.get(head_key.replace(" ", ""), ()) if bracket and head_key else ():
            if not self._fits(label, head_key, tail_key):
                continue
            if label.generic and not subjects_of(tail_key) <= self.own:
                continue
            sure = bracket == "(" and (not label.generic or tail_key.startswith("полностью"))
            grade = Grade.ALIKE if sure else Grade.DOUBTFUL
            yield Candidate(label.column, grade, label.strength)

    def _by_prefix(self, text: str, key: str) -> Iterable[Candidate]:
        """A wording cut short, or a wording that goes on as a sentence."""
        head, _, tail = text.partition("(")
        head_key, tail_key = header_key(head), header_key(tail)
        cut = [x for x in self.labels if len(key) >= SHORTEST_PREFIX and x.key.startswith(key)]
        one = len({label.column for label in cut}) == 1
        for label in cut:
            grade = Grade.ALIKE if one else Grade.DOUBTFUL
            yield Candidate(label.column, grade, 0.9)
        for label in self.labels:
            if len(label.key) >= SHORTEST_PREFIX and key.startswith(label.key + " "):
                # In a card the next words make another question of it: «…, охваченных …».
                grade = Grade.DOUBTFUL if self.plan.layout == "card" else Grade.ALIKE
                if self._fits(label, head_key, tail_key):
                    yield Candidate(label.column, grade, len(label.key) / len(key))

    def _by_likeness(self, key: str) -> Iterable[Candidate]:
        words = _asked(key)
        typed = " ".join(words)
        who = subjects_of(typed) | self.own
        for label in self.labels if len(words) > 1 else ():
            if label.generic or not label.subjects <= who:
                continue
            score = _likeness(typed, words, label)
            if score >= _LIKE and self._fits(label, typed, ""):
                yield Candidate(label.column, Grade.DOUBTFUL, score / 100)

    def _fits(self, label: _Label, head: str, tail: str) -> bool:
        """Whether nothing in the header turns the wording into another question."""
        if not subjects_of(head) <= label.subjects | self.own:
            return False
        if not subjects_of(tail) - _PAIR <= label.subjects:
            return False
        denied = set(f"{head} {tail}".split()) & _NEGATIVES
        if not set(label.words) & _NEGATIVES <= denied or not denied <= self.denied[label.column]:
            return False
        numbers = frozenset(_DIGITS.findall(f"{head} {tail}")) & self.digits
        return numbers <= frozenset(_DIGITS.findall(label.key))


def subjects_of(key: str) -> frozenset[str]:
    """Return of whom a header speaks, in the genitive; empty where it names nobody."""
    return frozenset(subject for word in key.split() if (subject := _subject(word)))


def _subject(word: str) -> str:
    for beginning, subject in _SUBJECTS:
        if word.startswith(beginning):
            return subject
    if not word.startswith("нас") or word.startswith("наставнич"):
        return ""
    score, subject = max((fuzz.ratio(word, form), subject) for form, subject in _PAIR_WORDS)
    return subject if score >= _LIKE_WORD else ""


def _labels(column: Column) -> Iterable[_Label]:
    more = _CONTACT_WORDS if column.type == "contacts" else ()
    seen = set()
    for text in (column.title, *column.aliases, *more):
        key = header_key(text)
        if key and key not in seen:
            seen.add(key)
            words = tuple(key.split())
            strength = 1.0 if text == column.title else 0.8 if len(words) < 2 else 0.9
            yield _Label(column.name, key, words, subjects_of(key), strength)


def _cut_alike(typed: Sequence[str], cut: frozenset[str], words: tuple[str, ...]) -> bool:
    """Whether every word is that of the wording, or its beginning where a dot cuts it short."""
    return len(typed) == len(words) and all(
        word.startswith(one) if one in cut else _stem(word) == _stem(one)
        for one, word in zip(typed, words, strict=True)
    )


def _asked(key: str) -> tuple[str, ...]:
    return tuple(word for word in key.split() if word not in _POLITE)


def _bag(words: Iterable[str]) -> frozenset[str]:
    return frozenset(_stem(word) for word in words if word not in _POLITE)


def _likeness(typed: str, words: tuple[str, ...], label: _Label) -> float:
    """Return 0…100; every word of the wording must have its like, and little else may stand."""
    if len(label.key) < _COVERS * len(typed):
        return 0.0
    score = fuzz.token_sort_ratio(typed, label.key, score_cutoff=_LIKE)
    score = score or fuzz.token_set_ratio(typed, label.key, score_cutoff=_LIKE)
    return score if score and all(_has_like(word, words) for word in label.words) else 0.0


def _has_like(word: str, words: tuple[str, ...]) -> bool:
    stem = _stem(word)
    return any(_stem(other) == stem or fuzz.ratio(word, other) >= _LIKE_WORD for other in words)


def _stem(word: str) -> str:
    return _ENDING.sub("", word) if len(word) > 3 else word
