"""«Вопросы.xlsx»: a row for each open question, to be answered in Excel and dropped into the inbox.

It lies in the outbox, for the coordinator. Dropped back into the inbox itself, or into the folder
of whoever is no school, its rows are answers, each with an outcome of its own.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from pipeline import system
from pipeline.acceptance.questions import choice_of
from pipeline.acceptance.rulings import answer
from pipeline.canonical import digest_of
from pipeline.errors import NastavnikError
from pipeline.model import Arrival
from pipeline.reading.asked import DECISION, NOTE, NUMBER, WHO
from pipeline.store.rows import QuestionInfo
from pipeline.workspace.asked import question_text
from pipeline.workspace.exchange import Exchange
from pipeline.workspace.settings import STATE_FOLDER

BOOK = "Вопросы.xlsx"
_SAID = "questions-said.json"
_WRITTEN = "questions-written"
_CHOICES = "Варианты"
_TITLE = (
    "Вопросы, которые решает человек. Выберите решение из списка, впишите, кто решил, сохраните "
    "и положите этот файл в папку входящих."
)
_COLUMNS = (
    (NUMBER, 10),
    ("Организация", 26),
    ("Файл", 26),
    ("Лист", 16),
    ("О чём вопрос", 56),
    (DECISION, 44),
    (WHO, 22),
    (NOTE, 28),
    ("Что с прошлым ответом", 36),
)
_DECISION = 5
_RECORDED = "Записано"
_SAME = "Записано раньше"
_OTHER = "На этот вопрос уже ответили иначе, ответ не изменён"
_NOBODY = "Впишите, кто решил"
_UNKNOWN = "Решение «{said}» не понято: выберите его из списка"
_NO_QUESTION = "Такого вопроса нет"

Filled = tuple[tuple[str, str, str, str], ...]


def may_answer(exchange: Exchange, arrival: Arrival) -> bool:
    """Whether a book that lies there comes from the coordinator: no school answers for itself."""
    unit = exchange.registry.by_folder(arrival.folder) if arrival.folder else None
    return not arrival.folder or (unit is not None and unit.kind in ("МЦН", "УО"))


def take_answers(exchange: Exchange, now: datetime, filled: Filled) -> dict[str, str]:
    """Record what a filled book says; return by question what became of its row."""
    said = {number: _take(exchange, now, number, *words) for number, *words in filled}
    unclear = {number: text for number, text in said.items() if text not in (_RECORDED, _SAME)}
    note = exchange.workspace / STATE_FOLDER / _SAID
    system.write_whole(note, json.dumps(unclear, ensure_ascii=False).encode(), private=True)
    write_questions(exchange)
    return said


def _take(
    exchange: Exchange, now: datetime, number: str, decision: str, who: str, note: str
) -> str:
    known = exchange.store.question(number)
    if known is None:
        return _NO_QUESTION
    key = choice_of(known.choices, decision)
    if key is None:
        return _UNKNOWN.format(said=decision[:60])
    if known.choice is not None:
        return _SAME if known.choice == key else _OTHER
    if not who:
        return _NOBODY
    try:
        answer(exchange, now, question=number, choice=key, who=who, note=note)
    except NastavnikError as error:
        return str(error)
    return _RECORDED


def write_questions(exchange: Exchange) -> None:
    """Write the book anew where questions wait, and take it away where none do."""
    path = exchange.outbox / BOOK
    asked = exchange.store.open_questions() if exchange.store.may_wait() else []
    if not asked:
        path.unlink(missing_ok=True)
        return
    said = _unclear(exchange)
    lines = [_line(exchange, question, said.get(question.id, "")) for question in asked]
    choices = [list(question.choices.values()) for question in asked]
    note = exchange.workspace / STATE_FOLDER / _WRITTEN
    written = digest_of([lines, choices]).encode()
    # Making a workbook takes long for a look into the inbox that finds nothing new.
    if path.is_file() and note.is_file() and note.read_bytes() == written:
        return
    system.write_if_changed(path, _book(lines, choices))
    system.write_whole(note, written, private=True)


def _unclear(exchange: Exchange) -> dict[str, str]:
    try:
        return dict(json.loads((exchange.workspace / STATE_FOLDER / _SAID).read_bytes()))
    except (FileNotFoundError, ValueError, TypeError):
        return {}


_WIDTHS = tuple(width for _, width in _COLUMNS)


def _book(lines: Sequence[Sequence[str]], choices: Sequence[Sequence[str]]) -> bytes:
    from xlsxwriter.utility import xl_range_abs  # noqa: PLC0415  # only where something is asked

    from pipeline.render.heights import text_height  # noqa: PLC0415  # the same
    from pipeline.render.workbook import XlsxWriter  # noqa: PLC0415  # the same

    writer = XlsxWriter("Вопросы")
    sheet, lists = writer.sheet("Вопросы"), writer.sheet(_CHOICES)
    lists.hide()
    sheet.merge_range(0, 0, 0, len(_COLUMNS) - 1, _TITLE, writer.style("title"))
    sheet.set_row(0, 36)
    sheet.set_row(1, 30)
    for place, (title, width) in enumerate(_COLUMNS):
        sheet.set_column(place, place, width)
        sheet.write_string(1, place, title, writer.style("header"))
    for row, (line, words) in enumerate(zip(lines, choices, strict=True), start=2):
        for place, text in enumerate(line):
            writer.put(sheet, row, place, text or None)
        # The longest choice must fit too, once it is chosen.
        texts = zip((*line, max(words, key=len)), (*_WIDTHS, _WIDTHS[_DECISION]), strict=False)
        sheet.set_row(row, max(text_height(text, width * 0.85) for text, width in texts if text))
        for place, text in enumerate(words):
            lists.write_string(row, place, text, writer.style("plain"))
        area = xl_range_abs(row, 0, row, len(words) - 1)
        rule = {"validate": "list", "source": f"='{_CHOICES}'!{area}"}
        sheet.data_validation(row, _DECISION, row, _DECISION, rule)
    sheet.freeze_panes(2, 1)
    writer.printed(sheet, header=1)
    return writer.data()


def _line(exchange: Exchange, question: QuestionInfo, said: str) -> tuple[str, ...]:
    submission = exchange.store.submission(question.submission)
    assert submission is not None
    unit = exchange.registry.units.get(question.unit or "")
    part = submission.parts[question.part] if question.part is not None else None
    name = unit.short_name if unit else "не опознана"
    sheet = part.sheet if part else ""
    text = question_text(exchange, question)
    return (question.id, name, submission.name, sheet, text, "", "", "", said)
