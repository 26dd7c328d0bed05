"""A notice in words: the same wherever it is read."""

from __future__ import annotations

from dataclasses import replace

from contracts.f04_mentors import Mentors
from pipeline.model import Notice
from pipeline.notices.catalogue import Catalogue

PLANS = {"F04": Mentors.plan()}
CATALOGUE = Catalogue()
NOTICE = Notice("cell_required", "error", form="F04", column="mentoring_form")


def test_header_and_example_of_the_column_are_found_by_the_notice():
    """A question about a column named no header: each reader of notices looked for it itself."""
    column = Mentors.plan().column("mentoring_form")
    said = CATALOGUE.sentences(NOTICE, PLANS)
    assert column.title in said.what
    assert said.example == column.example


def test_what_is_known_no_more_is_still_a_sentence():
    assert CATALOGUE.sentences(replace(NOTICE, form="F99"), PLANS).what
    gone = CATALOGUE.sentences(replace(NOTICE, code="gone"), PLANS)
    assert gone == ("Замечание проверки, которой в программе больше нет.", "", "")
