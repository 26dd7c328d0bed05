"""What overran beside others is tried again alone."""

from __future__ import annotations

import itertools
import threading
import time

from pipeline.reading import pool as pool_module
from pipeline.reading.pool import Workers
from pipeline.reading.turns import Turns
from tests.reading.test_pool import setup


def test_what_overran_beside_others_is_read_alone(tmp_path, monkeypatch):
    """The first child is given no time at all, as on a machine where others take all of it."""
    asked = []
    numbers = itertools.count()

    def file(text):
        path = tmp_path / f"{next(numbers)}.csv"
        path.write_text(f"{text};конец\n", encoding="utf-8")
        return path.stem, path, path.name

    ask = pool_module._Child.ask

    def starved(child, request, seconds):
        reading = b'"name"' in request and b"0.csv" in request
        asked.append(reading)
        return ask(child, request, 0.0 if reading and asked.count(True) == 1 else seconds)

    monkeypatch.setattr(pool_module._Child, "ask", starved)
    with Workers(setup(), count=2) as workers:
        parsed = [p for _, p in workers.read([file("sleep 1"), *(file("да") for _ in range(6))])]
    assert [p.reason for p in parsed] == [None] * 7
    assert asked.count(True) == 2


def test_nobody_works_beside_whoever_works_alone():
    turns, seen, working = Turns(), [], []

    def work(place, way):
        with way():
            working.append(place)
            seen.append(tuple(working))
            time.sleep(0.01)
            working.remove(place)

    ways = [turns.alone if place % 3 == 0 else turns.beside for place in range(12)]
    threads = [threading.Thread(target=work, args=pair) for pair in enumerate(ways)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert len(seen) == 12
    assert not any(len(at) > 1 and any(place % 3 == 0 for place in at) for at in seen)
