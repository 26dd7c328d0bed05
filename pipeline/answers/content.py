"""What an answer to a school says, as plain data, and the words it is said with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from pipeline.model import Notice, Outcome

# The verdict of a table of which some rows went back.
VERDICT_PARTLY = "{outcome}: {accepted} из {total} {rows}"
# The verdict of a file of which some lists count and others went back as a whole.
VERDICT_LISTS = "{outcome}: {taken} из {total} {lists}"

# «{deadline}» is « до 10.10.2026» or nothing; «{errors}» is «3 ячейки на листе «Кадры»», «2 строки»
# or «ошибки».
WHAT_TO_DO: dict[Outcome, str] = {
    "accepted": "Ничего делать не нужно: данные учтены.",
    "accepted_with_remarks": "Данные учтены. Посмотрите замечания: если что-то неверно, "
    "исправьте и положите файл ещё раз{deadline}.",
    "accepted_partly": "Исправьте {errors} и положите файл ещё раз{deadline}. "
    "Остальное уже учтено.",
    "rejected": "Исправьте {errors} и положите файл ещё раз{deadline}.",
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
WITHDRAWN = "Отозвано координатором: {reason} "
# A question with its possible answers, for the unit to know what is asked about its file.
QUESTION = "{id}: {choices}"
# After «исправьте» and 1, 2, 5; after «из» only the last two.
ROWS = ("строку", "строки", "строк")
ERRORS = "ошибки"
CELLS = ("ячейку", "ячейки", "ячеек")
ON_SHEETS = ("{cells} на листе {sheets}", "{cells} на листах {sheets}")
# «Учтено 4 листа из 5.» before what is to be mended.
TAKEN = ("Учтён {lists} из {total}. ", "Учтено {lists} из {total}. ")
LISTS = ("лист", "листа", "листов")
READ = "Прочитано {seen} = {parts}"
NIL = "Сообщено, что данных нет"
DEADLINE = " до {day}"
# The clock of a municipality, as Russians say it: hours from Moscow.
MOMENT = "{moment} ({zone})"
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
