"""Where documents go, and what stays when one of them fails."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from pipeline.hookspecs import Document
from pipeline.publication.build import Publication, write_documents
from pipeline.testing import view_of_unit
from pipeline.views import Piece
from pipeline.workspace.plugin_loader import Loader
from tests.support.views import merged, school, units_of, view

UNITS = [school("101"), school("102"), school("103", until=None)]
ROWS = {"F02": [{"unit": code, "fio": f"Куратор {code}"} for code in ("101", "102")]}


def names(made):
    return [row["fio"] for row in made.base_rows("F02")]


def pieces(made):
    return {"names": Piece(facts={"names": names(made)})}


def join(_made, units, target):
    for code, piece in units:
        target.write(f"{code}: {', '.join(piece['names'].facts['names'])}\n".encode())


def write(tmp_path, *documents):
    made, known = merged(view(ROWS, UNITS)), {d.code: d for d in documents}
    plugins = replace(Loader().describe(), documents=known)
    exchange = SimpleNamespace(outbox=tmp_path, plugins=plugins)

    def of_units(code, only=None):
        for unit in [only] if only else units_of(made):
            yield unit, known[code].pieces(view_of_unit(made, unit))

    bases = SimpleNamespace(of_unit=lambda unit: view_of_unit(made, unit))
    summaries = SimpleNamespace(failed={}, pieces=of_units, bases=bases)
    return write_documents(exchange, Publication(made, summaries, {}))


def texts(tmp_path):
    found = (path for path in tmp_path.rglob("*") if path.is_file())
    return {str(path.relative_to(tmp_path)): path.read_text("utf-8") for path in found}


def test_pieces_of_all_units_are_joined_in_order(tmp_path):
    write(tmp_path, Document("X", "Всё", "municipality", "txt", pieces=pieces, join=join))
    assert texts(tmp_path) == {
        "documents/2026-2027/X Всё.txt": "101: Куратор 101\n102: Куратор 102\n103: \n"
    }


@pytest.mark.parametrize(
    ("ways", "said"),
    [
        ({"pieces": pieces, "join": join}, "{0}: Куратор {0}\n"),
        ({"write": lambda made: f"Все: {', '.join(names(made))}".encode()}, "Все: Куратор {0}"),
    ],
)
def test_a_document_for_units_shows_each_its_own_alone(tmp_path, ways, said):
    write(tmp_path, Document("X", "Своё", "unit", "txt", **ways))
    found = texts(tmp_path)
    assert {name: text for name, text in found.items() if "103" not in name} == {
        f"units/{code}/X Своё.txt": said.format(code) for code in ("101", "102")
    }
    assert "Куратор" not in found["units/103/X Своё.txt"]
    assert len(found) == 3


def test_a_document_that_fails_half_way_leaves_the_former_and_the_others(tmp_path):
    def breaking(made, units, target):
        join(made, units, target)
        raise KeyError("Куратор 101")

    good = Document("X", "Всё", "municipality", "txt", pieces=pieces, join=join)
    write(tmp_path, good)
    before = texts(tmp_path)
    bad = Document("X", "Всё", "municipality", "txt", pieces=pieces, join=breaking)
    other = Document("Y", "Иное", "municipality", "txt", write=lambda _made: b"y")
    publication = write(tmp_path, bad, other)
    assert [(one.what, one.error) for one in publication.failed] == [("X", "KeyError")]
    assert texts(tmp_path) == {**before, "documents/2026-2027/Y Иное.txt": "y"}


def test_a_document_that_did_not_change_is_not_touched(tmp_path):
    good = Document("X", "Всё", "municipality", "txt", pieces=pieces, join=join)
    write(tmp_path, good)
    path = tmp_path / "documents" / "2026-2027" / "X Всё.txt"
    before = path.stat()
    write(tmp_path, good)
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
