"""What the last publication was made of and gave, so that an equal one is not made again.

The note lies in the state folder and is no fact: without it everything is made once more.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from pipeline import system
from pipeline.hookspecs import PROJECT
from pipeline.system import program_version
from pipeline.views import IndicatorResult, IndicatorUnit, PublishView
from pipeline.workspace.exchange import Exchange
from pipeline.workspace.settings import SETTINGS_FILE, STATE_FOLDER

_NOTE = "published.json"
_PACKAGES = ("pipeline", "contracts")


@dataclass(frozen=True, slots=True)
class Gave:
    """What a publication gave in numbers: rows of each base, remarks, indicators without names."""

    period: str
    bases: Mapping[str, int]
    remarks: int
    indicators: tuple[IndicatorResult, ...]


def gave(view: PublishView) -> Gave:
    """Return the numbers of a view."""
    return Gave(
        view.period,
        {form: len(base) for form, base in view.bases.items()},
        len(view.remarks),
        tuple(replace(result, persons=()) for result in view.indicators.values()),
    )


def grounds(exchange: Exchange, now: datetime) -> str | None:
    """Return a hash of all that a publication depends on; None where that cannot be told."""
    fact = exchange.store.newest_data_fact()
    if fact is None or exchange.extended:
        return None
    day = now.astimezone(exchange.settings.zone).date()
    said = (exchange.workspace / SETTINGS_FILE).read_bytes()
    parts = (
        repr(fact),
        repr([one.seq for one in exchange.store.extensions()]),
        day.isoformat(),
        exchange.registry.digest,
        hashlib.sha256(said).hexdigest(),
        *_program(),
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def recall(exchange: Exchange, key: str | None) -> Gave | None:
    """Return what was given on equal grounds, if each file that was written is still as it was."""
    try:
        note = json.loads(_path(exchange).read_bytes())
        if key is None or note["grounds"] != key or note["packages"] != _packages(exchange):
            return None
        if any(_stamp(exchange.outbox / name) != stamp for name, stamp in note["files"].items()):
            return None
        indicators = tuple(map(_indicator, note["gave"].pop("indicators")))
        return Gave(**note["gave"], indicators=indicators)
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        # A power cut may have emptied it, for it is not synced.
        return None


def remember(exchange: Exchange, key: str | None, given: Gave, files: Iterable[Path]) -> None:
    """Keep what was given, and how the written *files* look now."""
    if key is None:
        return
    stamps = {str(path.relative_to(exchange.outbox)): _stamp(path) for path in files}
    note = {
        "grounds": key,
        "packages": _packages(exchange),
        "files": stamps,
        "gave": asdict(given),
    }
    system.write_whole(_path(exchange), json.dumps(note).encode(), durable=False, private=True)


def _path(exchange: Exchange) -> Path:
    return exchange.workspace / STATE_FOLDER / _NOTE


def _packages(exchange: Exchange) -> list[list[str]]:
    """The packages of the period, whether made by this publication or taken over from a copy."""
    made = exchange.store.packages(period=exchange.settings.period)
    return [[one.record.recipient, one.record.digest] for one in made]


def _stamp(path: Path) -> list[int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return [found.st_size, found.st_mtime_ns]


def _indicator(data: dict[str, Any]) -> IndicatorResult:
    return IndicatorResult(
        **{
            **data,
            "breakdown": tuple(IndicatorUnit(**unit) for unit in data["breakdown"]),
            "persons": (),
            "notes": tuple(data["notes"]),
        }
    )


def _program() -> Iterator[str]:
    """The program and the plugins of others: versions, and files, which change more often."""
    yield program_version()
    yield from _files(_PACKAGES)
    for entry in sorted(entry_points(group=PROJECT), key=lambda entry: entry.name):
        owner = f"{entry.dist.name} {entry.dist.version}" if entry.dist else ""
        yield f"{entry.name}={entry.value} {owner}"
        yield from _files((entry.module.partition(".")[0],))


def _files(modules: Sequence[str]) -> Iterator[str]:
    for module in modules:
        spec = importlib.util.find_spec(module)
        for root in spec.submodule_search_locations or [spec.origin or ""] if spec else ():
            for path in sorted((Path(root), *Path(root).rglob("*"))):
                if path.is_file() and path.suffix != ".pyc":
                    yield f"{path} {_stamp(path)}"
