"""What commands answer with: plain data with English keys, the same for the screen and `--json`."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Sequence
from datetime import datetime
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline import system
from pipeline.answers.write import answer_folder
from pipeline.commands.explain import indicator_data, package_data, question_data, unit_name
from pipeline.publication.build import DOCUMENTS_FOLDER, bases_missing, board_of
from pipeline.system import program_version
from pipeline.words import staged_code
from pipeline.workspace.containment import Fault
from pipeline.workspace.dropped import lying_aside
from pipeline.workspace.exchange import Exchange
from pipeline.workspace.faults import known_faults, loading_faults, told_faults
from pipeline.workspace.plugin_loader import Loader, Plugins
from pipeline.workspace.schedule import missed, read_last_run
from pipeline.workspace.settings import (
    DERIVED_FOLDER,
    SETTINGS_FILE,
    STATE_FOLDER,
    Settings,
    load_settings,
)

if TYPE_CHECKING:
    from pipeline.acceptance.accept import Decided
    from pipeline.packages.delivery import Delivered
    from pipeline.run import Cycle, Published

Data = dict[str, Any]


def status(exchange: Exchange, now: datetime) -> Data:
    """Return units × forms with their states, and what waits for a person."""
    lines = board_of(exchange, now)
    units: dict[str, Data] = {}
    for line in lines:
        unit = exchange.registry.units.get(line.unit)
        entry = units.setdefault(
            line.unit, {"unit": line.unit, "name": unit.short_name if unit else "", "forms": {}}
        )
        entry["forms"][staged_code(line.form, line.stage)] = {
            "state": line.state,
            "submission": line.number,
            "in_force": line.in_force,
            "due": line.due.isoformat() if line.due else None,
            "late": line.late,
            "rows": line.rows,
            "errors": line.errors,
            "remarks": line.remarks,
            **({"form": line.form, "stage": line.stage} if line.stage else {}),
        }
    return {
        "period": exchange.settings.period,
        "units": list(units.values()),
        "titles": _sheets(exchange, {line.form for line in lines}),
        "questions": len(exchange.store.open_questions()),
        "packages": [package_data(exchange, record) for record in exchange.store.newest_packages()],
        "bases_missing": list(bases_missing(exchange)),
        "faults": [
            {**_fault(told.fault), "submissions": list(told.submissions)}
            for told in told_faults(exchange)
        ],
        "aside": aside(exchange),
        **last_run(exchange, now),
    }


def _fault(fault: Fault) -> Data:
    return {
        "plugin": fault.plugin,
        "kind": fault.kind,
        "name": fault.name,
        "error": fault.error,
        "said": fault.said,
        "sentence": fault.sentence,
    }


def last_run(exchange: Exchange, now: datetime) -> Data:
    """Return when the whole cycle last ran, what stopped it, and since when one is missed."""
    last = read_last_run(exchange.workspace / STATE_FOLDER)
    settings = exchange.settings
    since = missed(settings.cron, settings.zone, last.moment if last else None, now)
    return {
        "last_run": last.moment.isoformat() if last else None,
        "last_run_error": last.error if last else "",
        "missed_run": since.isoformat() if since else None,
    }


def questions(exchange: Exchange) -> Data:
    """Return the open questions with their choices."""
    return {"questions": [question_data(exchange, q) for q in exchange.store.open_questions()]}


def decided(exchange: Exchange, files: Sequence[Decided]) -> Data:
    """Return what a run decided about each file."""
    forms = {one.number: _forms(exchange, one.number) for one in files if one.answers is None}
    return {
        "titles": _sheets(exchange, {form for own in forms.values() for form in own}),
        "files": [
            {
                "submission": one.number,
                "unit": one.unit,
                "name": unit_name(exchange, one.unit),
                "outcome": one.outcome,
                "forms": forms[one.number],
                "repeated": one.repeated,
                "answers": str(answer_folder(exchange, one.unit)),
            }
            for one in files
            if one.answers is None
        ],
        "answered": [
            {"question": number, "said": said}
            for one in files
            for number, said in (one.answers or {}).items()
        ],
        "aside": aside(exchange),
    }


def _sheets(exchange: Exchange, forms: Iterable[str]) -> dict[str, str]:
    """What people call forms in short: by their sheets in the book."""
    plans = exchange.plugins.plans
    return {form: plans[form].sheet if form in plans else form for form in sorted(forms)}


def aside(exchange: Exchange) -> list[Data]:
    """Return what lies in the inbox and is not taken."""
    return [
        {"place": one.place, "why": one.why, "sentence": one.sentence}
        for one in lying_aside(exchange.inbox, exchange.workspace)
    ]


def _forms(exchange: Exchange, number: int) -> dict[str, str]:
    """First outcomes of the forms of a file: one bad form does not hold back the others."""
    submission = exchange.store.submission(number)
    return {part.form: part.outcome for part in submission.parts} if submission else {}


def published(exchange: Exchange, done: Published) -> Data:
    """Return what a publication gave."""
    given = done.summary
    return {
        "period": given.period,
        "bases": dict(given.bases),
        "titles": _sheets(exchange, given.bases),
        # Without persons: this answer ends up in logs of schedulers; `explain` names them.
        "indicators": [
            {
                key: value
                for key, value in indicator_data(exchange, result).items()
                if key != "persons"
            }
            for result in given.indicators
        ],
        "remarks": given.remarks,
        "documents": str(exchange.outbox / DOCUMENTS_FOLDER / given.period),
        "packages": [
            {
                "package": draft.name,
                "file": str(draft.path),
                "new": draft.new,
                "approved": draft.approved,
                "changed": list(draft.changed),
            }
            for draft in done.drafts
        ],
        "failed": [
            {"what": one.what, "error": one.error, "plugin": one.plugin, "said": one.said}
            for one in done.failed
        ],
    }


def delivered(packages: Sequence[Delivered]) -> Data:
    """Return what became of each recipient's package."""
    return {
        "packages": [
            {"recipient": one.recipient, "package": one.package, "state": one.state}
            for one in packages
        ]
    }


def cycle(exchange: Exchange, done: Cycle) -> Data:
    """Return what a whole cycle did."""
    return {
        **decided(exchange, done.decided),
        "published": published(exchange, done.published),
        "delivered": delivered(done.delivered)["packages"],
        "questions": len(exchange.store.open_questions()),
    }


def plugins(workspace: Path) -> Data:
    """Return all plugins: what each brings, and why one was not loaded."""
    described = _loaded(workspace)
    return {
        "plugins": [
            {
                "name": info.name,
                "origin": info.origin,
                "version": info.version,
                "hooks": list(info.hooks),
                "error": info.error,
            }
            for info in described.infos
        ],
        "faults": [_fault(fault) for fault in known_faults(workspace)],
        "forms": list(described.plans),
        "readers": [{"name": one.name, "help": one.help} for one in described.readers],
        "stages": [
            {"name": s.name, "kind": s.kind, "forms": list(s.forms), "help": s.help}
            for s in described.stages
        ],
        "indicators": list(described.indicators),
        "documents": list(described.documents),
        "transports": [
            {"scheme": one.scheme, "help": one.help} for one in described.transports.values()
        ],
    }


def _loaded(workspace: Path) -> Plugins:
    known = (workspace / SETTINGS_FILE).is_file()
    settings = load_settings(workspace) if known else Settings()
    loader = Loader(settings.disabled, spoken_of=settings.plugin_settings)
    # What their commands do is seen where there is nothing to add them to.
    loader.commands(click.Group())
    return loader.describe(workspace / STATE_FOLDER / DERIVED_FOLDER if known else None)


def doctor(workspace: Path) -> Data:
    """Return what of this machine, and of the plugins on it, is not as it should be."""
    faults = (*loading_faults(_loaded(workspace).infos), *known_faults(workspace))
    owners = packages_distributions()
    foreign = {
        name: sorted(set(owners.get(name, ())) - {"nastavnik"})
        for name in ("pipeline", "contracts", "flows")
    }
    return {
        "version": program_version(),
        "foreign_owners": {name: found for name, found in foreign.items() if found},
        "limits_of_readers": system.LIMITS_PROCESSES,
        "python": platform.python_version(),
        "faults": list(map(_fault, faults)),
    }
