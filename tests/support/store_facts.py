"""Short words for recorded facts, so that a scenario reads as a story."""

from __future__ import annotations

import itertools

from pipeline.store.records import (
    DecisionRecord,
    PartRecord,
    QuestionRecord,
    RowColumns,
    RowRecord,
    SubmissionRecord,
    WithdrawalRecord,
)

AT = "2026-09-15T03:00:00+00:00"
PERIOD = "2026-2027"
FORM = "F04"
UNIT = "school-1"
_bytes = itertools.count()


def rows(text):
    """Rows from «Аня=1 !Боря Вера=2»: accepted ones with a value, «!» marks a rejected one."""
    made = []
    for line, word in enumerate(text.split(), start=2):
        key, _, value = word.lstrip("!").partition("=")
        if word.startswith("!"):
            made.append(RowRecord(line, key, "rejected"))
        else:
            made.append(RowRecord(line, key, "accepted", {"who": key, "age": int(value or 0)}))
    return RowColumns.of(made)


def part(text="", outcome="accepted", **more):
    """One part of the usual unit, form and period."""
    fields = {"form": FORM, "unit": UNIT, "period": PERIOD, "contract": "c1", **more}
    made = rows(text)
    if outcome != "held":
        fields.setdefault("counts", {"accepted": made.states.count("accepted")})
    return PartRecord(outcome=outcome, rows=made, **fields)


def held(text="", proposed="accepted", **more):
    """A part that waits for an answer."""
    return part(text, "held", proposed=proposed, **more)


def question(kind="rows_absent_many", part_index=0, choices=("accept", "reject")):
    return QuestionRecord(kind, {choice: choice.upper() for choice in choices}, part_index)


def submission(*parts, sha256=None, unit=UNIT, questions=(), **more):
    """A file with these parts; bytes that nobody sent before unless *sha256* says so."""
    fields = {
        "sha256": sha256 or f"{next(_bytes):064x}",
        "name": "Книга ОО.xlsx",
        "size": 7000,
        "modified": 1789437600.25,
        "folder": unit or "",
        "subfolder": "",
        "scan": "1",
        "moment": AT,
        "judged_by": {"registry": "r1"},
        **more,
    }
    outcome = parts[0].outcome if parts else "rejected"
    return SubmissionRecord(
        unit=unit, outcome=outcome, parts=parts, questions=tuple(questions), **fields
    )


def send(store, *parts, **more):
    """Record a submission and return its number."""
    return store.append(submission(*parts, **more), AT)


def answer(store, number, choice, index=0):
    """Record a person's answer to a question of a submission (None revokes it)."""
    return store.append(DecisionRecord(f"{number}.{index}", choice, "Иванова И. И.", AT), AT)


def withdraw(store, number, part_index=0):
    """Record that a person takes a part out of force."""
    return store.append(WithdrawalRecord(number, part_index, "Иванова И. И.", AT), AT)


def values(store, unit=UNIT, form=FORM, period=PERIOD):
    """What is in force as «Аня=1 Боря=2*»: the star marks a row kept from before."""
    found = store.rows_in_force(period, form, unit)
    words = [f"{row.values['who']}={row.values['age']}{'*' * row.prior}" for row in found]
    return " ".join(sorted(words))


def rows_of(store, number, part_index=0):
    """The rows of one part in the order they were recorded, whatever became of them."""
    places = (f"{number}.{part_index}.{place}" for place in itertools.count())
    return list(itertools.takewhile(bool, map(store.row, places)))


def outcomes(store, number):
    """What the parts of a submission are now."""
    return [one.outcome_now for one in store.submission(number).parts]


def check_whole(store):
    """What must be true after any story: nothing lost, nothing damaged, the same when rebuilt."""
    digest = store.digest()
    assert store.verify() == []
    assert [one for one in store.conservation(PERIOD) if not one.holds] == []
    store.rebuild()
    assert store.digest() == digest
