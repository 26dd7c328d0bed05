"""What is recorded once and never changed: the facts that everything else is derived from.

A record is written as canonical JSON under its own sha256 in the archive, and named by one line
of the ledger. The database can be rebuilt from these records alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

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
    """

    line: int
    key: str = field(repr=False)
    state: RowState
    values: Mapping[str, Scalar] = field(default_factory=dict, repr=False)
    raw: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class PartRecord:
    """One form of a submission and what was decided about it.

    `outcome` is accepted, accepted_with_remarks, accepted_partly, rejected or held; `proposed` is
    what a held part becomes when the answer is to accept it. `contract` is `FormPlan.digest`,
    `mode` how the form's parts follow one another (`FormPlan.mode`).
    `counts`: seen, accepted, rejected, duplicate, held, skipped_<reason>;
    seen = accepted + rejected + duplicate + held + Σ skipped_*.
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
    rows: tuple[RowRecord, ...] = ()
    notices: tuple[Notice, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)


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
class WithdrawalRecord:
    """A part taken out of force by a person, with the reason."""

    submission: int
    part: int
    who: str = field(repr=False)
    moment: str
    reason: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class PackageRecord:
    """A package made for a recipient: `digest` is of its content, `sha256` of its bytes."""

    recipient: str
    period: str
    number: int
    digest: str
    sha256: str
    name: str
    moment: str
    upto: int
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
    | WithdrawalRecord
    | PackageRecord
    | ApprovalRecord
    | DeliveryRecord
    | ExtensionRecord
)
KINDS: dict[str, type[Record]] = {
    "submission": SubmissionRecord,
    "decision": DecisionRecord,
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


def to_bytes(record: Record) -> bytes:
    """Return a record as the canonical bytes that are stored and hashed."""
    return canonical({"kind": kind_of(record), **fields_of(record)})


def from_bytes(data: bytes) -> Record:
    """Rebuild a record from its stored bytes."""
    stored: dict[str, Any] = json.loads(data)
    kind = stored.pop("kind")
    if kind == "submission":
        stored["parts"] = tuple(_part(part) for part in stored["parts"])
        stored["notices"] = _notices(stored["notices"])
        stored["questions"] = tuple(QuestionRecord(**q) for q in stored["questions"])
    if kind == "extension":
        stored["units"] = tuple(stored["units"])
    return KINDS[kind](**stored)


def _part(data: dict[str, Any]) -> PartRecord:
    rows = tuple(RowRecord(**row) for row in data["rows"])
    return PartRecord(**{**data, "rows": rows, "notices": _notices(data["notices"])})


def _notices(data: list[dict[str, Any]]) -> tuple[Notice, ...]:
    return tuple(Notice(**notice) for notice in data)
