"""What the store answers with: plain frozen data, nothing of the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

from contracts.plan import Mode
from pipeline.model import Notice, Outcome, Scalar, outcome_of
from pipeline.store.records import NotRun, QuestionKind, Record, RowColumns, RowState
from pipeline.store.resolve import RowStatus

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Recorded(Generic[R]):
    """A fact as it was recorded: its number in the ledger, the moment, and the record."""

    seq: int
    at: str
    record: R


@dataclass(frozen=True, slots=True)
class PartInfo:
    """A part as decided and as it stands now.

    `outcome` is what the receipt said, `outcome_now` what answers, later parts and withdrawals
    made of it; `unit` whom it speaks for now; `applied` its place among accepted parts, None while
    nothing accepted it; `since` the fact that did, `withdrawn` the one that took it back; `live`
    how many of its rows are in force; `errors` and `remarks` count its notices; `moment`,
    `modified` and `scan` are its submission's. `notices` are filled in by `Store.submission` only.
    """

    number: int
    index: int
    unit: str
    form: str
    period: str
    stage: str
    mode: Mode
    contract: str
    outcome: Outcome
    proposed: Outcome | None
    outcome_now: Outcome
    applied: int | None
    live: int
    errors: int
    remarks: int
    sheet: str
    nil: bool
    unchanged: bool
    counts: Mapping[str, int]
    moment: str
    modified: float
    scan: str
    since: int | None = None
    withdrawn: int | None = None
    not_run: tuple[NotRun, ...] = ()
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionInfo:
    """A question about a submission and the answer in force, if any.

    `id` is `<submission number>.<index>`; `part` the index of the part it holds, None for all
    held parts; `decided` the number of the decision; `open` whether an answer is waited for: it
    is not once another answer has refused the part or the part was withdrawn; `asked` whether the
    verdict in force asks it, or only one before.
    """

    id: str
    submission: int
    kind: QuestionKind
    unit: str | None
    choices: Mapping[str, str]
    part: int | None = None
    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    choice: str | None = None
    decided: int | None = None
    open: bool = True
    asked: bool = True


@dataclass(frozen=True, slots=True)
class SubmissionInfo:
    """A file that arrived, with its parts and questions as they stand now.

    `outcome` is what the receipt said; `notices` (of the file as a whole) are filled in by
    `Store.submission` only; `rejudged` is the fact by which it was judged again.
    """

    number: int
    moment: str
    sha256: str
    name: str = field(repr=False)
    size: int
    modified: float
    folder: str
    subfolder: str
    scan: str
    unit: str | None
    outcome: Outcome
    reason: str | None
    reader: str
    program: str
    judged_by: Mapping[str, str]
    rejudged: int | None = None
    parts: tuple[PartInfo, ...] = ()
    notices: tuple[Notice, ...] = ()
    questions: tuple[QuestionInfo, ...] = ()

    @property
    def outcome_now(self) -> Outcome:
        """What its parts make of it now; of a file without parts, what the receipt said."""
        return outcome_of(p.outcome_now for p in self.parts) if self.parts else self.outcome


@dataclass(frozen=True, slots=True)
class RowInfo:
    """A stored row: where it came from, who it is, what became of it.

    `row_id` is `<submission>.<part>.<row>` and never changes; `prior` says that it is kept from
    an earlier submission because the newer version was rejected; `status` is "" for a row that
    never counted. A rejected row has no values.
    """

    row_id: str
    unit: str
    form: str
    period: str
    stage: str
    submission: int
    part: int
    sheet: str
    line: int
    key: str = field(repr=False)
    state: RowState
    status: RowStatus
    prior: bool
    values: Mapping[str, Scalar] = field(repr=False)
    raw: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class InForcePart:
    """A part some of whose rows count: all its columns, and which rows those are.

    `indices` are the rows in force; `prior` those of them that are kept from this submission
    because a newer version was rejected.
    """

    unit: str
    form: str
    period: str
    stage: str
    submission: int
    part: int
    sheet: str
    columns: RowColumns
    indices: tuple[int, ...]
    prior: frozenset[int] = frozenset()

    def row_id(self, index: int | Literal[""]) -> str:
        """Return the id of a row, as in `RowInfo`."""
        return f"{self.submission}.{self.part}.{index}"

    def row_ids(self) -> list[str]:
        """Return the ids of the rows in force."""
        part = self.row_id("")
        return [f"{part}{index}" for index in self.indices]


@dataclass(frozen=True, slots=True)
class Newest:
    """A file that is the newest a unit sent of some form, or of none; `outcome` is today's."""

    unit: str
    number: int
    moment: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Repeat:
    """An earlier submission of the same bytes that is wholly in force.

    `judged_by` and `contracts` (form → digest) say what it was judged by: where they differ from
    today's, the file is judged again.
    """

    number: int
    judged_by: Mapping[str, str]
    contracts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class BoardPart:
    """One form of one unit in a period: the newest part sent, and the one that counts.

    `newest` is taken whatever its outcome, `in_force` is the newest accepted one, `taken` the
    moments of all that were ever accepted, in that order; `rows` counts the rows in force, from
    whichever parts.
    """

    unit: str
    form: str
    stage: str
    newest: PartInfo
    in_force: PartInfo | None
    taken: tuple[str, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Conservation:
    """Whether every accepted row of a unit's form is still accounted for."""

    unit: str
    form: str
    accepted: int
    in_force: int
    superseded: int
    withdrawn: int
    absent: int

    @property
    def holds(self) -> bool:
        """Whether rows accepted = in force + superseded + withdrawn + absent."""
        gone = self.superseded + self.withdrawn + self.absent
        return self.accepted == self.in_force + gone


@dataclass(frozen=True, slots=True)
class Damage:
    """Something stored that is not what was recorded.

    `name` is the sha256 of a blob that is missing or changed, or the number of a ledger line.
    """

    place: Literal["archive", "ledger", "index"]
    name: str
