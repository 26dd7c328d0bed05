"""What people answered about one file: it is read and judged as if the file itself said so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whose a file is, for which school year, and which measurement a form on a sheet is.

    None, or nothing under a form and a sheet, where nobody answered: the file then speaks for
    itself.
    """

    unit: str | None = None
    period: str | None = None
    stages: Mapping[tuple[str, str], str] = field(default_factory=dict)


NOTHING = Chosen()
