"""The generated pages: nothing of a contract is left out, and what is in `docs/` is current."""

from __future__ import annotations

from pathlib import Path

import pytest

from contracts.plan import STORAGE
from pipeline.notices.catalogue import Catalogue
from pipeline.plugins.forms import register_contracts, register_vocabularies
from pipeline.reference import forms
from pipeline.workspace.plugin_loader import Loader

PLANS = [form.plan() for form in register_contracts()]
VOCABULARIES = {v.name: v for v in register_vocabularies()}
PAGES = forms.pages(PLANS, VOCABULARIES, Catalogue())
DOCS = Path(__file__).parents[2] / "docs"


def line(page, start):
    """The cells of the table line that begins with *start*."""
    found = next(text for text in page.splitlines() if start in text)
    return [cell.strip() for cell in found.strip("|").split(" | ")]


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.code)
def test_every_column_stands_on_the_page_of_its_form(plan):
    page = PAGES[f"forms/{plan.code}.md"]
    for column in plan.columns:
        cells = line(page, f"| `{column.name}` |")
        assert cells[0] == str(column.official or ""), column.name
        assert cells[1] == column.title
        assert cells[-1].rstrip(" |") == column.example


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.code)
def test_every_list_of_a_form_stands_on_its_page(plan):
    page = PAGES[f"forms/{plan.code}.md"]
    for name in {column.vocabulary for column in plan.columns} - {None}:
        for term in VOCABULARIES[name].terms:
            assert f"| {term.value} | {'; '.join(term.synonyms)} |" in page, term.value


def test_a_column_says_type_duty_limits_privacy_and_way():
    cells = line(PAGES["forms/F04.md"], "| `experience_years` |")
    assert cells[3:9] == [
        "целое число",
        "Полных лет. Для педагогов.",
        "нет",
        "не меньше 0, не больше 60",
        "C",
        "нет",
    ]
    assert line(PAGES["forms/F04.md"], "| `mentor_role` |")[8] == "построчно, без имён"
    assert line(PAGES["forms/F04.md"], "| `workplace` |")[8] == "только в итогах"


def test_a_spelling_that_may_mean_two_things_is_named():
    page = PAGES["forms/F04.md"]
    assert "«У-У» – переспросим: ученик – ученик или учитель – учитель." in page


def test_every_notice_stands_on_the_page_of_notices():
    for code, kind in Catalogue().kinds.items():
        assert line(PAGES["notices.md"], f"| `{code}` |")[2] == kind.what


def test_the_index_links_every_form():
    for plan in PLANS:
        assert f"[{plan.code}]({plan.code}.md) | {plan.title}" in PAGES["forms/README.md"]


def test_every_field_type_has_its_russian_word():

    assert forms.TYPES.keys() == STORAGE.keys()


def test_writing_again_changes_nothing(tmp_path):
    assert forms.main(str(tmp_path)) > 0
    assert forms.main(str(tmp_path)) == 0


def test_the_pages_in_docs_are_current():
    plugins = Loader().describe()
    made = forms.pages(tuple(plugins.plans.values()), plugins.vocabularies, plugins.catalogue)
    stale = [
        name
        for name, text in made.items()
        if not (DOCS / name).is_file() or (DOCS / name).read_text(encoding="utf-8") != text
    ]
    assert not stale, "run `make docs`"
