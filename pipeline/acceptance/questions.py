"""What only a person can decide, with the answers to choose from as the person reads them."""

from __future__ import annotations

from collections.abc import Mapping

from contracts.plan import FormPlan
from pipeline.model import Unit
from pipeline.store.records import QuestionRecord
from pipeline.text import fold
from pipeline.words import STAGES

ACCEPT, REJECT = "accept", "reject"
REFUSE = "Не принимать"
RETURN = "Вернуть школе"
BY_FOLDER = "Файл лежит верно, это {unit}: принять"
BY_PASSPORT = "Это файл {unit}: переложить и принять"
OTHER_PERIOD = "Принять за {period} учебный год"
TYPING_ERROR = "Опечатка в Паспорте: это {period}"
WRONG_YEAR = "Год указан неверно: это {period}"
THESE_ROWS = "Принять; больше не действуют прежние строки: {absent}"
FORMER_ROWS = "Не принимать, действует прежний файл"
THIS_FILE = "Верен этот файл"
OTHER_FILE = "Верен принятый раньше (приём № {number})"


def choice_of(choices: Mapping[str, str], said: str) -> str | None:
    """Return the key of the answer that a person means: its words, their beginning, its number.

    The key itself is taken too; None where it is none of them, or more than one.
    """
    words = {key: fold(text) for key, text in choices.items()}
    wanted = fold(said).rstrip(".")
    meant = {said} & choices.keys()
    if wanted.isdecimal() and 0 < len(wanted) < 3 and 0 < int(wanted) <= len(words):
        meant.add(list(words)[int(wanted) - 1])
    if meant:
        return meant.pop() if len(meant) == 1 else None
    same = [key for key, text in words.items() if text == wanted]
    begun = [key for key, text in words.items() if wanted and text.startswith(wanted)]
    found = same or begun
    return found[0] if len(found) == 1 else None


def whose_file(folder: Unit, named: Unit | None, said: str) -> QuestionRecord:
    """Ask whose a file is that lies in one unit's folder and speaks of another, *named* or *said*.

    The key of an answer is the unit's code, by which the file is then taken in.
    """
    choices = {folder.code: BY_FOLDER.format(unit=folder.short_name)}
    if named is not None:
        choices[named.code] = BY_PASSPORT.format(unit=named.short_name)
    choices[REJECT] = RETURN
    return QuestionRecord("unit_conflict", choices, params={"folder": folder.folder, "value": said})


def other_period(found: str, current: str, *, typed: bool) -> QuestionRecord:
    """Ask which school year a file is about that speaks of another one than the current.

    The key of an answer is the year; *typed* says that the Паспорт holds it.
    """
    slip = TYPING_ERROR if typed else WRONG_YEAR
    choices = {
        current: slip.format(period=current),
        found: OTHER_PERIOD.format(period=found),
        REJECT: RETURN,
    }
    return QuestionRecord("period_other", choices, params={"found": found, "current": current})


def many_absent(absent: int, before: int) -> QuestionRecord:
    """Ask whether a list that lacks *absent* of the *before* rows in force is the whole list."""
    choices = {ACCEPT: THESE_ROWS.format(absent=absent), REJECT: FORMER_ROWS}
    return QuestionRecord(
        "rows_absent_many", choices, params={"absent": str(absent), "before": str(before)}
    )


def which_stage(plan: FormPlan, sheet: str) -> QuestionRecord:
    """Ask which measurement of the year a form is; the key of an answer is its stage."""
    choices = {stage: STAGES[stage].capitalize() for stage in plan.stages}
    words = {"form": plan.title, "choices": " или ".join(STAGES[stage] for stage in plan.stages)}
    place = {"code": plan.code, "sheet": sheet}
    return QuestionRecord("stage_unknown", {**choices, REJECT: REFUSE}, params=words | place)


def two_files(form: str, number: int) -> QuestionRecord:
    """Ask which of two files of one moment is right; *number* is the earlier submission."""
    choices = {ACCEPT: THIS_FILE, REJECT: OTHER_FILE.format(number=number)}
    return QuestionRecord(
        "two_files_at_once", choices, params={"form": form, "number": str(number)}
    )
