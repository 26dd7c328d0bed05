"""What is recorded once and never changed: the facts that everything else is derived from.

A record is written as canonical JSON under its own sha256 in the archive, and named by one line
of the ledger. The database can be rebuilt from these records alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from contracts.plan import Mode
from pipeline.canonical import canonical, digest_of, fields_of
from pipeline.model import Notice, Outcome, Scalar

RowState = Literal["accepted", "rejected", "duplicate"]
QuestionKind = Literal[
    "unit_conflict",
    "period_other",
    "rows_absent_many",
    "two_files_at_once",
    "unit_closed",
    "stage_unknown",
]


@dataclass(frozen=True, slots=True)
class RowRecord:
    """One row that was read: where it stood, who it is, what became of it.

    `key` is the canonical identity of the row within its unit and form (`FormPlan.key`, folded);
    a rejected row keeps its key, so that its last accepted version can stay in force, and has no
    values. `raw` is the text as typed where it differs from the value (never for class D).
    Records keep `RowColumns`; this is one of their rows.
    """

    line: int
    key: str = field(repr=False)
    state: RowState
    values: Mapping[str, Scalar] = field(default_factory=dict, repr=False)
    raw: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class NotRun:
    """A rule that gave no answer to be used: its plugin, its name, what it raised, in one clause.

    `error` is the class of the exception, or «WrongAnswer»; `reason` holds no value of a cell.
    """

    plugin: str
    rule: str
    error: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RowColumns:
    """The rows of a part as recorded, by column; a row is an index into all of them.

    `lines`, `keys` and `states` are as in `RowRecord`; `values[name][i]` is None where row *i* was
    not accepted; `raw[name][i]` is sparse.
    """

    lines: tuple[int, ...] = ()
    keys: tuple[str, ...] = field(default=(), repr=False)
    states: tuple[RowState, ...] = ()
    values: Mapping[str, Sequence[Scalar]] = field(default_factory=dict, repr=False)
    raw: Mapping[str, Mapping[int, str]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, rows: Iterable[RowRecord]) -> Self:
        """Return the columns of *rows*; the slow way."""
        rows = tuple(rows)
        names = dict.fromkeys(name for row in rows for name in row.values)
        raw: dict[str, dict[int, str]] = {}
        for index, row in enumerate(rows):
            for name, text in row.raw.items():
                raw.setdefault(name, {})[index] = text
        return cls(
            tuple(row.line for row in rows),
            tuple(row.key for row in rows),
            tuple(row.state for row in rows),
            {name: tuple(row.values.get(name) for row in rows) for name in names},
            raw,
        )

    def __len__(self) -> int:
        return len(self.lines)

    def __iter__(self) -> Iterator[RowRecord]:
        return map(self.row, range(len(self.lines)))

    def row(self, index: int) -> RowRecord:
        """Return one row; a row that was not accepted has no values."""
        taken = self.states[index] == "accepted"
        return RowRecord(
            self.lines[index],
            self.keys[index],
            self.states[index],
            {name: column[index] for name, column in self.values.items()} if taken else {},
            {name: texts[index] for name, texts in self.raw.items() if index in texts},
        )

    def to_bytes(self) -> bytes:
        """Return the canonical bytes of the columns."""
        return canonical(self.plain())

    def plain(self) -> dict[str, Any]:
        """Return the columns as they are written: names in JSON are texts."""
        raw = {
            name: {str(index): text for index, text in texts.items()}
            for name, texts in self.raw.items()
        }
        return {**fields_of(self), "raw": raw}

    @classmethod
    def from_plain(cls, data: Any) -> Self:
        """Return the columns that `plain` wrote, or of rows as the first records kept them."""
        if isinstance(data, list):
            return cls.of(RowRecord(**row) for row in data)
        return cls(
            tuple(data["lines"]),
            tuple(data["keys"]),
            tuple(data["states"]),
            {name: tuple(column) for name, column in data["values"].items()},
            {
                name: {int(index): text for index, text in texts.items()}
                for name, texts in data["raw"].items()
            },
        )


@dataclass(frozen=True, slots=True)
class PartRecord:
    """One form of a submission and what was decided about it.

    `outcome` is accepted, accepted_with_remarks, accepted_partly, rejected or held; `proposed` is
    what a held part becomes when the answer is to accept it. `contract` is `FormPlan.digest`,
    `mode` how the form's parts follow one another (`FormPlan.mode`).
    `counts`: seen, accepted, rejected, duplicate, held, skipped_<reason>;
    seen = accepted + rejected + duplicate + held + Σ skipped_*. `not_run` names the rules without
    which the decision was made.
    """

    form: str
    unit: str
    period: str
    outcome: Outcome
    contract: str
    mode: Mode = "snapshot"
    stage: str = ""
    proposed: Outcome | None = None
    sheet: str = ""
    nil: bool = False
    unchanged: bool = False
    rows: RowColumns = field(default_factory=RowColumns)
    notices: tuple[Notice, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    not_run: tuple[NotRun, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionRecord:
    """Something only a person can decide about a submission; `choices` maps key to Russian text.

    `part` is the index of the held part, None when the whole submission is meant.
    """

    kind: QuestionKind
    choices: Mapping[str, str]
    part: int | None = None
    params: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class SubmissionRecord:
    """A file that arrived and the decision about it.

    `unit` is None where nobody could be identified; `reason` the notice code of a file that was
    refused as a whole; `judged_by` the digests of registry and settings in force at the moment.
    `scan` numbers the look into the inbox by which the file was first seen.
    """

    sha256: str
    name: str = field(repr=False)
    size: int
    modified: float
    folder: str
    subfolder: str
    scan: str
    moment: str
    unit: str | None
    outcome: Outcome
    reason: str | None = None
    reader: str = ""
    program: str = ""
    judged_by: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[PartRecord, ...] = ()
    notices: tuple[Notice, ...] = ()
    questions: tuple[QuestionRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """A person's answer to a question; `choice` None revokes the answer given before.

    `question` is `<submission number>.<index>`.
    """

    question: str
    choice: str | None
    who: str = field(repr=False)
    moment: str = ""
    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class RejudgedRecord:
    """What became of a submission when it was judged again by what people answered.

    `answers` are the numbers of the decisions it was judged by, none where the verdict is the
    first one again. `verdict` takes the place of what was decided before, under the same number.
    `places[i]` is the index, within all questions ever asked about the submission, of the
    verdict's question *i*; those it does not ask wait for nobody.
    """

    submission: int
    answers: tuple[int, ...]
    moment: str
    verdict: SubmissionRecord
    places: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class WithdrawalRecord:
    """A part taken out of force by a person, with the reason; `revokes` takes that back.

    `revokes` is the number of the withdrawal that no longer holds; part and submission are
    repeated.
    """

    submission: int
    part: int
    who: str = field(repr=False)
    moment: str
    reason: str = field(default="", repr=False)
    revokes: int | None = None


@dataclass(frozen=True, slots=True)
class PackageRecord:
    """A package made for a recipient: `digest` is of its content, `sha256` of its bytes.

    `ledger_seq` is the number of the newest fact that went in; older records call it `upto`.
    """

    recipient: str
    period: str
    number: int
    digest: str
    sha256: str
    name: str
    moment: str
    ledger_seq: int
    supersedes: str | None = None

    @property
    def id(self) -> str:
        """Name by which approvals and deliveries speak of this package: its Idempotency-Key."""
        return package_id(self.recipient, self.period, self.number, self.digest)


@dataclass(frozen=True, slots=True)
class ApprovalRecord:
    """A person lets a package leave: who, when, and under which outgoing number."""

    package: str
    digest: str
    who: str = field(repr=False)
    moment: str
    outgoing: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """A package reached its recipient; `evidence` is the digest that the other side has."""

    package: str
    sha256: str
    transport: str
    moment: str
    evidence: str


@dataclass(frozen=True, slots=True)
class ExtensionRecord:
    """A person gives units time to hand in a form until a day, or takes such an extension back.

    `until` is the day in ISO form. `revokes` is the number of the fact that is taken back, whose
    units, form and stage are repeated; `until` is then empty.
    """

    units: tuple[str, ...]
    form: str
    stage: str
    period: str
    until: str
    who: str = field(repr=False)
    moment: str
    reason: str = field(default="", repr=False)
    revokes: int | None = None


Record = (
    SubmissionRecord
    | DecisionRecord
    | RejudgedRecord
    | WithdrawalRecord
    | PackageRecord
    | ApprovalRecord
    | DeliveryRecord
    | ExtensionRecord
)
KINDS: dict[str, type[Record]] = {
    "submission": SubmissionRecord,
    "decision": DecisionRecord,
    "rejudged": RejudgedRecord,
    "withdrawal": WithdrawalRecord,
    "package": PackageRecord,
    "approval": ApprovalRecord,
    "delivery": DeliveryRecord,
    "extension": ExtensionRecord,
}


def kind_of(record: Record) -> str:
    """Return the ledger's word for a record's class."""
    for kind, cls in KINDS.items():
        if isinstance(record, cls):
            return kind
    raise TypeError(type(record).__name__)


def package_id(recipient: str, period: str, number: int, digest: str) -> str:
    """Return the identity of a package, by which a receiver knows it when it comes twice."""
    return digest_of([recipient, period, number, digest])
