"""What a flow leaves behind is collected before other tests run, whose warnings are errors."""

from __future__ import annotations

import gc
import warnings

import pytest


@pytest.fixture(autouse=True, scope="module")
def _collected():
    yield
    with warnings.catch_warnings():
        # Prefect's client leaves sockets of its own thread to the collector when a loop ends.
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
