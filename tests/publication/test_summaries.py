"""Summaries of units: one changed unit costs one, and nobody can tell that they are kept."""

from __future__ import annotations

import shutil
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import run
from pipeline.acceptance import rulings
from pipeline.publication.build import build, view_of_unit
from tests.support.workspace import NOW, Opened, Workspace, school, sheets

UNITS = ("oo-101", "oo-102", "oo-103")
FORMS = ("F02", "F04", "F05", "F08")


def derived(workspace):
    return sorted((workspace.folder / ".nastavnik" / "derived").rglob("*.summary"))


def made(workspace, now=NOW):
    """Units whose summary a publication made anew."""
    done = workspace.publish(now=now)
    return sorted(done.publication.summaries.made)


def cold(workspace, folder):
    """A copy of the workspace from which everything derived was taken away."""
    shutil.copytree(workspace.folder, folder)
    shutil.rmtree(folder / ".nastavnik" / "derived", ignore_errors=True)
    (folder / ".nastavnik" / "published.json").unlink(missing_ok=True)
    shutil.rmtree(folder / "outbox" / "documents", ignore_errors=True)
    return Opened(folder)


def given_out(workspace):
    """What lies in the outbox, and what the packages hold."""
    with workspace.open() as exchange:
        packages = [one.record for one in exchange.store.packages()]
    return {name: sha256 for name, (sha256, _) in workspace.files().items()}, packages


@pytest.fixture
def published(workspace):
    for second, unit in enumerate(UNITS):
        workspace.give(unit, "Книга.xlsx", sheets(unit, only=FORMS), second=second)
    workspace.publish()
    return workspace


def test_one_changed_unit_costs_one_summary(published):
    rows = list(school("oo-102").rows["F04"])[:-1]
    published.give("oo-102", "Книга.xlsx", sheets("oo-102", only=("F04",), F04=rows), second=60)
    assert made(published) == ["oo-102"]


def test_a_new_day_makes_no_summary(published):
    assert made(published, NOW + timedelta(days=1)) == []


def test_a_line_of_the_registry_costs_the_summary_of_its_unit(published):
    registry = published.folder / "units.csv"
    text = registry.read_text(encoding="utf-8-sig")
    changed = text.replace(school("oo-103").unit.short_name, "МБОУ «Другая»")
    registry.write_text(changed, encoding="utf-8-sig")
    assert made(published) == ["oo-103"]


def test_a_unit_that_is_no_more_leaves_nothing_behind(published):
    before = len(derived(published))
    registry = published.folder / "units.csv"
    lines = registry.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    # Who sent nothing, so that nothing else knows of it.
    gone = next(line for line in lines[1:] if line.partition(";")[0] not in UNITS)
    lines.remove(gone)
    registry.write_text("".join(lines), encoding="utf-8-sig")
    published.publish()
    assert len(derived(published)) == before - 1


def test_a_recipient_costs_all_of_them(published):
    path = published.folder / "nastavnik.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('code = "krirpo"', 'code = "other"'), encoding="utf-8")
    assert set(UNITS) <= set(made(published))


@pytest.mark.parametrize("harm", ["gone", "cut", "flipped", "empty"])
def test_a_summary_that_is_broken_is_made_anew_and_nobody_hears(published, harm, caplog):
    """Also where its header is whole and only a piece of it is not."""
    before = given_out(published)
    for path in derived(published):
        data = path.read_bytes()
        if harm == "gone":
            path.unlink()
        else:
            half = len(data) // 2
            flipped = data[:half] + bytes([data[half] ^ 1]) + data[half + 1 :]
            path.write_bytes({"cut": data[:half], "flipped": flipped, "empty": b""}[harm])
    shutil.rmtree(published.outbox / "documents")
    assert set(UNITS) <= set(made(published))
    assert given_out(published) == before
    assert "ERROR" not in {record.levelname for record in caplog.records}


def test_a_unit_sees_its_own_alone(published):
    with published.open() as exchange:
        publication = build(exchange, NOW)
        made = view_of_unit(publication, "oo-101")
        rows = [row for form in made.plans for row in (*made.base_rows(form), *made.rows(form))]
        assert rows
        assert {row["unit"] for row in rows} == {"oo-101"}
        assert {line.unit for line in made.board} == {"oo-101"}
        persons = [p for result in made.indicators.values() for p in result.persons]
        assert {person.unit for person in persons} == {"oo-101"}
        assert [unit.code for unit in made.units] == ["oo-101"]


def test_what_is_kept_of_a_unit_cannot_be_made_of_the_day(published):
    with published.open() as exchange:
        cut = build(exchange, NOW).summaries.bases.of_unit("oo-101")
        with pytest.raises(LookupError):
            cut.reporting_units()


EDIT = st.one_of(
    st.tuples(st.just("drop"), st.sampled_from(UNITS), st.integers(0, 15), st.sampled_from(FORMS)),
    st.tuples(st.just("withdraw"), st.integers(0, 20)),
    st.tuples(st.just("answer"), st.integers(0, 20)),
    st.tuples(st.just("day"), st.integers(1, 40)),
)


class History:
    """A workspace that lives through random edits, published after some of them."""

    def __init__(self, workspace):
        self.workspace = workspace
        self.second = 0
        self.now = NOW

    def take(self, edit):
        kind, *words = edit
        if kind == "drop":
            self._drop(*words)
        elif kind == "day":
            self.now += timedelta(days=words[0])
        else:
            with self.workspace.open() as exchange:
                getattr(self, f"_{kind}")(exchange, words[0])

    def _drop(self, unit, cut, form):
        self.second += 30
        rows = list(school(unit).rows[form])
        some = rows[: max(1, len(rows) - cut)]
        book = sheets(unit, only=("F04", form) if form != "F04" else ("F04",), **{form: some})
        self.workspace.drop(unit, f"Книга {self.second}.xlsx", book, second=self.second)
        self.workspace.accept(now=self.now)

    def _withdraw(self, exchange, pick):
        gone = ("rejected", "withdrawn")
        parts = [
            f"{one.number}.{part.index}"
            for one in exchange.store.submissions()
            for part in one.parts
            if part.outcome_now not in gone
        ]
        if parts:
            place = parts[pick % len(parts)]
            rulings.withdraw(exchange, self.now, place=place, who="Синицына", reason="опыт")

    def _answer(self, exchange, pick):
        asked = exchange.store.open_questions()
        if asked:
            one = asked[pick % len(asked)]
            choice = sorted(one.choices)[pick % len(one.choices)]
            rulings.answer(
                exchange, self.now, question=one.id, choice=choice, who="Синицына", note=""
            )


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(edits=st.lists(st.tuples(EDIT, st.booleans()), min_size=2, max_size=6))
def test_what_is_kept_never_shows_in_what_is_published(tmp_path_factory, read_here, edits):
    """Cold, incremental and rebuilt are the same, byte for byte."""
    place = tmp_path_factory.mktemp("history")
    history = History(Workspace(place / "ws", schools=UNITS))
    for edit, publish in edits:
        history.take(edit)
        if publish:
            history.workspace.publish(now=history.now)
    other = cold(history.workspace, place / "cold")
    for workspace in (history.workspace, other):
        with workspace.open() as exchange:
            run.publish(exchange, history.now)
    assert given_out(other) == given_out(history.workspace)
