"""Blanks for whoever asks: for all units, or only for those who still owe a form."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from pipeline.answers.issue_blanks import issue_templates
from pipeline.publication.build import board_of
from pipeline.workspace.exchange import Exchange


def issue(
    exchange: Exchange,
    now: datetime,
    *,
    units: Sequence[str] = (),
    forms: Sequence[str] = (),
    due: bool = False,
    empty: bool = False,
) -> tuple[Path, ...]:
    """Write the blanks asked for and return their paths; with *due* only forms not in force."""
    lines = board_of(exchange, now) if due else ()
    missing = {(line.unit, line.form) for line in lines if line.in_force is None}
    return issue_templates(
        exchange, now, units=units, forms=forms, missing=missing if due else None, empty=empty
    )
