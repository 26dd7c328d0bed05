"""What of a row may leave for the next level, as lines of csv.

The gate is narrow: persons are codes made for one recipient, values of closed lists only, and a
curator's name only where the row itself allows it.
"""

from __future__ import annotations

import csv
import hmac
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import Any

from contracts.plan import LIST_SEPARATOR, Column, FormPlan, Vocabulary
from pipeline.model import Scalar
from pipeline.text import person_key
from pipeline.views import Rows
from pipeline.workspace.settings import Recipient

# What an open list calls a value it does not know; the words behind it stay at home.
OTHER = "иное"
# Beside the values of a row that leaves: who reported it, of which school, the coded persons.
UNIT = Column("unit", "Кто подал (код в реестре)", "text", required="error", example="oo-101")
ORIGIN = Column("origin", "Организация (код в реестре)", "text", required="error", example="oo-101")
PERSON = Column("person", "Код человека", "text", example="Н-7F3K-Q2")
COUNTERPART = Column("counterpart", "Код второго в паре", "text", example="Н-7F3K-Q2")

MinorColumns = Callable[[Mapping[str, Any]], frozenset[str]]
_FORM = "mentoring_form"
_CODE_LETTERS = 12
# Of so many bytes base32 makes at least so many letters; so many bits more than they need.
_CODE_BYTES = 8
_LEFT_OVER = 8 * _CODE_BYTES - 5 * _CODE_LETTERS
# Two letters of base32 at once: a region has a million codes, and `b32encode` is slow.
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_PAIRS = [first + second for first in _LETTERS for second in _LETTERS]
_PAIR = len(_PAIRS) - 1


def upward_columns(plan: FormPlan) -> tuple[Column, ...]:
    """Return the columns of the upward form in their order: codes first, then class A values."""
    persons = ((plan.person, PERSON), (plan.counterpart, COUNTERPART))
    return (UNIT, ORIGIN, *(code for name, code in persons if name), *plan.upward)


def upward_value(column: Column, value: Scalar, vocabularies: Mapping[str, Vocabulary]) -> Scalar:
    """Return a value as it may leave: «иное: …» of an open list loses what stands behind it."""
    if column.vocabulary is None or not isinstance(value, str):
        return value
    known = vocabularies[column.vocabulary].values
    parts = value.split(LIST_SEPARATOR) if column.type == "multi" else [value]
    kept = dict.fromkeys(part if part in known else OTHER for part in parts)
    return LIST_SEPARATOR.join(kept)


def shared_columns(plan: FormPlan, recipient: Recipient) -> tuple[Column, ...]:
    """Columns with a person's name that leave only where the row itself allows it."""
    names = {column.name for column in plan.kept}
    if not recipient.share_curators or "share_region" not in names:
        return ()
    return tuple(plan.column(n) for n in ("fio", "position", "phone", "email") if n in names)


def upward_header(plan: FormPlan, recipient: Recipient) -> list[str]:
    """Return the header of a table that goes up."""
    return [c.name for c in (*upward_columns(plan), *shared_columns(plan, recipient))]


@dataclass(frozen=True, slots=True)
class Gate:
    """What one recipient may see of the rows: `key` makes the codes of persons."""

    recipient: Recipient
    sender: str
    key: bytes
    vocabularies: Mapping[str, Vocabulary]

    def lines(
        self,
        plan: FormPlan,
        unit: str,
        rows: Rows,
        codes: dict[str, str] | None = None,
        minors: Sequence[frozenset[str]] = (),
    ) -> bytes:
        """Return a unit's rows of a base as lines of csv, column by column.

        *codes* of persons of the unit are added to: one person stands in several forms. *minors*
        names of each row the columns that speak of a minor, whose codes do not leave.
        """
        persons = [name for name in (plan.person, plan.counterpart) if name]
        codes = {} if codes is None else codes
        columns: list[list[Any]] = [
            [self.sender] * len(rows),
            [str(row["unit"]) for row in rows],
            *(self._grown(self._codes(codes, unit, rows, name), name, minors) for name in persons),
            *(self._values(column, rows) for column in plan.upward),
        ]
        extra = shared_columns(plan, self.recipient)
        open_rows = [bool(row.get("share_region")) for row in rows] if extra else []
        for column in extra:
            pairs = zip(rows, open_rows, strict=True)
            columns.append([_plain(row.get(column.name)) if may else "" for row, may in pairs])
        return csv_lines(zip(*columns, strict=True))

    def _values(self, column: Column, rows: Rows) -> list[Any]:
        values = [row.get(column.name) for row in rows]
        left = {
            value: _plain(upward_value(column, value, self.vocabularies)) for value in set(values)
        }
        return [left[value] for value in values]

    def _codes(self, known: dict[str, str], unit: str, rows: Rows, column: str) -> list[str]:
        """Codes of one or several persons; in the order of the codes: names leave no trace."""
        texts = [str(row.get(column) or "") for row in rows]
        for names in set(texts).difference(known):
            several = [name for name in names.split(LIST_SEPARATOR) if name]
            for name in several:
                if name not in known:
                    known[name] = self._code(unit, name)
            known[names] = LIST_SEPARATOR.join(sorted([known[name] for name in several]))
        return [known[names] for names in texts]

    @staticmethod
    def _grown(codes: list[str], column: str, minors: Sequence[frozenset[str]]) -> list[str]:
        if not minors:
            return codes
        return ["" if column in young else code for code, young in zip(codes, minors, strict=True)]

    def _code(self, unit: str, name: str) -> str:
        """The code of a person, other for each recipient: two cannot be joined without the key."""
        text = f"{self.recipient.code}|{unit}|{person_key(name)}".encode()
        mac = hmac.digest(self.key, text, "sha256")
        number = int.from_bytes(mac[:_CODE_BYTES], "big") >> _LEFT_OVER
        return (
            f"{_PAIRS[number >> 50]}{_PAIRS[number >> 40 & _PAIR]}{_PAIRS[number >> 30 & _PAIR]}"
            f"{_PAIRS[number >> 20 & _PAIR]}{_PAIRS[number >> 10 & _PAIR]}{_PAIRS[number & _PAIR]}"
        )


@dataclass(frozen=True, slots=True)
class Leaving:
    """Rows of a base that leave one by one, and how many pupils are only counted, by their form.

    `minors` names of each row that leaves the columns that speak of a minor.
    """

    rows: Rows
    minors: Sequence[frozenset[str]] = ()
    pupils: Mapping[str, int] = field(default_factory=dict)


def leaving(
    plan: FormPlan,
    rows: Rows,
    minor_columns: MinorColumns | None,
    vocabularies: Mapping[str, Vocabulary],
) -> Leaving:
    """Part the rows of a base: whoever is a minor leaves as a number only."""
    if minor_columns is None or plan.person is None:
        return Leaving(rows)
    kept, minors = [], []
    pupils: dict[str, int] = {}
    names = {column.name: column for column in plan.columns}
    form = names.get(_FORM)
    for row in rows:
        young = minor_columns(row)
        if plan.person not in young:
            kept.append(row)
            minors.append(young)
            continue
        said = upward_value(form, row.get(_FORM), vocabularies) if form else ""
        pupils[str(said or "")] = pupils.get(str(said or ""), 0) + 1
    return Leaving(tuple(kept), minors, pupils)


def origins(rows: Rows, originals: Mapping[int, str]) -> list[str]:
    """Return where each row is from, as the end of a line of `lineage.csv`."""
    ends: list[str] = []
    writer = csv.writer(SimpleNamespace(write=ends.append), lineterminator="\n")
    writer.writerows(
        (row["unit"], row["row_id"], row["submission"], originals[row["submission"]], row["line"])
        for row in rows
    )
    return ends


def csv_lines(rows: Iterable[Sequence[object]]) -> bytes:
    """Return rows as lines of csv."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _plain(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else value
