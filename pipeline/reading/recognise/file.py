"""A whole workbook: which sheets are forms, and what is said of the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from contracts.passport import PASSPORT
from contracts.plan import FormPlan, Vocabulary
from pipeline.model import Book, Notice, ParsedFile, PartColumns, Scalar, Severity
from pipeline.period import SchoolYear
from pipeline.reading.recognise.beside import apart, in_card, settle
from pipeline.reading.recognise.cards import Card, Labels, cards_of_one_person, find_card, labels_of
from pipeline.reading.recognise.cells import Cleaner, Context
from pipeline.reading.recognise.columns import ById
from pipeline.reading.recognise.grid import Grid, grid_of
from pipeline.reading.recognise.known import KnownWordings
from pipeline.reading.recognise.matrix import matrix_part
from pipeline.reading.recognise.one_column import spread
from pipeline.reading.recognise.parts import card_part, has_data, table_part
from pipeline.reading.recognise.passport import passport_card, read_lines, read_passport, versions
from pipeline.reading.recognise.rows import is_nil, says_none
from pipeline.reading.recognise.sheets import Sheets, can_be_united, people_unread, unite
from pipeline.reading.recognise.stages import with_stage
from pipeline.reading.recognise.tables import (
    HeaderIndex,
    Table,
    hint_of,
    tables_at,
    unsure_tables,
)
from pipeline.reading.recognise.words import Wording
from pipeline.reading.text_end import CUT
from pipeline.text import fold, header_key

_NEVER_FORMS = frozenset(
    ("списки", "протокол проверки", "как заполнять", "инструкция", "инструкция по заполнению")
)
_PROTOCOL = "протокол проверки"
_LINES, _TITLES = 40, 5
# More filled rows under a form's title than this are data that nobody may lose.
_FEW_ROWS = 3
_UNKNOWN_ROWS = 3


@dataclass(frozen=True, slots=True)
class _Found:
    """One form on one sheet: its tables, or its card."""

    grid: Grid
    plan: FormPlan
    tables: tuple[Table, ...] = ()
    card: Card | None = None

    @property
    def rival(self) -> FormPlan | None:
        """Another form that fits as well."""
        return self.tables[0].rival if self.tables else None

    @property
    def has_data(self) -> bool:
        """Whether anything is filled in."""
        if self.card is not None:
            return any(self.grid.text(*line.value) for line in self.card.lines)
        return any(has_data(self.grid, table) for table in self.tables)


@dataclass(slots=True)
class _Answer:
    """What is gathered from sheet to sheet; each stage of a form is a part of its own."""

    parts: dict[tuple[str, str], PartColumns] = field(default_factory=dict)
    lists: dict[tuple[str, str], Sheets] = field(default_factory=dict)
    passport: dict[str, Scalar] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    empty: list[_Found] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    known: set[str] = field(default_factory=set)

    @property
    def forms(self) -> set[str]:
        """The forms that have a part."""
        return {form for form, _stage in self.parts}


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """How headers are worded in all forms; made once in the life of a child."""

    wordings: tuple[Wording, ...]
    passport: Wording
    headers: HeaderIndex
    known: KnownWordings


@lru_cache(maxsize=2)
def _lexicon(same: ById) -> _Lexicon:
    wordings = tuple(map(Wording, same.things))
    passport = Wording(PASSPORT)
    known = KnownWordings((*wordings, passport))
    return _Lexicon(wordings, passport, HeaderIndex(wordings, known), known)


def recognise(
    book: Book,
    plans: Sequence[FormPlan],
    vocabularies: Mapping[str, Vocabulary],
    *,
    cleaner: Cleaner,
    today: date,
    area_code: str = "38456",
) -> ParsedFile:
    """Return all forms of a workbook with their rows; never raises on what a file holds.

    *plans* are the forms that may arrive, *cleaner* makes the
    normaliser of a column.
    """
    context = Context(cleaner, vocabularies, today, area_code)
    lexicon = _lexicon(ById(*plans))
    grids = [grid_of(sheet) for sheet in book.sheets]
    grids = [grid for grid in grids if any(grid.filled) and not _is_service(grid)]
    answer = _Answer()
    for grid in grids:
        _read_sheet(context, grid, lexicon, answer)
    _tell_versions(versions(book, grids), plans, answer)
    return _file(book, grids, answer, today)


def _is_service(grid: Grid) -> bool:
    if header_key(grid.sheet.name) in _NEVER_FORMS:
        return True
    first = next(row for row in range(grid.height) if grid.filled[row])
    return fold(grid.texts[first][grid.filled[first][0]][:100]).startswith(_PROTOCOL)


def _read_sheet(
    context: Context,
    grid: Grid,
    lexicon: _Lexicon,
    answer: _Answer,
) -> None:
    labels = labels_of(grid, lexicon.known)
    forms = _forms_on(grid, labels, lexicon)
    listed = any(f.tables for f in forms)
    card = None if listed else passport_card(grid, labels, lexicon.passport)
    best = max((f.card.score for f in forms if f.card), default=0.0)
    if card and card.score > best:
        if grid.sheet.visible:
            said, notices = read_passport(context, grid, card)
            answer.passport = {**answer.passport, **said}
            answer.notices += notices
            answer.known.add(PASSPORT.code)
        else:
            answer.notices.append(_hidden(grid, PASSPORT))
        return
    if not forms and (table := spread(grid.sheet)) is not None:
        grid = grid_of(table)
        forms = _forms_on(grid, labels_of(grid, lexicon.known), lexicon)
        if forms:
            answer.notices.append(Notice("columns_in_one", "remark", sheet=grid.sheet.name))
    if not forms:
        _named_only(grid, lexicon.wordings, answer)
        answer.unread += [grid.sheet.name] if grid.sheet.visible and people_unread(grid) else []
    for found in forms:
        _take(context, found, answer)
    if forms and grid.sheet.visible:
        said, notices = read_lines(context, grid, _lines_above(forms), lexicon.passport)
        answer.notices += [n for n in notices if n.column not in answer.passport]
        answer.passport = {**said, **answer.passport}


def _named_only(grid: Grid, wordings: Sequence[Wording], answer: _Answer) -> None:
    """A sheet without known headers whose name or title is a form's: nil, or a complaint."""
    texts = tuple(
        grid.texts[row][column]
        for row in range(min(grid.height, _LINES))
        for column in grid.filled[row][:3]
    )
    titles = texts[:_TITLES]
    hints = [(hint_of(words, titles, grid.sheet.name), words.plan) for words in wordings]
    best = max((hint for hint, _ in hints), default=0.0)
    named = [plan for hint, plan in hints if hint == best > 0]
    if len(named) != 1 or not grid.sheet.visible:
        return
    plan = named[0]
    few = sum(map(bool, grid.filled)) <= _FEW_ROWS
    if any(map(is_nil, texts)) or (few and any(map(says_none, texts))):
        answer.known.add(plan.code)
        part = _nil_part(plan, grid)
        answer.parts.setdefault((plan.code, part.stage), part)
    elif sum(map(bool, grid.filled)) > _UNKNOWN_ROWS:
        answer.notices.append(_about_sheet("form_headers_unknown", "error", plan, grid))


def _nil_part(plan: FormPlan, grid: Grid) -> PartColumns:
    part = PartColumns(plan.code, grid.sheet.name, layout=plan.layout, nil=True)
    return with_stage(part, plan, ())


def _forms_on(grid: Grid, labels: Labels, lexicon: _Lexicon) -> list[_Found]:
    cards = [
        card
        for words in lexicon.wordings
        if words.plan.layout == "card" and (card := find_card(grid, labels, words)) is not None
    ]
    tables = _tables_beside(grid, cards, lexicon.headers)
    tables, cards = settle(grid, tables, apart(cards))
    by_form: dict[str, list[Table]] = {}
    for table in tables:
        by_form.setdefault(table.plan.code, []).append(table)
    if not tables and not cards:
        cards = cards_of_one_person(grid, labels, lexicon.wordings)
    found = [_Found(grid, card.plan, card=card) for card in cards]
    return found + [_Found(grid, same[0].plan, tuple(same)) for same in by_form.values()]


def _tables_beside(grid: Grid, cards: Sequence[Card], headers: HeaderIndex) -> list[Table]:
    """Return the tables of a sheet; rows of a card that is surer than all of them are left out."""
    likely = headers.likely_rows(grid)
    outside = [row for row in likely if not in_card(grid, row, cards)]
    tables = tables_at(grid, headers, outside)
    if len(outside) < len(likely):
        best = max(card.score for card in cards)
        if any(table.columns.score >= best for table in tables):
            tables = tables_at(grid, headers, likely)
    if tables:
        return tables
    rows = (row for row in range(grid.height) if not in_card(grid, row, cards))
    return unsure_tables(grid, headers, rows)


def _lines_above(forms: Sequence[_Found]) -> range:
    first = min(f.card.first if f.card else f.tables[0].header[0] for f in forms)
    return range(min(first, _LINES))


def _take(context: Context, found: _Found, answer: _Answer) -> None:
    """Add a form to the answer, or say why it is not taken."""
    grid, plan = found.grid, found.plan
    answer.known.add(plan.code)
    if not grid.sheet.visible:
        if found.has_data:
            answer.notices.append(_hidden(grid, plan))
        return
    if found.rival is not None:
        if found.has_data:
            words = {"first": plan.title, "second": found.rival.title}
            answer.notices.append(
                Notice("form_ambiguous", "error", sheet=grid.sheet.name, params=words)
            )
        return
    part = _part(context, found)
    if part is None or not (len(part) or part.nil or _told_hidden(part)):
        answer.empty.append(found)
        return
    key = (plan.code, part.stage)
    if can_be_united(part, plan) and not _side_by_side(found):
        answer.parts.setdefault(key, part)
        answer.lists.setdefault(key, Sheets(plan)).parts.append(part)
    elif key in answer.parts or _side_by_side(found):
        other = answer.parts.setdefault(key, part).sheet
        answer.notices.append(_twice(plan, other, grid.sheet.name))
    else:
        answer.parts[key] = part


def _part(context: Context, found: _Found) -> PartColumns | None:
    if found.card is not None:
        part = card_part(context, found.grid, found.card)
        titles = found.card.titles
    else:
        first = found.tables[0]
        below = [table for table in found.tables if table.header != first.header]
        part, titles = table_part(context, found.grid, (first, *below)), first.titles
        if found.plan.layout == "matrix":
            part = matrix_part(part, found.plan)
    return None if part is None else with_stage(part, found.plan, titles)


def _side_by_side(found: _Found) -> bool:
    """One form twice in the same rows: row numbers would no longer tell its rows apart."""
    headers = [table.header for table in found.tables]
    return len(set(headers)) < len(headers)


def _told_hidden(part: PartColumns) -> bool:
    return any(notice.code == "rows_hidden" for notice in part.notices)


def _hidden(grid: Grid, plan: FormPlan) -> Notice:
    return _about_sheet("sheet_hidden", "remark", plan, grid)


def _about_sheet(code: str, severity: Severity, plan: FormPlan, grid: Grid) -> Notice:
    return Notice(code, severity, plan.code, grid.sheet.name, params={"form": plan.title})


def _twice(plan: FormPlan, first: str, second: str) -> Notice:
    words = {"form": plan.title, "other": second}
    code = "form_side_by_side" if first == second else "form_twice"
    return Notice(code, "error", plan.code, first, params=words)


def _tell_versions(named: Mapping[str, str], plans: Iterable[FormPlan], answer: _Answer) -> None:
    for plan in plans:
        version = named.get(plan.code, plan.version)
        if plan.code in answer.forms and version != plan.version:
            words = {"found": version, "current": plan.version}
            answer.notices.append(Notice("form_version_old", "remark", plan.code, params=words))


def _file(book: Book, grids: Sequence[Grid], answer: _Answer, today: date) -> ParsedFile:
    _take_nil(answer)
    answer.notices += unite(answer.parts, answer.lists, _year(answer, today))
    answer.notices += [
        _about_sheet("form_not_submitted", "info", found.plan, found.grid)
        for found in answer.empty
        if found.plan.code not in answer.forms
    ]
    if answer.lists:
        told = {notice.sheet for notice in answer.notices if notice.severity == "error"}
        unread = (name for name in answer.unread if name not in told)
        answer.notices += [Notice("people_unread", "error", sheet=name) for name in unread]
    if CUT in book.properties:
        answer.notices.append(Notice("text_cut", "remark"))
    reason = _reason(grids, answer)
    codes = {notice.code for notice in answer.notices}
    if reason is not None and reason not in codes:
        answer.notices.append(Notice(reason, "error"))
    return ParsedFile(
        parts=tuple(answer.parts.values()),
        passport=answer.passport,
        notices=tuple(answer.notices),
        reader=book.reader,
        reason=reason,
    )


def _year(answer: _Answer, today: date) -> SchoolYear:
    return SchoolYear.find(str(answer.passport.get("period") or "")) or SchoolYear.of(today)


def _take_nil(answer: _Answer) -> None:
    """«Данных нет» in the Паспорт is an answer where the file asks for one form only."""
    forms = answer.known - {PASSPORT.code}
    if answer.passport.get("nil") is True and len(forms) == 1 and len(answer.empty) == 1:
        found = answer.empty.pop()
        part = _nil_part(found.plan, found.grid)
        answer.parts[found.plan.code, part.stage] = part


def _reason(grids: Sequence[Grid], answer: _Answer) -> str | None:
    if answer.parts or answer.passport.get("unchanged") is True:
        return None
    codes = {notice.code for notice in answer.notices}
    if "form_ambiguous" in codes:
        return "form_ambiguous"
    if "form_headers_unknown" in codes:
        return "form_headers_unknown"
    return "file_empty" if not grids or answer.known else "form_unknown"
