"""Which texts cannot be a header or a label of any form, seen once for all forms.

Most looks fall on data. What any form could understand without guessing is found by a few keys of
the text; where none of them is a key of any wording, no form has to be asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from pipeline.reading.normalise.contacts import USUAL
from pipeline.reading.recognise.phrases import (
    CORE_WORDS,
    LETTER,
    LONGEST_HEADER,
    Typed,
    asks_contacts,
    bag_of,
    taken_apart,
)
from pipeline.reading.recognise.subjects import REMEMBERED, stem, subjects_of
from pipeline.reading.recognise.words import (
    NAME_PARTS,
    SHORTEST_PREFIX,
    Wording,
    asked_of,
    cut_alike,
    without_number,
)
from pipeline.text import header_key

_DIGITS = 6
# What may stand around the words of a header: brackets, hints, words cut short.
_MARKED = re.compile(r"[(,./\\|A-Za-z]")


class KnownWordings:
    """The keys of all wordings of all forms.

    `may_mean` says whether `Wording.worded` of any form could answer for a text, `may_be_sure`
    whether `Wording.sure` could for a header; neither ever denies what a form would understand.
    """

    def __init__(self, wordings: Iterable[Wording]) -> None:
        wordings = tuple(wordings)
        self._exact = frozenset(key for words in wordings for key in words.exact)
        self._bags = frozenset(bag for words in wordings for bag in words.bags)
        self._stems = frozenset(one for bag in self._bags for one in bag)
        self._begun = frozenset(start for words in wordings for start in words.begun)
        self._words = frozenset(label.words for words in wordings for label in words.labels)
        digits = (sum(map(str.isdigit, key)) for key in self._exact)
        # No wording holds as many digits as a telephone, so that none is meant by one.
        self._no_numbers = max(digits, default=0) < _DIGITS and self._exact.isdisjoint("78")
        self.may_mean = lru_cache(maxsize=REMEMBERED)(self._may_mean)
        self.may_be_sure = lru_cache(maxsize=REMEMBERED)(self._may_be_sure)

    def _may_be_sure(self, parts: tuple[str, ...], text: str) -> bool:
        words = header_key(parts[-1].partition("(")[0]).split()
        return not NAME_PARTS.keys().isdisjoint(words) or any(
            map(self.may_mean, asked_of(parts, text))
        )

    def _may_mean(self, text: str) -> bool:
        if self._no_numbers and USUAL.match(text):
            return False
        if _MARKED.search(text) is None and len(text) <= LONGEST_HEADER:
            key = header_key(text)
            if CORE_WORDS.isdisjoint(key.split()):
                return self._is_plain_key(text, key)
        typed = taken_apart(text)
        if typed is None:
            return False
        if self._is_exact(typed.squeezed, without_number(typed.key)):
            return True
        cores = [core for tried in typed.cores for core in tried]
        if self._is_exact(*cores) or (typed.cut and self._is_cut(cores, typed)):
            return True
        plain = typed if typed.plain == typed.text else taken_apart(typed.plain) or typed
        return self._is_plain(plain)

    def _is_plain_key(self, text: str, key: str) -> bool:
        """Answer for words with nothing around them: most texts, at a third of the time."""
        if not LETTER.search(text):
            return False
        if self._is_exact(key, without_number(key)) or subjects_of(key):
            return True
        if key[:SHORTEST_PREFIX] in self._begun or asks_contacts(key):
            return True
        words = key.split()
        return stem(words[0]) in self._stems and bag_of(words) in self._bags if words else False

    def _is_plain(self, typed: Typed) -> bool:
        if typed.who or typed.bag in self._bags:
            return True
        if self._is_exact(typed.head, *(typed.asked if len(typed.asked) == 1 else ())):
            return True
        begun = len(typed.key) >= SHORTEST_PREFIX and typed.key[:SHORTEST_PREFIX] in self._begun
        return begun or asks_contacts(typed.key)

    def _is_exact(self, *keys: str) -> bool:
        return any(key.replace(" ", "") in self._exact for key in keys if key)

    def _is_cut(self, cores: Sequence[str], typed: Typed) -> bool:
        split = {tuple(core.split()) for core in cores}
        sizes = set(map(len, split))
        return any(
            cut_alike(core, typed.cut, words)
            for words in self._words
            if len(words) in sizes
            for core in split
        )
