"""Documentation: generated pages are current, what is written exists, and what is shown runs."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from pipeline.hookspecs import Specs
from pipeline.reference import program
from pipeline.workspace.plugin_loader import Loader

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(
    p
    for p in (*ROOT.glob("*.md"), *ROOT.glob("*box/*.md"), *DOCS.rglob("*.md"))
    if ".venv" not in p.parts
)
CLI = program.full_cli()
MADE = program.pages(CLI, program.example_sources(DOCS))
CALL = re.compile(r"(?:^|`)nastavnik ([^`\n#]+)", re.MULTILINE)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
SOURCES = sorted(
    p
    for name in ("contracts", "pipeline", "flows", "bench", "docs")
    for p in (ROOT / name).rglob("*.py")
)
NAMED = re.compile(r"[\w./-]+\.md\b|\w+`? §\s*\d")
WORKPLACE = re.compile(r"/work/|/tmp/|/home/|design\.md|domain\.md|roadmap\.txt|localhost")


def name_of(path):
    return str(path.relative_to(ROOT))


def text(path):
    return path.read_text(encoding="utf-8")


def calls(page):
    """Every call of the program written on a page, as words after `nastavnik`."""
    joined = text(page).replace("\n--", " --")
    return [shlex.split(found.strip()) for found in CALL.findall(joined)]


@pytest.mark.parametrize("name", MADE)
def test_a_generated_page_is_current(name):
    assert text(DOCS / name) == MADE[name], "run `make docs`"


@pytest.mark.parametrize("name", sorted(CLI.commands))
def test_every_command_has_russian_help_and_a_place_in_the_docs(name):
    assert f"\n## {name}\n" in MADE["cli.md"]
    assert re.match("[А-Я]", CLI.commands[name].help or "")
    assert f"`nastavnik {name}" in text(ROOT / "README.md")
    assert f"| `{name}" in text(DOCS / "json.md") or name in ("demo", "serve")


def test_everything_built_in_says_in_russian_what_it_is_for():
    known = Loader().describe()
    offered = (*known.readers, *known.stages, *known.transports.values())
    foreign = [one for one in offered if not re.match("[а-яё«]|[А-ЯЁ]{2}", one.help)]
    assert not foreign


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_call_on_a_page_names_a_command_and_options_that_exist(page):
    for written in calls(page):
        words = [word for word in written if word != "--json"]
        words = words[2:] if words[:1] == ["-C"] else words
        if not words or not re.match(r"[a-z]+$", words[0]) or words[0] == "clubs":
            continue
        command = CLI.commands.get(words[0])
        assert command, f"nastavnik {words[0]}"
        known = {o for p in command.params if isinstance(p, click.Option) for o in p.opts}
        assert {word for word in words if word.startswith("--")} <= known, written


@pytest.mark.parametrize("hook", program.hook_names())
def test_every_hook_is_described_with_its_moment_and_an_example_that_defines_it(hook):
    section = MADE["hooks.md"].split(f"\n## {hook}(", 1)[1].split("\n## ", 1)[0]
    assert "called" in section or "Hear" in section
    assert "@hookimpl" in section
    assert f"def {hook}(" in section
    assert (getattr(Specs, hook).__doc__ or "").splitlines()[0] in section


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page):
    targets = [t for t in LINK.findall(text(page)) if not t.startswith(("http", "#", "mailto:"))]
    missing = [t for t in targets if not (page.parent / t.partition("#")[0]).exists()]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_page_tells_of_a_machine_it_was_written_on(page):
    assert not WORKPLACE.search(text(page))


@pytest.mark.parametrize("source", SOURCES, ids=name_of)
def test_no_source_names_a_page_that_is_not_here(source):
    here = {page.name for page in PAGES}
    named = {name.rpartition("/")[2] for name in NAMED.findall(text(source))}
    assert named - {"readme.md"} <= here


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_targets_named_on_a_page_are_in_the_makefile(page):
    makefile = text(ROOT / "Makefile")
    for target in re.findall(r"(?:^|`)make ([a-z-]+)", text(page), re.M):
        assert f"\n{target}:" in makefile


def test_files_named_in_the_map_exist():
    page = text(ROOT / "README.md") + text(DOCS / "architecture.md")
    for name in re.findall(r"(?<![\w/])((?:pipeline|contracts|flows)/[\w/]+\.py)\b", page):
        assert (ROOT / name).is_file(), name


def test_the_tutorial_shows_the_example_as_it_is():
    shown = re.findall(
        r"<!-- file: (\S+) -->\n\n```\w+\n(.*?)\n```", text(DOCS / "plugins.md"), re.S
    )
    assert {file for file, _code in shown} == {
        "example/pyproject.toml",
        "example/nastavnik_clubs.py",
        "example/test_clubs.py",
    }
    for file, code in shown:
        assert code == text(DOCS / file).rstrip()


def test_exit_codes_are_told_everywhere_alike():
    from pipeline import errors  # noqa: PLC0415  # read here only

    codes = {
        cls.exit_code
        for cls in vars(errors).values()
        if isinstance(cls, type) and issubclass(cls, errors.NastavnikError)
    }
    for page in (ROOT / "README.md", DOCS / "cli.md"):
        words = re.sub(r"\s+", " ", text(page))
        assert all(re.search(rf"\b{code} (?:–\s)?\w", words) for code in codes), page
