"""How the name of a person may stand in a text: in any case, turned round, with initials, alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from pipeline.text import fold, is_pupil_code

_FULL_NAME_WORDS = 2
_WORD = re.compile(r"[^\W\d_]+")
# Russian endings come and go; what is left of a word without them is enough to know it again.
_ENDING = "аяйьоеиыу"
_LEAST_STEM = 4
_REMEMBERED = 16_384
HEAD = 3


def _without_ending(word: str) -> str:
    return word[:-1] if len(word) > _LEAST_STEM and word[-1].lower() in _ENDING else word


def _stem(word: str) -> str:
    return re.sub("[её]", "[её]", re.escape(_without_ending(word)), flags=re.IGNORECASE)


@lru_cache(maxsize=_REMEMBERED)
def words(text: str) -> list[str]:
    """Return the words of a text, mended and as typed."""
    mended, typed = fold(text), text.lower().replace("ё", "е")
    return _WORD.findall(mended if mended == typed else f"{mended} {typed}")


@lru_cache(maxsize=_REMEMBERED)
def head_set(text: str) -> frozenset[str]:
    """Return the heads of a text, each once."""
    return frozenset(heads(text))


def heads(text: str) -> list[str]:
    """Return the beginnings of the words of a text: where a name may stand in it."""
    return [word[:HEAD] for word in words(text)]


def root(name: str) -> str:
    """Return what every spelling of a full name has at the beginning of a word."""
    return (words(_without_ending(name.split(maxsplit=1)[0])) or [""])[0]


def is_full(name: str) -> bool:
    """Whether *name* has enough words to be looked for in texts."""
    return not is_pupil_code(name) and len(name.split()) >= _FULL_NAME_WORDS


def pattern_of(name: str) -> re.Pattern[str]:
    """Return the pattern of a full name in any case, turned round, or with initials."""
    own = name.split()
    surname, first, *rest = (rf"{_stem(word)}[а-яё]{{0,3}}" for word in own)
    more = "".join(rf"(?:[\s_]+{word})?" for word in rest)
    initials = rf"{re.escape(own[1][0])}\.\s*(?:[А-ЯЁ]\.)?"
    turned = rf"{first}{more}[\s_]+{surname}"
    straight = rf"{surname}[\s_]+(?:{first}{more}|{initials})"
    return re.compile(rf"\b(?:{straight}|{turned}|{initials}\s*{surname})", re.IGNORECASE)


def surnames(names: Iterable[str]) -> dict[str, list[str]]:
    """Return surnames by the beginning of their first word, for texts that speak of the persons."""
    found: dict[str, list[str]] = {}
    for word in {name.split()[0] for name in names if not is_pupil_code(name)}:
        for head in heads(word)[:1] if len(word) >= _LEAST_STEM else ():
            found.setdefault(head, []).append(word)
    return found


def any_of(groups: Iterable[list[str]]) -> re.Pattern[str]:
    """Return the pattern of any of the surnames."""
    stems = sorted(_stem(word) for group in groups for word in group)
    return re.compile(rf"\b(?:{'|'.join(stems)})[а-яё]{{0,3}}\b", re.IGNORECASE)
