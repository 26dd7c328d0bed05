"""One table of words for outcomes and states, and one rule of plural forms."""

from __future__ import annotations

from typing import get_args

import pytest

from pipeline.model import Outcome
from pipeline.views import BoardState
from pipeline.words import STATES, counted


def test_every_outcome_and_state_has_its_words():
    """The screen knew no «заменено» and printed the code of it."""
    assert set(STATES) == {*get_args(Outcome), *get_args(BoardState)}
    assert STATES["superseded"].long == "заменено"
    assert STATES["accepted_partly"].heading == "Принято частично"


@pytest.mark.parametrize("state", STATES)
def test_words_of_a_column_are_short_and_no_two_states_share_words(state):
    words = STATES[state]
    assert len(words.short) <= 10
    others = [other for code, other in STATES.items() if code != state]
    assert words.long not in [other.long for other in others]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0 строк"),
        (1, "1 строка"),
        (3, "3 строки"),
        (5, "5 строк"),
        (11, "11 строк"),
        (21, "21 строка"),
        (104, "104 строки"),
        (114, "114 строк"),
    ],
)
def test_a_noun_agrees_with_its_number(number, words):
    assert counted(number, "строка", "строки", "строк") == words
