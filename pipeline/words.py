"""Russian words of outcomes, states, counts and dates, and plural forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Tone = Literal["good", "doubt", "bad", "quiet", "none"]


@dataclass(frozen=True, slots=True)
class StateWords:
    """A state in words: inside a sentence, in a narrow column of a table, and its tone."""

    long: str
    short: str
    tone: Tone

    @property
    def heading(self) -> str:
        """The long words as a sentence begins with them."""
        return self.long[0].upper() + self.long[1:]


# Outcomes of a file or a part, and the states of a form on the board.
STATES: Mapping[str, StateWords] = {
    "accepted": StateWords("принято", "сдано", "good"),
    "accepted_with_remarks": StateWords("принято с замечаниями", "с замеч.", "good"),
    "accepted_partly": StateWords("принято частично", "частично", "doubt"),
    "nil": StateWords("данных нет", "нуль", "quiet"),
    "held": StateWords("отложено", "отложено", "doubt"),
    "rejected": StateWords("не принято", "не принято", "bad"),
    "superseded": StateWords("заменено", "заменено", "none"),
    "withdrawn": StateWords("отозвано", "отозвано", "none"),
    "none": StateWords("не сдано", "нет", "none"),
}


# Measurements of one form in one year, by the code of `FormPlan.stages`.
STAGES: Mapping[str, str] = {"baseline": "входящий", "final": "итоговый"}


def staged(title: str, stage: str) -> str:
    """Return the name of a form with its stage: «Мониторинг, входящий»."""
    return f"{title}, {STAGES.get(stage, stage)}" if stage else title


def staged_code(form: str, stage: str) -> str:
    """Return the code of a form with its stage: «F09 входящий», for a narrow column."""
    return f"{form} {STAGES.get(stage, stage)}" if stage else form


# Each count of a part with its word, in the order a receipt adds them up to «прочитано».
COUNTS: dict[str, str] = {
    "accepted": "принято",
    "rejected": "возвращено",
    "duplicate": "повторы",
    "held": "отложено",
    "withdrawn": "отозвано",
    "skipped_title": "строки с названием",
    "skipped_header": "шапка таблицы",
    "skipped_numbering": "номера граф",
    "skipped_total": "итоги",
    "skipped_example": "пример из бланка",
    "skipped_hidden": "скрытые строки",
    "skipped_blank": "пустые строки",
}


OTHER_COUNT = "прочее"


WEEKDAYS = ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье")


MONTHS = (
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
)


def plural(number: int, one: str, few: str, many: str) -> str:
    """Return the noun as it stands after a number: 1 файл, 2 файла, 5 файлов, 11 файлов."""
    if number % 100 in range(11, 15) or number % 10 in (0, *range(5, 10)):
        return many
    return one if number % 10 == 1 else few


def counted(number: int, one: str, few: str, many: str) -> str:
    """Return a number with its noun."""
    return f"{number} {plural(number, one, few, many)}"
