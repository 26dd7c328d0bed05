"""How files are read: the step that child processes take, and the pool that takes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from contracts.plan import FormPlan, Vocabulary
from pipeline.model import Book, ParsedFile
from pipeline.reading.pool import ChildSetup, Workers

if TYPE_CHECKING:
    from pipeline.workspace.plugin_loader import Plugins
    from pipeline.workspace.settings import Settings

STEP = "pipeline.reading.parse:understand"


def understand(
    book: Book,
    plans: tuple[FormPlan, ...],
    vocabularies: Mapping[str, Vocabulary],
    today: date,
    area_code: str,
) -> ParsedFile:
    """Return the forms of a book with normalised cells; runs in the limited child process."""
    from pipeline.reading.normalise.cells import cleaner  # noqa: PLC0415  # the parent does without rapidfuzz
    from pipeline.reading.recognise.file import recognise  # noqa: PLC0415  # the same

    return recognise(book, plans, vocabularies, cleaner=cleaner, today=today, area_code=area_code)


def workers(plugins: Plugins, settings: Settings, now: datetime) -> Workers:
    """Return a pool of child processes that read files by the contracts of this run."""
    setup = ChildSetup(
        plans=tuple(plugins.plans.values()),
        vocabularies=plugins.vocabularies,
        readers=plugins.readers,
        today=now.astimezone(settings.zone).date(),
        area_code=settings.area_code,
        step=STEP,
    )
    return Workers(setup)
