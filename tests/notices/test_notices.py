"""The catalogue of notices: every code is raised by a real file at its place, and reads well.

Files go the whole way once, in two looks into one inbox: a child process reads them, they are
recognised, identified, checked, judged and recorded.
"""

from __future__ import annotations

import ast
import os
import re
import string
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import contracts
import pipeline
from pipeline import run
from pipeline.commands.explain import notice_data
from pipeline.demo.workspace import units_csv
from pipeline.model import Notice, Unit
from pipeline.notices.catalogue import BUILT_IN
from pipeline.publication.build import build
from tests.support import notice_books as books
from tests.support import notice_cases as cases
from tests.support import notice_files as files
from tests.support import notice_later as later
from tests.support import notice_matrix as matrix
from tests.support.measures import plugin as measures

NOW = datetime(2026, 10, 1, 5, 0, tzinfo=UTC)
SETTINGS = f"""
period = "2026-2027"
keys_dir = "keys"
[neighbours]
"{files.NEIGHBOUR}" = "Заречный муниципальный округ"
"""
KINDS = {kind.code: kind for kind in BUILT_IN}
# Every word that a sentence may take from its notice beside «value», «column», «example», «row»,
# «cell» and «sheet». A new one is named after what it holds, and only where none of these fits.
PARAMS = frozenset(
    (
        *("absent", "age", "allowed", "before", "birth", "choices", "columns", "count", "counted"),
        *("current", "day", "digits", "end", "entry", "expected", "experience", "first", "folder"),
        *("form", "found", "hint", "last", "left", "limit", "missing", "needed", "number", "other"),
        *("range", "reason", "role", "rows", "said", "second", "side", "stored", "sum", "summary"),
        *("suitable", "territory", "tried", "unit", "what", "word", "period"),
    )
)
OWN_WORDS = frozenset(("value", "column", "example", "row", "cell", "sheet"))
# Words that a sentence can do without: they bring their own full stop.
OPTIONAL = frozenset(("hint", "tried"))
SHEETS = {
    form: cases.sheet_of(form, [c for c in (*cases.CELLS, *cases.RULES) if c.form == form])
    for form in ("F04", "F05")
}
ROWS = [(form, row, said) for form in SHEETS for row, said in SHEETS[form][1].items()]
STORIES = (
    *(*files.GOOD, *files.FILES, *files.UNITS, *files.COLUMNS),
    *(*later.CARDS_AND_LISTS, *later.LATER, *later.ACROSS, *matrix.MATRIX),
)
SHEET_STORIES = (
    *(books.Story(form, [books.book(SHEETS[form][0])]) for form in SHEETS),
    *(books.Story(f"nonsense in {f}", [books.book(cases.nonsense(f))]) for f in SHEETS),
)
ALL = (*STORIES, *SHEET_STORIES)


@dataclass
class Heard:
    """What was said of each story by its title, across units, and all of it in sentences."""

    notices: dict[str, list[Notice]]
    remarks: dict[str, list[Notice]]
    outcomes: dict[str, str]
    sentences: list[dict]


@pytest.fixture(scope="module")
def heard(tmp_path_factory):
    workspace = tmp_path_factory.mktemp("notices")
    (workspace / "inbox").mkdir()
    (workspace / "nastavnik.toml").write_text(SETTINGS, encoding="utf-8")
    (workspace / "units.csv").write_bytes(units_csv(_units()))
    with run.open_exchange(workspace, plugins=[books.OtherMunicipality(), measures()]) as exchange:
        for wave in (1, 2):
            _drop(workspace / "inbox", wave)
            run.accept(exchange, NOW + timedelta(minutes=wave), quiet=0)
        heard = Heard({}, {story.title: [] for story in ALL}, {}, [])
        newest = {(s.folder, s.name): s.number for s in exchange.store.submissions()}
        for index, story in enumerate(ALL):
            file = story.files[-1]
            found = exchange.store.submission(newest[_folder(file, index), file.name])
            heard.outcomes[story.title] = found.outcome
            heard.notices[story.title] = [
                *found.notices,
                *(notice for part in found.parts for notice in part.notices),
            ]
        for remark in build(exchange, NOW).view.remarks:
            heard.remarks[ALL[int(remark.unit[1:])].title].append(remark.notice)
        heard.sentences = [
            {**notice_data(exchange.plugins, notice), "params": notice.params}
            for said in (*heard.notices.values(), *heard.remarks.values())
            for notice in said
        ]
    return heard


def _units() -> list[Unit]:
    units = [
        Unit(f"u{i:03}", "ОО", "Школа", inn=s.inn, until=s.until, folder=f"u{i:03}")
        for i, s in enumerate(ALL)
    ]
    return [*units, Unit("other", "ОО", files.OTHER_NAME, inn=files.OTHER, folder="other")]


def _folder(file: books.File, index: int) -> str:
    return f"u{index:03}" if file.folder is None else file.folder


def _drop(inbox: Path, wave: int) -> None:
    for index, story in enumerate(ALL):
        for file in (file for file in story.files if file.wave == wave):
            folder = inbox / _folder(file, index) / file.subfolder
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / file.name
            path.write_bytes(file.data)
            saved = (NOW - timedelta(hours=1, seconds=-file.late)).timestamp()
            os.utime(path, (saved, saved))


def _said(notice: Notice) -> cases.Said:
    return cases.Said(notice.code, notice.severity, notice.sheet, notice.cell, notice.value)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_of_a_file_is_said_what_is_wrong_and_nothing_else(heard, story):
    assert Counter(map(_said, heard.notices[story.title])) == Counter(story.says)


@pytest.mark.parametrize(
    ("form", "row", "said"), ROWS, ids=[f"{f}-{r}-{s[0].code if s else 'good'}" for f, r, s in ROWS]
)
def test_of_a_row_is_said_what_is_wrong_and_nothing_else(heard, form, row, said):
    """Each sheet holds odd rows and their good twins one below another."""
    assert tuple(_said(n) for n in heard.notices[form] if n.row == row) == said


@pytest.mark.parametrize("story", later.ACROSS, ids=lambda story: story.title)
def test_units_hear_of_each_other_at_publication(heard, story):
    assert [_said(notice) for notice in heard.remarks[story.title]] == [*story.remarks]


@pytest.mark.parametrize("code", KINDS)
def test_every_code_is_raised_by_some_file_above(code):
    """A code that nothing can raise is dead: take it out of the catalogue, or raise it."""
    expected = {said.code for story in STORIES for said in (*story.says, *story.remarks)}
    # By an answer of a person, and of a book with questions: tests/whole/test_answers.py.
    expected |= {"file_returned", "questions_book"}
    assert code in expected | {said[0].code for _form, _row, said in ROWS if said}


def test_remarks_never_return_anything(heard):
    """What brought no error is accepted or waits for a person, whatever else was said."""
    for story in ALL:
        severities = {notice.severity for notice in heard.notices[story.title]}
        outcome = heard.outcomes[story.title]
        assert ("error" in severities) == (outcome in ("rejected", "accepted_partly")), story.title


def test_nothing_is_graver_than_its_kind(heard):
    """The same state may weigh less in another column, never more."""
    grave = ("info", "remark", "error")
    for sentence in heard.sentences:
        usual = KINDS[sentence["code"]].severity
        assert grave.index(sentence["severity"]) <= grave.index(usual), sentence["code"]


@pytest.mark.parametrize("form", SHEETS)
def test_nothing_in_a_column_that_only_we_ask_for_returns_a_row(heard, form):
    """A role that contradicts the form of mentoring is no nonsense, and does."""
    title = f"nonsense in {form}"
    assert "error" not in {notice.severity for notice in heard.notices[title]}
    assert heard.outcomes[title] == "accepted_with_remarks"


def test_official_lists_are_accepted_with_one_remark_for_what_only_we_ask(heard):
    for title in ("official mentors", "official mentees"):
        assert heard.outcomes[title] == "accepted_with_remarks"
        assert [notice.code for notice in heard.notices[title]] == ["columns_not_asked"]


@pytest.mark.parametrize("code", KINDS)
def test_sentences_are_whole(heard, code):
    """No word is missing in them, and no sign of the template is left."""
    told = [sentence for sentence in heard.sentences if sentence["code"] == code]
    for sentence in told:
        for text in (sentence["what"], sentence["fix"], sentence["example"]):
            assert not re.search(r"«\s*»|\(\s*\)|  |[{}]|[:–,]\s*\.(?!\w)|^\s|\s$|\.\.", text), text
            assert not re.search(r"\bNone\b|\bTrue\b|\bFalse\b|\d{4}-\d\d-\d\d", text), text
        assert sentence["what"].endswith("."), sentence["what"]
        if KINDS[code].example and sentence["severity"] == "error":
            assert sentence["example"]


@pytest.mark.parametrize("code", KINDS)
def test_words_of_a_template_are_supplied(heard, code):
    kind = KINDS[code]
    texts = (kind.what, kind.fix, kind.example)
    words = {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}
    assert words <= PARAMS | OWN_WORDS
    for sentence in heard.sentences:
        if sentence["code"] == code:
            assert words - OWN_WORDS <= sentence["params"].keys()
            empty = {name for name in words & PARAMS if not sentence["params"][name]}
            assert empty <= OPTIONAL


def test_the_list_of_words_is_closed():
    """`PARAMS` names the words of the catalogue's sentences and no others."""
    texts = [text for kind in BUILT_IN for text in (kind.what, kind.fix, kind.example)]
    words = {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}
    assert words - OWN_WORDS == PARAMS


@pytest.mark.parametrize("code", KINDS)
def test_a_kind_names_the_wrong_state_in_russian_and_how_to_mend_it(code):
    kind = KINDS[code]
    bare = re.sub(r"\{\w+\}|https?://\S+|\.(xlsx|xls|ods|csv)|Excel", "", f"{kind.what} {kind.fix}")
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", code)
    assert not re.search(r"[A-Za-z]", bare)
    assert not re.match(r"(?i)нужн|должн|необходимо|требуется|впишите|укажите", kind.what)
    assert kind.fix[0].isupper() and kind.fix.endswith(".")
    if re.match(r"Впишите|Укажите|Заполните|Выберите", kind.fix):
        assert kind.example


def test_every_code_that_is_raised_is_in_the_catalogue():
    """Code names its notices in plain sight, as a literal, so that this test can read them."""
    raised = {
        (path.name, code)
        for package in (pipeline, contracts)
        for path in Path(package.__file__).parent.rglob("*.py")
        for code in _codes(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert len(raised) > len(KINDS)
    assert {(name, code) for name, code in raised if code not in KINDS} == set()


RAISERS = {"Notice", "CellNote", "fail", "FileRefusedError", "RowRule", "replace"}
RAISERS |= {"_notice", "_about_sheet", "_remark", "_absent"}


def _codes(tree: ast.AST) -> set[str]:
    """Return the literals that stand where a call takes the code of a notice."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    named = [c for c in calls if isinstance(c.func, ast.Name) and c.func.id in RAISERS]
    first = [call.args[0] for call in named if call.args]
    first += [word.value for call in named for word in call.keywords if word.arg == "code"]
    texts = (node.value for node in first if isinstance(node, ast.Constant))
    return {text for text in texts if isinstance(text, str) and re.fullmatch(r"[a-z_]+", text)}
