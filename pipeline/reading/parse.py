"""The step that child processes take: from the book of a file to its forms as columns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from contracts.plan import FormPlan, Vocabulary
from pipeline.model import Book, ParsedFile
from pipeline.reading.asked import answers_in

STEP = "pipeline.reading.parse:understand"


def understand(
    book: Book,
    plans: tuple[FormPlan, ...],
    vocabularies: Mapping[str, Vocabulary],
    today: date,
    area_code: str,
) -> ParsedFile:
    """Return the forms of a book with normalised cells; runs in the limited child process."""
    answers = answers_in(book)
    if answers is not None:
        return answers
    from pipeline.reading.normalise.cells import cleaner  # noqa: PLC0415  # the parent does without rapidfuzz
    from pipeline.reading.recognise.file import recognise  # noqa: PLC0415  # the same

    return recognise(book, plans, vocabularies, cleaner=cleaner, today=today, area_code=area_code)
