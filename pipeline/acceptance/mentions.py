"""Who is spoken of in a text: a pupil, somebody else, or perhaps a pupil.

A surname alone says little: the words beside it, and who else of the file bears it, decide. What
they leave open is said to be open, for the text around it is then not kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from pipeline.acceptance import spellings
from pipeline.acceptance.spellings import Word
from pipeline.text import is_pupil_code

Kind = Literal["pupil", "twin", "alone"]
_REMEMBERED = 8192
_LEAST_ALONE = 4
# Each bearer of a surname that stands in a text is looked at, which takes some 50 microseconds.
_MOST_LOOKS = 30_000
_NOBODY: frozenset[str] = frozenset()
# How much of a person a text names: the surname; an initial, a name, or both of them with it.
_ALONE, _INITIAL, _NAME, _WHOLE = 1, 2, 3, 4
_APART = re.compile(r"[\s_.,]*")
_TOGETHER = re.compile(r"[\s_.]*")
_PATRONYMIC = re.compile(r"(?:ович|евич|ьич|овн|евн|ичн|инишн)[а-я]{0,3}$")
_TWO_INITIALS = 2
# «Школа им. Королёва», «на улице Гагарина»: nobody's pupil.
_OF_PLACES = frozenset(
    ("им", "имени", "памяти", "улица", "улице", "улицы", "ул", "проспект", "проспекте")
)


@dataclass(frozen=True)
class Person:
    """The name of a person as it stands in a list, by its words; a surname may have two."""

    name: str
    surname: tuple[Word, ...]
    first: Word | None
    patronymic: Word | None


@lru_cache(maxsize=_REMEMBERED)
def person(name: str) -> Person:
    """Return the words of a name."""
    surname, _, rest = name.partition(" ")
    first, patronymic = (*spellings.words(rest), None, None)[:2]
    return Person(name, tuple(spellings.words(surname)), first, patronymic)


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a text speaks of somebody with the surname of a pupil, from *start* to *end*.

    `kind` is pupil where it can be nobody else, twin where a grown-up of the file may be meant as
    well, and alone where the surname stands alone. `minors` and `adults` are the names of those
    who may be meant; `capital` says that the surname begins with a capital.
    """

    start: int
    end: int
    kind: Kind
    minors: frozenset[str]
    adults: frozenset[str]
    capital: bool


@dataclass(frozen=True, slots=True)
class _Named:
    """How much of a person is named beside a surname, and by which words."""

    level: int
    words: frozenset[int]


_OTHER = _Named(0, frozenset())


class People:
    """The persons whom one file lists; of its pupils no text may speak."""

    def __init__(self, minors: Iterable[str], adults: Iterable[str]) -> None:
        minors = {name for name in minors if name.strip() and not is_pupil_code(name)}
        self._roots = spellings.Roots(minors)
        self._minors = _Bearers(minors)
        self._adults = _Bearers({name for name in adults if name.strip()} - minors)
        self._known: dict[str, tuple[Mention, ...]] = {}
        self._looks_left = _MOST_LOOKS

    def may_be_among(self, words: Iterable[str]) -> bool:
        """Whether the surname of a pupil may stand in a text of these words."""
        return self._roots.are_among(words)

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Return where *text* speaks, or may speak, of pupils, in the order of the text."""
        known = self._known.get(text)
        if known is None:
            found = self._mentions(text) if self._roots.are_among(spellings.words_of(text)) else ()
            known = self._known[text] = tuple(sorted(found, key=lambda one: one.start))
        return known

    def _mentions(self, text: str) -> Iterator[Mention]:
        """First those of whom more than the surname is said: their words say nothing of others."""
        line = _Line(text, spellings.words(text))
        places = [place for place, word in enumerate(line.words) if self._minors.of(word)]
        self._looks_left -= sum(self._looks(line.words[place]) for place in places)
        if self._looks_left < 0:
            # No file of a school names as many; one that was made to keep us busy is not read.
            yield Mention(0, len(text), "alone", _NOBODY, _NOBODY, capital=True)
            return
        for find in (self._named, self._alone):
            for place in places:
                if place not in line.taken:
                    yield from find(line, place)

    def _looks(self, word: Word) -> int:
        return len(self._minors.of(word)) + len(self._adults.of(word))

    def _named(self, line: _Line, place: int) -> Iterator[Mention]:
        word = line.words[place]
        pupils = line.meant(place, self._minors.of(word))
        adults = line.meant(place, self._adults.of(word))
        level = max((found.level for found in pupils.values()), default=0)
        grown = max((found.level for found in adults.values()), default=0)
        if grown > max(level, _ALONE):
            line.take(adults, grown)
        elif level > _ALONE:
            start, end = line.take(pupils, level)
            same = {name for name, found in adults.items() if found.level == level}
            kind: Kind = "twin" if same else "pupil"
            theirs = {name for name, found in pupils.items() if found.level == level}
            yield Mention(start, end, kind, frozenset(theirs), frozenset(same), capital=True)

    def _alone(self, line: _Line, place: int) -> Iterator[Mention]:
        word = line.words[place]
        pupils = line.meant(place, self._minors.of(word))
        if pupils and len(word.readings[0]) >= _LEAST_ALONE and not self._other(line, place):
            adults = frozenset(line.meant(place, self._adults.of(word)))
            start, end = line.take(pupils, _ALONE)
            yield Mention(start, end, "alone", frozenset(pupils), adults, word.capital)

    def _other(self, line: _Line, place: int) -> bool:
        """Whether the first name of somebody else stands beside a surname, or what a place is."""
        before, behind = line.run(place, -1, 1, _TOGETHER), line.run(place, 1, 1, _TOGETHER)
        if any(not _OF_PLACES.isdisjoint(line.words[near].readings) for near in before):
            return True
        beside = [line.words[near] for near in (*before, *behind)]
        return any(
            one.capital and not one.short and not one.stems.isdisjoint(self._first_names)
            for one in beside
        )

    @cached_property
    def _first_names(self) -> frozenset[str]:
        firsts = (one.first for one in (*self._minors.persons, *self._adults.persons))
        return frozenset(stem for one in firsts if one and not one.short for stem in one.stems)


class _Bearers:
    """Persons by the forms of their surnames; taken apart when a text first asks for them."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = names
        self._known: dict[tuple[tuple[str, ...], bool], tuple[Person, ...]] = {}

    @cached_property
    def persons(self) -> list[Person]:
        return [person(name) for name in sorted(self._names)]

    def of(self, word: Word) -> tuple[Person, ...]:
        """Return those whose surname a word may be."""
        asked = word.readings, word.apart
        known = self._known.get(asked)
        if known is None:
            known = self._known[asked] = tuple(dict.fromkeys(self._found(word)))
        return known

    def _found(self, word: Word) -> Iterator[Person]:
        heard = sorted(spellings.latin_stems(word.readings[0]))
        # A name in a list may stand in Latin letters too.
        by_sound = self._by_sound if word.readings[0].isascii() else self._by_stem
        for stem in sorted(word.stems):
            yield from self._by_stem.get(stem, ())
        for stem in heard:
            yield from by_sound.get(stem, ())
        if word.apart:
            yield from (one for one in self.persons if _bears(one, word))

    @cached_property
    def _by_stem(self) -> Mapping[str, list[Person]]:
        return self._index(lambda own: own.stems)

    @cached_property
    def _by_sound(self) -> Mapping[str, list[Person]]:
        return self._index(lambda own: spellings.latin_stems(own.readings[0]))

    def _index(self, forms: Callable[[Word], frozenset[str]]) -> Mapping[str, list[Person]]:
        found: dict[str, list[Person]] = {}
        for one in self.persons:
            for own in one.surname:
                for form in forms(own):
                    found.setdefault(form, []).append(one)
        return found


def _bears(one: Person, word: Word) -> bool:
    return any(spellings.agree(word, own) for own in one.surname)


class _Line:
    """A text as words, and which of them are spoken for."""

    def __init__(self, text: str, words: Sequence[Word]) -> None:
        self.text, self.words = text, words
        self.taken: set[int] = set()

    def meant(self, place: int, persons: Iterable[Person]) -> dict[str, _Named]:
        """Return those of the bearers of a surname who may be meant with it."""
        found = {one.name: self._of(one, place) for one in persons}
        return {name: named for name, named in found.items() if named is not _OTHER}

    def take(self, found: Mapping[str, _Named], level: int) -> tuple[int, int]:
        """Speak for the words that name somebody; return where they begin and end."""
        own = set().union(*(named.words for named in found.values() if named.level == level))
        self.taken |= own
        return self.words[min(own)].start, self._end(max(own))

    def run(self, place: int, step: int, most: int, between: re.Pattern[str]) -> list[int]:
        """Return up to so many places beside a word, the nearest first, that nothing parts."""
        places: list[int] = []
        while len(places) < most:
            other = place + step
            if not 0 <= other < len(self.words) or other in self.taken:
                break
            first, second = self.words[min(place, other)], self.words[max(place, other)]
            if not between.fullmatch(self.text, first.end, second.start):
                break
            places.append(other)
            place = other
        return places

    def _end(self, place: int) -> int:
        return self.words[place].end + self._dotted(place)

    def _dotted(self, place: int) -> bool:
        word = self.words[place]
        return word.short and self.text.startswith(".", word.end)

    def _of(self, one: Person, place: int) -> _Named:
        """How much of a person is named at a surname; `_OTHER` where somebody else is."""
        near = [place + step for step in (-1, 1) if 0 <= place + step < len(self.words)]
        twofold = [n for n in near if len(one.surname) > 1 and _bears(one, self.words[n])]
        own = frozenset([place, *twofold])
        if one.first is None:
            return _Named(_ALONE, own)
        behind = self._straight(one, self.run(max(own), 1, 2, _APART))
        before = self._turned(one, self.run(min(own), -1, 2, _APART)[::-1])
        best = max((behind, before), key=lambda named: named.level)
        if best.level == _ALONE and _OTHER in (behind, before):
            return _OTHER
        return _Named(best.level, best.words | own)

    def _straight(self, one: Person, places: Sequence[int]) -> _Named:
        """«Петров Иван Ильич», «Петров И. И.», «Петров ИИ»."""
        if places and self._two_initials(places[0], one):
            return _Named(_NAME, frozenset(places[:1]))
        return self._given(one, places)

    def _turned(self, one: Person, places: Sequence[int]) -> _Named:
        """«Иван Ильич Петров», «Иван И. Петров», «И. Петров»."""
        if len(places) < 2:
            return self._given(one, places)
        whole = self._given(one, places)
        if whole.level > _ALONE and places[1] in whole.words:
            return whole
        if all(map(self._dotted, places)):
            return _OTHER
        nearest = self._given(one, places[1:])
        return nearest if nearest.level > _ALONE else min(whole, nearest, key=lambda n: n.level)

    def _given(self, one: Person, places: Sequence[int]) -> _Named:
        """What words in the order of first name and patronymic say of a person."""
        alone = _Named(_ALONE, frozenset())
        if not places or one.first is None:
            return alone
        first = places[0]
        second = places[1] if len(places) > 1 else None
        fathers = second is not None and self._is_patronymic(second)
        level = self._agreed(one.first, first)
        if not level:
            word = self.words[first]
            other = self._dotted(first) or (fathers and word.capital)
            return _OTHER if other else alone
        if second is None:
            return _Named(level, frozenset({first}))
        if one.patronymic is not None and self._agreed(one.patronymic, second):
            return _Named(level + 1, frozenset({first, second}))
        if fathers and one.patronymic is not None:
            return _OTHER
        return _Named(level, frozenset({first, second} if fathers else {first}))

    def _agreed(self, name: Word, place: int) -> int:
        """How much a word says of a name: all of it, its initial, or nothing."""
        word = self.words[place]
        if word.short and not (word.capital or self._dotted(place)):
            return 0
        if name.short or word.short:
            starts = {reading[0] for reading in word.readings}
            return _INITIAL if starts & {reading[0] for reading in name.readings} else 0
        return _NAME if spellings.agree(word, name) else 0

    def _is_patronymic(self, place: int) -> bool:
        readings = self.words[place].readings
        return self._dotted(place) or any(map(_PATRONYMIC.search, readings))

    def _two_initials(self, place: int, one: Person) -> bool:
        word = self.words[place]
        typed = self.text[word.start : word.end]
        names = [name.readings[-1][0] for name in (one.first, one.patronymic) if name]
        return len(typed) == _TWO_INITIALS and typed.isupper() and list(word.readings[-1]) == names
