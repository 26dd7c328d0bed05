"""Whose file it is, however folders, numbers and names are typed."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from pipeline.workspace.units import load_registry
from tests.support.workspace import Workspace

CASES = Path(__file__).parents[1] / "support" / "fixtures" / "cases"
CLEAN = (CASES / "clean.xlsx").read_bytes()


@pytest.fixture
def place(tmp_path, read_here):
    """A workspace whose registry holds schools as districts name them."""
    place = Workspace(tmp_path / "ws")
    (place.folder / "units.csv").write_text(
        "code;kind;inn;short_name;full_name;folder\n"
        "oo-1;ОО;;МБОУ «СОШ № 1»;;Школа № 1\n"
        "oo-2;ОО;0042000115;МБОУ «СОШ № 2»;;oo-2\n"
        "oo-3;ОО;;МБОУ «Берёзовская СОШ»;;Берёзовская СОШ й\n"
        "oo-6;ОО;;МБОУ «СОШ № 6»;;oo-6\n"
        "oo-11;ОО;;МБОУ «СОШ № 11»;;Школа № 11\n",
        encoding="utf-8",
    )
    return place


@pytest.mark.parametrize(
    ("folder", "unit"),
    [
        *((name, "oo-1") for name in ("Школа № 1", "Школа №1", "Школа № 1 ", "школа N 1")),
        *(
            (name, "oo-1")
            for name in ("Школа  №  1", "Школа_№_1", "ШКОЛА №1.", "Школа No 1", "OO-1")
        ),
        *((name, "oo-11") for name in ("Школа №11", "Школа № 11")),
        *((name, "oo-3") for name in ("Березовская СОШ й", "Берёзовская СОШ  й")),
        (unicodedata.normalize("NFD", "Берёзовская СОШ й"), "oo-3"),
        *((name, None) for name in ("Школа № 2", "Школа", "Школа № 111", "Лицей")),
    ],
)
def test_a_folder_is_known_however_it_is_typed(place, folder, unit):
    decided = place.give(folder, "Наставники.xlsx", CLEAN)
    assert decided.unit == unit
    if unit is None:
        assert "unit_folder_unknown" in place.codes(decided.number)


def test_folders_that_differ_in_signs_only_need_their_very_names(place):
    with (place.folder / "units.csv").open("a", encoding="utf-8") as file:
        file.write("oo-7;ОО;;СОШ № 7;;Школа 7\noo-8;ОО;;СОШ № 8;;Школа-7\n")
    registry = load_registry(place.folder)
    assert [
        registry.by_folder(name) and registry.by_folder(name).code
        for name in ("Школа 7", "школа-7", "Школа_7")
    ] == ["oo-7", "oo-8", None]


@pytest.mark.parametrize(
    ("case", "unit"), [("f09_inn_text_short.xlsx", "oo-2"), ("f28_two_line_name.xlsx", "oo-6")]
)
def test_the_file_names_its_unit(place, case, unit):
    decided = place.give("", case, (CASES / case).read_bytes())
    assert decided.unit == unit
    assert not {"inn_length", "unit_not_named"} & set(place.codes(decided.number))
