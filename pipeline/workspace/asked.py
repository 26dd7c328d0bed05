"""A question in words, as every page and book asks it."""

from __future__ import annotations

from pipeline.store.rows import QuestionInfo
from pipeline.workspace.exchange import Exchange


def question_text(exchange: Exchange, question: QuestionInfo) -> str:
    """Return what is asked, in the words of the notice that raised the question."""
    submission = exchange.store.submission(question.submission)
    said = [*submission.notices] if submission else []
    for part in submission.parts if submission else ():
        if question.part in (None, part.index):
            said += part.notices
    raised = next((notice for notice in said if notice.code == question.kind), None)
    if raised is None:
        return ""
    plugins = exchange.plugins
    return plugins.catalogue.sentences(raised, plugins.speaking_plans).what
