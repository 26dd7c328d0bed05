"""Recorded facts and the index over them: `Store` records, indexes, and answers."""

from pipeline.store.force import ACCEPTED
from pipeline.store.infos import (
    BoardPart,
    Conservation,
    Damage,
    PartInfo,
    QuestionInfo,
    Recorded,
    Repeat,
    RowInfo,
    SubmissionInfo,
)
from pipeline.store.store import Store

__all__ = [
    "ACCEPTED",
    "BoardPart",
    "Conservation",
    "Damage",
    "PartInfo",
    "QuestionInfo",
    "Recorded",
    "Repeat",
    "RowInfo",
    "Store",
    "SubmissionInfo",
]
