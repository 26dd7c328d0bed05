"""One form on several sheets: one list by class or by quarter, a copy, another year's list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from contracts.plan import FormPlan
from pipeline.model import Notice, PartColumns, on_sheet
from pipeline.period import SchoolYear
from pipeline.reading.normalise.names import is_full_name
from pipeline.reading.recognise.grid import Grid

# School years of our century as short names of sheets; «10-11» are classes.
_SHORT = re.compile(r"(?<!\d)([2-9]\d) ?[-–—_/] ?([2-9]\d)(?!\d)")
# A line with less is a title or a remark.
_PERSON_CELLS = 4


@dataclass(slots=True)
class Sheets:
    """The parts of one form that were found on the sheets of a file, in their order."""

    plan: FormPlan
    parts: list[PartColumns] = field(default_factory=list)

    def united(self, year: SchoolYear) -> tuple[PartColumns, list[Notice]]:
        """Return the one part that they make, and what is to be said of those that are left out.

        *year* is the one that a sheet of another year's name is not of.
        """
        parts, notices = self._of_year(year)
        kept: list[PartColumns] = []
        for part in parts:
            same = next((other for other in kept if _alike(part, other)), None)
            if same is None:
                kept.append(part)
            else:
                words = {"form": self.plan.title, "other": part.sheet}
                notices.append(
                    Notice("sheet_copied", "info", self.plan.code, same.sheet, params=words)
                )
        return (kept[0] if len(kept) == 1 else _joined(kept)), notices

    def _of_year(self, year: SchoolYear) -> tuple[list[PartColumns], list[Notice]]:
        years = [_year_of(part.sheet) for part in self.parts]
        named = {found for found in years if found is not None}
        over = None in years and named and max(named) < year
        if len(named) < 2 and not over:
            return self.parts, []
        wanted = year if over or year in named else max(named)
        kept = [
            part for part, found in zip(self.parts, years, strict=True) if found in (None, wanted)
        ]
        notices = [
            Notice(
                "sheet_other_year",
                "remark",
                self.plan.code,
                part.sheet,
                params={"form": self.plan.title, "period": str(wanted)},
            )
            for part in self.parts
            if part not in kept
        ]
        return kept, notices


def _year_of(name: str) -> SchoolYear | None:
    """Return the school year that a sheet is called by: «2026-2027», «26-27»."""
    if (found := SchoolYear.find(name)) is not None:
        return found
    for match in _SHORT.finditer(name):
        if int(match[2]) == int(match[1]) + 1:
            return SchoolYear(2000 + int(match[1]))
    return None


def people_unread(grid: Grid) -> bool:
    """Whether a sheet begins with rows of people and has no names of columns above them."""
    for row in range(grid.height):
        texts = [grid.texts[row][column] for column in grid.filled[row]]
        if len(texts) >= _PERSON_CELLS:
            return any(map(is_full_name, texts))
    return False


def unite(
    parts: dict[tuple[str, str], PartColumns],
    lists: Mapping[tuple[str, str], Sheets],
    year: SchoolYear,
) -> list[Notice]:
    """Put one part in place of those that several sheets gave; return what is to be said of it."""
    said: list[Notice] = []
    for key, sheets in lists.items():
        if len(sheets.parts) > 1:
            parts[key], notices = sheets.united(year)
            said += notices
    return said


def can_be_united(part: PartColumns, plan: FormPlan) -> bool:
    """Whether rows of this part may stand on further sheets: cards and matrices are whole."""
    return plan.layout == "table" and not plan.stages and part.layout == "table"


def _alike(one: PartColumns, other: PartColumns) -> bool:
    """Whether two sheets say the same of the same people."""
    if not len(one) or not len(other):
        return not len(one) and one.nil == other.nil
    return _said(one) == _said(other)


def _said(part: PartColumns) -> dict[str, tuple[object, ...]]:
    return {
        name: tuple(column)
        for name, column in part.values.items()
        if any(value is not None for value in column)
    }


def _joined(parts: list[PartColumns]) -> PartColumns:
    """Return the rows of all sheets as one part; its lines and notices say which sheet is meant."""
    moved: list[PartColumns] = [
        _numbered(part, number) for number, part in enumerate(parts, start=1)
    ]
    first = moved[0]
    sizes = [len(part) for part in moved]
    starts = [sum(sizes[:number]) for number in range(len(sizes))]
    names = dict.fromkeys(chain.from_iterable(part.values for part in moved))
    letters: dict[str, str] = {}
    for part in moved:
        for name, letter in part.letters.items():
            letters.setdefault(name, letter)
    skipped: dict[str, int] = {}
    for part in moved:
        for reason, count in part.skipped.items():
            skipped[reason] = skipped.get(reason, 0) + count
    return replace(
        first,
        sheet="/".join(part.sheet.replace("/", "∕") for part in parts),  # not our separator
        lines=tuple(chain.from_iterable(part.lines for part in moved)),
        values={
            name: [*chain.from_iterable(part.column(name) for part in moved)] for name in names
        },
        letters=letters,
        raw=_shifted(starts, [part.raw for part in moved]),
        failed={
            name: [
                index + start
                for start, part in zip(starts, moved, strict=True)
                for index in part.failed.get(name, ())
            ]
            for name in dict.fromkeys(chain.from_iterable(part.failed for part in moved))
        },
        moved=_shifted(starts, [_moved(part, letters) for part in moved]),
        notices=tuple(_once(chain.from_iterable(part.notices for part in moved))),
        columns={k: v for part in reversed(moved) for k, v in part.columns.items()},
        seen=sum(part.seen for part in moved),
        skipped=skipped,
        nil=any(part.nil for part in moved) and not sum(sizes),
    )


def _numbered(part: PartColumns, number: int) -> PartColumns:
    return replace(
        part,
        lines=tuple(on_sheet(number, line) for line in part.lines),
        notices=tuple(
            replace(notice, row=on_sheet(number, notice.row)) if notice.row else notice
            for notice in part.notices
        ),
    )


def _moved(part: PartColumns, letters: Mapping[str, str]) -> dict[str, dict[int, str]]:
    """Addresses of cells that stand under another letter than those of the first sheet."""
    found = {name: dict(places) for name, places in part.moved.items()}
    for name, letter in letters.items():
        if part.letters.get(name) != letter:
            places = found.setdefault(name, {})
            for index in range(len(part)):
                places.setdefault(index, part.cell(index, name) or "")
    return found


def _shifted(
    starts: Sequence[int], found: Sequence[Mapping[str, Mapping[int, str]]]
) -> dict[str, dict[int, str]]:
    whole: dict[str, dict[int, str]] = {}
    for start, texts in zip(starts, found, strict=True):
        for name, by_row in texts.items():
            shifted = {index + start: text for index, text in by_row.items()}
            whole.setdefault(name, {}).update(shifted)
    return whole


def _once(notices: Iterable[Notice]) -> Iterable[Notice]:
    """What is said of columns and holds for each sheet is said of the first one only."""
    said: set[tuple[object, ...]] = set()
    for notice in notices:
        about = (notice.code, notice.column, notice.value, *sorted(notice.params.items()))
        if notice.row is None and notice.severity != "error":
            if about in said:
                continue
            said.add(about)
        yield notice
