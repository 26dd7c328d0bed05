"""Whatever happens in whatever order, the store agrees with a plain rule kept in memory."""

import itertools
import random
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.model import ACCEPTED
from pipeline.store.store import Store
from tests.support.store_facts import (
    AT,
    FORM,
    PERIOD,
    answer,
    check_whole,
    held,
    part,
    question,
    send,
    withdraw,
)

UNITS = ("school-1", "school-2")
KEYS = ("Аня", "Боря", "Вера")


def some_story(chance, length=60):
    """Arrivals, answers and withdrawals in any order; what does not fit is passed over."""
    for _ in range(length):
        yield chance.choices((some_arrival, some_answer, some_withdrawal), (6, 5, 1))[0](chance)


def some_arrival(chance):
    cells = {key: chance.choice((True, False, None)) for key in KEYS}
    return (
        arrive,
        chance.choices(UNITS, (3, 1))[0],
        {key: good for key, good in cells.items() if good is not None},
        chance.choice(("accepted", "accepted_partly", "rejected", "held", "held")),
        chance.choice(("snapshot", "snapshot", "append")),
        chance.choice(("rows", "rows", "rows", "nil", "unchanged")),
    )


def some_answer(chance):
    indexes = chance.choice(((0, 1), (1, 0), (0,), (1,)))
    return (
        reply,
        chance.randrange(99),
        indexes,
        chance.choice(("yes", "yes", "yes", "reject", None)),
    )


def some_withdrawal(chance):
    return take_out, chance.randrange(99)


@dataclass
class Sent:
    """A part as the plain rule knows it."""

    number: int
    unit: str
    cells: dict
    outcome: str
    mode: str
    kind: str
    applied: int
    answers: dict
    asked: bool = False
    withdrawn: bool = False


def version(parts, place, key):
    """What stands for *key* after the first *place* parts: (number, kept from before) or None.

    The rule is read backwards from the newest part, one key at a time; the store goes forwards.
    """
    if place == 0:
        return None
    newest, before = parts[place - 1], version(parts, place - 1, key)
    if newest.kind == "unchanged":
        return before
    accepted = newest.cells.get(key)
    if accepted:
        return (newest.number, False)
    if accepted is False:
        return before and (before[0], True)
    return before if newest.mode == "append" else None


class Rule:
    """The oracle: all parts in a list, looked through anew at each question."""

    def __init__(self):
        self.sent = []

    def counting(self, unit):
        parts = [p for p in self.sent if not p.withdrawn and p.unit == unit]
        parts = [p for p in parts if p.outcome in ACCEPTED]
        return sorted(parts, key=lambda p: (p.applied, p.number))

    def in_force(self, unit):
        parts = self.counting(unit)
        found = {key: version(parts, len(parts), key) for key in KEYS}
        return {key: what for key, what in found.items() if what}

    def decide(self, one):
        """Two questions: whose the file is, and whether it counts."""
        unit, doubt = one.answers[0], one.answers[1]
        one.unit = unit[0] if unit and unit[0] != "reject" else UNITS[0]
        if any(choice and choice[0] == "reject" for choice in (unit, doubt)):
            one.outcome = "rejected"
        elif unit and doubt:
            one.outcome, one.applied = "accepted_partly", one.number
        else:
            one.outcome = "held"


def arrive(store, rule, unit, cells_, outcome, *form):
    mode, kind = form
    content = cells_ if kind == "rows" else {}
    text = " ".join(key if good else f"!{key}" for key, good in content.items())
    flags = {"mode": mode, "nil": kind == "nil", "unchanged": kind == "unchanged"}
    questions, made = (), part(text, outcome, unit=unit, **flags)
    if outcome == "held":
        unit = UNITS[0]
        questions = (question("unit_conflict", 0, (*UNITS, "reject")), question())
        made = held(text, "accepted_partly", unit=unit, **flags)
    number = send(store, made, unit=unit, questions=questions)
    nothing = {0: None, 1: None}
    rule.sent.append(
        Sent(number, unit, content, outcome, mode, kind, number, nothing, asked=bool(questions))
    )


def reply(store, rule, place, indexes, choice):
    asked = [one for one in rule.sent if one.asked]
    for index in indexes if asked else ():
        reply_one(store, rule, asked[place % len(asked)], index, choice)


def reply_one(store, rule, one, index, choice):
    if choice is None and one.answers[index] is None:
        return
    if choice == "yes":
        choice = UNITS[one.number % 4 == 0] if index == 0 else "accept"
    seq = answer(store, one.number, choice, index)
    one.answers[index] = None if choice is None else (choice, seq)
    rule.decide(one)


def take_out(store, rule, place):
    able = [one for one in rule.sent if one.outcome != "rejected" and not one.withdrawn]
    if able:
        one = able[place % len(able)]
        withdraw(store, one.number)
        one.withdrawn = True


def agree(store, rule):
    for unit in UNITS:
        rows = store.rows_in_force(PERIOD, FORM, unit)
        assert {row.key: (row.submission, row.prior) for row in rows} == rule.in_force(unit)
        parts = rule.counting(unit)
        newest = store.in_force(unit, FORM, PERIOD)
        assert (newest and newest.number) == (parts[-1].number if parts else None)


@pytest.mark.parametrize("seed", range(12))
def test_the_store_agrees_with_the_plain_rule_after_every_fact(tmp_path, seed):
    store, rule = Store.open(tmp_path), Rule()
    for step, *details in some_story(random.Random(seed)):
        step(store, rule, *details)
        agree(store, rule)
    check_whole(store)
    agree(store, rule)
    store.close()


SIZES = st.lists(st.sampled_from((1, 2, 7, 50)), min_size=1, max_size=5)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 1 << 30), sizes=SIZES, others=SIZES)
def test_batches_of_any_size_tell_the_same_story(tmp_path, seed, sizes, others):
    """Every question inside a batch is answered as if its facts were recorded one by one."""
    folders = [tempfile.mkdtemp(dir=tmp_path) for _ in range(2)]
    one, other = (Store.open(Path(folder)) for folder in folders)
    story, rule = list(some_story(random.Random(seed), length=40)), Rule()
    for some in chunks(story, sizes):
        with one.batch():
            for step, *details in some:
                step(one, rule, *details)
                agree(one, rule)
        agree(one, rule)
    for some in chunks(range(1, one.head.seq + 1), others):
        with other.batch() as batch:
            for number in some:
                assert batch.append(one.record(number), AT) == number
    assert (other.head, other.digest()) == (one.head, one.digest())
    for store in (one, other):
        check_whole(store)
        store.close()


def chunks(things, sizes):
    """Pieces of these sizes, in turn."""
    left = iter(things)
    for size in itertools.cycle(sizes):
        some = list(itertools.islice(left, size))
        if not some:
            return
        yield some


def test_the_plain_rule_itself_tells_a_known_story():
    """The oracle is not trusted blindly: «прежние данные» through a rejected row."""
    rule = Rule()
    for number, content in ((1, {"Аня": True, "Боря": True}), (2, {"Аня": True, "Боря": False})):
        nothing = {0: None, 1: None}
        rule.sent.append(
            Sent(number, "school-1", content, "accepted", "snapshot", "rows", number, nothing)
        )
    assert rule.in_force("school-1") == {"Аня": (2, False), "Боря": (1, True)}
