"""The plain description of a form, compiled from its contract.

Everything that reads, writes or documents a form works from this plan, so that none of it
needs pandera: the readers in the limited child process, blank workbooks, base tables, the
dictionary page, the Data Package schema and the upward form.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Mode = Literal["snapshot", "append"]
Layout = Literal["table", "card", "matrix"]
Privacy = Literal["A", "B", "C", "D"]
Leave = Literal["yes", "agg", "no"]
Need = Literal["error", "remark", "no"]

# Which storage type a canonical value of each field type has.
STORAGE: dict[str, str] = {
    "text": "str",
    "fio": "str",
    "fio_list": "str",
    "date": "date",
    "year": "int",
    "int": "int",
    "decimal": "float",
    "percent": "float",
    "bool": "bool",
    "enum": "str",
    "multi": "str",
    "phone": "str",
    "email": "str",
    "contacts": "str",
    "url": "str",
    "inn": "str",
    "ogrn": "str",
    "kpp": "str",
    "class": "str",
    "order_ref": "str",
    "age_range": "str",
}

# Shapes that canonical values must have whoever wrote them; both ends anchored, because pandera
# matches at the start only and Table Schema matches the whole text.
PATTERNS = {
    "inn": r"^(\d{10}|\d{12})$",
    "ogrn": r"^(\d{13}|\d{15})$",
    "kpp": r"^[0-9A-Z]{9}$",
    "email": r"^[^@\s;]+@[^@\s;]+$",
    "url": r"^https?://\S+$",
}

# Nobody of our lists was born earlier.
EARLIEST_YEAR = 1930
# Least and greatest value of numbers where the contract says nothing else.
_LIMITS: dict[str, tuple[int | None, int | None]] = {
    "year": (EARLIEST_YEAR, None),
    "int": (0, None),
    "decimal": (0, None),
    "percent": (0, 100),
}

# Values that hold several things are kept as one text joined by this.
LIST_SEPARATOR = "; "
# What stands between the due days of a form.
DUE_SEPARATOR = "|"
# A day of the calendar as contracts and settings write it.
DUE_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
# Fields that are left out of the plain data where they are empty: older plans had none.
_SILENT = ("stages", "rows")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a form, as its contract declares it.

    `title` is the Russian header; `type` a key of `STORAGE`; `official` its number in the official
    form, if it has one; `required` the severity of an empty cell; `privacy` its class (A
    organisation and numbers, B an adult's work, C an adult's own, D a minor's) and
    `minor_privacy` the class it takes where it speaks of a minor; `leave` whether it may leave
    the municipality; `spill` the columns that take the further parts of a cell in which several
    answers stand together («да, 2026, 36»).
    """

    name: str
    title: str
    type: str
    official: int | None = None
    required: Need = "no"
    aliases: tuple[str, ...] = ()
    help: str = ""
    example: str = ""
    privacy: Privacy = "A"
    minor_privacy: Privacy | None = None
    leave: Leave = "no"
    vocabulary: str | None = None
    full_name: bool = False
    minimum: int | None = None
    maximum: int | None = None
    max_length: int | None = None
    spill: tuple[str, ...] = ()
    ignored: bool = False
    width: int | None = None

    @property
    def storage(self) -> str:
        """Type of the canonical value: str, int, float, bool or date (ISO text)."""
        return STORAGE[self.type]

    @property
    def multiple(self) -> bool:
        """Whether one cell may hold several values."""
        return self.type in ("multi", "fio_list", "contacts", "phone")

    @property
    def limits(self) -> tuple[int | None, int | None]:
        """Least and greatest value of a number, None where there is no limit."""
        least, most = _LIMITS.get(self.type, (None, None))
        return (
            least if self.minimum is None else self.minimum,
            most if self.maximum is None else self.maximum,
        )


def range_words(least: int | None, most: int | None) -> str:
    """Return the Russian words for the limits of a number: «от 0 до 60»."""
    if least is not None and most is not None:
        return f"от {least} до {most}"
    return f"не больше {most}" if least is None else f"не меньше {least}"


@dataclass(frozen=True, slots=True)
class FormPlan:
    """A form as plain data: what it is called, how it lies on a sheet, what its columns are.

    `key` names the columns that identify a row within a unit; `person` the column that holds the
    person a row speaks of; `counterpart` the other side of the pair. `titles` are other names
    under which the form is known (sheet names, first lines); `examples` are rows by column name,
    as a curator would type them. `due` proposes the calendar days on which the form is asked for,
    «MM-DD» with «|» between; `stages` are the measurements of one year that stand side by side,
    and then each day says its own: «baseline 10-15 | final 05-31». `rows` are the given rows of a
    matrix: values of the first columns of `key`, which label a row.
    """

    code: str
    name: str
    title: str
    sheet: str
    version: str
    mode: Mode
    layout: Layout
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    person: str | None = None
    counterpart: str | None = None
    titles: tuple[str, ...] = ()
    help: str = ""
    examples: tuple[dict[str, str], ...] = ()
    due: str = ""
    stages: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the columns whose values are given with the rows of a matrix."""
        return self.key[: len(self.rows[0])] if self.rows else ()

    @property
    def whole(self) -> bool:
        """Whether the form is accepted whole or not at all; tables are taken row by row."""
        return self.layout != "table"

    def due_days(self, stage: str = "") -> tuple[str, ...]:
        """Return the proposed days «MM-DD» of a stage, of the form itself where it has none."""
        return tuple(day for own, day in due_days(self.due) if own == stage)

    def column(self, name: str) -> Column:
        """Return the column called *name*; KeyError where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def kept(self) -> tuple[Column, ...]:
        """Columns that have a value of their own (the row number has none)."""
        return tuple(column for column in self.columns if not column.ignored)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns that are kept, in the order of the form."""
        return tuple(column.name for column in self.kept)

    @property
    def upward(self) -> tuple[Column, ...]:
        """Columns that may go to the next level row by row.

        Only class A, and only closed types: a free text can hold a name whatever its class says.
        """
        closed = ("enum", "multi", "bool", "date", "int", "decimal", "percent", "year", "age_range")
        return tuple(
            c for c in self.kept if c.privacy == "A" and c.leave != "no" and c.type in closed
        )

    @property
    def digest(self) -> str:
        """Content hash of the plan: the version of the contract that a decision was made by."""
        return hashlib.sha256(self.canonical).hexdigest()

    @property
    def canonical(self) -> bytes:
        """The one JSON text of the plan, as the archive keeps it."""
        text = json.dumps(self.plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return text.encode()

    @property
    def plain(self) -> dict[str, Any]:
        """The plan as JSON can hold it; what only newer plans say is left out where it is empty."""
        data = asdict(self)
        return {name: value for name, value in data.items() if value or name not in _SILENT}


def due_days(text: str) -> tuple[tuple[str, str], ...]:
    """Read «10-15 | 01-20» or «baseline 10-15 | final 05-31» as pairs of a stage and a day."""
    return tuple(
        (stage.strip(), day)
        for part in text.split(DUE_SEPARATOR)
        if part.strip()
        for stage, _, day in (part.strip().rpartition(" "),)
    )


@dataclass(frozen=True, slots=True)
class Term:
    """One canonical value of a vocabulary with the spellings it is known by."""

    value: str
    synonyms: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A closed list of values; `open` ones keep an unknown value as «иное: …» with a remark.

    `ambiguous` maps a spelling to the values it may mean: a person must choose. `parties` maps a
    word of values that name two sides («учитель – ученик») to the beginnings of words for them.
    """

    name: str
    title: str
    terms: tuple[Term, ...]
    open: bool = False
    ambiguous: dict[str, tuple[str, ...]] = field(default_factory=dict)
    parties: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def values(self) -> tuple[str, ...]:
        """Canonical values in the order they are offered."""
        return tuple(term.value for term in self.terms)


def form_plan_from_json(data: dict[str, Any]) -> FormPlan:
    """Rebuild a plan from `dataclasses.asdict` data; used by the child process."""
    columns = tuple(Column(**{**c, **_tuples(c, "aliases", "spill")}) for c in data["columns"])
    return FormPlan(
        **{
            **data,
            "columns": columns,
            "examples": tuple(data["examples"]),
            **_tuples(data, "key", "titles", "stages"),
            "rows": tuple(map(tuple, data.get("rows", ()))),
        }
    )


def vocabulary_from_json(data: dict[str, Any]) -> Vocabulary:
    """Rebuild a vocabulary from `dataclasses.asdict` data; used by the child process."""
    terms = tuple(Term(**{**t, **_tuples(t, "synonyms")}) for t in data["terms"])
    lists = {
        name: {spelling: tuple(values) for spelling, values in data.get(name, {}).items()}
        for name in ("ambiguous", "parties")
    }
    return Vocabulary(**{**data, "terms": terms, **lists})


def _tuples(data: dict[str, Any], *names: str) -> dict[str, tuple[str, ...]]:
    return {name: tuple(data[name]) for name in names if name in data}
