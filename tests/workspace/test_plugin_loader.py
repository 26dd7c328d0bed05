"""Plugins: every hook is heard, a broken one is contained and named, order decides nothing."""

from __future__ import annotations

import click
import pytest

from contracts.f02_curators import Curators
from contracts.plan import Term, Vocabulary
from pipeline import run
from pipeline.errors import SettingsError
from pipeline.hookspecs import Document, Indicator, Reader, Specs, Stage, Transport, hookimpl
from pipeline.model import Notice
from pipeline.notices.kind import NoticeKind
from pipeline.plugins import readers_text
from pipeline.workspace.plugin_loader import Loader
from pipeline.workspace.stage_order import ordered
from tests.support.wanting import Wanting
from tests.support.workspace import BUILT_IN, NOW, Workspace, careful_book, sheets

HOOKS = sorted(name for name in vars(Specs) if not name.startswith("_"))


class Everything:
    """A plugin that implements every hook and remembers which were called."""

    heard: list = []

    def __getattribute__(self, name):
        if name in HOOKS:
            Everything.heard.append(name)
        return object.__getattribute__(self, name)


def _listen(name):
    if name == "register_commands":

        @hookimpl
        def hook(self, cli):
            Everything.heard.append("called register_commands")
    elif name.startswith("register_"):

        @hookimpl
        def hook(self):
            Everything.heard.append(f"called {name}")
            return ()
    else:
        words = {
            "submission_decided": "number, unit, outcome",
            "published": "period, digest",
            "delivered": "package, recipient",
            "run_failed": "step, error",
        }[name]
        made: dict = {}
        exec(
            f"def hook(self, {words}): heard.append('called {name}')",
            {"heard": Everything.heard},
            made,
        )
        hook = hookimpl(made["hook"])
    return hook


for _name in HOOKS:
    setattr(Everything, _name, _listen(_name))


def test_every_hook_is_called_on_the_way(tmp_path, read_here, monkeypatch):
    place = Workspace(tmp_path / "ws", more="auto_approve = true")
    place.drop("oo-101", "Книга.xlsx", sheets("oo-101", only=("F02",)))
    Everything.heard.clear()
    Loader((), [Everything]).commands(click.Group())
    with place.open(Everything) as exchange:
        run.cycle(exchange, NOW, quiet=0)
        monkeypatch.setattr("pipeline.acceptance.accept.write_answer", lambda *_: 1 / 0)
        place.drop("oo-102", "Книга.xlsx", sheets("oo-102", only=("F02",)))
        with pytest.raises(Exception, match="ошибка программы"):
            run.accept(exchange, NOW, quiet=0)
    heard = {words.removeprefix("called ") for words in Everything.heard if "called" in words}
    assert sorted(heard) == HOOKS


def loaded(*plugins, disabled=()):
    return Loader(disabled, plugins).describe()


def trouble(described, name):
    return [info.error for info in described.infos if info.name == name and info.error]


def plugin(name, **hooks):
    """A plugin class with these hooks."""
    return type(name, (), {hook: hookimpl(function) for hook, function in hooks.items()})


def test_a_plugin_that_fails_while_it_is_asked_is_named_and_the_rest_works():
    described = loaded(plugin("Bad", register_documents=lambda self: 1 / 0))
    assert trouble(described, "Bad") == ["ZeroDivisionError: division by zero"]
    assert set(described.documents) == set(loaded().documents)


def test_a_plugin_that_gives_something_else_is_named():
    described = loaded(plugin("Odd", register_stages=lambda self: ["not a stage"]))
    assert trouble(described, "Odd") == ["нужен Stage, а не str"]
    assert [s.name for s in described.stages] == [s.name for s in loaded().stages]


def test_a_misspelled_hook_is_named():
    described = loaded(plugin("Typo", register_documnets=lambda self: ()))
    assert "register_documnets" in trouble(described, "Typo")[0]


def test_a_hook_with_another_argument_is_named():
    described = loaded(plugin("Args", published=lambda self, when: None))
    assert "PluginValidationError" in trouble(described, "Args")[0]


def test_a_plugin_named_like_a_built_in_one_does_not_take_its_place():
    described = loaded(plugin("forms", register_contracts=lambda self: ()))
    assert trouble(described, "forms") == ["имя уже занято"]
    assert set(described.forms) == {"F01", "F02", "F04", "F05", "F08"}


@pytest.mark.parametrize(
    ("hook", "item"),
    [
        ("register_documents", Document("D06", "x", "region", "txt", bytes)),
        ("register_indicators", Indicator("KPI70-A", "x", "%", len, None, "")),
        ("register_transports", Transport("file", "", max)),
        ("register_vocabularies", Vocabulary("mentoring_form", "x", (Term("y"),))),
        ("register_contracts", Curators),
        ("register_stages", Stage("roles", "", "check", len, ())),
        ("register_readers", Reader("xls", "", len, len)),
    ],
)
def test_two_plugins_of_one_name_are_an_error_that_names_both(hook, item):
    with pytest.raises(SettingsError, match="Second") as error:
        loaded(plugin("Second", **{hook: lambda self: (item,)}))
    assert error.value.exit_code == 10
    assert any(module.__name__.split(".")[-1] in str(error.value) for module in BUILT_IN)


def test_two_notices_of_one_code_are_an_error_that_names_both():
    kind = NoticeKind("cell_required", "error", "Другое.", "Иначе.")
    stage = Stage("mine", "", "check", len, ("F02",), notices=(kind,))
    with pytest.raises(SettingsError, match=r"cell_required.*nastavnik и mine"):
        loaded(plugin("Second", register_stages=lambda self: (stage,)))


def test_two_merges_of_one_form_are_an_error_that_names_both():
    """One that names its form goes before the one that serves all."""
    mine, other = (Stage(name, "", "merge", len, ("F04",)) for name in ("mine", "other"))
    loaded(plugin("First", register_stages=lambda self: (mine,)))
    with pytest.raises(SettingsError, match=r"F04.*mine.*other"):
        loaded(plugin("Both", register_stages=lambda self: (mine, other)))
    with pytest.raises(SettingsError, match=r"\*.*another.*merge"):
        rival = Stage("another", "", "merge", len, ("*",))
        loaded(plugin("Rival", register_stages=lambda self: (rival,)))


def test_a_form_without_its_vocabulary_is_left_out_and_named():
    described = loaded(plugin("Clubs", register_contracts=lambda self: (Wanting,)))
    assert "«clubs»" in trouble(described, "Clubs")[0]
    assert "X01" not in described.forms


@pytest.mark.parametrize("reverse", [False, True])
def test_stages_run_in_the_order_they_ask_for(reverse):
    stages = [
        Stage("b", "", "check", len, ()),
        Stage("a", "", "check", len, (), after=("c",)),
        Stage("c", "", "check", len, (), after=("nobody",)),
        Stage("d", "", "check", len, (), before=("b",)),
    ]
    given = stages[::-1] if reverse else stages
    assert [stage.name for stage in ordered(given)] == ["c", "d", "a", "b"]


def test_stages_that_wait_for_each_other_are_an_error():
    stages = [Stage(n, "", "check", len, (), after=(o,)) for n, o in (("a", "b"), ("b", "a"))]
    with pytest.raises(SettingsError, match="по кругу"):
        ordered(stages)


def noticing(name, code):
    kind = NoticeKind(code, "remark", f"Замечание {name}.", "Исправьте.")

    def check(view):
        return [Notice(code, "remark", row=row.row, column="fio") for row in view.rows]

    stage = Stage(name, "", "check", check, ("F02",), notices=(kind,))
    return plugin(name.title(), register_stages=lambda self: (stage,))


def test_the_order_of_registration_decides_nothing(tmp_path, read_here):
    plugins = [noticing("zeta", "zeta_seen"), noticing("alfa", "alfa_seen")]
    answers = []
    for name, some in (("a", plugins), ("b", plugins[::-1])):
        place = Workspace(tmp_path / name)
        place.drop("oo-101", "Книга.xlsx", sheets("oo-101", only=("F02",)))
        place.accept(*some)
        answers.append({p.name: p.read_bytes() for p in place.answers("oo-101").iterdir()})
    assert answers[0] == answers[1]
    assert b"alfa_seen" in b"".join(answers[0].values())


@pytest.mark.parametrize("name", sorted(m.__name__.split(".")[-1] for m in BUILT_IN))
def test_without_any_one_built_in_plugin_the_rest_works_and_it_is_named(tmp_path, read_here, name):
    place = Workspace(tmp_path / "ws", tail=f'\n[plugins]\ndisabled = ["{name}"]\n')
    place.drop("oo-101", "Книга.xlsx", careful_book("oo-101"))
    with place.open() as exchange:
        decided = run.accept(exchange, NOW, quiet=0)
        done = run.publish(exchange, NOW)
        assert trouble(exchange.plugins, name) == ["отключён в настройках"]
    assert len(decided) == 1
    if name not in ("forms", "readers_office"):
        assert decided[0].outcome == "accepted"
        assert len(done.publication.bases) == (0 if name == "merge" else 5)
        missing = [one.what for one in done.failed if one.what.startswith("база")]
        assert len(missing) == (5 if name == "merge" else 0)
    else:
        assert decided[0].outcome == "rejected"


def test_all_built_in_modules_are_known_to_these_tests():
    names = {info.name for info in loaded().infos if info.origin == "встроен"}
    assert names == {module.__name__.split(".")[-1] for module in BUILT_IN}
    assert readers_text in BUILT_IN


def test_an_event_that_fails_is_named_and_the_others_hear(caplog):
    heard = []
    bad = plugin("Aaa", published=lambda self, period, digest: 1 / 0)
    good = plugin("Bbb", published=lambda self, period, digest: heard.append(period))
    loaded(bad, good).emit("published", period="2026-2027", digest="")
    assert heard == ["2026-2027"]
    assert "Aaa failed in published: ZeroDivisionError" in caplog.text
