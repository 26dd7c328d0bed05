"""More time for a form: a recorded decision that moves one day of some units, and can be undone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline import run
from pipeline.commands.extend import Asked, act
from pipeline.commands.report import status
from pipeline.errors import UsageError
from pipeline.publication.build import board_of
from pipeline.publication.today import write_today
from pipeline.publication.unchanged import input_digest
from tests.support.workspace import careful_book

LATE = datetime(2026, 10, 5, 5, 0, tzinfo=UTC)
ASKED = Asked(
    units=("oo-101",),
    form="f04",
    until="2026-10-20",
    who="Ковалёва М. П.",
    reason="карантин",
)


def late(exchange, form="F04"):
    return {x.unit for x in board_of(exchange, LATE) if x.form == form and x.late}


@pytest.fixture
def exchange(workspace):
    with workspace.open() as opened:
        yield opened


def test_it_moves_the_day_of_its_unit_until_it_is_taken_back(exchange):
    owing = late(exchange)
    assert {"oo-101", "oo-102"} <= owing
    said, page = act(exchange, LATE, ASKED)
    assert page == "extended"
    assert said["moved"][0] | {"name": ""} == {
        "unit": "oo-101",
        "name": "",
        "from": ["2026-10-01"],
        "to": ["2026-10-20"],
    }
    assert late(exchange) == owing - {"oo-101"}
    assert "oo-101" in late(exchange, "F05")
    shown = {unit["unit"]: unit["forms"]["F04"] for unit in status(exchange, LATE)["units"]}
    assert (shown["oo-101"]["due"], shown["oo-101"]["late"]) == ("2026-10-20", False)
    assert shown["oo-102"]["due"] == "2026-10-01"
    listed = act(exchange, LATE, Asked())[0]["extensions"]
    assert [(one["extension"], one["until"]) for one in listed] == [
        (said["extension"], "2026-10-20")
    ]
    back = Asked(revoke=str(said["extension"]), who="Ковалёва М. П.", reason="ошибка")
    assert act(exchange, LATE, back)[1] == "revoked"
    assert late(exchange) == owing
    assert act(exchange, LATE, Asked())[0]["extensions"] == []
    with pytest.raises(UsageError):
        act(exchange, LATE, back)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ({"units": ("oo-999",)}, "oo-999"),
        ({"form": "F77"}, "F77"),
        ({"until": "20.10.2026"}, "ГГГГ-ММ-ДД"),
        ({"until": "2026-10-01"}, "продлевать нечего"),
        ({"stage": "итоговый"}, "нет этапов"),
        ({"who": ""}, "--who"),
        ({"reason": ""}, "--reason"),
        ({"until": ""}, "--until"),
        ({"revoke": "1"}, "Продления № 1 нет"),
    ],
)
def test_what_cannot_be_extended_is_refused_and_not_recorded(exchange, words, named):
    before = exchange.store.head.seq
    asked = {name: getattr(ASKED, name) for name in Asked.__slots__}
    with pytest.raises(UsageError, match=named):
        act(exchange, LATE, Asked(**{**asked, **words}))
    assert exchange.store.head.seq == before


def test_it_is_a_fact_like_any_other(exchange):
    act(exchange, LATE, ASKED)
    digest = exchange.store.digest()
    assert exchange.store.verify() == []
    exchange.store.rebuild()
    assert exchange.store.digest() == digest
    assert [one.record.units for one in exchange.store.extensions()] == [("oo-101",)]


def test_a_unit_with_more_time_is_not_called(exchange, workspace):
    def called():
        page = write_today(exchange, LATE).read_text(encoding="utf-8")
        return [name for name in ("oo-101", "oo-102") if _name(exchange, name) in page]

    assert called() == ["oo-101", "oo-102"]
    for form in ("F01", "F02", "F04", "F05"):
        words = {name: getattr(ASKED, name) for name in Asked.__slots__}
        act(exchange, LATE, Asked(**{**words, "form": form}))
    assert called() == ["oo-102"]


def test_it_is_published_though_no_base_changes(exchange, workspace):
    workspace.drop("oo-101", "Книга ОО.xlsx", careful_book("oo-101"))
    run.accept(exchange, LATE, quiet=0)
    before = input_digest(exchange, LATE)
    assert before == input_digest(exchange, LATE) is not None
    act(exchange, LATE, ASKED)
    assert input_digest(exchange, LATE) != before


def _name(exchange, code):
    return exchange.registry.units[code].short_name


def test_days_of_the_settings_hold_on_the_board_and_in_the_blank(workspace):
    path = workspace.folder / "nastavnik.toml"
    text = path.read_text(encoding="utf-8")
    added = '\n[calendar]\nF04 = ["11-05"]\n[calendar.units.oo-102]\nF04 = ["09-20"]\n'
    path.write_text(text + added, encoding="utf-8")
    with workspace.open() as exchange:
        assert "oo-101" not in late(exchange)
        assert "oo-102" in late(exchange)
