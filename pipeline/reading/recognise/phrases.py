"""The text of a header taken apart: its words, and what people write around them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from pipeline.reading.normalise.names import is_full_name
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

# How words begin by which somebody is reached, and those that stand around them.
_CONTACTS = ("телеф", "тел", "моб", "сотов", "почт", "email", "mail", "e", "контакт", "whats")
_ABOUT_CONTACTS = ("номер", "адрес", "электрон", "эл", "связ", "данны", "рабоч", "домаш", "личн")
_SHORT = frozenset(("для", "и", "или", "с", "№", "n", "п", "ном", "служебный", "указать", "ваш"))
# Latin words of Russian headers.
_AT_HOME = re.compile(r"mail|^(?:id|it|vk|url|qr|pdf|whatsapp|telegram|viber|skype)\W*$")
_RUSSIAN = re.compile("[а-яё]", re.IGNORECASE)
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
    plain = without_foreign(without_hint(text))
    core = header_key(plain)
    more = (plain, (cores(core, card=False), cores(core, card=True)), cut_words(text))
    squeezed = key.replace(" ", "")
    return Typed(text, key, squeezed, asked, bag_of(asked), subjects_of(key), *sides, *more)


def without_hint(text: str) -> str:
    """Return a header without «(да/нет)»: the word «нет» in it denies nothing."""
    return _HINT.sub(" ", text).strip() or text


def without_foreign(text: str) -> str:
    """Return a header without its translation: «ФИО наставника / Mentor full name»."""
    words = text.split()
    alien = [
        word.isascii() and any(map(str.isalpha, word)) and not _AT_HOME.search(word.lower())
        for word in words
    ]
    if not any(alien) or not _RUSSIAN.search(text):
        return text
    kept = words
    while kept and (alien[len(kept) - 1] or not LETTER.search(kept[-1])):
        kept = kept[:-1]
    start = 0
    while start < len(kept) and (alien[start] or not LETTER.search(kept[start])):
        start += 1
    return " ".join(kept[start:]).strip(" /|([-–—,;:") or text


def asks_contacts(key: str) -> bool:
    """Whether a header asks for a telephone or an address of mail and for nothing else."""
    words = [word for word in key.split() if not subjects_of(word)]
    return any(word.startswith(_CONTACTS) for word in words) and all(
        word.startswith((*_CONTACTS, *_ABOUT_CONTACTS)) or word in _SHORT for word in words
    )


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
