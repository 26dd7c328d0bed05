"""The workbook «Вопросы» that came back: what a person chose, by the number of each question."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.model import Book, ParsedFile, Sheet

NUMBER, DECISION, WHO, NOTE = "Номер вопроса", "Решение", "Кто решил", "Примечание"
# A code of a file that nobody's data is in; the catalogue says it to whoever may not answer.
REASON = "questions_book"
_LOOK_AT, _MOST, _LONGEST = 12, 2000, 500


def answers_in(book: Book) -> ParsedFile | None:
    """Return the answers of a book with questions; None for any other book."""
    for sheet in book.sheets:
        found = _answers(sheet)
        if found is not None:
            return ParsedFile(reason=REASON, answers=found)
    return None


def _answers(sheet: Sheet) -> tuple[tuple[str, str, str, str], ...] | None:
    for top, row in enumerate(sheet.rows[:_LOOK_AT]):
        words = [_text(cell) for cell in row]
        if {NUMBER, DECISION, WHO} <= set(words):
            places = [words.index(name) if name in words else -1 for name in (NUMBER, DECISION)]
            places += [words.index(name) if name in words else -1 for name in (WHO, NOTE)]
            below = sheet.rows[top + 1 : top + 1 + _MOST]
            rows = ([_at(line, place) for place in places] for line in below)
            return tuple((one[0], one[1], one[2], one[3]) for one in rows if one[0] and one[1])
    return None


def _at(row: Sequence[object], place: int) -> str:
    return _text(row[place]) if 0 <= place < len(row) else ""


def _text(cell: object) -> str:
    return " ".join(str(cell).split())[:_LONGEST] if cell is not None else ""
