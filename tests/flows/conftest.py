"""What a flow leaves behind is ended before other tests run, whose warnings are errors."""

from __future__ import annotations

import gc
import warnings

import pytest


@pytest.fixture(autouse=True, scope="module")
def _ended():
    yield
    from prefect.events.worker import EventsWorker  # noqa: PLC0415  # seconds, and only flows need it

    # Its connection would be kept alive by pings of random bytes, drawn from the generator whose
    # state Hypothesis watches in whatever test runs at that moment.
    EventsWorker.drain_all(timeout=10)
    with warnings.catch_warnings():
        # Prefect's client leaves sockets of its own thread to the collector when a loop ends.
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
