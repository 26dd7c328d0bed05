"""A table and a card that claim the same rows of a sheet: the surer one has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.reading.recognise.cards import Card
from pipeline.reading.recognise.grid import Grid
from pipeline.reading.recognise.headers import DEEPEST, most_points
from pipeline.reading.recognise.tables import Table, title_start


def in_card(grid: Grid, row: int, cards: Sequence[Card]) -> bool:
    """Whether a card has the row and is surer than any table that has it could be."""
    around = range(max(row - DEEPEST + 1, 0), min(row + DEEPEST, grid.height))
    if any(near in grid.odd for near in around):
        return False
    most = most_points(len(set().union(*(grid.filled[near] for near in around))))
    return any(card.first <= row <= card.last and card.score > most for card in cards)


def settle(
    grid: Grid, tables: Sequence[Table], cards: Sequence[Card]
) -> tuple[list[Table], list[Card]]:
    """Let the surer one have the rows that a table and a card both claim.

    A card beside a table must be nearly whole: the lines above a table on paper look like one.
    """
    best = max((card.score for card in cards), default=0.0)
    strongest = max((table.columns.score for table in tables), default=0.0)
    if best > strongest:
        tables = [t for t in tables if not any(_share(t, card) for card in cards)]
    cards = [
        card
        for card in cards
        if not any(_share(table, card) for table in tables) and (not tables or _is_whole(card))
    ]
    cut = [
        replace(table, last=min([table.last, *_starts_below(grid, table, cards)]))
        for table in tables
    ]
    return cut, cards


def _share(table: Table, card: Card) -> bool:
    return card.first <= table.header[1] and table.header[0] <= card.last


def _is_whole(card: Card) -> bool:
    asked = {column.name for column in card.plan.columns if column.required == "error"}
    return 2 * len(asked & {line.column for line in card.lines}) >= len(asked)


def _starts_below(grid: Grid, table: Table, cards: Sequence[Card]) -> list[int]:
    return [
        title_start(grid, card.first, table.header[1] + 1) - 1
        for card in cards
        if card.first > table.header[1]
    ]


def apart(cards: Sequence[Card]) -> list[Card]:
    """Keep the surest of cards that claim the same lines."""
    kept: list[Card] = []
    for card in sorted(cards, key=lambda card: -card.score):
        if all(card.last < other.first or other.last < card.first for other in kept):
            kept.append(card)
    return sorted(kept, key=lambda card: card.first)
