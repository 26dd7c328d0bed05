"""One run holds the workspace, another one is told so at once."""

import contextlib
import subprocess
import sys
import time

import pytest

from pipeline.errors import BusyError, StorageError
from pipeline.workspace.lock import hold

HOLDER = """
import sys
from pathlib import Path
from pipeline.workspace.lock import hold
with hold(Path(sys.argv[1]), sys.argv[2] or None):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(params=["sqlite", "postgres"])
def url(request):
    """No address (SQLite), and the address of a PostgreSQL database."""
    return None if request.param == "sqlite" else request.getfixturevalue("postgres_url")


def test_a_second_run_is_refused_until_the_first_has_ended(tmp_path, url):
    with hold(tmp_path, url):
        with pytest.raises(BusyError, match="другой запуск"), hold(tmp_path, url):
            pass
        with pytest.raises(BusyError), hold(tmp_path, url):
            pass
    with hold(tmp_path, url):
        pass


def test_another_machine_with_the_same_database_is_refused(tmp_path, postgres_url):
    with (
        hold(tmp_path / "one", postgres_url),
        pytest.raises(BusyError),
        hold(tmp_path / "two", postgres_url),
    ):
        pass


def test_a_killed_run_leaves_the_workspace_free(tmp_path, url):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path), url or ""],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout.readline() == "held\n"
        with pytest.raises(BusyError), hold(tmp_path, url):
            pass
    finally:
        process.kill()
        process.communicate()
    for _ in range(50):
        # The database server needs a moment to see that its client is gone.
        with contextlib.suppress(BusyError), hold(tmp_path, url):
            break
        time.sleep(0.1)
    else:
        pytest.fail("a dead run holds the workspace")


def test_a_database_that_does_not_answer_is_a_storage_error(tmp_path):
    address = f"postgresql://nobody@/none?host={tmp_path}"
    with pytest.raises(StorageError), hold(tmp_path, address):
        pass


def test_busy_ends_with_exit_code_75():
    assert BusyError.exit_code == 75
