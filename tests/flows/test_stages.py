"""Stages taken one by one, as Prefect takes them: the workspace is closed in between."""

from __future__ import annotations

import pytest

from flows import stages
from pipeline.acceptance import judge
from tests.support.workspace import NOW, school, sheets


@pytest.fixture
def given(workspace, read_here, monkeypatch):
    monkeypatch.setattr(stages, "QUIET", 0)
    workspace.drop("oo-101", "Книга.xlsx", sheets("oo-101", only=("F02", "F04")))
    return workspace


def test_what_was_withheld_ends_the_last_batch(given, monkeypatch):
    def fail(*_words, **_more):
        raise ValueError

    monkeypatch.setattr(judge, "judge", fail)
    with (
        stages.Acceptance(given.folder, NOW) as batches,
        pytest.raises(stages.StageTrouble, match="ConservationError"),
    ):
        batches.take()


def test_documents_older_than_a_fact_are_written_again(given):
    """Between two stages anybody may record one, for instance the answer to a question."""
    given.accept()
    written = stages.documents(given.folder, NOW)
    rows = list(school("oo-102").rows["F04"])
    given.give("oo-102", "Книга.xlsx", sheets("oo-102", only=("F04",), F04=rows), second=60)
    stages.package(given.folder, NOW, written)
    again = given.publish()
    assert again.publication is not None
    assert given.publish().publication is None


def test_documents_of_the_same_facts_are_not_written_again(given):
    given.accept()
    stages.package(given.folder, NOW, stages.documents(given.folder, NOW))
    assert given.publish().publication is None
