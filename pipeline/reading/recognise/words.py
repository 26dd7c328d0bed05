"""Which column of a form a header means, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from rapidfuzz import fuzz, process

from contracts.plan import Column, FormPlan
from pipeline.reading.recognise.phrases import (
    Typed,
    asks_contacts,
    bag_of,
    taken_apart,
    without_own,
)
from pipeline.reading.recognise.subjects import LIKE_WORD, PAIR, REMEMBERED, stem, subjects_of
from pipeline.text import header_key
from pipeline.words import STAGES

SHORTEST_PREFIX = 20
_LIKE = 85.0
# Shorter headers are no sentences.
_SENTENCE = 4
_COVERS = 0.75
_NEGATIVES = frozenset(("не", "без", "нет", "кроме", "ни", "отсутствует"))
_CONTACT_WORDS = (
    "телефон",
    "номер телефона",
    "контактный телефон",
    "мобильный телефон",
    "сотовый телефон",
    "рабочий телефон",
    "служебный телефон",
    "E-mail",
    "почта",
    "эл. почта",
    "электронная почта",
    "адрес электронной почты",
    "адрес эл. почты",
    "координаты для связи",
    "контактная информация",
)
NAME_PARTS = {"фамилия": 0, "имя": 1, "отчество": 2}
_UNDERLINE = re.compile(r"[_…]+")
_DIGITS = re.compile(r"\d+")
_FORM_NUMBER = re.compile(r"^\d+ ")
_LEADING_NUMBER = re.compile(r"^\d{1,2} (?=\D)")


class Grade(IntEnum):
    """How a header was understood; a doubtful one is used and named to the sender."""

    DOUBTFUL = 1
    ALIKE = 2
    EXACT = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A column that a header may mean; `strength` 0…1 orders equal grades."""

    column: str
    grade: Grade
    strength: float


@dataclass(frozen=True, slots=True)
class _Label:
    """One wording of one column."""

    column: str
    key: str
    words: tuple[str, ...]
    subjects: frozenset[str]
    strength: float

    @property
    def generic(self) -> bool:
        """A single word («ФИО», «телефон») means a column only where nothing else stands."""
        return len(self.words) < 2


class Wording:
    """All wordings of one form; answers are remembered, because headers repeat."""

    def __init__(self, plan: FormPlan) -> None:
        self.plan = plan
        self.titles = _titles(plan)
        person = next((c for c in plan.columns if c.name == plan.person), None)
        self.own = subjects_of(header_key(person.title)) if person else frozenset()
        self.labels = tuple(label for column in plan.columns for label in _labels(column))
        self.exact: dict[str, list[_Label]] = {}
        self.bags: dict[frozenset[str], list[_Label]] = {}
        self.begun: dict[str, list[_Label]] = {}
        self._with: dict[str, list[tuple[int, _Label]]] = {}
        card = plan.layout == "card"
        for order, label in enumerate(self.labels):
            for key in {label.key, without_own(label.key) if card else label.key}:
                self.exact.setdefault(key.replace(" ", ""), []).append(label)
            if not label.generic:
                self.bags.setdefault(bag_of(label.words), []).append(label)
                self._with.setdefault(label.words[0], []).append((order, label))
            if len(label.key) >= SHORTEST_PREFIX:
                self.begun.setdefault(label.key[:SHORTEST_PREFIX], []).append(label)
        self._words = tuple({word for x in self.labels if not x.generic for word in x.words})
        self._stems: dict[str, list[str]] = {}
        for word in self._words:
            self._stems.setdefault(stem(word), []).append(word)
        self._denied: dict[str, frozenset[str]] = {}
        for label in self.labels:
            known = self._denied.get(label.column, frozenset())
            self._denied[label.column] = known | _NEGATIVES.intersection(label.words)
        self.digits = frozenset(d for label in self.labels for d in _DIGITS.findall(label.key))
        self.worded = lru_cache(maxsize=REMEMBERED)(self._worded)
        self.candidates = lru_cache(maxsize=REMEMBERED)(self._candidates)
        self.sure = lru_cache(maxsize=REMEMBERED)(self._sure)
        self._like = lru_cache(maxsize=REMEMBERED)(self._alike)

    def _candidates(self, text: str) -> tuple[Candidate, ...]:
        """Return the columns that *text* may mean, the surest first."""
        typed = taken_apart(text)
        if typed is None:
            return ()
        return self.worded(text) or _ordered(self._by_likeness(typed))

    def within_sentence(self, text: str) -> tuple[Candidate, ...]:
        """Return the column that a whole sentence asks for, where one only can be meant."""
        typed = taken_apart(text)
        return _ordered(self._within_sentence(typed)) if typed else ()

    def _worded(self, text: str) -> tuple[Candidate, ...]:
        """Return the columns whose wording stands in *text*; only these can be sure."""
        typed = taken_apart(text)
        return _ordered(self._find(typed)) if typed else ()

    def _sure(self, parts: tuple[str, ...], text: str) -> bool:
        """Return whether a header of *parts* may be understood without doubt, its group or not."""
        return self.name_part(parts[-1], " ".join(parts[:-1])) is not None or any(
            offer.grade > Grade.DOUBTFUL
            for asked in asked_of(parts, text)
            for offer in self.worded(asked)
        )

    def name_part(self, text: str, group: str = "") -> tuple[str, int] | None:
        """Return the ФИО column and 0, 1, 2 for a header «Фамилия», «Имя», «Отчество»."""
        words = header_key(text.partition("(")[0]).split()
        parts = [word for word in words if word in NAME_PARTS]
        if parts == ["имя", "отчество"]:
            parts = parts[:1]
        if len(parts) != 1 or any(not subjects_of(w) for w in words if w not in NAME_PARTS):
            return None
        who = subjects_of(header_key(text)) or subjects_of(header_key(group)) or self.own
        for column in self.plan.columns:
            fits = column.type in ("fio", "fio_list") and subjects_of(header_key(column.title))
            if fits and who == fits:
                return column.name, NAME_PARTS[parts[0]]
        return None

    def _find(self, typed: Typed) -> list[Candidate]:
        found = list(self._equal(typed.squeezed))
        if not found and (bare := without_number(typed.key)) != typed.key:
            found = list(self._equal(bare.replace(" ", "")))
        found = found or list(self._by_core(typed))
        if found:
            return found
        plain = typed if typed.plain == typed.text else taken_apart(typed.plain) or typed
        found = [*self._in_other_order(plain), *self._by_head(plain), *self._by_prefix(plain)]
        return found or list(self._by_contact_words(plain))

    def _by_contact_words(self, typed: Typed) -> Iterable[Candidate]:
        """«Моб. тел., почта»: whatever the words for it, one column takes what they ask."""
        if asks_contacts(typed.key):
            for column in self.plan.columns:
                whose = subjects_of(header_key(column.title))
                if column.type == "contacts" and typed.who <= (whose or self.own):
                    yield Candidate(column.name, Grade.ALIKE, 0.7)

    def _by_core(self, typed: Typed) -> Iterable[Candidate]:
        """A wording among words that ask nothing, or with words cut short by a dot."""
        tried = typed.cores[self.plan.layout == "card"]
        for core in tried:
            for label in self.exact.get(core.replace(" ", ""), ()):
                yield Candidate(label.column, Grade.ALIKE, label.strength)
        split = [core.split() for core in tried] if typed.cut else []
        sizes = set(map(len, split))
        for label in self.labels if split else ():
            if len(label.words) in sizes and any(
                cut_alike(core, typed.cut, label.words) for core in split
            ):
                yield Candidate(label.column, Grade.ALIKE, label.strength)

    def _equal(self, squeezed: str) -> Iterable[Candidate]:
        for label in self.exact.get(squeezed, ()) if squeezed else ():
            yield Candidate(label.column, Grade.EXACT, label.strength)

    def _in_other_order(self, typed: Typed) -> Iterable[Candidate]:
        words = typed.asked
        for label in self.bags.get(typed.bag, ()) if len(words) > 1 else ():
            yield Candidate(label.column, Grade.ALIKE, label.strength)
        for label in self.exact.get(words[0], ()) if len(words) == 1 else ():
            yield Candidate(label.column, Grade.ALIKE, label.strength)
        # «Телефон наставника» in the base of mentors is «Телефон».
        if typed.who & self.own:
            rest = "".join(word for word in typed.key.split() if not subjects_of(word) & self.own)
            for label in self.exact.get(rest, ()):
                yield Candidate(label.column, Grade.ALIKE, label.strength / 2)

    def _by_head(self, typed: Typed) -> Iterable[Candidate]:
        """A wording that goes on in brackets: «ФИО наставника (как в паспорте)»."""
        for label in self.exact.get(typed.head.replace(" ", ""), ()) if typed.head else ():
            if not self._fits(label, typed.head, typed.tail):
                continue
            if label.generic and not subjects_of(typed.tail) <= self.own:
                continue
            whole = not label.generic or typed.tail.startswith("полностью")
            grade = Grade.ALIKE if typed.bracket == "(" and whole else Grade.DOUBTFUL
            yield Candidate(label.column, grade, label.strength)

    def _by_prefix(self, typed: Typed) -> Iterable[Candidate]:
        """A wording cut short, or a wording that goes on as a sentence."""
        key = typed.key
        if len(key) < SHORTEST_PREFIX:
            return
        begun = self.begun.get(key[:SHORTEST_PREFIX], ())
        cut = [label for label in begun if label.key.startswith(key)]
        one = len({label.column for label in cut}) == 1
        for label in cut:
            grade = Grade.ALIKE if one else Grade.DOUBTFUL
            yield Candidate(label.column, grade, 0.9)
        if not begun:
            return
        head, _, tail = typed.text.partition("(")
        head_key, tail_key = header_key(head), header_key(tail)
        for label in begun:
            if key.startswith(label.key + " ") and self._fits(label, head_key, tail_key):
                # In a card the next words make another question of it: «…, охваченных …».
                grade = Grade.DOUBTFUL if self.plan.layout == "card" else Grade.ALIKE
                yield Candidate(label.column, grade, len(label.key) / len(key))

    def _by_likeness(self, typed: Typed) -> Iterable[Candidate]:
        words = typed.asked
        line = " ".join(words)
        who = subjects_of(line) | self.own
        for label in self._with_like_words(words) if len(words) > 1 else ():
            score = _likeness(line, label) if label.subjects <= who else 0.0
            if score >= _LIKE and self._fits(label, line, ""):
                yield Candidate(label.column, Grade.DOUBTFUL, score / 100)

    def _within_sentence(self, typed: Typed) -> Iterable[Candidate]:
        """A wording all of whose words stand in a question, in whatever forms and order."""
        stems = frozenset(map(stem, typed.asked))
        if len(stems) < _SENTENCE:
            return
        within = [
            (len(bag), label)
            for bag, labels in self.bags.items()
            if len(bag) > 1 and bag <= stems
            for label in labels
            if label.subjects == typed.who or (not label.subjects and typed.who <= self.own)
            if self.plan.column(label.column).type != "bool"
        ]
        most = max((size for size, _ in within), default=0)
        best = [label for size, label in within if size == most]
        if len({label.column for label in best}) == 1 and self._fits(best[0], typed.key, ""):
            yield Candidate(best[0].column, Grade.DOUBTFUL, most / len(stems))

    def _with_like_words(self, words: Sequence[str]) -> list[_Label]:
        """Return the wordings all of whose words have their like among those typed."""
        like = frozenset().union(*map(self._like, words))
        found = [entry for word in like for entry in self._with.get(word, ())]
        found = [entry for entry in found if like.issuperset(entry[1].words)]
        return [label for _order, label in sorted(found, key=lambda entry: entry[0])]

    def _alike(self, word: str) -> frozenset[str]:
        """Words of the wordings that one typed word may stand for."""
        near = process.extract(
            word, self._words, scorer=fuzz.ratio, score_cutoff=LIKE_WORD, limit=None
        )
        return frozenset((*(own for own, *_score in near), *self._stems.get(stem(word), ())))

    def _fits(self, label: _Label, head: str, tail: str) -> bool:
        """Whether nothing in the header turns the wording into another question."""
        if not subjects_of(head) <= label.subjects | self.own:
            return False
        if not subjects_of(tail) - PAIR <= label.subjects:
            return False
        denied = _NEGATIVES.intersection(f"{head} {tail}".split())
        needed = _NEGATIVES.intersection(label.words)
        if not needed <= denied or not denied <= self._denied[label.column]:
            return False
        numbers = frozenset(_DIGITS.findall(f"{head} {tail}")) & self.digits
        return numbers <= frozenset(_DIGITS.findall(label.key))


def without_lines(text: str) -> str:
    """Return a header without the lines drawn for an answer."""
    return _UNDERLINE.sub(" ", text)


def without_number(key: str) -> str:
    """Return the key of a header without the number before it."""
    return _LEADING_NUMBER.sub("", key)


def asked_of(parts: tuple[str, ...], text: str) -> Iterable[str]:
    """Return every text by which a header of *parts* may be looked up."""
    yield without_lines(text)
    if len(parts) > 1:
        group, bottom = " ".join(parts[:-1]), parts[-1]
        yield from (text, bottom, group)
        yield from (f"{bottom} {subject}" for subject in subjects_of(header_key(group)))


def _titles(plan: FormPlan) -> frozenset[str]:
    titles = (plan.title, plan.sheet, *plan.titles)
    stages = [STAGES[stage] for stage in plan.stages]
    names = {header_key(name) for name in titles}
    names |= {header_key(f"{name} {stage}") for name in titles for stage in stages}
    return frozenset(names | {_FORM_NUMBER.sub("", name) for name in names})


def _ordered(found: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """The surest first, each column once."""
    best: dict[str, Candidate] = {}
    for one in sorted(found, key=lambda c: (-c.grade, -c.strength)):
        best.setdefault(one.column, one)
    return tuple(best.values())


def _labels(column: Column) -> Iterable[_Label]:
    more = _CONTACT_WORDS if column.type == "contacts" else ()
    seen = set()
    for text in (column.title, *column.aliases, *more):
        key = header_key(text)
        if key and key not in seen:
            seen.add(key)
            words = tuple(key.split())
            strength = 1.0 if text == column.title else 0.8 if len(words) < 2 else 0.9
            yield _Label(column.name, key, words, subjects_of(key), strength)


def cut_alike(typed: Sequence[str], cut: frozenset[str], words: tuple[str, ...]) -> bool:
    """Say whether every word is that of the wording, or its beginning where a dot cuts it short."""
    return len(typed) == len(words) and all(
        word.startswith(one) if one in cut else stem(word) == stem(one)
        for one, word in zip(typed, words, strict=True)
    )


def _likeness(typed: str, label: _Label) -> float:
    """Return 0…100 for texts whose words have their likes; little else may stand."""
    if len(label.key) < _COVERS * len(typed):
        return 0.0
    score = fuzz.token_sort_ratio(typed, label.key, score_cutoff=_LIKE)
    return score or fuzz.token_set_ratio(typed, label.key, score_cutoff=_LIKE)
