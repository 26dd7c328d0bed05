"""Tests of the example: a rule by tables, the other things by views and in a workspace."""

from __future__ import annotations

import nastavnik_clubs
import pytest

from pipeline.testing import RuleSpec, publish_view

RULES = (
    RuleSpec(
        "руководитель клуба не наставник",
        nastavnik_clubs.Clubs,
        nastavnik_clubs.check_leaders,
        table="""
            club       | leader_fio             | members
            Мастерская | Петрова Анна Сергеевна | 12
            Речь       | Чужакова Анна Ивановна | 3
        """,
        in_force={
            "F04": """
                mentor_fio
                Петрова Анна Сергеевна
            """
        },
        expected="""
            row | column     | code                | severity
            6   | leader_fio | club_leader_unknown | remark
        """,
    ),
    RuleSpec(
        "наставников ещё не подавали",
        nastavnik_clubs.Clubs,
        nastavnik_clubs.check_leaders,
        table="""
            club | leader_fio             | members
            Речь | Чужакова Анна Ивановна | 3
        """,
    ),
)


@pytest.mark.parametrize("spec", RULES, ids=str)
def test_rules(spec):
    spec.check()


def test_the_document_is_a_workbook():
    club = {"unit": "oo-1", "club": "Речь", "leader_fio": "Петрова Анна Сергеевна", "members": 3}
    view = publish_view({"K01": [club]}, forms=(nastavnik_clubs.Clubs,))
    assert nastavnik_clubs.write_clubs(view).startswith(b"PK")


def test_the_whole_way(workspace):
    published = workspace.publish(nastavnik_clubs)
    assert not published.failed
    assert published.summary.bases["K01"] == 0
