"""Who works beside others and who has the machine to itself."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator


class Turns:
    """Work that goes side by side, and work that waits until nothing else is at work."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._working = 0
        self._waiting_alone = 0

    @contextlib.contextmanager
    def beside(self) -> Iterator[None]:
        """Work beside others, after whoever waits to work alone."""
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting_alone and self._working >= 0)
            self._working += 1
        try:
            yield
        finally:
            with self._changed:
                self._working -= 1
                self._changed.notify_all()

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Work when nobody else does, and let nobody begin meanwhile."""
        with self._changed:
            self._waiting_alone += 1
            self._changed.wait_for(lambda: not self._working)
            self._waiting_alone -= 1
            self._working = -1
        try:
            yield
        finally:
            with self._changed:
                self._working = 0
                self._changed.notify_all()
