"""The rules of acceptance: what becomes of each row, part and file, and why."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from contracts.plan import FormPlan
from pipeline.acceptance.questions import many_absent, two_files
from pipeline.errors import ConservationError
from pipeline.model import (
    Notice,
    Outcome,
    PartColumns,
    Scalar,
    Severity,
    outcome_of,
    place_of,
)
from pipeline.notices.columns import ONCE
from pipeline.render.values import typed_cell
from pipeline.store.records import NotRun, PartRecord, QuestionRecord, RowColumns, RowState
from pipeline.text import person_key
from pipeline.views import CheckView
from pipeline.workspace import validation
from pipeline.workspace.containment import Fault
from pipeline.workspace.plugin_loader import Plugins

# A school that sends only its new rows must not wipe its base: both limits must be passed.
ABSENT_SHARE = 0.3
ABSENT_ROWS = 3
# Of two files for one key in one scan the later wins if it is later by this much.
LATER_SECONDS = 60


@dataclass(frozen=True, slots=True)
class InForce:
    """What the unit has in force for the key of a part: row keys with the person each speaks of.

    `number` is the submission in force, None where there is none; `told` what was said of its
    headers that is said once of a form.
    """

    number: int | None = None
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    told: Collection[Notice] = ()


@dataclass(frozen=True, slots=True)
class Competitor:
    """An earlier part for the same key in the same scan, and when its file was modified."""

    number: int
    modified: float


@dataclass(frozen=True, slots=True)
class Sent:
    """Whose part it is and for which school year, by the contract with the digest *contract*.

    `modified` is the time of the file in seconds; `asked` says that a question about the whole
    file holds all its parts, `stage_open` that nobody knows which measurement of the year this one
    is; `not_run` are the check stages that gave nothing to be used.
    """

    unit: str
    period: str
    contract: str = ""
    modified: float = 0.0
    asked: bool = False
    stage_open: bool = False
    not_run: tuple[NotRun, ...] = ()


def run_checks(plugins: Plugins, view: CheckView) -> tuple[tuple[Notice, ...], tuple[NotRun, ...]]:
    """Run the check stages of the view's form; return what they say, and which said nothing usable.

    Of a stage that fails half way nothing is taken.
    """
    plan, lines = view.plan, frozenset(view.columns.lines)
    check = functools.partial(
        validation.notices, plan=plan, lines=lines, catalogue=plugins.catalogue
    )
    found: list[Notice] = []
    not_run: list[NotRun] = []
    for stage in plugins.of_kind("check"):
        if stage.run is not None and stage.serves(plan.code):
            answer = plugins.call("stage", stage.name, functools.partial(stage.run, view), check)
            if isinstance(answer, Fault):
                not_run.append(NotRun(answer.plugin, answer.name, answer.error, answer.said))
            else:
                found.extend(answer)
    return tuple(found), tuple(not_run)


def judge(
    part: PartColumns,
    plan: FormPlan,
    notices: Iterable[Notice],
    in_force: InForce,
    competitor: Competitor | None,
    sent: Sent,
) -> tuple[PartRecord, tuple[QuestionRecord, ...]]:
    """Decide a part; the second answer are the questions about it, without their part's index.

    *notices* are those of the contract and of the check stages.
    """
    index = _RowIndex(part, plan)
    placed = _suppress_follow_ups(map(index.fill, (*part.notices, *notices)), plan)
    placed = [_once(notice, in_force.told) for notice in placed]
    states, repeats = _states(index, placed)
    placed += repeats
    questions: list[QuestionRecord] = []
    taken = part.nil or "accepted" in states
    if taken and plan.mode == "snapshot":
        _absences(index, in_force, placed, questions)
    if taken and competitor is not None:
        _competition(index, competitor, sent.modified, placed, questions)
    if taken and in_force.number is not None:
        placed += _previous(index, states, in_force)
    proposed = _outcome(placed, states, part)
    held = sent.asked or (taken and (sent.stage_open or bool(questions)))
    record = PartRecord(
        form=part.form,
        unit=sent.unit,
        period=sent.period,
        outcome="held" if held else proposed,
        proposed=proposed if held else None,
        contract=sent.contract,
        stage=part.stage,
        mode=plan.mode,
        sheet=part.sheet,
        nil=part.nil,
        rows=_rows(part, index.keys, states),
        notices=tuple(sorted(map(index.shown, placed), key=_reading_order)),
        counts=_counts(part, states, held=held),
        not_run=sent.not_run,
    )
    check_conservation(record)
    return record, tuple(questions)


def _suppress_follow_ups(notices: Iterable[Notice], plan: FormPlan) -> list[Notice]:
    """Of a row that names nobody, say that alone: its other blanks follow from it.

    Such rows go on with the person of the row above, or are somebody's leftovers.
    """
    found = list(notices)
    nameless = {
        n.row for n in found if (n.code, n.column) == ("cell_required", plan.person) and n.row
    }
    return [n for n in found if n.row not in nameless or n.value or n.column == plan.person]


def _once(notice: Notice, told: Collection[Notice]) -> Notice:
    """Return a notice that was said of the file before as one that nobody has to act on."""
    known = notice.code in ONCE and any(
        (one.code, one.params) == (notice.code, notice.params) for one in told
    )
    return replace(notice, severity="info") if known else notice


def file_outcome(parts: Sequence[PartRecord], notices: Sequence[Notice]) -> Outcome:
    """Return the outcome of a file by its parts and by what is said of it as a whole."""
    outcome = outcome_of(part.outcome for part in parts)
    if outcome == "accepted" and any(notice.severity == "remark" for notice in notices):
        return "accepted_with_remarks"
    if outcome.startswith("accepted") and any(notice.severity == "error" for notice in notices):
        return "accepted_partly"
    return outcome


def check_conservation(part: PartRecord) -> None:
    """Raise `ConservationError` where rows seen are not all accounted for: a bug of ours."""
    counts = part.counts
    sums = sum(count for name, count in counts.items() if name != "seen")
    if sums != counts["seen"]:
        raise ConservationError(
            f"Форма {part.form}: прочитано {counts['seen']}, а учтено {sums} строк."
        )


class _RowIndex:
    """The rows of a part by their numbers, with the keys that say who they are."""

    def __init__(self, part: PartColumns, plan: FormPlan) -> None:
        self.part = part
        self.plan = plan
        self.by_line = {line: index for index, line in enumerate(part.lines)}
        self.keys = _keys(part, plan)
        self._columns = {column.name: column for column in plan.columns}

    def fill(self, notice: Notice) -> Notice:
        """Fill in sheet, cell, value and person of a notice that names a row and a column only."""
        row = self.by_line.get(notice.row or 0)
        sheet = notice.sheet or self.part.sheet
        if row is None:
            return replace(notice, form=self.plan.code, sheet=sheet)
        person = self.plan.person
        column = notice.column or person
        value = notice.value
        if value is None and notice.column:
            value = self._shown(row, notice.column)
        return replace(
            notice,
            form=self.plan.code,
            sheet=sheet,
            cell=notice.cell or (self.part.cell(row, column) if column else None),
            value=value,
            who=notice.who or (self._shown(row, person) if person else None),
        )

    def shown(self, notice: Notice) -> Notice:
        """Return a notice with the row that Excel shows, of the sheet that it stands on."""
        if notice.row is None:
            return notice
        sheet, row = place_of(self.part.sheet, notice.row)
        if row == notice.row:
            return notice
        own = notice.sheet if notice.sheet != self.part.sheet else sheet
        return replace(notice, row=row, sheet=own)

    def _shown(self, row: int, name: str) -> str | None:
        return typed_cell(self._columns[name], self.part, row)


def _keys(part: PartColumns, plan: FormPlan) -> list[str]:
    """Keys of the rows; of two people of one name the later gets the year of birth to its key."""
    folded = [
        [person_key(str(value)) if value else "" for value in part.column(name)]
        for name in plan.key
    ]
    made = ["|".join(words) for words in zip(*folded, strict=True)] if folded else [""] * len(part)
    born: dict[str, Scalar] = {}
    keys = []
    for key, year in zip(made, part.column("birth_year"), strict=True):
        own = key
        if key in born and year and born[key] and year != born[key]:
            own = f"{key}|{year}"
        born.setdefault(own, year)
        keys.append(own)
    return keys


def _states(index: _RowIndex, placed: Sequence[Notice]) -> tuple[list[RowState], list[Notice]]:
    """State of each row, and the notices about repeats."""
    bad = {n.row for n in placed if n.severity == "error"}
    # Cards and matrices are accepted whole; an error of the form (a missing column) spoils all.
    whole_bad = None in bad or (index.plan.whole and bool(bad))
    columns = tuple(index.part.values.values())
    states: list[RowState] = []
    notices: list[Notice] = []
    first: dict[str, int] = {}
    for row, (line, key) in enumerate(zip(index.part.lines, index.keys, strict=True)):
        state: RowState = "rejected" if whole_bad or line in bad else "accepted"
        if state == "accepted" and key.strip("|"):
            earlier = first.setdefault(key, row)
            if earlier != row and all(column[earlier] == column[row] for column in columns):
                state = "duplicate"
                notices.append(_repeat("row_repeated", "info", row, earlier, index))
            elif earlier != row:
                state = "rejected"
                notices.append(_repeat("person_repeated", "error", row, earlier, index))
        states.append(state)
    return states, notices


def _repeat(code: str, severity: Severity, row: int, earlier: int, index: _RowIndex) -> Notice:
    lines = index.part.lines
    sheet, line = place_of(index.part.sheet, lines[earlier])
    first = {"first": str(line) if sheet == index.part.sheet else f"{line} листа «{sheet}»"}
    notice = Notice(code, severity, row=lines[row], column=index.plan.person, params=first)
    return index.fill(notice)


def _absences(
    index: _RowIndex, in_force: InForce, notices: list[Notice], questions: list[QuestionRecord]
) -> None:
    """Persons in force who are not in the new snapshot; too many of them hold the part."""
    if in_force.number is None or not index.plan.person:
        return
    people = {key.split("|")[0] for key in index.keys}
    gone = {key: who for key, who in in_force.keys.items() if key.split("|")[0] not in people}
    where = Notice("row_absent", "remark", form=index.plan.code, sheet=index.part.sheet)
    if len(gone) > ABSENT_ROWS and len(gone) > ABSENT_SHARE * len(in_force.keys):
        question = many_absent(len(gone), len(in_force.keys))
        notices.append(replace(where, code=question.kind, params=question.params))
        questions.append(question)
        return
    notices += [replace(where, value=who, who=who) for _key, who in sorted(gone.items())]


def _competition(
    index: _RowIndex,
    competitor: Competitor,
    modified: float,
    notices: list[Notice],
    questions: list[QuestionRecord],
) -> None:
    """Two files for one key in one scan: the one modified a minute later wins, else a person."""
    question = two_files(index.plan.title, competitor.number)
    where = Notice(
        question.kind, "remark", index.plan.code, index.part.sheet, params=question.params
    )
    if modified - competitor.modified >= LATER_SECONDS:
        notices.append(replace(where, code="newer_file_won"))
        return
    notices.append(where)
    questions.append(question)


def _previous(index: _RowIndex, states: Sequence[RowState], in_force: InForce) -> list[Notice]:
    """Say of rejected rows that their last accepted version stays in force."""
    number = {"number": str(in_force.number)}
    return [
        index.fill(Notice("row_previous_kept", "info", row=line, params=number))
        for line, key, state in zip(index.part.lines, index.keys, states, strict=True)
        if state == "rejected" and key in in_force.keys
    ]


def _outcome(notices: Sequence[Notice], states: Sequence[RowState], part: PartColumns) -> Outcome:
    errors = any(notice.severity == "error" for notice in notices)
    if "accepted" not in states and not (part.nil and not errors):
        return "rejected"
    if "rejected" in states:
        return "accepted_partly"
    remarks = any(notice.severity == "remark" for notice in notices)
    return "accepted_with_remarks" if remarks else "accepted"


def _rows(part: PartColumns, keys: Sequence[str], states: Sequence[RowState]) -> RowColumns:
    """The rows as they are recorded: one that was not accepted keeps its key only."""
    lost = {row for row, state in enumerate(states) if state != "accepted"}

    def kept(column: Sequence[Scalar]) -> tuple[Scalar, ...]:
        if not lost:
            return tuple(column)
        return tuple(None if row in lost else value for row, value in enumerate(column))

    raw = {
        name: {row: text for row, text in texts.items() if row not in lost}
        for name, texts in part.raw.items()
    }
    return RowColumns(
        part.lines,
        tuple(keys),
        tuple(states),
        {name: kept(column) for name, column in part.values.items()},
        {name: texts for name, texts in raw.items() if texts},
    )


def _counts(part: PartColumns, states: Sequence[RowState], *, held: bool) -> dict[str, int]:
    tally = dict.fromkeys(("accepted", "rejected", "duplicate", "held"), 0)
    for state in states:
        tally["held" if held and state == "accepted" else state] += 1
    skipped = {f"skipped_{reason}": n for reason, n in sorted(part.skipped.items()) if n}
    return {"seen": part.seen, **tally, **skipped}


def _reading_order(notice: Notice) -> tuple[int, int, str, str]:
    """Errors before remarks, then down the sheet."""
    severity = ("error", "remark", "info").index(notice.severity)
    return (severity, notice.row or 0, notice.column or "", notice.code)
