"""The catalogue of notices: every sentence a school can get from us, by a stable code.

A code names the state that was found, not its severity: the same state may be an error in one
column and a remark in another. Sentences are templates; «{value}» is what stood in the cell,
«{column}» the Russian header, «{row}», «{cell}», «{sheet}» the place, the rest are parameters
of the notice. Plugins bring kinds of their own with the stage that raises them.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from contracts.plan import FormPlan
from pipeline.model import Notice
from pipeline.notices import cards, cells, columns, files, remarks, rows, units
from pipeline.notices.kind import NoticeKind

__all__ = ["BUILT_IN", "Catalogue", "NoticeKind", "Sentences"]

BUILT_IN: tuple[NoticeKind, ...] = (
    *files.KINDS,
    *units.KINDS,
    *columns.KINDS,
    *cells.KINDS,
    *rows.KINDS,
    *cards.KINDS,
    *remarks.KINDS,
)


# What was said once stays recorded when the plugin that said it is not installed any more.
_GONE = NoticeKind("", "info", "Замечание проверки, которой в программе больше нет.", "")


class Sentences(NamedTuple):
    """A notice in words: what is wrong, what to do, an example of the right value or «»."""

    what: str
    fix: str
    example: str


@cache
def _pieces(template: str) -> tuple[tuple[str, str | None, str], ...]:
    """A template taken apart once: each text, the name of the word behind it, and its format."""
    parsed = string.Formatter().parse(template)
    return tuple((text, word, spec or "") for text, word, spec, _conversion in parsed)


class Catalogue:
    """All kinds of notices of this run, built-in and from plugins, by code."""

    def __init__(self, kinds: Iterable[NoticeKind] = BUILT_IN) -> None:
        self.kinds: dict[str, NoticeKind] = {}
        for kind in kinds:
            if kind.code in self.kinds and self.kinds[kind.code] != kind:
                raise ValueError(f"two kinds of notice are called {kind.code}")
            self.kinds[kind.code] = kind

    def __contains__(self, code: str) -> bool:
        return code in self.kinds

    def sentences(self, notice: Notice, plans: Mapping[str, FormPlan]) -> Sentences:
        """Return a notice in words, with the header and the example of the column it is about."""
        kind = self.kinds.get(notice.code, _GONE)
        plan = plans.get(notice.form or "")
        column = next((c for c in plan.columns if c.name == notice.column), None) if plan else None
        words: dict[str, str] = {
            "column": column.title if column else "",
            "example": column.example if column else "",
            "value": notice.value or "",
            "row": str(notice.row or ""),
            "cell": notice.cell or "",
            "sheet": notice.sheet or "",
            **notice.params,
        }
        return Sentences(*(_filled(text, words) for text in (kind.what, kind.fix, kind.example)))


def _filled(template: str, words: Mapping[str, str]) -> str:
    """Fill a template; an unknown word is left out rather than failing on a school's file."""
    return "".join(
        text if word is None else f"{text}{words.get(word, ''):{spec}}"
        for text, word, spec in _pieces(template)
    ).strip()
