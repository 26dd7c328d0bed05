"""The ordinary reading of a child, beside marks that never come to an end."""

from __future__ import annotations

import pipeline.annotate
from pipeline.reading import understand

__all__ = ["understand"]


def _spin(*_words: object) -> bytes:
    while True:
        pass


pipeline.annotate.annotate = _spin
