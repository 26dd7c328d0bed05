"""The words of a text at their places, and the forms in which a word of a name stands there.

Cases, ё, invisible marks, letters of the other alphabet, letters set apart and names written in
Latin letters are looked through.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

HEAD = 3
_REMEMBERED = 16_384
_LETTERS = re.compile(r"[^\W\d_]+")
# What can be cut into words as it stands: no mark, no word that goes on with a capital, no letters
# set apart.
_USUAL = re.compile("[А-Яа-яЁё \n\t\xa0!-~«»„“”№‑–—…]*")
_GLUED = re.compile("[а-яёa-z][А-ЯЁA-Z]")
_APART = re.compile(r"\b[^\W\d_](?:[ -]{1,2}[^\W\d_]){3}\b")
_LEAST_APART = 4
_LEAST_LATIN = 4
_LATIN = re.compile("[a-z]+")
_ANY_LATIN = re.compile("[A-Za-z]")
_RUSSIAN = re.compile("[а-я]")
_LOOKALIKES = str.maketrans("abcehkmoptxyë", "авсенкмортхуе")
_RUSSIAN_ENDINGS = (
    *("ого", "его", "ому", "ему", "ыми", "ими", "ами", "ями", "ой", "ою", "ей", "ею", "ий", "ый"),
    *("ая", "яя", "ую", "юю", "ое", "ее", "ые", "ие", "ых", "их", "ым", "им", "ом", "ем", "ам"),
    *("ям", "ах", "ях", "ию", "ия", "ии", "ью", "а", "я", "у", "ю", "е", "ы", "и", "о", "й", "ь"),
)
_VOWELS = "аеоиуыэюя"
_LEAST_STEM = 2
_LEAST_FLEETING = 3
# The sounds of Russian letters, and of Latin ones in every usual way to write Russian names.
_SOUNDS = str.maketrans(
    dict(zip("абвгдежзийклмнопрстуфхцчшщыэ", "abvgdezziiklmnoprstuvhCCssie", strict=True))
    | {"ъ": "", "ь": "", "ю": "iu", "я": "ia"}
)
_DIGRAPHS = (
    *(("shch", "s"), ("sch", "s"), ("sh", "s"), ("zh", "z"), ("kh", "h"), ("ts", "C")),
    *(("tc", "C"), ("ch", "C"), ("c", "k"), ("x", "ks"), ("ph", "v"), ("w", "v"), ("f", "v")),
    *(("q", "k"), ("y", "i"), ("j", "i")),
)
_LATIN_ENDINGS = (
    *("ogo", "ego", "omu", "emu", "imi", "ami", "oi", "ou", "ei", "eu", "ih", "im", "om", "em"),
    *("am", "ah", "a", "u", "e", "i", "o"),
)
_DOUBLED = re.compile(r"(.)\1+")
_SOFT = re.compile("i(?=[aeou])")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: its places from *start* to *end*, and how it may be read.

    `readings` are in small letters without ё: as typed, and in Russian letters where those typed
    are drawn alike. `apart` says that its letters stood one by one.
    """

    start: int
    end: int
    readings: tuple[str, ...]
    capital: bool = False
    apart: bool = False

    @property
    def short(self) -> bool:
        """Whether it is one letter, as an initial is."""
        return len(self.readings[0]) == 1

    @property
    def stems(self) -> frozenset[str]:
        """What is left of it without any ending that a name may have."""
        return stems(*self.readings)


def words(text: str) -> list[Word]:
    """Return the words of a text at their places, as they are looked for among names."""
    found = list(_words(text))
    return list(_joined(text, found)) if _APART.search(text) else found


def words_of(text: str) -> list[str]:
    """Return all readings of the words of a text, quickly where it is a usual one."""
    if _USUAL.fullmatch(text) and not _GLUED.search(text) and not _APART.search(text):
        found = _LETTERS.findall(text.lower().replace("ё", "е"))
        if not _ANY_LATIN.search(text):
            return found
        return [reading for letters in found for reading in _readings(letters)]
    return [reading for word in words(text) for reading in word.readings]


def _words(text: str) -> Iterator[Word]:
    """One look at each character: what does not show does not part a word."""
    letters, start, end = "", 0, 0
    for place, typed in enumerate(text):
        if letters and _is_unseen(typed):
            composed = unicodedata.normalize("NFC", letters[-1] + typed)
            letters = letters[:-1] + composed[0]
            end = place + 1
            continue
        for char in unicodedata.normalize("NFKC", typed) if typed.isalpha() else typed:
            if letters and (not char.isalpha() or (char.isupper() and letters[-1].islower())):
                yield _word(letters, start, end)
                letters = ""
            if char.isalpha():
                letters, start, end = letters + char, start if letters else place, place + 1
    if letters:
        yield _word(letters, start, end)


def _is_unseen(char: str) -> bool:
    return unicodedata.category(char) in {"Mn", "Me", "Cf", "Cc"} and not char.isspace()


@lru_cache(maxsize=_REMEMBERED)
def _readings(letters: str) -> tuple[str, ...]:
    typed = letters.replace("İ", "I").lower().replace("ё", "е")
    drawn = typed.translate(_LOOKALIKES)
    return (typed,) if drawn == typed or _ANY_LATIN.search(drawn) else (typed, drawn)


def _word(letters: str, start: int, end: int, *, apart: bool = False) -> Word:
    return Word(start, end, _readings(letters), letters[0].isupper(), apart)


def _joined(text: str, found: list[Word]) -> Iterator[Word]:
    """The words of a text, «П е т р о в» being one."""
    run: list[Word] = []
    for word in [*found, None]:
        if run and (word is None or not word.short or not _beside(text, run[-1], word)):
            yield from _one_of(text, run)
            run = []
        if word is not None and word.short:
            run.append(word)
        elif word is not None:
            yield word


def _beside(text: str, one: Word, other: Word) -> bool:
    between = text[one.end : other.start]
    return len(between) <= 2 and not between.strip(" -")


def _one_of(text: str, run: list[Word]) -> Iterator[Word]:
    """The words that a run of single letters is: a capital after a small letter begins one."""
    if len(run) < _LEAST_APART:
        yield from run
        return
    begun: list[Word] = []
    for word in run:
        small = begun and not begun[-1].capital
        if begun and small and word.capital:
            yield _together(text, begun)
            begun = []
        begun.append(word)
    yield _together(text, begun)


def _together(text: str, letters: list[Word]) -> Word:
    if len(letters) == 1:
        return letters[0]
    typed = "".join(text[word.start : word.end] for word in letters)
    spelled = unicodedata.normalize("NFKC", typed)
    return _word(spelled, letters[0].start, letters[-1].end, apart=True)


@lru_cache(maxsize=_REMEMBERED)
def stems(*readings: str) -> frozenset[str]:
    """Return what is left of a word without the endings of cases, in either alphabet.

    Two forms of one name share one of them: «Павла» and «Павел», «Невского» and «Невский».
    """
    found: set[str] = set()
    for reading in readings:
        if _LATIN.fullmatch(reading):
            found |= latin_stems(reading)
        else:
            found |= {reading, *_cut(reading, _RUSSIAN_ENDINGS)}
            found |= set(_without_fleeting(found))
    return frozenset(found)


@lru_cache(maxsize=_REMEMBERED)
def latin_stems(word: str) -> frozenset[str]:
    """Return the stems of a word by its sounds: «Petrova», «Петров» and «Petroff» share one."""
    heard = {sounds(word)} if _LATIN.fullmatch(word) else set(map(sounds, stems(word)))
    return frozenset(heard.union(*(_cut(sound, _LATIN_ENDINGS) for sound in heard)))


def agree(one: Word, other: Word) -> bool:
    """Whether two words may be forms of one name, in either alphabet."""
    if not one.stems.isdisjoint(other.stems):
        return True
    if one.apart or other.apart:
        return any(one.readings[0].startswith(root) for root in _roots(other.readings[0]))
    if one.readings[0].isascii() or other.readings[0].isascii():
        return not latin_stems(one.readings[0]).isdisjoint(latin_stems(other.readings[0]))
    return False


def _cut(word: str, endings: Iterable[str]) -> set[str]:
    return {
        word.removesuffix(ending)
        for ending in endings
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM
    }


def _without_fleeting(found: Iterable[str]) -> Iterator[str]:
    """«Павел» is «Павла», «Лев» is «Льва»."""
    for stem in found:
        if len(stem) < _LEAST_FLEETING or stem[-2] not in "ео":
            continue
        if stem[-1] not in _VOWELS and stem[-3] not in _VOWELS:
            soft = "ь" if stem[-3] == "л" else ""
            yield f"{stem[:-2]}{soft}{stem[-1]}"


@lru_cache(maxsize=_REMEMBERED)
def sounds(word: str) -> str:
    """Return how a word sounds, in one spelling for all ways to write a Russian name."""
    if _RUSSIAN.search(word):
        heard = word.translate(_SOUNDS)
    else:
        heard = word
        for letters, sound in _DIGRAPHS:
            heard = heard.replace(letters, sound)
    heard = _DOUBLED.sub(r"\1", heard.replace("io", "e"))
    return _DOUBLED.sub(r"\1", _SOFT.sub("", heard))


def is_latin(reading: str) -> bool:
    """Whether a word may be a Russian name written in Latin letters."""
    return (
        reading[:1].isascii()
        and len(reading) >= _LEAST_LATIN
        and _LATIN.fullmatch(reading) is not None
    )


class Roots:
    """What all forms of some surnames begin with: one look at a text asks for all of them.

    A school names hundreds of persons, and few of them are looked for in a text.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._by_head: dict[str, set[str]] = {}
        for name in names:
            for root in _roots(name.split(maxsplit=1)[0]):
                self._by_head.setdefault(root[:HEAD], set()).add(root)

    def are_among(self, words: Iterable[str]) -> bool:
        """Whether any name may stand in a text of these words."""
        return any(
            any(map(word.startswith, self._by_head[word[:HEAD]]))
            if word[:HEAD] in self._by_head
            else is_latin(word) and self._is_heard(word)
            for word in words
        )

    def _is_heard(self, word: str) -> bool:
        heard = sounds(word)
        return any(map(heard.startswith, self._heard.get(heard[:HEAD], ())))

    @cached_property
    def _heard(self) -> dict[str, set[str]]:
        """The same by sounds; made when a text first holds a word in Latin letters."""
        found: dict[str, set[str]] = {}
        for root in (root for roots in self._by_head.values() for root in roots):
            # «Берия» is heard as «bera», «Берии» as «beri».
            heard = sounds(root).rstrip("i")
            found.setdefault(heard[:HEAD], set()).add(heard)
        return found


@lru_cache(maxsize=_REMEMBERED)
def _roots(word: str) -> frozenset[str]:
    """The least beginnings that every form of a word has; a name with a hyphen has two words."""
    found: set[str] = set()
    for part in words(word):
        for stem in sorted(stems(*part.readings), key=len):
            if len(stem) < HEAD:
                found |= {stem, *(stem + ending for ending in _RUSSIAN_ENDINGS)}
            elif not any(stem.startswith(root) for root in found):
                found.add(stem)
    return frozenset(found)
