"""What an answer to a school says, as plain data, and the words it is said with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from pipeline.model import Notice, Outcome, Severity
from pipeline.text import cell_ranges

# The verdict of a table of which some rows went back.
VERDICT_PARTLY = "{outcome}: {accepted} из {total} {rows}"

# «{deadline}» is « до 10.10.2026» or nothing, «{rows}» is «2 строки» or «ошибки».
WHAT_TO_DO: dict[Outcome, str] = {
    "accepted": "Ничего делать не нужно: данные учтены.",
    "accepted_with_remarks": "Данные учтены. Посмотрите замечания: если что-то неверно, "
    "исправьте и положите файл ещё раз{deadline}.",
    "accepted_partly": "Исправьте {rows} и положите файл ещё раз{deadline}. Остальное уже учтено.",
    "rejected": "Исправьте ошибки и положите файл ещё раз{deadline}.",
    "held": "Ответьте координатору на вопрос{deadline}. До ответа данные этого файла не учтены.",
    "superseded": "Ничего делать не нужно: действует более новый файл.",
    "withdrawn": "Файл отозван. Если сведения нужны, положите новый файл{deadline}.",
}


# What counts for a form now: the answer of this file, of one that came before or after, or none.
IN_FORCE_THIS = "Действуют данные этого файла."
IN_FORCE_SAME = "Подтверждено: действуют прежние данные."
IN_FORCE_BEFORE = "Действуют прежние данные (приём № {number})."
IN_FORCE_NEWER = "Действует более новый файл (приём № {number})."
IN_FORCE_NOTHING = "По этой форме данных пока нет."
# A question with its possible answers, for the unit to know what is asked about its file.
QUESTION = "{id}: {choices}"
# After «исправьте» and 1, 2, 5; after «из» only the last two.
ROWS = ("строку", "строки", "строк")
ERRORS = "ошибки"
READ = "Прочитано {seen} = {parts}"
NIL = "Сообщено, что данных нет"
DEADLINE = " до {day}"
# The clock of a municipality, as Russians say it: hours from Moscow.
MOMENT = "{moment} ({zone})"
# One line for a remark that most rows of a column share.
REPEATED = "{what} То же ещё в ячейках ({count}): {cells}."
# Names of the files of an answer; «{stem}» is the first of them filled in.
STEM = "Приём {number:06d}"
RECEIPT_FILE = "{stem} – квитанция.{suffix}"
SUPPLEMENT_FILE = "{stem} – дополнение {decision:06d}.html"
MARKED_FILE = "{stem} – ваш файл с пометками.xlsx"
PROTOCOL_FILE = "{stem} – ваш протокол.xlsx"
FACTS: dict[str, str] = {
    "number": "Приём №",
    "moment": "Получен",
    "unit": "Организация",
    "period": "Учебный год",
    "file": "Файл",
    "sha256": "Отпечаток файла (sha-256)",
    "questions": "Вопрос координатору",
    "contact": "Кому писать и звонить",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One notice as a school reads it: where, who, what is wrong, what to do, an example.

    Lines of one `repeats` are the same remark about most rows of a column and are shown as one;
    «» stands alone. `count` is how many notices the line tells.
    """

    severity: Severity
    sheet: str | None
    cell: str | None
    who: str = field(repr=False)
    what: str = field(repr=False)
    fix: str = field(repr=False)
    example: str = field(repr=False)
    repeats: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Protocol:
    """What the sheet «Протокол проверки» says.

    `facts` are pairs of a label and a text; `repairs` what we changed ourselves; `outcome` only
    chooses the colour of the verdict.
    """

    verdict: str
    facts: tuple[tuple[str, str], ...] = field(repr=False)
    errors: tuple[Line, ...]
    remarks: tuple[Line, ...]
    repairs: tuple[Line, ...]
    what_to_do: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """One form of the file in an answer; `counts` as in `PartRecord`.

    `in_force` is the sentence that says what counts now for this form.
    """

    form: str
    title: str
    outcome: Outcome
    counts: Mapping[str, int]
    in_force: str = ""
    nil: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """All that a receipt says, as the database has it; `moment` is aware UTC.

    `notices` are those of the file and of all its parts.
    """

    number: int
    moment: datetime
    sha256: str
    file_name: str = field(repr=False)
    unit_name: str
    unit_code: str | None
    period: str
    outcome: Outcome
    parts: tuple[AnswerPart, ...]
    notices: tuple[Notice, ...]
    deadline: date | None = None
    contact: str = field(default="", repr=False)
    questions: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one sheet within a section: those that are shown.

    `told` counts the notices that they tell, `total` all notices of the sheet.
    """

    sheet: str | None
    shown: tuple[Line, ...]
    told: int
    total: int


def groups(lines: tuple[Line, ...], per_sheet: int) -> list[Group]:
    """Return lines sheet by sheet, in the order they come, no more than *per_sheet* of each."""
    found: dict[str | None, list[Line]] = {}
    for line in lines:
        found.setdefault(line.sheet, []).append(line)
    return [
        Group(sheet, tuple(own[:per_sheet]), _told(own[:per_sheet]), _told(own))
        for sheet, own in found.items()
    ]


def _told(lines: Iterable[Line]) -> int:
    return sum(line.count for line in lines)


def folded(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Return lines with each remark of a whole column told once, where it first stands."""
    kept: dict[tuple[str | None, str], list[Line]] = {}
    for number, line in enumerate(lines):
        kept.setdefault((line.sheet, line.repeats or f"#{number}"), []).append(line)
    return tuple(_one(same) for same in kept.values())


def _one(same: Sequence[Line]) -> Line:
    first, *others = same
    if not others:
        return first
    cells = cell_ranges(line.cell for line in others if line.cell)
    what = REPEATED.format(what=first.what, count=len(others), cells=cells)
    return replace(first, who="", what=what, count=_told(same))
