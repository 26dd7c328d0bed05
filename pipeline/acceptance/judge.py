"""The rules of acceptance: what becomes of each row, part and file, and why."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from contracts.plan import Column, FormPlan
from pipeline.acceptance.questions import many_absent, two_files
from pipeline.errors import ConservationError
from pipeline.hookspecs import Stage
from pipeline.model import Notice, Outcome, ParsedRow, PartColumns, Scalar, Severity
from pipeline.notices.catalogue import Catalogue
from pipeline.render.values import typed_text
from pipeline.store.records import PartRecord, QuestionRecord, RowRecord, RowState
from pipeline.text import person_key
from pipeline.views import CheckView

LOG = logging.getLogger("nastavnik.judge")
# A school that sends only its new rows must not wipe its base: both limits must be passed.
ABSENT_SHARE = 0.3
ABSENT_ROWS = 3
# Of two files for one key in one scan the later wins if it is later by this much.
LATER_SECONDS = 60
WORST_FIRST: tuple[Outcome, ...] = (
    "held",
    "rejected",
    "accepted_partly",
    "accepted_with_remarks",
    "accepted",
)


@dataclass(frozen=True, slots=True)
class Before:
    """What the unit has in force for the key of a part: row keys with the person each speaks of.

    `number` is the submission in force, None where there is none.
    """

    number: int | None = None
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Rival:
    """An earlier part for the same key in the same scan, and when its file was modified."""

    number: int
    modified: float


def row_key(plan: FormPlan, values: Mapping[str, Scalar]) -> str:
    """Return the identity of a row within its unit and form: person, counterpart, form."""
    return "|".join(person_key(str(values.get(name) or "")) for name in plan.key)


def run_checks(
    stages: Iterable[Stage], view: CheckView, catalogue: Catalogue
) -> tuple[Notice, ...]:
    """Run the check stages of the view's form; one that fails is named and changes nothing."""
    found: list[Notice] = []
    for stage in stages:
        if view.plan.code in stage.forms or "*" in stage.forms:
            try:
                notices = tuple(stage.run(view))
            except Exception as error:  # noqa: BLE001  # a plugin may raise anything
                LOG.error("stage %s failed: %s", stage.name, type(error).__name__)
                continue
            found.extend(n for n in notices if n.code in catalogue)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Case:
    """All that decides about one part.

    `contract` is the digest of the plan; `notices` are those of the contract and of the check
    stages; `modified` is the time of the
    file in seconds; `asked` says that a question about the whole file holds all its parts.
    """

    part: PartColumns
    plan: FormPlan
    notices: tuple[Notice, ...]
    unit: str
    period: str
    contract: str
    before: Before
    rival: Rival | None = None
    modified: float = 0.0
    asked: bool = False


def judge(case: Case) -> tuple[PartRecord, tuple[QuestionRecord, ...]]:
    """Decide a part; the second answer are the questions about it, without their part's index."""
    part, plan = case.part, case.plan
    place = _Place(part, plan)
    filled = (place.fill(notice) for notice in (*part.notices, *case.notices))
    placed = _told_once(filled, plan)
    states, repeats = _states(place, placed)
    placed += repeats
    questions: list[QuestionRecord] = []
    taken = part.nil or "accepted" in states.values()
    if taken and plan.mode == "snapshot":
        _absences(place, case.before, placed, questions)
    if taken and case.rival is not None:
        _rivalry(place, case.rival, case.modified, placed, questions)
    if taken and case.before.number is not None:
        placed += _previous(place, states, case.before)
    proposed = _outcome(placed, states, part)
    held = taken and (case.asked or bool(questions))
    record = PartRecord(
        form=part.form,
        unit=case.unit,
        period=case.period,
        outcome="held" if held else proposed,
        proposed=proposed if held else None,
        contract=case.contract,
        stage=part.stage,
        mode=plan.mode,
        sheet=part.sheet,
        nil=part.nil,
        rows=tuple(_record(row, place.keys[row.row], states[row.row]) for row in part.rows),
        notices=tuple(sorted(placed, key=_reading_order)),
        counts=_counts(part, states, held=held),
    )
    check_conservation(record)
    return record, tuple(questions)


def _told_once(notices: Iterable[Notice], plan: FormPlan) -> list[Notice]:
    """Of a row that names nobody, say that alone: its other blanks follow from it.

    Such rows go on with the person of the row above, or are somebody's leftovers.
    """
    found = list(notices)
    nameless = {
        n.row for n in found if (n.code, n.column) == ("cell_required", plan.person) and n.row
    }
    return [n for n in found if n.row not in nameless or n.value or n.column == plan.person]


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """Return the outcome of a file: the worst of its parts, «отложено» before all."""
    return min(outcomes, key=WORST_FIRST.index, default="rejected")


def check_conservation(part: PartRecord) -> None:
    """Raise `ConservationError` where rows seen are not all accounted for: a bug of ours."""
    counts = part.counts
    sums = sum(count for name, count in counts.items() if name != "seen")
    if sums != counts["seen"]:
        raise ConservationError(
            f"Форма {part.form}: прочитано {counts['seen']}, а учтено {sums} строк."
        )


class _Place:
    """The rows of a part by their numbers, with the keys that say who they are."""

    def __init__(self, part: PartColumns, plan: FormPlan) -> None:
        self.part = part
        self.plan = plan
        self.rows = {row.row: row for row in part.rows}
        self.keys = _keys(part, plan)

    def fill(self, notice: Notice) -> Notice:
        """Fill in sheet, cell, value and person of a notice that names a row and a column only."""
        row = self.rows.get(notice.row or 0)
        sheet = notice.sheet or self.part.sheet
        if row is None:
            return replace(notice, form=self.plan.code, sheet=sheet)
        person = self.plan.person
        column = notice.column or person
        value = notice.value
        if value is None and notice.column:
            value = shown(row, self.plan.column(notice.column))
        return replace(
            notice,
            form=self.plan.code,
            sheet=sheet,
            cell=notice.cell or (row.cells.get(column) if column else None),
            value=value,
            who=notice.who or (shown(row, self.plan.column(person)) if person else None),
        )


def shown(row: ParsedRow, column: Column) -> str | None:
    """Return a cell as it was typed, as far as it is known."""
    return row.raw.get(column.name) or typed_text(column, row.values.get(column.name))


def _keys(part: PartColumns, plan: FormPlan) -> dict[int, str]:
    """Keys of the rows; of two people of one name the later gets the year of birth to its key."""
    keys: dict[int, str] = {}
    born: dict[str, Scalar] = {}
    for row in part.rows:
        key = row_key(plan, row.values)
        year = row.values.get("birth_year")
        if key in born and year and born[key] and year != born[key]:
            key = f"{key}|{year}"
        born.setdefault(key, year)
        keys[row.row] = key
    return keys


def _states(place: _Place, placed: Sequence[Notice]) -> tuple[dict[int, RowState], list[Notice]]:
    """State of each row by its number, and the notices about repeats."""
    bad = {n.row for n in placed if n.severity == "error"}
    # Cards and matrices are accepted whole; an error of the form (a missing column) spoils all.
    whole_bad = None in bad or (place.plan.whole and bool(bad))
    states: dict[int, RowState] = {}
    notices: list[Notice] = []
    first: dict[str, ParsedRow] = {}
    for row in place.part.rows:
        key = place.keys[row.row]
        states[row.row] = "rejected" if whole_bad or row.row in bad else "accepted"
        if states[row.row] == "rejected" or not key.strip("|"):
            continue
        earlier = first.setdefault(key, row)
        if earlier is row:
            continue
        if earlier.values == row.values:
            states[row.row] = "duplicate"
            notices.append(_repeat("row_repeated", "info", row, earlier, place))
        else:
            states[row.row] = "rejected"
            notices.append(_repeat("person_repeated", "error", row, earlier, place))
    return states, notices


def _repeat(
    code: str, severity: Severity, row: ParsedRow, earlier: ParsedRow, place: _Place
) -> Notice:
    first = {"first": str(earlier.row)}
    return place.fill(Notice(code, severity, row=row.row, column=place.plan.person, params=first))


def _absences(
    place: _Place, before: Before, notices: list[Notice], questions: list[QuestionRecord]
) -> None:
    """Persons in force who are not in the new snapshot; too many of them hold the part."""
    if before.number is None or not place.plan.person:
        return
    people = {key.split("|")[0] for key in place.keys.values()}
    gone = {key: who for key, who in before.keys.items() if key.split("|")[0] not in people}
    where = Notice("row_absent", "remark", form=place.plan.code, sheet=place.part.sheet)
    if len(gone) > ABSENT_ROWS and len(gone) > ABSENT_SHARE * len(before.keys):
        question = many_absent(len(gone), len(before.keys))
        notices.append(replace(where, code=question.kind, params=question.params))
        questions.append(question)
        return
    notices += [replace(where, value=who, who=who) for _key, who in sorted(gone.items())]


def _rivalry(
    place: _Place,
    rival: Rival,
    modified: float,
    notices: list[Notice],
    questions: list[QuestionRecord],
) -> None:
    """Two files for one key in one scan: the one modified a minute later wins, else a person."""
    question = two_files(place.plan.title, rival.number)
    where = Notice(
        question.kind, "remark", place.plan.code, place.part.sheet, params=question.params
    )
    if modified - rival.modified >= LATER_SECONDS:
        notices.append(replace(where, code="newer_file_won"))
        return
    notices.append(where)
    questions.append(question)


def _previous(place: _Place, states: Mapping[int, RowState], before: Before) -> list[Notice]:
    """Say of rejected rows that their last accepted version stays in force."""
    kept = [
        row
        for row in place.part.rows
        if states[row.row] == "rejected" and place.keys[row.row] in before.keys
    ]
    number = {"number": str(before.number)}
    return [
        place.fill(Notice("row_previous_kept", "info", row=row.row, params=number)) for row in kept
    ]


def _outcome(
    notices: Sequence[Notice], states: Mapping[int, RowState], part: PartColumns
) -> Outcome:
    found = set(states.values())
    errors = any(notice.severity == "error" for notice in notices)
    if "accepted" not in found and not (part.nil and not errors):
        return "rejected"
    if "rejected" in found:
        return "accepted_partly"
    remarks = any(notice.severity == "remark" for notice in notices)
    return "accepted_with_remarks" if remarks else "accepted"


def _record(row: ParsedRow, key: str, state: RowState) -> RowRecord:
    if state == "accepted":
        return RowRecord(row.row, key, state, values=row.values, raw=row.raw)
    return RowRecord(row.row, key, state)


def _counts(part: PartColumns, states: Mapping[int, RowState], *, held: bool) -> dict[str, int]:
    tally = dict.fromkeys(("accepted", "rejected", "duplicate", "held"), 0)
    for state in states.values():
        tally["held" if held and state == "accepted" else state] += 1
    skipped = {f"skipped_{reason}": n for reason, n in sorted(part.skipped.items()) if n}
    return {"seen": part.seen, **tally, **skipped}


def _reading_order(notice: Notice) -> tuple[int, int, str, str]:
    """Errors before remarks, then down the sheet."""
    severity = ("error", "remark", "info").index(notice.severity)
    return (severity, notice.row or 0, notice.column or "", notice.code)
