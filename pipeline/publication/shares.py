"""Shares of units in indicators: as plain data in a summary, and read back one at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, TypeVar, overload

from pipeline.views import IndicatorPerson, IndicatorUnit, UnitShare

Made = TypeVar("Made")


def share_to_data(share: UnitShare) -> dict[str, Any]:
    """Return a share as plain JSON data."""
    line = share.line
    return {
        "line": [
            line.unit,
            line.numerator_low,
            line.numerator_high,
            line.denominator,
            line.control,
        ],
        "persons": [
            [p.unit, p.row_id, p.form, p.name, p.certainty, p.reason] for p in share.persons
        ],
        "more": dict(share.more),
    }


def share_from_data(data: Mapping[str, Any]) -> UnitShare:
    """Rebuild a share from its plain data."""
    return UnitShare(
        IndicatorUnit(*data["line"]),
        tuple(IndicatorPerson(*person) for person in data["persons"]),
        data["more"],
    )


class ByUnit(Mapping[str, Made]):
    """What each unit gave, read when it is asked for and not kept: units in their order."""

    def __init__(self, units: Sequence[str], read: Callable[[str], Made]) -> None:
        self._units = units
        self._known = frozenset(units)
        self._read = read

    def __getitem__(self, unit: str) -> Made:
        if unit not in self._known:
            raise KeyError(unit)
        return self._read(unit)

    def __iter__(self) -> Iterator[str]:
        return iter(self._units)

    def __len__(self) -> int:
        return len(self._units)


class PersonsOfShares(Sequence[IndicatorPerson]):
    """Persons behind an indicator, unit by unit: read from the shares whenever asked for."""

    def __init__(self, shares: Mapping[str, UnitShare], units: Sequence[str], count: int) -> None:
        self._shares = shares
        self._units = units
        self._count = count

    def are_of(self, shares: Mapping[str, UnitShare], known: Collection[str]) -> bool:
        """Whether they are read from *shares* of units that are *known*."""
        return self._shares is shares and all(unit in known for unit in self._units)

    def __iter__(self) -> Iterator[IndicatorPerson]:
        for unit in self._units:
            yield from self._shares[unit].persons

    def __len__(self) -> int:
        return self._count

    def __repr__(self) -> str:
        return f"<{self._count} persons>"

    @overload
    def __getitem__(self, place: int) -> IndicatorPerson: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[IndicatorPerson]: ...

    def __getitem__(self, place: int | slice) -> IndicatorPerson | Sequence[IndicatorPerson]:
        return tuple(self)[place]
