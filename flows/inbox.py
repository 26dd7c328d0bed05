"""Watches the inbox, so that a school's file is answered in a minute and not in the evening."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver
from watchdog.observers.polling import PollingObserver

from pipeline import system

QUIET_SECONDS = 5.0
_LOOK_SECONDS = 10
# What our own taking away and reading of files causes is no news.
_ARRIVING = ("created", "modified", "moved", "closed")


class Drops(FileSystemEventHandler):
    """Remembers when something last came, and tells once it has been quiet for a while."""

    def __init__(self) -> None:
        self._last: float | None = None

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Hear that a file came or grew; called in the observer's thread."""
        if not event.is_directory and event.event_type in _ARRIVING:
            self._last = time.monotonic()

    def settled(self, quiet: float = QUIET_SECONDS) -> bool:
        """Whether something came and nothing has moved for *quiet* seconds since; said once."""
        if self._last is None or time.monotonic() - self._last < quiet:
            return False
        self._last = None
        return True


class Inbox:
    """The watched inbox; a share that went away is watched again when it is back."""

    def __init__(self, folder: Path, drops: Drops) -> None:
        self.drops = drops
        self._folder = folder
        self._observer: BaseObserver | None = None

    def keep(self) -> bool:
        """Watch the inbox if it is not watched; return whether it is."""
        if self._observer is not None and not all(e.is_alive() for e in self._observer.emitters):
            self.end()
        if self._observer is None and self._folder.is_dir():
            self._observer = _observer(self._folder, self.drops)
        return self._observer is not None

    def end(self) -> None:
        """Stop watching."""
        if self._observer is not None:
            self._observer.stop()
            self._observer.join()
            self._observer = None


@contextlib.contextmanager
def watched(folder: Path, drops: Drops) -> Iterator[Inbox]:
    """Watch *folder* while inside."""
    inbox = Inbox(folder, drops)
    inbox.keep()
    try:
        yield inbox
    finally:
        inbox.end()


def _observer(folder: Path, drops: Drops) -> BaseObserver | None:
    """Watch by what the system tells where it does, else by looking every few seconds."""
    native: list[BaseObserver] = [] if system.on_network(folder) else [Observer()]
    for observer in (*native, PollingObserver(timeout=_LOOK_SECONDS)):
        observer.schedule(drops, str(folder), recursive=True)
        try:
            observer.start()
        except OSError:
            continue
        return observer
    return None
