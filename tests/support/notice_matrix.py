"""What is said of a form with given rows and stages; the form is an outside plugin's."""

from __future__ import annotations

from tests.support.measures import GOOD, ROWS
from tests.support.notice_books import Story, book, error, remark, sheet

HEAD = ("Форма наставничества", "Участники", "Участников", "Опрошено", "Шкала", "Мотивация")
LINES = [(*labels, *values) for labels, values in zip(ROWS, GOOD, strict=True)]
BASELINE, PLAIN = "9 Замер входящий", "9 Замер"
UNKNOWN = ("студент – ученик", "наставники", 1, 1, "1–10", 5)


def measures(*rows, name=BASELINE, head=HEAD):
    return book(sheet(name, ("Замер",), head, *(rows or LINES)))


MATRIX = (
    Story("measures", [measures()]),
    Story("a stage nobody names", [measures(name=PLAIN)], [remark("stage_unknown", PLAIN)]),
    Story(
        "two stages on a sheet",
        [measures(*((*row, "итоговый") for row in LINES), head=(*HEAD, "Этап"))],
        [error("stage_mixed", BASELINE)],
    ),
    Story("a row left out", [measures(*LINES[:3])], [remark("matrix_row_missing", BASELINE)]),
    Story(
        "a row nobody asks for",
        [measures(*LINES, UNKNOWN)],
        [error("matrix_row_unknown", BASELINE, "A7", UNKNOWN[0])],
    ),
    Story(
        "a row twice",
        [measures(*LINES, (*ROWS[0], 5, 5, "1–10", 5))],
        [error("matrix_row_twice", BASELINE, "A7", ROWS[0][0])],
    ),
)
