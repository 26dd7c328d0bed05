"""Which measurement of the year a part is, where its sheet does not say."""

from __future__ import annotations

from dataclasses import replace

from contracts.plan import FormPlan
from pipeline.acceptance.questions import which_stage
from pipeline.model import Notice, ParsedFile, PartColumns
from pipeline.reading.chosen import NOTHING, Chosen
from pipeline.store.records import QuestionRecord
from pipeline.text import stage_in


def with_stage(
    part: PartColumns, plan: FormPlan, parsed: ParsedFile, name: str, chosen: Chosen = NOTHING
) -> PartColumns:
    """Return the part with the stage that a person or the Паспорт says, else the file's name.

    The latter two do not speak of a form that the file holds more than once.
    """
    said = chosen.stages.get((part.form, part.sheet), "")
    if said in plan.stages:
        return replace(part, stage=said)
    if not plan.stages or part.stage or sum(p.form == part.form for p in parsed.parts) > 1:
        return part
    for text in (str(parsed.passport.get("stage") or ""), name):
        if (stage := stage_in(text)) in plan.stages:
            return replace(part, stage=stage)
    return part


def unknown(part: PartColumns, plan: FormPlan) -> tuple[Notice, QuestionRecord] | None:
    """Return what is said and asked where nothing tells the stage: a guess would hide the other."""
    mixed = any(notice.code == "stage_mixed" for notice in part.notices)
    if not plan.stages or part.stage or mixed:
        return None
    question = which_stage(plan, part.sheet)
    words = question.params
    return Notice(question.kind, "remark", plan.code, part.sheet, params=words), question
