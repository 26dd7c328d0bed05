"""Who may look into what the program writes: its owner, and a group where the settings say so."""

from __future__ import annotations

import grp
import os
import stat

import pytest

from pipeline import system
from pipeline.errors import SettingsError
from tests.support.workspace import Workspace, careful_book

pytestmark = pytest.mark.skipif(system.WINDOWS, reason="rights of this kind exist on POSIX only")


def rights(folder):
    """The rights of a folder and of all below it: of folders, of files."""
    found = {True: set(), False: set()}
    for path in (folder, *folder.rglob("*")):
        found[path.is_dir()].add(stat.S_IMODE(path.stat().st_mode))
    return found[True], found[False]


def lived(place):
    place.give("oo-101", "Книга.xlsx", careful_book("oo-101"))
    place.publish()
    return place


def test_the_outbox_is_nobody_elses(tmp_path, read_here):
    place = lived(Workspace(tmp_path / "ws"))
    assert rights(place.outbox) == ({0o700}, {0o600})
    assert stat.S_IMODE((place.folder / ".nastavnik").stat().st_mode) == 0o700


def test_a_group_may_look_into_the_outbox_where_the_settings_say_so(tmp_path, read_here):
    own = grp.getgrgid(os.getgid()).gr_name
    place = lived(Workspace(tmp_path / "ws", more=f'outbox_group = "{own}"'))
    assert stat.S_IMODE(place.outbox.stat().st_mode) == 0o2750
    folders, files = rights(place.outbox)
    assert {mode & 0o777 for mode in folders} == {0o750}
    assert files == {0o640}
    with pytest.raises(SettingsError, match="outbox_group"):
        Workspace(tmp_path / "other", more='outbox_group = "нет такой"').accept()


def test_whoever_may_look_into_a_schools_folder_may_read_its_answers(tmp_path, read_here):
    place = Workspace(tmp_path / "ws")
    shared = place.inbox / "oo-101"
    shared.mkdir()
    shared.chmod(0o770)
    lived(place)
    folders, files = rights(shared / "Ответы")
    assert (folders, files) == ({0o770}, {0o660})


def test_what_the_process_makes_elsewhere_is_as_before(tmp_path, read_here):
    before = os.umask(0o022)
    os.umask(before)
    lived(Workspace(tmp_path / "ws"))
    assert os.umask(before) == before
