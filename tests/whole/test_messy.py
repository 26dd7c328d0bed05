"""Workbooks as ten different curators would make them: each comes out as was said beforehand."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from pipeline.acceptance import judge
from pipeline.acceptance.children import workers
from pipeline.acceptance.contract_checks import check
from pipeline.acceptance.part_views import Circumstances, part_views
from pipeline.model import Unit
from pipeline.workspace.plugin_loader import Loader
from pipeline.workspace.settings import Settings
from tests.support.messy import (
    messy_again,
    messy_cards,
    messy_exports,
    messy_mentees,
    messy_mentors,
    messy_more,
    messy_names,
    messy_rows,
    messy_saved,
    messy_whole,
)

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
PERIOD = "2026-2027"
MODULES = (
    messy_mentors,
    messy_names,
    messy_rows,
    messy_exports,
    messy_mentees,
    messy_cards,
    messy_whole,
    messy_more,
    messy_again,
    messy_saved,
)
FILES = [messy for module in MODULES for messy in module.FILES]
# Said once of a list that has fewer columns than we would like; nearly all of these have.
STANDING = {"columns_official_absent", "columns_not_asked"}


@pytest.fixture(scope="module")
def plugins():
    return Loader(()).describe()


@pytest.fixture(scope="module")
def answers(plugins, tmp_path_factory):
    """What the pool read and the judge decided: (file as read, records of its parts) by name."""
    folder = tmp_path_factory.mktemp("messy")
    for number, messy in enumerate(FILES):
        (folder / str(number)).write_bytes(messy.make())
    paths = [(str(n), folder / str(n), messy.name) for n, messy in enumerate(FILES)]
    with workers(plugins, Settings(), NOW) as pool:
        read = {FILES[int(number)].name: parsed for number, parsed in pool.read(paths)}
    return {name: (parsed, judged(parsed, plugins)) for name, parsed in read.items()}


def judged(parsed, plugins):
    """The records of the parts by form, as if nothing had come before them."""
    nobody = Unit(code="", kind="ОО", short_name="")
    views = part_views(parsed, plugins.plans, Circumstances(nobody, PERIOD, NOW.date()))
    found = {}
    for part, view in zip(parsed.parts, views, strict=True):
        notices = check([part], plugins.forms[part.form])[0]
        notices += judge.run_checks(plugins, view)[0]
        sent = judge.Sent("", PERIOD)
        found[part.form] = judge.judge(part, view.plan, notices, judge.InForce(), None, sent)[0]
    return found


def wanted(said):
    """Codes, with or without a cell, from «code cell; code»."""
    return Counter(words.strip() for words in said.split(";") if words.strip())


def told(notices, expected):
    """What is said besides informations, in the words of the expectation."""
    bare = {words for words in expected if " " not in words}
    return Counter(
        n.code if n.code in bare or not n.cell else f"{n.code} {n.cell}"
        for n in notices
        if n.severity != "info" and n.code not in STANDING
    )


def everyone(messies):
    return pytest.mark.parametrize("messy", messies, ids=lambda messy: messy.name)


def test_no_two_files_share_a_name():
    assert not [name for name, n in Counter(messy.name for messy in FILES).items() if n > 1]


@everyone(FILES)
def test_the_forms_of_a_file_are_known_or_their_absence_is_said(messy, answers):
    parsed, records = answers[messy.name]
    assert set(records) == set(messy.parts)
    assert parsed.reason == messy.reason
    assert told(parsed.notices, wanted(messy.said)) == wanted(messy.said)
    assert {key: parsed.passport.get(key) for key in messy.passport} == dict(messy.passport)


@everyone([messy for messy in FILES if messy.parts])
def test_every_row_is_accepted_returned_or_accounted_for(messy, answers):
    _, records = answers[messy.name]
    for form, expected in messy.parts.items():
        counts = dict(records[form].counts)
        assert (counts["accepted"], counts["rejected"], counts["duplicate"]) == (
            expected.accepted,
            expected.rejected,
            expected.duplicate,
        )
        skipped = {reason: counts.get(f"skipped_{reason}", 0) for reason in expected.skipped}
        assert skipped == dict(expected.skipped)
        assert counts.pop("seen") == sum(counts.values())
        assert records[form].nil is expected.nil


@everyone([messy for messy in FILES if any(part.rows for part in messy.parts.values())])
def test_cells_mean_what_their_writer_meant(messy, answers):
    parsed, _ = answers[messy.name]
    for part in parsed.parts:
        rows = {row.row: row.values for row in part.rows}
        for number, values in messy.parts[part.form].rows.items():
            assert {name: rows[number].get(name) for name in values} == dict(values)


@everyone([messy for messy in FILES if messy.parts])
def test_what_is_wrong_is_said_at_its_cell_and_nothing_else(messy, answers):
    _, records = answers[messy.name]
    for form, expected in messy.parts.items():
        notices = records[form].notices
        assert told(notices, wanted(expected.said)) == wanted(expected.said)
        assert set(wanted(expected.told)) <= {notice.code for notice in notices}
        standing = [notice.code for notice in notices if notice.code in STANDING]
        assert len(standing) == len(set(standing))
