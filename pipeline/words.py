"""Russian words of outcomes, counts and dates, and plural forms."""

from __future__ import annotations

from pipeline.model import Outcome

OUTCOMES: dict[Outcome, str] = {
    "accepted": "Принято",
    "accepted_with_remarks": "Принято с замечаниями",
    "accepted_partly": "Принято частично",
    "rejected": "Не принято",
    "held": "Отложено",
    "superseded": "Заменено",
    "withdrawn": "Отозвано",
}


# Each count of a part with its word, in the order a receipt adds them up to «прочитано».
COUNTS: dict[str, str] = {
    "accepted": "принято",
    "rejected": "возвращено",
    "duplicate": "повторы",
    "held": "отложено",
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


def counted(number: int, one: str, few: str, many: str) -> str:
    """Return a number with its noun: 1 файл, 2 файла, 5 файлов, 11 файлов."""
    if number % 100 in range(11, 15) or number % 10 in (0, *range(5, 10)):
        return f"{number} {many}"
    return f"{number} {one if number % 10 == 1 else few}"
