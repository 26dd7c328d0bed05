"""What only a person can decide, with the answers to choose from as the person reads them."""

from __future__ import annotations

from contracts.plan import FormPlan
from pipeline.model import Unit
from pipeline.store.records import QuestionRecord
from pipeline.words import STAGES

ACCEPT, REJECT = "accept", "reject"
REFUSE = "Не принимать"
BY_FOLDER = "Это файл организации {unit} (по папке)"
BY_PASSPORT = "Это файл организации {unit} (по Паспорту)"
OTHER_PERIOD = "Принять за {period} учебный год"
THESE_ROWS = "Принять; больше не действуют прежние строки: {absent}"
FORMER_ROWS = "Не принимать, действует прежний файл"
THIS_FILE = "Верен этот файл"
OTHER_FILE = "Верен принятый раньше (приём № {number})"


def whose_file(folder: Unit, named: Unit | None, said: str) -> QuestionRecord:
    """Ask whose a file is that lies in one unit's folder and speaks of another, *named* or *said*.

    The key of an answer is the unit's code, by which the file is then taken in.
    """
    choices = {folder.code: BY_FOLDER.format(unit=folder.short_name)}
    if named is not None:
        choices[named.code] = BY_PASSPORT.format(unit=named.short_name)
    choices[REJECT] = REFUSE
    return QuestionRecord("unit_conflict", choices, params={"folder": folder.folder, "value": said})


def other_period(found: str, current: str) -> QuestionRecord:
    """Ask whether a file about another school year than the current one is meant so."""
    choices = {ACCEPT: OTHER_PERIOD.format(period=found), REJECT: REFUSE}
    return QuestionRecord("period_other", choices, params={"found": found, "current": current})


def many_absent(absent: int, before: int) -> QuestionRecord:
    """Ask whether a list that lacks *absent* of the *before* rows in force is the whole list."""
    choices = {ACCEPT: THESE_ROWS.format(absent=absent), REJECT: FORMER_ROWS}
    return QuestionRecord(
        "rows_absent_many", choices, params={"absent": str(absent), "before": str(before)}
    )


def which_stage(plan: FormPlan) -> QuestionRecord:
    """Ask which measurement of the year a form is; the key of an answer is its stage."""
    choices = {stage: STAGES[stage].capitalize() for stage in plan.stages}
    words = {"form": plan.title, "choices": " или ".join(STAGES[stage] for stage in plan.stages)}
    return QuestionRecord("stage_unknown", {**choices, REJECT: REFUSE}, params=words)


def two_files(form: str, number: int) -> QuestionRecord:
    """Ask which of two files of one moment is right; *number* is the earlier submission."""
    choices = {ACCEPT: THIS_FILE, REJECT: OTHER_FILE.format(number=number)}
    return QuestionRecord(
        "two_files_at_once", choices, params={"form": form, "number": str(number)}
    )
