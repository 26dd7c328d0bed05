"""How the name of a person may stand in a text: in any case, turned round, with initials, alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from pipeline.text import fold, is_pupil_code

_FULL_NAME_WORDS = 2
_WORD = re.compile(r"[^\W\d_]+")
# What mending leaves alone: no accent or invisible mark, and no word in letters of both alphabets
# or in Latin letters only that are drawn like Russian ones.
_USUAL = re.compile("[А-Яа-яЁё \n\t\xa0!-~«»„“”№‑–—…]*")
_LATIN = re.compile("[A-Za-z]")
_SLIP = re.compile(
    "[A-Za-z][А-Яа-яЁё]|[А-Яа-яЁё][A-Za-z]|(?<![A-Za-z])[ABCEHKMOPTXYabcehkmoptxy]+(?![A-Za-z])"
)
# Russian endings come and go; what is left of a word without them is enough to know it again.
_ENDING = "аяйьоеиыу"
_LEAST_STEM = 4
_REMEMBERED = 16_384
HEAD = 3


def _without_ending(word: str) -> str:
    return word[:-1] if len(word) > _LEAST_STEM and word[-1].lower() in _ENDING else word


def _stem(word: str) -> str:
    return re.escape(_without_ending(_one_case(word)))


def _one_case(text: str) -> str:
    """The text with one spelling of each letter, at the same places.

    Patterns for it are compiled four times as fast as those that ignore the case themselves.
    """
    # The only letter that would become two.
    return text.replace("İ", "I").lower().replace("ё", "е")


@lru_cache(maxsize=_REMEMBERED)
def _words(text: str) -> tuple[frozenset[str], list[str]]:
    words = words_of(text)
    return frozenset([word[:HEAD] for word in words]), words


def words_of(text: str) -> list[str]:
    """Return the words of a text, mended and as typed."""
    typed = _one_case(text)
    if _USUAL.fullmatch(text) and not (_LATIN.search(text) and _SLIP.search(text)):
        return _WORD.findall(typed)
    mended = fold(text)
    return _WORD.findall(mended if mended == typed else f"{mended} {typed}")


class Roots:
    """Names by what all their spellings begin with: one look at a text's words asks for them all.

    A school names hundreds of persons, and a pattern for each would be compiled for a few.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._by_head: dict[str, dict[str, list[str]]] = {}
        for name in names:
            head, root = _beginning(name.split(maxsplit=1)[0])
            if not head:
                head = (words_of(name) or [""])[0][:HEAD]
            if head:
                self._by_head.setdefault(head, {}).setdefault(root, []).append(name)
        self._heads = frozenset(self._by_head)

    def within(self, text: str) -> list[str]:
        """Return the names of which a text may hold a spelling, the longer before the shorter."""
        heads, words = _words(text)
        if heads.isdisjoint(self._heads):
            return []
        found = []
        for head in sorted(heads & self._heads):
            may_be: list[str] = []
            for root, names in self._by_head[head].items():
                if any(word.startswith(root) for word in words):
                    may_be += names
            found += sorted(may_be, key=lambda name: (-len(name), name))
        return found

    def are_among(self, words: Iterable[str]) -> bool:
        """Whether a spelling of any name may stand in a text of these words."""
        return any(
            word.startswith(root)
            for word in words
            if word[:HEAD] in self._heads
            for root in self._by_head[word[:HEAD]]
        )


@lru_cache(maxsize=_REMEMBERED)
def _beginning(word: str) -> tuple[str, str]:
    """The head of a name's first word, and the root at which each of its forms begins."""
    whole, bare = words_of(word), words_of(_without_ending(word))
    return (whole or [""])[0][:HEAD], (bare or [""])[0]


def is_full(name: str) -> bool:
    """Whether *name* has enough words to be looked for in texts."""
    return not is_pupil_code(name) and len(name.split()) >= _FULL_NAME_WORDS


def pattern_of(name: str) -> re.Pattern[str]:
    """Return the pattern of a full name in any case, turned round, or with initials."""
    own = name.split()
    surname, first, *rest = (rf"{_stem(word)}[а-я]{{0,3}}" for word in own)
    more = "".join(rf"(?:[\s_]+{word})?" for word in rest)
    initials = rf"{re.escape(_one_case(own[1][0]))}\.\s*(?:[а-я]\.)?"
    turned = rf"{first}{more}[\s_]+{surname}"
    straight = rf"{surname}[\s_]+(?:{first}{more}|{initials})"
    return re.compile(rf"\b(?:{straight}|{turned}|{initials}\s*{surname})")


def surnames(names: Iterable[str]) -> set[str]:
    """Return the surnames that are long enough to be looked for alone."""
    first = {name.split(maxsplit=1)[0] for name in names if not is_pupil_code(name)}
    return {word for word in first if len(word) >= _LEAST_STEM}


def any_of(surnames: Iterable[str]) -> re.Pattern[str]:
    """Return the pattern of any of the surnames."""
    stems = sorted(map(_stem, surnames))
    return re.compile(rf"\b(?:{'|'.join(stems)})[а-я]{{0,3}}\b")


def replaced(pattern: re.Pattern[str], text: str, shown: str) -> str:
    """Return *text* with *shown* wherever it holds what one of the patterns above names."""
    kept, end = "", 0
    for found in pattern.finditer(_one_case(text)):
        kept += text[end : found.start()] + shown
        end = found.end()
    return kept + text[end:] if end else text
