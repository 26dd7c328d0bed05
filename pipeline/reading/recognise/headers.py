"""Headers of a table: the cells of one to three rows, and the columns that they mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.reading.recognise.grid import Grid
from pipeline.reading.recognise.subjects import subjects_of
from pipeline.reading.recognise.words import Candidate, Grade, Wording, without_lines
from pipeline.text import header_key

DEEPEST = 3
# What Google Forms adds by itself, and the number of the row.
SERVICE = frozenset(
    (
        *("отметка времени", "timestamp", "баллы", "score", "общий балл", "имя пользователя"),
        *("№", "п п", "n"),
    )
)
# What a header of no column, and a required column without a header, take from the score.
_STRANGE, _ABSENT = 0.5, 0.5
# What a column of the official form gives; a further piece of a column; the person in front.
_MOST_WEIGHT, _JOINED, _PERSON = 2.0, 0.3, 2.0
# Fewer sure headers may stand by chance.
_SURE_HITS = 3
_JOINS = {"contacts": "; ", "phone": "; ", "order_ref": " от "}
# What each sheet column may mean.
_Meant = Mapping[int, Sequence[Candidate]]


@dataclass(frozen=True, slots=True)
class Head:
    """The header of one sheet column: its texts from the group down to the sub-header.

    `text` is the header as it was typed, in one line.
    """

    column: int
    parts: tuple[str, ...]
    text: str

    @property
    def key(self) -> str:
        """Key of the whole header."""
        return header_key(self.text)


@dataclass(frozen=True, slots=True)
class Source:
    """Sheet columns whose texts make one column of the form, and what joins them.

    With *choices* a mark in one of the columns means its choice.
    """

    columns: tuple[int, ...]
    join: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Columns:
    """What the headers of a table mean in one form.

    `sources` by name of the form's column; `doubtful` and `repeated` pair the header as typed
    with the column it was taken for; `hits` counts columns with a value understood without doubt;
    `perfect` are headers each of which is a column's own wording, all columns that rows need among
    them.
    """

    sources: Mapping[str, Source]
    score: float
    hits: int
    doubtful: tuple[tuple[str, str], ...] = ()
    repeated: tuple[tuple[str, str], ...] = ()
    extra: tuple[Head, ...] = ()
    perfect: bool = False


@dataclass(slots=True)
class _Draft:
    """Who has which column while headers are given out."""

    taken: dict[str, list[Head]] = field(default_factory=dict)
    grades: dict[str, Grade] = field(default_factory=dict)
    placed: set[int] = field(default_factory=set)
    joins: dict[str, str] = field(default_factory=dict)
    repeated: list[tuple[str, str]] = field(default_factory=list)


def heads_of(grid: Grid, first: int, last: int, left: int, right: int) -> tuple[Head, ...]:
    """Return the headers in rows *first* to *last*, merged and group cells written out."""
    found = []
    if first == last and not grid.origin:
        for column in grid.within(first, left, right):
            text = grid.texts[first][column]
            found.append(Head(column, (text,), " ".join(text.split())))
        return tuple(found)
    for column in range(left, right + 1):
        parts: list[str] = []
        for row in range(first, last + 1):
            text = _header_text(grid, row, column, last)
            if text and text not in parts:
                parts.append(text)
        if parts:
            found.append(Head(column, tuple(parts), " ".join(" ".join(parts).split())))
    return tuple(found)


def _header_text(grid: Grid, row: int, column: int, last: int) -> str:
    text = grid.text(row, column)
    if text:
        return text
    origin = grid.origin.get((row, column))
    if origin:
        # A cell merged downwards is one header, a cell merged to the right a group.
        return grid.text(*origin) if origin[0] == row else ""
    return _group_to_the_left(grid, row, column) if row < last else ""


def _group_to_the_left(grid: Grid, row: int, column: int) -> str:
    """Return the group that an unmerged blank belongs to: it has sub-headers all the way."""
    if len(grid.filled[row]) < 2 or not grid.text(row + 1, column):
        return ""
    left = next((j for j in reversed(grid.filled[row]) if j < column), None)
    if left is None or not all(grid.text(row + 1, j) for j in range(left, column)):
        return ""
    return grid.text(row, left)


def map_heads(heads: Sequence[Head], words: Wording) -> Columns:
    """Give each header to the column it means; the surest first, each column once."""
    draft = _Draft()
    meant = {head.column: offers_of(head, words) for head in heads}
    _give_name_parts(heads, words, meant, draft)
    offers = sorted(
        (
            (-offer.grade, -offer.strength, index, offer)
            for index, head in enumerate(heads)
            if head.column not in draft.placed
            for offer in meant[head.column]
        ),
        key=lambda entry: entry[:3],
    )
    for _, _, index, offer in offers:
        head = heads[index]
        if offer.column not in draft.taken and head.column not in draft.placed:
            draft.taken[offer.column] = [head]
            draft.grades[offer.column] = offer.grade
            draft.placed.add(head.column)
    _join_or_repeat(heads, words, meant, draft)
    return _mapping(heads, words, draft)


def most_hits(heads: Sequence[Head], words: Wording) -> int:
    """Return how many columns could be understood without doubt at best, before any guessing."""
    return sum(words.sure(head.parts, head.text) for head in heads)


def offers_of(head: Head, words: Wording) -> tuple[Candidate, ...]:
    """Return the columns that a header may mean, its group taken into account."""
    if len(head.parts) == 1:
        text = without_lines(head.text)
        return words.candidates(text) or words.within_sentence(text)
    group, bottom = " ".join(head.parts[:-1]), head.parts[-1]
    who = subjects_of(header_key(group))
    joined = list(words.candidates(head.text))
    for subject in who:
        found = words.candidates(f"{bottom} {subject}")
        joined += [c for c in found if c.grade is Grade.EXACT]
    if joined:
        return tuple(joined)
    alone = [c for c in words.candidates(bottom) if _same_subject(c, who, words)]
    return tuple(alone or _by_group(group, words))


def _same_subject(offer: Candidate, who: frozenset[str], words: Wording) -> bool:
    column = words.plan.column(offer.column)
    return not column.ignored and who <= words.own | subjects_of(header_key(column.title))


def _by_group(group: str, words: Wording) -> Iterable[Candidate]:
    """The group names the column, the sub-headers its pieces («Приказ»: «№», «дата»)."""
    for offer in words.candidates(group):
        if words.plan.column(offer.column).type in (*_JOINS, "bool"):
            yield Candidate(offer.column, offer.grade, offer.strength / 2)


def _give_name_parts(heads: Sequence[Head], words: Wording, meant: _Meant, draft: _Draft) -> None:
    parts: dict[str, dict[int, Head]] = {}
    for head in heads:
        part = words.name_part(head.parts[-1], " ".join(head.parts[:-1]))
        if part:
            parts.setdefault(part[0], {}).setdefault(part[1], head)
    for column, named in parts.items():
        whole = any(
            offer.column == column and offer.grade is Grade.EXACT
            for head in heads
            if head not in named.values()
            for offer in meant[head.column]
        )
        if 0 in named and not (whole and len(named) == 1):
            draft.taken[column] = [named[number] for number in sorted(named)]
            draft.grades[column] = Grade.EXACT if len(named) > 1 else Grade.DOUBTFUL
            draft.placed |= {head.column for head in named.values()}
            draft.joins[column] = " "


def _join_or_repeat(heads: Sequence[Head], words: Wording, meant: _Meant, draft: _Draft) -> None:
    """Headers left over: a further telephone is joined, any other second one is named."""
    for head in heads:
        if head.column in draft.placed:
            continue
        taken = [c for c in meant[head.column] if c.column in draft.taken]
        offer = next(
            (c for c in taken if _is_piece(head, c, draft) or c.grade > Grade.DOUBTFUL), None
        )
        if offer is None or words.plan.column(offer.column).ignored:
            continue
        column = words.plan.column(offer.column)
        pieces = _is_piece(head, offer, draft) and column.type in _JOINS
        if column.type == "contacts" or pieces:
            draft.taken[column.name].append(head)
            draft.joins.setdefault(column.name, _JOINS[column.type])
        else:
            draft.repeated.append((head.text, column.name))
        draft.placed.add(head.column)


def _is_piece(head: Head, offer: Candidate, draft: _Draft) -> bool:
    """Whether the header stands under the same group as the one that has the column."""
    group = head.parts[:-1]
    return bool(group) and draft.taken[offer.column][0].parts[:-1] == group


def _mapping(heads: Sequence[Head], words: Wording, draft: _Draft) -> Columns:
    extra = tuple(head for head in heads if head.column not in draft.placed)
    sources = {
        column.name: Source(
            tuple(head.column for head in draft.taken[column.name]),
            draft.joins.get(column.name, ""),
        )
        for column in words.plan.columns
        if column.name in draft.taken
    }
    doubtful = tuple(
        (draft.taken[name][0].text, name)
        for name in sources
        if draft.grades[name] is Grade.DOUBTFUL
    )
    hits = sum(
        draft.grades[column.name] > Grade.DOUBTFUL
        for column in words.plan.kept
        if column.name in sources
    )
    strange = sum(head.key not in SERVICE for head in extra) + len(draft.repeated)
    score = _score(sources, draft.grades, words) - _STRANGE * strange
    exact = all(grade is Grade.EXACT for grade in draft.grades.values())
    needed = all(c.name in sources for c in words.plan.columns if c.required == "error")
    perfect = exact and needed and not extra and not draft.repeated and hits > _SURE_HITS
    return Columns(sources, score, hits, doubtful, tuple(draft.repeated), extra, perfect)


def most_points(heads: int) -> float:
    """Return what the headers of a table can score at most."""
    return heads * (_MOST_WEIGHT + _JOINED) + _PERSON


def _score(sources: Mapping[str, Source], grades: Mapping[str, Grade], words: Wording) -> float:
    score = 0.0
    for column in words.plan.columns:
        if column.name in sources:
            weight = 0.1 if column.ignored else _MOST_WEIGHT if column.official else 1.0
            weight += column.required == "error" and not column.official
            score += weight * (0, 0.5, 0.9, 1)[grades[column.name]]
            score += _JOINED * (len(sources[column.name].columns) - 1)
        elif column.required == "error":
            score -= _ABSENT
    return score + _person_first(sources, words)


def _person_first(sources: Mapping[str, Source], words: Wording) -> float:
    """Both bases name both sides of a pair; whose base it is stands first."""
    plan = words.plan
    if plan.person is None:
        return 0.0
    if plan.person not in sources:
        return -_PERSON
    people = [
        source.columns[0]
        for name, source in sources.items()
        if plan.column(name).type in ("fio", "fio_list")
    ]
    alone = len(people) == 1
    return 0.0 if alone else _PERSON if sources[plan.person].columns[0] == min(people) else -_PERSON
