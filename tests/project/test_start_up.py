"""What a command loads: those that read no data must not wait for the libraries of tables."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("openpyxl", "pandas", "pandera", "prefect", "sqlalchemy")
RUN = """
import sys
from pipeline.cli import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
finally:
    print("LOADED", *sorted(name for name in sys.modules if "." not in name))
"""


def loaded(folder, *words):
    """Return those heavy packages that a command has loaded at its end."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, *words],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return set(done.stdout.rsplit("LOADED", 1)[1].split()) & set(HEAVY)


@pytest.mark.parametrize(
    ("words", "allowed"),
    [
        (["--help"], set()),
        (["init", "."], set()),
        # Its module answers for every command, and the modules it names open the store's package.
        # It names plugins that do not work, so it asks them all, contracts among them.
        (["doctor"], {"sqlalchemy", "pandas", "pandera"}),
    ],
)
def test_what_reads_no_data_loads_no_library_of_tables(tmp_path, words, allowed):
    if words != ["init", "."]:
        loaded(tmp_path, "init", ".")
    assert loaded(tmp_path, *words) <= allowed
