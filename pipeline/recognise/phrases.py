"""What people write around a header: hints, introductions, units, words cut short by a dot."""

from __future__ import annotations

import re

from pipeline.text import fold

_HINT = re.compile(r"[(,;]?\s*\bда ?[/,\\] ?нет\b\s*\)?", re.IGNORECASE)
_INTRODUCTION = re.compile(
    r"^(?:из них|из общего числа|в том числе|в т ч|общ(?:ее|ая)|количество|число|численность) "
)
_UNIT = re.compile(r" (?:чел|человек|ед|шт|лет|года?)$")
_CUT = re.compile(r"([^\W\d_]{2,})\.")
# In a card of an organisation nobody else's site or telephone can be meant.
_OWN = frozenset(("оо", "оу", "организации", "школы", "учреждения", "образовательной"))


def without_hint(text: str) -> str:
    """Return a header without «(да/нет)»: the word «нет» in it denies nothing."""
    return _HINT.sub(" ", text).strip() or text


def cores(key: str, *, card: bool) -> tuple[str, ...]:
    """Return the keys of a header without words that ask nothing: introductions, then units."""
    core = key
    while (shorter := _INTRODUCTION.sub("", core)) != core:
        core = shorter
    core = re.sub(r"\bв возрасте ", "", core)
    if card:
        core = without_own(core)
    return tuple(dict.fromkeys((key, core, _UNIT.sub("", core))))


def without_own(key: str) -> str:
    """Return a key without the words that name the organisation itself."""
    return " ".join(word for word in key.split() if word not in _OWN) or key


def cut_words(text: str) -> frozenset[str]:
    """Return the words of a header that a dot cuts short: «сокр», «наим», «тел»."""
    return frozenset(fold(word) for word in _CUT.findall(text))
