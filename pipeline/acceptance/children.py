"""The pool of child processes that read and mark files by the contracts of this run."""

from __future__ import annotations

from datetime import datetime

from pipeline.reading.parse import STEP
from pipeline.reading.pool import ChildSetup, Workers
from pipeline.workspace.plugin_loader import Plugins
from pipeline.workspace.settings import Settings


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
