"""A run that is killed at any moment loses nothing, doubles nothing and leaves no litter."""

from __future__ import annotations

import random
import sys
import time

import pytest

from pipeline.workspace.exchange import open_exchange
from tests.support.killed_runs import Runs, copy, state, waiting_workspace
from tests.support.workspace import Opened, ReadHere

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks, counts in a memfd")
# One kill per stage of the way: archive, first file, answers, remarks that come later and are
# handed over, publication, package, the note of the newest fact.
FEW = (0.04, 0.25, 0.45, 0.69, 0.75, 0.93, 0.998)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A workspace with files of all kinds waiting."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.acceptance.accept.workers", ReadHere)
        return waiting_workspace(tmp_path_factory.mktemp("kill") / "ws")


@pytest.fixture(scope="module")
def runs():
    with Runs() as started:
        yield started


@pytest.fixture(scope="module")
def whole(place, runs, tmp_path_factory):
    """How the workspace ends when nobody kills anything, and how often that touches the disk."""
    folder = copy(place, tmp_path_factory.mktemp("whole") / "ws")
    ended, touches = runs.run(folder)
    assert ended == 0
    expected = state(folder)
    assert expected["damage"] == []
    assert Opened(folder).waiting() == []
    return expected, touches


def killed(place, runs, folder, **when):
    """Whether a run was killed, and the state after one more run."""
    copy(place, folder)
    ended, _ = runs.run(folder, **when)
    again, _ = runs.run(folder)
    assert again == 0
    return ended != 0, state(folder)


@pytest.mark.parametrize("share", FEW)
def test_a_run_killed_between_two_touches_of_the_disk_is_completed(
    place, runs, whole, tmp_path, share
):
    expected, touches = whole
    died, found = killed(place, runs, tmp_path / "ws", at=round(touches * share))
    assert died
    assert found == expected


def test_answers_half_written_beside_the_files_of_a_school_are_cleared_away(place, tmp_path):
    """They lay there for good, and the page of the day named them to the coordinator."""
    folder = copy(place, tmp_path / "ws")
    answers = folder / "inbox" / "oo-101" / "Ответы"
    left = answers / ".Приём 000001 – квитанция.html.16047.tmp"
    others = answers / ".ещё не дошло.tmp"
    for path in (left, others):
        path.write_bytes(b"<html>")
    (folder / ".nastavnik" / "running").touch()
    with open_exchange(folder):
        assert not left.exists()
        assert others.exists()


@pytest.mark.heavy
@pytest.mark.timeout(3600)
def test_there_is_no_touch_of_the_disk_at_which_a_kill_does_harm(place, runs, whole, tmp_path):
    expected, touches = whole
    for at in range(1, touches + 1):
        died, found = killed(place, runs, tmp_path / str(at), at=at)
        assert (at, died, found) == (at, True, expected)


@pytest.mark.heavy
@pytest.mark.timeout(900)
def test_forty_runs_killed_at_random_moments_are_completed(place, runs, whole, tmp_path):
    """With children that read, so that a kill also meets them at work."""
    expected, _ = whole
    moments, deaths = random.Random(40), 0
    # Machines differ in speed: the moments are spread over as long as a run takes on this one.
    began = time.monotonic()
    runs.run(copy(place, tmp_path / "whole"), children=True)
    lasts = time.monotonic() - began
    for turn in range(40):
        after = moments.uniform(0.02, lasts)
        died, found = killed(place, runs, tmp_path / str(turn), after=after, children=True)
        deaths += died
        assert (turn, found) == (turn, expected)
    assert deaths > 20


@pytest.mark.heavy
@pytest.mark.timeout(900)
def test_a_run_killed_again_and_again_gets_to_its_end(place, runs, whole, tmp_path):
    """Each try dies a little later than the one before."""
    expected, _ = whole
    folder = copy(place, tmp_path / "ws")
    for at in range(3, 300, 13):
        if runs.run(folder, at=at)[0] == 0:
            break
    assert runs.run(folder)[0] == 0
    assert state(folder) == expected
