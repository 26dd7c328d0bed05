"""The catalogue of notices: every sentence a school can get from us, by a stable code.

A code names the state that was found, not its severity: the same state may be an error in one
column and a remark in another. Sentences are templates; «{value}» is what stood in the cell,
«{column}» the Russian header, «{row}», «{cell}», «{sheet}» the place, the rest are parameters
of the notice. Plugins bring kinds of their own with the stage that raises them.
"""

from __future__ import annotations

import string
from collections.abc import Iterable
from functools import cache

from pipeline.model import Notice
from pipeline.notices import cards, cells, columns, files, remarks, rows, units
from pipeline.notices.kind import NoticeKind

__all__ = ["BUILT_IN", "Catalogue", "NoticeKind"]

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

    def what(self, notice: Notice, *, title: str = "", example: str = "") -> str:
        """Return the sentence that says what is wrong; *title* is the column's Russian header."""
        return self._fill(self._kind(notice).what, notice, title, example)

    def fix(self, notice: Notice, *, title: str = "", example: str = "") -> str:
        """Return the sentence that says what to do."""
        return self._fill(self._kind(notice).fix, notice, title, example)

    def example(self, notice: Notice, *, title: str = "", example: str = "") -> str:
        """Return an example of the right value; empty where none would help."""
        return self._fill(self._kind(notice).example, notice, title, example)

    def _kind(self, notice: Notice) -> NoticeKind:
        return self.kinds.get(notice.code, _GONE)

    @staticmethod
    def _fill(template: str, notice: Notice, title: str, example: str) -> str:
        words: dict[str, str] = {
            "column": title,
            "example": example,
            "value": notice.value or "",
            "row": str(notice.row or ""),
            "cell": notice.cell or "",
            "sheet": notice.sheet or "",
            **notice.params,
        }
        # An unknown word is left out rather than failing on a school's file.
        return "".join(
            text if word is None else f"{text}{words.get(word, ''):{spec}}"
            for text, word, spec in _pieces(template)
        ).strip()
