"""One kind of notice: a code that never changes and the sentences it is said with."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.model import Severity


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """One code of the catalogue: its usual severity, what is wrong, how to fix it, an example."""

    code: str
    severity: Severity
    what: str
    fix: str
    example: str = ""
