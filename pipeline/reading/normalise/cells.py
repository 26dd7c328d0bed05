"""One cell: which reader understands it, what is said about it, where its further parts go."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta

from contracts.plan import LIST_SEPARATOR, Column, Vocabulary
from pipeline.model import CellValue, Notice, Scalar, Severity
from pipeline.notices.catalogue import BUILT_IN
from pipeline.reading.formats.xlsx_cells import NO_VALUE
from pipeline.reading.normalise.at_once import AtOnce, at_once
from pipeline.reading.normalise.characters import (
    error_as_seen,
    is_blank,
    is_formula_error,
    mend,
    safe,
    seen_text,
)
from pipeline.reading.normalise.choices import read_enum, read_multi
from pipeline.reading.normalise.contacts import read_contacts, read_email, read_phone, read_url
from pipeline.reading.normalise.dates import read_date, read_year
from pipeline.reading.normalise.ids import (
    read_age_range,
    read_class,
    read_inn,
    read_kpp,
    read_ogrn,
    read_order,
)
from pipeline.reading.normalise.numbers import read_bool, read_decimal, read_int, read_percent
from pipeline.reading.normalise.people import read_fio, read_fio_list
from pipeline.reading.normalise.reading import BLANK, CellInput, CellNote, CellResult, fail

_USUAL: dict[str, Severity] = {kind.code: kind.severity for kind in BUILT_IN}
_LISTS = ("fio_list", "multi", "contacts", "phone", "fio")
_NEVER_ZERO = ("int", "decimal", "percent", "bool", "enum", "multi")
_SHOWN_AT_MOST = 300
# Longer cells hold no single value; it also bounds the time that a hostile one can take.
_LONGEST, _LONGEST_LIST = 500, 8000
_UNBOUNDED = ("text", "enum", "inn", "ogrn", "kpp")
_UNREADABLE = {
    "fio": "fio_unreadable",
    "fio_list": "fio_unreadable",
    "date": "date_unreadable",
    "year": "year_unreadable",
    "bool": "bool_unreadable",
    "email": "email_unreadable",
    "url": "url_unreadable",
    "class": "class_unreadable",
    "age_range": "age_range_unreadable",
    "phone": "phone_unreadable",
    "contacts": "phone_unreadable",
    "int": "number_unreadable",
    "decimal": "number_unreadable",
    "percent": "number_unreadable",
}
_APOSTROPHES = ("'", "`", "’")
_SEPARATORS = (re.compile(r"[;\n]"), re.compile(r"[,;\n]"), re.compile(r"[,;/\n]"))


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What became of a cell.

    `value` is canonical or None; `notices` lack sheet, row and cell, which the caller knows;
    `spilled` are values for the columns of `column.spill`; `failed` means that the cell held
    something that could not be read, so that it must not be called empty as well.
    """

    value: Scalar = field(default=None, repr=False)
    notices: tuple[Notice, ...] = ()
    spilled: dict[str, Scalar] = field(default_factory=dict, repr=False)
    failed: bool = False


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What is the same for a cell and for the pieces of it that go to other columns."""

    vocabularies: Mapping[str, Vocabulary]
    siblings: Mapping[str, Column]
    today: date
    area_code: str


@dataclass(frozen=True, slots=True)
class ColumnCleaner:
    """Reads the cells of one column.

    `at_once` sees the value of a text of which there is nothing to say; None where that takes as
    long as reading.
    """

    column: Column
    around: _Surroundings
    at_once: AtOnce | None

    def read(self, cell: CellValue, shown: str | None = None) -> Cleaned:
        """Return what *cell* says; *shown* is what the user saw, where that differs."""
        return _clean(cell, self.column, self.around, shown)


def cleaner(
    column: Column,
    vocabularies: Mapping[str, Vocabulary],
    *,
    siblings: Mapping[str, Column] | None = None,
    today: date,
    area_code: str = "38456",
) -> ColumnCleaner:
    """Return what reads the cells of *column*.

    Args:
        column: The column the cells stand in.
        vocabularies: All vocabularies by name.
        siblings: Columns of the form by name; those of `column.spill` can take further parts.
        today: The day in whose light ages and two-digit years are understood.
        area_code: Telephone code of the town, for local numbers.
    """
    around = _Surroundings(vocabularies, siblings or {}, today, area_code)
    return ColumnCleaner(column, around, at_once(column))


def _clean(cell: CellValue, column: Column, around: _Surroundings, shown: str | None) -> Cleaned:
    given = _input_of(cell, column, around, shown)
    read = _read(given)
    if read.failed and column.spill and isinstance(cell, str):
        split = _split(given, around)
        if split is not None:
            return split
    if read.failed and column.spill and column.type == "bool":
        # «2025» for «КПК пройдены» answers the next column.
        read = replace(read, leftover=((given.text, read.notes[0]),))
    return _settle(read, given, around)


def _input_of(
    cell: CellValue, column: Column, around: _Surroundings, shown: str | None
) -> CellInput:
    seen = shown if shown and not shown.startswith("##") else seen_text(cell)
    source = _without_apostrophe(cell) if isinstance(cell, str) else seen
    if "\t" in source and column.type.startswith("fio"):
        source = _people_apart(source)
    text, mended = mend(source, lines=_keeps_lines(column))
    return CellInput(
        cell=text if isinstance(cell, str) else cell,
        text=text,
        shown=safe(seen),
        mended=mended,
        column=column,
        vocabulary=around.vocabularies.get(column.vocabulary or ""),
        today=around.today,
        area_code=around.area_code,
    )


def _without_apostrophe(text: str) -> str:
    """Drop the sign that tells a spreadsheet that text follows, where an export kept it."""
    guarded = text[:1] in _APOSTROPHES and text[-1:] not in _APOSTROPHES
    return text[1:] if guarded else text


def _people_apart(text: str) -> str:
    """Put people whom a tab separates into lines of their own; one in parts of a name is one."""
    pieces = [piece for piece in text.split("\t") if piece.strip()]
    apart = len(pieces) > 1 and all(len(piece.split()) > 1 for piece in pieces)
    return "\n".join(pieces) if apart else text


def _keeps_lines(column: Column) -> bool:
    return column.type in _LISTS or (bool(column.spill) and column.type != "text")


def _read(given: CellInput) -> CellResult:
    if given.column.ignored or _is_empty(given):
        return BLANK
    if is_formula_error(given.text):
        if given.text == NO_VALUE:
            return CellResult(notes=(CellNote("cell_formula_uncounted"),), failed=True)
        seen = error_as_seen(given.text)
        return CellResult(notes=(CellNote("cell_formula_error", value=seen),), failed=True)
    longest = _LONGEST_LIST if given.column.multiple else _LONGEST
    if len(given.text) > longest and given.column.type not in _UNBOUNDED:
        return _unreadable(given)
    return _READERS.get(given.column.type, _read_text)(given)


def _unreadable(given: CellInput) -> CellResult:
    if given.column.type == "order_ref":
        return fail("order_partial", missing="номера и даты")
    if given.column.type == "multi" and given.vocabulary is not None:
        return fail("value_not_in_list", allowed=LIST_SEPARATOR.join(given.vocabulary.values))
    return fail(_UNREADABLE.get(given.column.type, "value_refused"))


def _is_empty(given: CellInput) -> bool:
    cell, kind = given.cell, given.column.type
    if cell is None or given.text == "":
        return True
    if isinstance(cell, time | timedelta) and kind in ("date", "year"):
        # A reference to an empty cell, formatted as a date.
        return cell in (time(0), timedelta(0))
    if isinstance(cell, date) and cell.year < 1900:
        return True
    if kind in ("enum", "multi"):
        return False  # their lists may know «нет»
    if kind == "bool":
        return is_blank(given.text) and read_bool(given).failed  # «-» and «нет» are answers here
    zero = given.text == "0" and kind not in _NEVER_ZERO
    return zero or is_blank(given.text)


def _read_text(given: CellInput) -> CellResult:
    notes = []
    if given.mended:
        notes.append(CellNote("text_repaired", {"stored": _short(given.text)}))
    limit = given.column.max_length
    if limit is not None and len(given.text) > limit:
        notes.append(CellNote("text_too_long", {"limit": str(limit)}))
    return CellResult(given.text, tuple(notes))


_READERS: dict[str, Callable[[CellInput], CellResult]] = {
    "text": _read_text,
    "fio": read_fio,
    "fio_list": read_fio_list,
    "date": read_date,
    "year": read_year,
    "int": read_int,
    "decimal": read_decimal,
    "percent": read_percent,
    "bool": read_bool,
    "enum": read_enum,
    "multi": read_multi,
    "phone": read_phone,
    "email": read_email,
    "contacts": read_contacts,
    "url": read_url,
    "inn": read_inn,
    "ogrn": read_ogrn,
    "kpp": read_kpp,
    "class": read_class,
    "order_ref": read_order,
    "age_range": read_age_range,
}


def _settle(read: CellResult, given: CellInput, around: _Surroundings) -> Cleaned:
    """Give pieces left over to the columns that can take them, and make notices of the rest."""
    spilled, untaken, extra = _spread([piece for piece, _ in read.leftover], given.column, around)
    if read.failed and spilled:
        return Cleaned(None, (_split_notice(given, spilled, around, moved=True), *extra), spilled)
    notes = [*read.notes]
    if not read.failed:
        notes += [note for piece, note in read.leftover if piece in untaken]
    notices = (*(_notice(note, given) for note in notes), *extra)
    if spilled:
        notices = (*notices, _split_notice(given, spilled, around))
    return Cleaned(read.value, notices, spilled, read.failed)


def _split(given: CellInput, around: _Surroundings) -> Cleaned | None:
    """Read a cell as several answers; None where its first part is not of the column's type."""
    best: tuple[int, Cleaned] | None = None
    for separator in _SEPARATORS:
        parts = [part for raw in separator.split(given.text) if (part := raw.strip())]
        split = _split_parts(parts, given, around) if len(parts) > 1 else None
        if split is not None and (best is None or split[0] < best[0]):
            best = split
    return best[1] if best else None


def _split_parts(
    parts: list[str], given: CellInput, around: _Surroundings
) -> tuple[int, Cleaned] | None:
    own = _read(replace(given, cell=parts[0], text=parts[0]))
    pieces = [piece for piece, _ in own.leftover] + parts[1:]
    spilled, untaken, extra = _spread(pieces, given.column, around)
    if own.failed or own.value is None or not spilled:
        return None
    notes = [_notice(note, given) for note in own.notes]
    notices = (*notes, _split_notice(given, spilled, around), *extra)
    if untaken:
        left = CellNote("value_leftover", {"left": LIST_SEPARATOR.join(untaken)})
        notices = (*notices, _notice(left, given))
    return len(untaken), Cleaned(own.value, notices, spilled)


def _spread(
    pieces: list[str], column: Column, around: _Surroundings
) -> tuple[dict[str, Scalar], list[str], tuple[Notice, ...]]:
    """Give each piece to the first free column of `spill` that can read it."""
    spilled: dict[str, Scalar] = {}
    untaken: list[str] = []
    notices: list[Notice] = []
    free = [around.siblings[name] for name in column.spill if name in around.siblings]
    for piece in pieces:
        for sibling in free:
            given = _input_of(piece, sibling, around, None)
            read = _read(given)
            if not read.failed and read.value is not None:
                spilled[sibling.name] = read.value
                notices += [_notice(note, given) for note in read.notes]
                free = free[free.index(sibling) + 1 :]
                break
        else:
            untaken.append(piece)
    return spilled, untaken, tuple(notices)


def _split_notice(
    given: CellInput, spilled: dict[str, Scalar], around: _Surroundings, *, moved: bool = False
) -> Notice:
    titles = [] if moved else [given.column.title]
    titles += [around.siblings[name].title for name in spilled]
    return _notice(CellNote("value_split", {"columns": ", ".join(titles)}), given)


def _notice(note: CellNote, given: CellInput) -> Notice:
    return Notice(
        code=note.code,
        severity=note.severity or _severity(note.code, given.column),
        column=given.column.name,
        value=_short(note.value or given.shown),
        params=note.params,
    )


def _severity(code: str, column: Column) -> Severity:
    """Return how grave *code* is here: what only we ask for never returns a row.

    Neither does a word outside a list, unless the cell is required.
    """
    usual = _USUAL[code]
    if usual != "error" or column.required == "error":
        return usual
    if column.official is None or code in ("value_not_in_list", "value_ambiguous"):
        return "remark"
    return usual


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN_AT_MOST else text[: _SHOWN_AT_MOST - 1] + "…"
