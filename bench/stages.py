"""What each stage takes, by timers put around functions from outside; the product knows nothing.

A function that is no longer there is told, not guessed: give its successor's name in `STAGES`.
"""

from __future__ import annotations

import functools
import importlib
import resource
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

# Stage → the functions it consists of, by the module that calls them.
STAGES: Mapping[str, tuple[str, ...]] = {
    "imports": (
        "pipeline.workspace.plugin_loader:Loader.describe",
        "pipeline.workspace.compiled:LazyForms.open",
    ),
    "open and close": ("pipeline.store.store:Store.open", "pipeline.store.store:Store.close"),
    "accept: find and archive": ("pipeline.run:waiting",),
    "accept: read (wait for children)": (
        "pipeline.acceptance.accept:_Reading.upto",
        "pipeline.acceptance.accept:_Reading.__init__",
        "pipeline.reading.pool:Workers.__exit__",
    ),
    "accept: check": ("pipeline.acceptance.accept:prepare", "pipeline.acceptance.accept:decide"),
    "accept: store": (
        "pipeline.store.batch:Batch.append",
        "pipeline.store.batch:Batch.finish",
        "pipeline.workspace.exchange:Exchange.keep_grounds",
    ),
    "accept: answers": (
        "pipeline.acceptance.accept:write_answer",
        "pipeline.acceptance.inbox:take_away",
    ),
    "publish: summaries": ("pipeline.run:merge",),
    "publish: indicators": ("pipeline.run:find_indicators",),
    "publish: documents": ("pipeline.run:write_documents", "pipeline.run:write_followups"),
    "publish: package": ("pipeline.run:package", "pipeline.run:load_if_unchanged"),
}


class Timers:
    """Wall and CPU seconds of each stage, without what a stage inside it took."""

    def __init__(self) -> None:
        self.wall: dict[str, float] = defaultdict(float)
        self.cpu: dict[str, float] = defaultdict(float)
        self.missing: list[str] = []
        self._begun = (time.perf_counter(), time.process_time())
        self._inside: list[list[float]] = []

    def timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return *function* with a timer around it."""

        @functools.wraps(function)
        def call(*args: Any, **words: Any) -> Any:
            if threading.current_thread() is not threading.main_thread():
                # It runs beside the stages, whose CPU it is told with.
                return function(*args, **words)
            wall, cpu = time.perf_counter(), time.process_time()
            self._inside.append([0.0, 0.0])
            try:
                return function(*args, **words)
            finally:
                took = time.perf_counter() - wall, time.process_time() - cpu
                inner = self._inside.pop()
                self.wall[stage] += took[0] - inner[0]
                self.cpu[stage] += took[1] - inner[1]
                if self._inside:
                    self._inside[-1][0] += took[0]
                    self._inside[-1][1] += took[1]

        return call

    def told(self) -> dict[str, Any]:
        """Return all figures; «elsewhere» is what no timer saw, «children» ran beside us."""
        wall = time.perf_counter() - self._begun[0]
        cpu = time.process_time() - self._begun[1]
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        lines = {stage: [self.wall[stage], self.cpu[stage]] for stage in STAGES}
        lines["elsewhere"] = [wall - sum(self.wall.values()), cpu - sum(self.cpu.values())]
        lines["children"] = [0.0, children.ru_utime + children.ru_stime]
        return {"stages": lines, "missing": self.missing}


def watch() -> Timers:
    """Put the timers around everything in `STAGES`; the modules that takes are imports too."""
    timers = Timers()
    bring = timers.timed("imports", importlib.import_module)
    bring("pipeline.run")
    for stage, places in STAGES.items():
        for place in places:
            module, _, path = place.partition(":")
            try:
                holder = bring(module)
                *owners, name = path.split(".")
                for owner in owners:
                    holder = getattr(holder, owner)
                setattr(holder, name, timers.timed(stage, getattr(holder, name)))
            except (ImportError, AttributeError):
                timers.missing.append(place)
    return timers
