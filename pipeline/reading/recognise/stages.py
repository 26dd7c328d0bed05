"""Which measurement of the year a sheet is, of a form that has stages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from contracts.plan import FormPlan
from pipeline.model import Notice, PartColumns
from pipeline.text import stage_in
from pipeline.words import STAGES

_COLUMN = "stage"
_BY_WORD = {word: code for code, word in STAGES.items()}


def with_stage(part: PartColumns, plan: FormPlan, titles: Iterable[str]) -> PartColumns:
    """Return the part with its stage: by the column, the sheet's name, the lines above the table.

    A sheet whose rows or name say two stages is named: it cannot be put under either.
    """
    if not plan.stages:
        return part
    named = next(filter(None, map(stage_in, (part.sheet, *titles))), "")
    typed = {_BY_WORD[str(v)] for v in part.values.get(_COLUMN, ()) if v in _BY_WORD}
    found = typed | ({named} if named else set())
    if len(found) > 1:
        words = {"first": STAGES["baseline"], "second": STAGES["final"]}
        mixed = Notice("stage_mixed", "error", plan.code, part.sheet, params=words)
        return replace(part, notices=(*part.notices, mixed))
    stage = next(iter(found), "")
    return replace(part, stage=stage if stage in plan.stages else "")
