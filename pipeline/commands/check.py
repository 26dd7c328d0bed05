"""A verdict on one file before it is sent: nothing is recorded, no workspace is needed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.acceptance import judge
from pipeline.acceptance.children import workers
from pipeline.acceptance.contract_checks import check
from pipeline.acceptance.hidden_part import pseudonymiser, without_minors
from pipeline.acceptance.identify import year_of
from pipeline.acceptance.part_views import Circumstances, part_views
from pipeline.acceptance.pseudonyms import PseudonymKey
from pipeline.acceptance.row_privacy import part_privacy
from pipeline.acceptance.stages import with_stage
from pipeline.commands.explain import not_run_data, notice_data
from pipeline.model import ParsedFile, Unit
from pipeline.period import SchoolYear
from pipeline.store.records import PartRecord
from pipeline.workspace.plugin_loader import Loader, Plugins
from pipeline.workspace.settings import SETTINGS_FILE, Settings, load_settings

_NOBODY = Unit(code="", kind="ОО", short_name="")


def check_file(file: Path, workspace: Path, now: datetime) -> dict[str, Any]:
    """Return the verdict and the notices of a file, judged as if nothing had come before it."""
    known = (workspace / SETTINGS_FILE).is_file()
    settings = load_settings(workspace) if known else Settings()
    period = settings.period or str(SchoolYear.of(now.astimezone(settings.zone).date()))
    plugins = Loader(settings.disabled, spoken_of=settings.plugin_settings).describe()
    with workers(plugins, settings, now) as pool:
        parsed = next(iter(pool.read([("0", file.resolve(), file.name)])))[1]
    told = (with_stage(part, plugins.plans[part.form], parsed, file.name) for part in parsed.parts)
    parsed = replace(parsed, parts=tuple(told))
    if settings.minors != "full":
        parsed = _with_texts_not_kept(parsed, plugins)
    parts = _judged(parsed, plugins, year_of(parsed, period), now)
    notices = [*parsed.notices, *(n for part in parts for n in part.notices)]
    outcome = judge.file_outcome(parts, parsed.notices)
    return {
        "outcome": outcome,
        "errors": sum(n.severity == "error" for n in notices),
        "remarks": sum(n.severity == "remark" for n in notices),
        "parts": [
            {
                "form": part.form,
                "outcome": part.outcome,
                "counts": dict(part.counts),
                "not_run": not_run_data(part.not_run),
            }
            for part in parts
        ],
        "notices": [notice_data(plugins, n) for n in notices],
    }


def _with_texts_not_kept(parsed: ParsedFile, plugins: Plugins) -> ParsedFile:
    """Say of which texts nobody can say whether they name a pupil; the words stay as they are."""
    parts = [part_privacy(part, plugins) for part in parsed.parts]
    hidden = without_minors(parts, pseudonymiser(parts, PseudonymKey(b"", unit="")))
    said = ([n for n in part.notices if n.code == "text_not_kept"] for part in hidden)
    told = zip(parsed.parts, said, strict=True)
    return replace(
        parsed,
        parts=tuple(replace(part, notices=(*part.notices, *own)) for part, own in told),
    )


def _judged(parsed: ParsedFile, plugins: Plugins, period: str, now: datetime) -> list[PartRecord]:
    found = []
    views = part_views(parsed, plugins.plans, Circumstances(_NOBODY, period, now.date()))
    for part, view in zip(parsed.parts, views, strict=True):
        notices = check([part], plugins.forms[part.form])[0]
        said, not_run = judge.run_checks(plugins, view)
        notices += said
        sent = judge.Sent("", period, not_run=not_run)
        found.append(judge.judge(part, view.plan, notices, judge.InForce(), None, sent)[0])
    return found
