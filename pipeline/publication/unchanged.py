"""What the last publication was made of and gave, so that an equal one is not made again.

The note lies in the state folder and is no fact: without it everything is made once more.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline import system
from pipeline.publication.build import Publication
from pipeline.views import IndicatorResult, IndicatorUnit
from pipeline.workspace.exchange import Exchange
from pipeline.workspace.fingerprint import file_stamp, program_files
from pipeline.workspace.settings import SETTINGS_FILE, STATE_FOLDER

_NOTE = "published.json"


@dataclass(frozen=True, slots=True)
class PublicationSummary:
    """What a publication gave in numbers: rows of each base, remarks, indicators without names."""

    period: str
    bases: Mapping[str, int]
    remarks: int
    indicators: tuple[IndicatorResult, ...]


def summarise(publication: Publication) -> PublicationSummary:
    """Return the numbers of a publication."""
    view = publication.view
    return PublicationSummary(
        view.period,
        dict(publication.bases),
        len(view.remarks),
        tuple(replace(result, persons=()) for result in view.indicators.values()),
    )


def input_digest(exchange: Exchange, now: datetime) -> str | None:
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
        *program_files(),
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def load_if_unchanged(exchange: Exchange, key: str | None) -> PublicationSummary | None:
    """Return what was given on equal inputs, if each file that was written is still as it was."""
    try:
        note = json.loads(_path(exchange).read_bytes())
        if key is None or note["inputs"] != key or note["packages"] != _packages(exchange):
            return None
        files = note["files"].items()
        if any(file_stamp(exchange.outbox / name) != stamp for name, stamp in files):
            return None
        indicators = tuple(map(_indicator, note["gave"].pop("indicators")))
        return PublicationSummary(**note["gave"], indicators=indicators)
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        # A power cut may have emptied it, for it is not synced.
        return None


def save(
    exchange: Exchange, key: str | None, given: PublicationSummary, files: Iterable[Path]
) -> None:
    """Keep what was given, and how the written *files* look now."""
    if key is None:
        return
    stamps = {str(path.relative_to(exchange.outbox)): file_stamp(path) for path in files}
    note = {
        "inputs": key,
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


def _indicator(data: dict[str, Any]) -> IndicatorResult:
    return IndicatorResult(
        **{
            **data,
            "breakdown": tuple(IndicatorUnit(**unit) for unit in data["breakdown"]),
            "persons": (),
            "notes": tuple(data["notes"]),
        }
    )
