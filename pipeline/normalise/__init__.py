"""Cells as people type them, turned into the canonical values that contracts speak of.

Runs in the limited child process: plain Python, nothing fetched, nothing raised on any input.
"""

from pipeline.normalise.cells import Cleaned, clean

__all__ = ["Cleaned", "clean"]
