"""The things that pass between rooms: frozen, slotted, and nearly free of behaviour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any, Literal

CellValue = None | str | int | float | bool | date | datetime | time | timedelta
Scalar = None | str | int | float | bool
Severity = Literal["error", "remark", "info"]
Outcome = Literal[
    "accepted",
    "accepted_with_remarks",
    "accepted_partly",
    "rejected",
    "held",
    "superseded",
    "withdrawn",
]
ACCEPTED: tuple[Outcome, ...] = ("accepted", "accepted_with_remarks", "accepted_partly")
# Outcomes a part can arrive with; answers, later parts and withdrawals make the others.
DECIDED: tuple[Outcome, ...] = (*ACCEPTED, "rejected", "held")
_WORST_FIRST: tuple[Outcome, ...] = (
    "held",
    "rejected",
    "accepted_partly",
    "accepted_with_remarks",
    "accepted",
    "superseded",
    "withdrawn",
)
Layout = Literal["table", "card", "matrix"]
UnitKind = Literal["ОО", "МЦН", "УО", "НМЦ", "партнёр", "территория"]

# Reasons for which a row of a sheet is not data; each is counted in the receipt.
SkipReason = Literal["title", "header", "numbering", "total", "example", "hidden", "blank"]


def outcome_of(parts: Iterable[Outcome]) -> Outcome:
    """Return the outcome of a file by those of its parts, for answers, boards and screens.

    It is the worst of them, «отложено» before all; but where some count and others went back, the
    file was accepted in part. A file without parts was not accepted.
    """
    found = set(parts)
    worst: Outcome = min(found, key=_WORST_FIRST.index, default="rejected")
    return "accepted_partly" if worst == "rejected" and found.intersection(ACCEPTED) else worst


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as a reader gives it.

    `rows[i][j]` is the cell in Excel row `first_row + i` and column `first_column + j` (both
    counted from 1). `hidden_rows` are Excel row numbers, `hidden_columns` column numbers; `errors`
    maps (row, column) to what stood there, e.g. «#ССЫЛКА!»; `shown` maps (row, column) to the text
    the user saw, where that differs from `str(value)`; `merged` are ranges
    (first row, first column, last row, last column).
    """

    name: str
    rows: list[list[CellValue]]
    first_row: int = 1
    first_column: int = 1
    visible: bool = True
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    errors: Mapping[tuple[int, int], str] = field(default_factory=dict)
    shown: Mapping[tuple[int, int], str] = field(default_factory=dict)
    merged: tuple[tuple[int, int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """A file as its reader gives it: sheets in their order, and properties of the document."""

    sheets: tuple[Sheet, ...]
    reader: str
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something wrong, doubtful or changed by us, for whoever sent the file.

    `code` is a key of the catalogue, `row` the row number Excel shows, `column` the name of the
    contract's column, `cell` its A1 address, `value` what stood there as the user saw it, `params`
    the further words of the catalogue's sentence. Values never reach a log.
    """

    code: str
    severity: Severity
    form: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    cell: str | None = None
    value: str | None = field(default=None, repr=False)
    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    who: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """One row of a form as a rule sees it: canonical values, and raw text where it differed.

    A rule reads it and changes nothing: what `PartColumns` gives refuses to be written into.
    `row` is the row number Excel shows; `cells` maps column names to A1 addresses; `failed` names
    the columns whose cell held something that could not be read.
    """

    row: int
    values: Mapping[str, Scalar] = field(repr=False)
    raw: Mapping[str, str] = field(default_factory=dict, repr=False)
    cells: Mapping[str, str] = field(default_factory=dict)
    failed: tuple[str, ...] = ()


# More rows than a sheet can have: lines of a form on several sheets count on from sheet to sheet.
_SHEET_ROWS = 1 << 21


def on_sheet(number: int, row: int) -> int:
    """Return the line by which a row of sheet *number* (from 1) of a form on several is known."""
    return number * _SHEET_ROWS + row


def place_of(sheet: str, line: int) -> tuple[str, int]:
    """Return the sheet and the row that Excel shows of a line; *sheet* may name several by «/»."""
    number, row = divmod(line, _SHEET_ROWS)
    return (sheet.split("/")[number - 1] if number else sheet), row


def places_of(sheet: str, lines: Sequence[int]) -> tuple[list[str], list[int]]:
    """Return the sheet and the row of each line."""
    if max(lines, default=0) < _SHEET_ROWS:
        return [sheet] * len(lines), list(lines)
    places = [place_of(sheet, line) for line in lines]
    return [name for name, _ in places], [row for _, row in places]


@dataclass(frozen=True, slots=True)
class PartColumns:
    """One form found in a file, as columns: what every step carries, never turned into rows.

    `values[name][i]` is the canonical value of column *name* in row *i*, `lines[i]` the row number
    Excel shows. A cell stands at `letters[name]` + its line; `moved[name][i]` is its address where
    it stands elsewhere («» where the row has no such cell). `raw[name][i]` is the text as typed
    where it differs from the value; `failed[name]` lists the rows whose cell could not be read.
    `columns` maps the names of contract columns to Excel column numbers (for a card: to row
    numbers of their labels). `seen` counts the rows under the header that hold anything;
    seen = rows + skipped. `nil`: «Данных нет» stood on the sheet. `stage` is the measurement of
    the year that the sheet says it is, of a form that has such stages. A form on several
    sheets names all of them in `sheet`, and its lines tell which one is meant (`place_of`).
    """

    form: str
    sheet: str
    lines: tuple[int, ...] = ()
    values: Mapping[str, Sequence[Scalar]] = field(default_factory=dict, repr=False)
    letters: Mapping[str, str] = field(default_factory=dict)
    raw: Mapping[str, Mapping[int, str]] = field(default_factory=dict, repr=False)
    failed: Mapping[str, Sequence[int]] = field(default_factory=dict)
    moved: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    columns: Mapping[str, int] = field(default_factory=dict)
    header_row: int | None = None
    layout: Layout = "table"
    seen: int = 0
    skipped: Mapping[str, int] = field(default_factory=dict)
    nil: bool = False
    stage: str = ""

    def __len__(self) -> int:
        return len(self.lines)

    def cell(self, index: int, name: str) -> str | None:
        """Return the A1 address of a cell; None where the row has none of that column."""
        address = self.moved.get(name, {}).get(index)
        if address is None and name in self.letters:
            address = f"{self.letters[name]}{self.lines[index] % _SHEET_ROWS}"
        return address or None

    def column(self, name: str) -> Sequence[Scalar]:
        """Return the values of a column; blanks where the form was sent without it."""
        return self.values.get(name) or (None,) * len(self.lines)

    def asked(self, name: str) -> Sequence[bool]:
        """Tell of each row whether it has a cell of this column that could be read."""
        if name not in self.letters and name not in self.moved:
            return (False,) * len(self.lines)
        found = [name in self.letters] * len(self.lines)
        for index, address in self.moved.get(name, {}).items():
            found[index] = bool(address)
        for index in self.failed.get(name, ()):
            found[index] = False
        return found

    @property
    def rows(self) -> tuple[ParsedRow, ...]:
        """All rows as rules see them; a rule that asks for them pays for them."""
        count = len(self.lines)
        raw: list[dict[str, str]] = [{} for _ in range(count)]
        for name, texts in self.raw.items():
            for index, text in texts.items():
                raw[index][name] = text
        failed: list[tuple[str, ...]] = [()] * count
        for name, indices in self.failed.items():
            for index in indices:
                failed[index] += (name,)
        names = tuple(self.values)
        values = zip(*self.values.values(), strict=True) if names else [()] * count
        return tuple(
            ParsedRow(
                line,
                MappingProxyType(dict(zip(names, row, strict=True))),
                MappingProxyType(raw[index]),
                RowCells(self, index),
                failed[index],
            )
            for index, (line, row) in enumerate(zip(self.lines, values, strict=True))
        )


class RowCells(Mapping[str, str]):
    """A1 addresses of the cells of one row by column, worked out when they are asked for."""

    __slots__ = ("_index", "_part")

    def __init__(self, part: PartColumns, index: int) -> None:
        self._part, self._index = part, index

    def __getitem__(self, name: str) -> str:
        address = self._part.cell(self._index, name)
        if address is None:
            raise KeyError(name)
        return address

    def __contains__(self, name: object) -> bool:
        moved = self._part.moved.get(name, {}).get(self._index)  # type: ignore[call-overload]  # any object
        return bool(moved) if moved is not None else name in self._part.letters

    def __iter__(self) -> Iterator[str]:
        names = dict.fromkeys((*self._part.letters, *self._part.moved))
        return (name for name in names if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def columns_of(rows: Sequence[ParsedRow]) -> dict[str, Any]:
    """Return the fields of `PartColumns` that rows fill, from lines to the cells that moved."""
    names = dict.fromkeys(name for row in rows for name in row.values)
    letters: dict[str, str] = {}
    for row in rows:
        for name, cell in row.cells.items():
            letters.setdefault(name, cell.rstrip("0123456789"))
    raw: dict[str, dict[int, str]] = {}
    failed: dict[str, list[int]] = {}
    moved: dict[str, dict[int, str]] = {}
    for index, row in enumerate(rows):
        for name, text in row.raw.items():
            raw.setdefault(name, {})[index] = text
        for name in row.failed:
            failed.setdefault(name, []).append(index)
        for name, letter in letters.items():
            if row.cells.get(name, "") != f"{letter}{row.row}":
                moved.setdefault(name, {})[index] = row.cells.get(name, "")
    return {
        "lines": tuple(row.row for row in rows),
        "values": {name: [row.values.get(name) for row in rows] for name in names},
        "letters": letters,
        "raw": raw,
        "failed": failed,
        "moved": moved,
    }


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """All that the child process learned of a file; `passport` says who sent it and when.

    `reason` is a notice code where nothing could be read, and then `parts` is empty. `answers` are
    those of a book of questions that came back: question, decision, who decided, a note.
    """

    parts: tuple[PartColumns, ...] = ()
    passport: dict[str, Scalar] = field(default_factory=dict, repr=False)
    notices: tuple[Notice, ...] = ()
    reader: str = ""
    reason: str | None = None
    answers: tuple[tuple[str, str, str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Unit:
    """One line of `units.csv`: who may report, from when to when, and how it is known."""

    code: str
    kind: UnitKind
    short_name: str
    full_name: str = ""
    inn: str = ""
    kpp: str = ""
    ogrn: str = ""
    aliases: tuple[str, ...] = ()
    email: str = ""
    addressee: str = ""
    folder: str = ""
    may_report_for: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    def active(self, day: date) -> bool:
        """Whether the unit exists on *day*: closed ones leave the denominators."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file seen in the inbox, complete and copied into the archive.

    `folder` is the first folder below the inbox («» in its root), `subfolder` the next one;
    `modified_ns` is the file's own time, used only to order two files of one scan; with `inode`
    and `size` it tells whether the file is still the one that was read.
    """

    sha256: str
    name: str
    size: int
    modified_ns: int
    inode: int
    folder: str
    subfolder: str
    path: str


@dataclass(frozen=True, slots=True)
class Line:
    """One notice as a school reads it: where, who, what is wrong, what to do, an example.

    Lines of one `repeats` are the same remark about most rows of a column and are shown as one;
    «» stands alone. `count` is how many notices the line tells.
    """

    severity: Severity
    sheet: str | None
    cell: str | None
    who: str = field(repr=False)
    what: str = field(repr=False)
    fix: str = field(repr=False)
    example: str = field(repr=False)
    repeats: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Protocol:
    """What the sheet «Протокол проверки» says.

    `facts` are pairs of a label and a text; `repairs` what we changed ourselves; `outcome` only
    chooses the colour of the verdict.
    """

    verdict: str
    facts: tuple[tuple[str, str], ...] = field(repr=False)
    errors: tuple[Line, ...]
    remarks: tuple[Line, ...]
    repairs: tuple[Line, ...]
    what_to_do: str
    outcome: Outcome
