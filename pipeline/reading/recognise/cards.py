"""Cards: labels on the left, values to the right of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from contracts.plan import FormPlan
from pipeline.reading.recognise.grid import Grid, Place
from pipeline.reading.recognise.known import KnownWordings
from pipeline.reading.recognise.phrases import may_be_label
from pipeline.reading.recognise.tables import hint_of
from pipeline.reading.recognise.words import Candidate, Grade, Wording
from pipeline.text import fold, header_key

_VALUE_HEADS = frozenset(
    (
        *("значение", "ответ", "ваш ответ", "сведения", "данные", "показатель факт", "факт"),
        *("количество", "количество чел", "число", "численность", "всего", "итого"),
    )
)
_OTHER_HEADS = frozenset(
    (
        "пример",
        "образец",
        "пояснение",
        "пояснения",
        "подсказка",
        "комментарий",
        "примечание",
        "как заполнять",
        "что писать",
        "единица измерения",
        "ед изм",
        *("строки", "номер строки", "код строки", "код", "код показателя", "план"),
        *("из них женщины", "из них женщин", "женщин", "женщины"),
    )
)
_UNITS = re.compile(r"(?:чел(?:овек)?|ед|шт|%|да/нет|лет)\.?")
_EXAMPLE = re.compile(r"(?:пример|например|образец)\b")
_LINES_ABOVE = 8
_LEAST_HITS = 4
# Nobody's card is longer; a table of thousands of rows is not searched for labels.
_MOST_LINES = 400


@dataclass(frozen=True, slots=True)
class Labels:
    """Texts that may be labels, with their places; `worded` are those that some form could know."""

    places: dict[str, list[Place]]
    worded: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One label of a card and the cell of its value, where there is one."""

    row: int
    column: str
    label: str
    value: Place
    grade: Grade


@dataclass(frozen=True, slots=True)
class Card:
    """A card of a form on a sheet; rows and columns count from 0.

    `repeated` pairs a label with the column that has one already; `extra` are labels with a
    value that the form does not ask for.
    """

    plan: FormPlan
    lines: tuple[Line, ...]
    label_column: int
    first: int
    last: int
    score: float
    repeated: tuple[tuple[str, str], ...] = ()
    extra: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()


def labels_of(grid: Grid, known: KnownWordings) -> Labels:
    """Return what may be a label of some card: texts at the left of a sheet and their places."""
    found: dict[str, list[Place]] = {}
    for row in range(min(grid.height, _MOST_LINES)):
        for column in grid.filled[row][:3]:
            found.setdefault(grid.texts[row][column], []).append((row, column))
    places = {text: places for text, places in found.items() if may_be_label(text)}
    return Labels(places, tuple(filter(known.may_mean, places)))


def find_card(
    grid: Grid, labels: Labels, words: Wording, *, least: int = _LEAST_HITS
) -> Card | None:
    """Return the card of one form on the sheet, if its labels stand one below another.

    At least *least* labels must be sure; two less where a title or the sheet's name says so.
    """
    if not _is_hopeful(labels, words, least - 2):
        return None
    offers = _offers(labels, words)
    if not offers:
        return None
    counts = {column: len({c.column for _, c in found}) for column, found in offers.items()}
    label_column = max(counts, key=lambda column: (counts[column], -column))
    given, repeated = _assign(grid, offers[label_column], label_column)
    hits = sum(offer.grade > Grade.DOUBTFUL for offer in given.values())
    rows = sorted(given)
    if not rows:
        return None
    titles = _titles(grid, rows[0])
    hint = hint_of(words, titles, grid.sheet.name)
    if hits < (least - 2 if hint else least):
        return None
    last = _end(grid, rows[-1], label_column)
    values = _values(grid, words.plan, rows, (label_column, last))
    lines = tuple(
        Line(
            row,
            offer.column,
            grid.texts[row][label_column],
            (row, values[row]),
            offer.grade,
        )
        for row, offer in sorted(given.items())
    )
    extra = _extra(grid, label_column, values, (rows[0], last), {*given, *repeated})
    # Below the card «Директор» stands for a signature.
    named = tuple(
        (grid.texts[row][label_column], name) for row, name in repeated.items() if row <= last
    )
    score = sum(offer.grade / 3 for offer in given.values()) + hint
    return Card(words.plan, lines, label_column, rows[0], rows[-1], score, named, extra, titles)


def _is_hopeful(labels: Labels, words: Wording, least: int) -> bool:
    """Whether enough labels are sure: most sheets are over before anything is guessed."""
    sure: set[str] = set()
    for text in labels.worded:
        sure.update(o.column for o in words.worded(text) if o.grade > Grade.DOUBTFUL)
        if len(sure) >= least:
            return True
    return False


def cards_of_one_person(grid: Grid, labels: Labels, wordings: Sequence[Wording]) -> list[Card]:
    """A list of one person written as a card: the only curator, labels left and answers right."""
    lists = [words for words in wordings if words.plan.layout == "table" and words.plan.person]
    found = [card for words in lists if (card := find_card(grid, labels, words)) is not None]
    found = [
        card
        for card in found
        if card.plan.person in {line.column for line in card.lines} and _answers_once(grid, card)
    ]
    return sorted(found, key=lambda card: -card.score)[:1]


def _answers_once(grid: Grid, card: Card) -> bool:
    """Whether no two people stand side by side: a list turned by 90 degrees is not read."""
    beside = [
        sum(column > card.label_column for column in grid.filled[line.row]) for line in card.lines
    ]
    return max(beside) < 2


def _offers(labels: Labels, words: Wording) -> dict[int, list[tuple[int, Candidate]]]:
    """Return by sheet column: the rows whose text is a label of the form."""
    found = [
        (row, column, offer)
        for text, places in labels.places.items()
        for offer in words.candidates(text)
        for row, column in places
    ]
    by_column: dict[int, list[tuple[int, Candidate]]] = {}
    for row, column, offer in sorted(found, key=lambda one: one[:2]):
        by_column.setdefault(column, []).append((row, offer))
    return by_column


def _assign(
    grid: Grid, offers: Sequence[tuple[int, Candidate]], label_column: int
) -> tuple[dict[int, Candidate], dict[int, str]]:
    """Give every label to one column of the form, the surest first; name second ones."""
    given: dict[int, Candidate] = {}
    taken: set[str] = set()
    for row, offer in sorted(offers, key=lambda o: (-o[1].grade, -o[1].strength, o[0])):
        if row not in given and offer.column not in taken:
            given[row] = offer
            taken.add(offer.column)
    repeated: dict[int, str] = {}
    for row, offer in offers:
        beside = any(column > label_column for column in grid.filled[row])
        if row not in given and offer.grade > Grade.DOUBTFUL and beside:
            repeated.setdefault(row, offer.column)
    return given, repeated


def _titles(grid: Grid, first: int) -> tuple[str, ...]:
    return tuple(grid.texts[i][j] for i in range(first) for j in grid.filled[i][:2])


def _end(grid: Grid, last: int, label: int) -> int:
    """Return the last line below that stands on without a gap."""
    while grid.text(last + 1, label):
        last += 1
    return last


def _values(
    grid: Grid, plan: FormPlan, rows: Sequence[int], bounds: tuple[int, int]
) -> dict[int, int]:
    """Return the value column of every row from the first label to the end of the card."""
    label, last = bounds
    stated, closed = _stated(grid, rows[0], label)
    closed |= _counting(grid, rows, label)
    helps = {fold(column.help) for column in plan.columns if column.help}
    beside = {
        row: [
            column
            for column in grid.filled[row]
            if column > label
            and column not in closed
            and not _is_help(grid.texts[row][column], helps)
        ]
        for row in range(rows[0], last + 1)
    }
    if stated is None:
        usual = Counter(beside[row][0] for row in rows if beside[row])
        stated = min(usual, key=lambda column: (-usual[column], column)) if usual else label + 1
    return {
        row: stated
        if stated in columns
        else next((column for column in columns if column < stated), stated)
        for row, columns in beside.items()
    }


def _stated(grid: Grid, first: int, label: int) -> tuple[int | None, set[int]]:
    """Return the column that a line above calls «Значение», and those of help and examples."""
    closed: set[int] = set()
    for row in range(max(0, first - _LINES_ABOVE), first + 1):
        keys = {j: header_key(grid.texts[row][j]) for j in grid.filled[row] if j > label}
        closed |= {column for column, key in keys.items() if key in _OTHER_HEADS}
        named = [column for column, key in keys.items() if key in _VALUE_HEADS]
        if named:
            return named[0], closed
    return None, closed


def _counting(grid: Grid, rows: Sequence[int], label: int) -> set[int]:
    """Return columns that only number the lines, as in ОО-1; values stand to their right."""
    found = set()
    for column in range(label + 1, grid.width):
        texts = [grid.text(row, column) for row in rows]
        numbers = [int(text) for text in texts if text.isascii() and text.isdigit()]
        steps = [b - a for a, b in pairwise(numbers)]
        further = any(grid.filled[row][-1] > column for row in rows)
        counts = len(numbers) == len(rows) >= _LEAST_HITS and all(step == 1 for step in steps)
        if counts and further:
            found.add(column)
    return found


def _is_help(text: str, helps: set[str]) -> bool:
    key = fold(text[:300])
    return key in helps or _UNITS.fullmatch(key) is not None or _EXAMPLE.match(key) is not None


def _extra(
    grid: Grid, label: int, values: dict[int, int], span: tuple[int, int], known: set[int]
) -> tuple[str, ...]:
    return tuple(
        grid.text(row, label)
        for row in range(span[0], span[1] + 1)
        if row not in known and grid.text(row, label) and grid.text(row, values[row])
    )
