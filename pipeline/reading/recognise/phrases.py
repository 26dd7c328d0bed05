"""The text of a header taken apart: its words, and what people write around them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from pipeline.reading.normalise.people import is_full_name
from pipeline.reading.recognise.subjects import REMEMBERED, stem, subjects_of
from pipeline.text import fold, header_key

LONGEST_HEADER = 600
LETTER = re.compile(r"[^\W\d_]|№")
# Words around a question that ask nothing themselves.
_POLITE = frozenset(
    (
        *("ваш", "ваша", "ваше", "ваши", "вашу", "укажите", "введите", "напишите", "впишите"),
        *("выберите", "пожалуйста", "полностью", "и"),
    )
)

_HINT = re.compile(r"[(,;]?\s*\bда ?[/,\\] ?нет\b\s*\)?", re.IGNORECASE)
_INTRODUCTION = re.compile(
    r"^(?:из них|из общего числа|в том числе|в т ч|общ(?:ее|ая)|количество|число|численность) "
)
_UNIT = re.compile(r" (?:чел|человек|ед|шт|лет|года?)$")
_CUT = re.compile(r"([^\W\d_]{2,})\.")
# In a card of an organisation nobody else's site or telephone can be meant.
_OWN = frozenset(("оо", "оу", "организации", "школы", "учреждения", "образовательной"))
# Without one of these words a header is its own core, and all of it is asked.
CORE_WORDS = frozenset(
    (
        *("из", "в", "общее", "общая", "количество", "число", "численность"),
        *("чел", "человек", "ед", "шт", "лет", "год", "года", *_POLITE, *_OWN),
    )
)


@dataclass(frozen=True, slots=True)
class Typed:
    """A cell's text taken apart, once for all forms.

    `head` and `tail` are the keys before and in brackets (or behind a comma), `bracket` which of
    the two it was; `asked` are the words without the polite ones, `bag` their stems; `plain` is
    the text without hints, `cores` are keys without words that ask nothing (for lists, for cards),
    `cut` the words that a dot cuts short.
    """

    text: str
    key: str
    squeezed: str
    asked: tuple[str, ...]
    bag: frozenset[str]
    who: frozenset[str]
    head: str
    bracket: str
    tail: str
    plain: str
    cores: tuple[tuple[str, ...], tuple[str, ...]]
    cut: frozenset[str]


def may_be_label(text: str) -> bool:
    """Whether a text can be a header or a label at all: numbers and names of people cannot."""
    return LETTER.search(text) is not None and not is_full_name(text)


@lru_cache(maxsize=REMEMBERED)
def taken_apart(text: str) -> Typed | None:
    """Return None where nothing can be a header: numbers, dates and telephones have no letters."""
    if len(text) > LONGEST_HEADER or not LETTER.search(text):
        return None
    key = header_key(text)
    asked = asked_words(key)
    head, bracket, tail = text.partition("(")
    if not bracket:
        head, bracket, tail = text.partition(",")
    sides = (header_key(head), bracket, header_key(tail)) if bracket else ("", "", "")
    plain = without_hint(text)
    core = header_key(plain)
    more = (plain, (cores(core, card=False), cores(core, card=True)), cut_words(text))
    squeezed = key.replace(" ", "")
    return Typed(text, key, squeezed, asked, bag_of(asked), subjects_of(key), *sides, *more)


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


def asked_words(key: str) -> tuple[str, ...]:
    """Return the words of a header that are not said for politeness."""
    return tuple(word for word in key.split() if word not in _POLITE)


def bag_of(words: Iterable[str]) -> frozenset[str]:
    """Return what words in any order and with any endings have in common."""
    return frozenset(stem(word) for word in words if word not in _POLITE)
