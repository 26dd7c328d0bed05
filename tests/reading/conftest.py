"""What the tests of reading share: files that order something of a child, and a pool."""

from __future__ import annotations

import pytest

from pipeline.reading.pool import Workers
from tests.support.pools import setup


@pytest.fixture
def order(tmp_path):
    """Write a file that orders something of the child and return it as the pool wants it."""
    made = []

    def write(text: str | bytes):
        number = str(len(made))
        path = tmp_path / f"{number}.csv"
        path.write_bytes(text if isinstance(text, bytes) else f"{text};конец\n".encode())
        made.append(path)
        return number, path, path.name

    return write


@pytest.fixture
def pool():
    with Workers(setup(), count=2) as workers:
        yield workers
