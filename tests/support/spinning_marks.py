"""The ordinary reading of a child, beside marks that never come to an end."""

from __future__ import annotations

import pipeline.reading.annotate.mark
from pipeline.reading.parse import understand

__all__ = ["understand"]


def _spin(*_words: object) -> bytes:
    while True:
        pass


pipeline.reading.annotate.mark.annotate = _spin
