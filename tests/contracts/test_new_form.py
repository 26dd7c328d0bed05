"""A new form is one new file: it is found by its name, and everything else follows from it."""

from __future__ import annotations

import sys

import openpyxl
import pytest

import contracts
from bench.office import Office
from contracts.built_in import built_in_forms, form_modules
from contracts.plan import STORAGE
from pipeline.demo.district import district
from pipeline.demo.files import blank_book, book, form_grid, passport
from pipeline.demo.story import mistyped
from pipeline.plugins.forms import register_vocabularies
from pipeline.workspace.plugin_loader import Loader
from tests.support.workspace import Workspace, careful_book, forget_forms

ACTS = '''
"""F03 «Локальные акты»: what a school has put in force."""

from contracts.columns import ROW_NUMBER, STAGE, choice, column
from contracts.form import About, Form
from contracts.plan import Term, Vocabulary

ACT = Vocabulary("act_kind", "Вид документа", (Term("дорожная карта", ("ДК",)), Term("положение")))


class Acts(Form):
    """Локальные акты."""

    _about = About(
        "F03", "acts", "Локальные акты", "3 Акты", "Акты школы о наставничестве.", key=("act_kind",)
    )

    row_no = ROW_NUMBER
    act_kind = choice(ACT, required="error", example="положение")
    title = column("Наименование", "text", privacy="A", example="Положение о наставничестве")
    order = column("Приказ (№, дата)", "order_ref", example="№ 40-од от 14.09.2026")

    _spelled = """
        act_kind: документ | акт
    """
'''

MATRIX = """
        layout="matrix", key=("act_kind",), rows=(("положение",), ("дорожная карта",)),
        stages=("baseline", "final"), due="baseline 10-15 | final 05-31",
"""

# A type of column and what stands in one.
EXAMPLES = {
    "text": "класс 7 «А»",
    "fio": "Петрова Анна Сергеевна",
    "fio_list": "Петрова Анна Сергеевна",
    "date": "15.09.2026",
    "year": "2025",
    "int": "12",
    "decimal": "1,5",
    "percent": "85",
    "bool": "да",
    "enum": "положение",
    "multi": "положение",
    "phone": "+7 999 000-00-01",
    "email": "a@example.org",
    "contacts": "+7 999 000-00-01",
    "url": "https://a.example.org",
    "inn": "0042000010",
    "ogrn": "1020042000010",
    "kpp": "004201001",
    "class": "7А",
    "order_ref": "№ 40-од от 14.09.2026",
    "age_range": "14–18",
}


@pytest.fixture
def dropped(tmp_path, monkeypatch):
    """Put a file of a contract beside the built-in ones."""

    def drop(name, text):
        folder = tmp_path / "more contracts"
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
        monkeypatch.setattr(contracts, "__path__", [*contracts.__path__, str(folder)])
        forget_forms()

    forget_forms()
    yield drop
    for name in [name for name in sys.modules if name.startswith("contracts.f03_")]:
        del sys.modules[name]
        vars(contracts).pop(name.split(".")[1], None)
    forget_forms()


def test_the_forms_are_those_whose_files_lie_here():
    assert list(form_modules()) == [form.about().code for form in built_in_forms()]
    assert {"F01", "F02", "F04", "F05", "F08"} <= set(form_modules())


def test_a_dropped_file_is_a_form_with_its_vocabulary_and_its_base(dropped):
    before = Loader().describe()
    dropped("f03_acts", ACTS)
    described = Loader().describe()
    assert set(described.plans) - set(before.plans) == {"F03"}
    assert set(described.vocabularies) - set(before.vocabularies) == {"act_kind"}
    assert not [info for info in described.infos if info.error]


def test_a_dropped_file_goes_the_whole_way(dropped, tmp_path):
    dropped("f03_acts", ACTS)
    place = Workspace(tmp_path / "ws")
    book = openpyxl.Workbook()
    book.active.title = "3 Акты"
    book.active.append(["№", "Документ", "Наименование", "Приказ (№, дата)"])
    book.active.append([1, "ДК", "План на год", "40-од, 14.09.2026"])
    book.active.append([2, "устав", None, None])
    book.save(tmp_path / "Акты.xlsx")
    place.give("oo-101", "Книга ОО.xlsx", careful_book("oo-101"))
    decided = place.give("oo-101", "Акты.xlsx", (tmp_path / "Акты.xlsx").read_bytes())
    assert decided.outcome == "accepted_partly"
    assert set(place.codes(decided.number)) == {"value_synonym", "value_not_in_list"}
    base = place.publish().publication.view.base("F03")
    assert base[["act_kind", "order"]].values.tolist() == [
        ["дорожная карта", "№ 40-од от 14.09.2026"]
    ]


def test_a_dropped_file_has_sample_rows_that_are_clean(dropped, tmp_path):
    """The generator of the demo knows a form by its contract alone."""
    dropped("f03_acts", ACTS)
    sample = district(schools=2).school("oo-101")
    rows = sample.rows["F03"]
    assert {row["act_kind"] for row in rows} == {"дорожная карта", "положение"}
    assert all(row["title"] and row["order"] for row in rows)
    place = Workspace(tmp_path / "ws")
    decided = place.give("oo-101", "Книга ОО.xlsx", book(sample, "F02", "F03"))
    assert decided.outcome == "accepted"
    assert not place.codes(decided.number)
    strewn = [mistyped(sample, seed)["F03"] for seed in range(20)]
    assert any(grid.cells != form_grid(sample, "F03").cells for grid in strewn)


@pytest.mark.parametrize(
    ("seed", "make"),
    [
        (0, lambda made: book(made, "F03")),
        (1, blank_book),
        (2, blank_book),
        (3, lambda made: Office().save([passport(made), form_grid(made, "F03")])),
    ],
)
@pytest.mark.parametrize("layout", ["table", "card", "matrix"])
def test_sample_rows_fit_columns_of_every_type(dropped, tmp_path, layout, seed, make):
    """Also where the contract gives no example, and only asks for a value."""
    assert EXAMPLES.keys() == STORAGE.keys()
    columns = [
        f'    c{number}{given} = {kind}, required="error", {words})'
        for number, (type_, example) in enumerate(EXAMPLES.items())
        for given, words in (("a", f'example="{example}"'), ("b", ""))
        for kind in [
            f'choice(ACT, title="Столбец {number}{given}", many={type_ == "multi"}'
            if type_ in ("enum", "multi")
            else f'column("Столбец {number}{given}", "{type_}"'
        ]
    ]
    head, _ = ACTS.split("    row_no = ")
    about = f'layout="{layout}"'
    if layout == "matrix":
        about = MATRIX
        columns = ['    act_kind = choice(ACT, required="error")', *columns, "    stage = STAGE"]
    text = "\n".join([head.replace('key=("act_kind",)', about), *columns])
    dropped("f03_acts", text)
    made = district(seed, schools=1).school("oo-101")
    assert len(made.rows["F03"]) == {"card": 1, "matrix": 2}.get(layout, len(made.rows["F04"]))
    place = Workspace(tmp_path / "ws")
    decided = place.give("oo-101", "Книга ОО.xlsx", make(made))
    with place.open() as exchange:
        parts = exchange.store.submission(decided.number).parts
        kept = exchange.store.rows_in_force("2026-2027", "F03", "oo-101")
    (part,) = (part for part in parts if part.form == "F03")
    assert part.stage == ("baseline" if layout == "matrix" else "")
    assert len(kept) == len(made.rows["F03"])
    assert [n.code for n in part.notices if n.severity == "error"] == []
    assert decided.outcome in ("accepted", "accepted_with_remarks")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("f03_acts", ACTS.replace('"F03"', '"F04"')),
        ("f03_acts", "from contracts.form import Form\n"),
        ("f03_acts", ACTS.replace('"act_kind", "Вид', '"consent_by", "Вид')),
    ],
)
def test_a_file_that_is_no_form_of_its_name_is_refused(dropped, name, text):
    dropped(name, text)
    with pytest.raises((TypeError, ValueError)):
        register_vocabularies()


def test_other_files_are_no_forms(dropped):
    dropped("f3_acts", ACTS)
    assert "F03" not in form_modules()
    assert "FORM" not in form_modules()
