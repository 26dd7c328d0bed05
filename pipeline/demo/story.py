"""Who sends what: the first wave of files, one kind of trouble per school."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from pipeline.demo import canaries, mess
from pipeline.demo.blanks import blank_book
from pipeline.demo.district import DemoUnit, District
from pipeline.demo.files import (
    HEADER_ROW,
    DemoFile,
    Grid,
    book,
    card,
    csv_bytes,
    fixture,
    form_grid,
    passport,
    plans,
    table,
    xlsx,
)
from pipeline.demo.people import seeded
from pipeline.demo.rows import Row
from pipeline.demo.trouble import minors, typing_slips, violations

BOOK = "Книга ОО.xlsx"
Scene = Callable[[DemoUnit, District], list[DemoFile]]
_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>\
endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def put(school: DemoUnit, name: str, data: bytes, *shows: str, age: int = 0) -> DemoFile:
    """Put a file into the school's folder."""
    return DemoFile(school.unit.folder, name, data, shows, age)


def first_wave(district: District, clean_share: float | None = None) -> list[DemoFile]:
    """Return what is in the inbox on the first day.

    Without *clean_share* the first 24 schools play their scenes and the rest is clean; with it
    every school sends one book, and that share of the books is clean (for benchmarks).
    """
    if clean_share is not None:
        return [_plain(school, district.seed, clean_share) for school in district.schools]
    sent = []
    for school in district.schools:
        sent += _SCENES.get(school.code, _clean)(school, district)
    return sent + _strangers(district)


def one(school: DemoUnit, form: str, rows: Sequence[Row] = ()) -> Grid:
    """Lay out a form of the school, with other *rows* where given."""
    plan = plans()[form]
    if not rows:
        return form_grid(school, form)
    return card(plan, rows[0]) if plan.layout == "card" else table(plan, rows)


def overstated(school: DemoUnit) -> Grid:
    """Lay out F08 so that it counts more supported teachers than the bases hold."""
    row = school.rows["F08"][0]
    more = min(int(row["ped_lt35"]), int(row["ped_lt35_supported"]) + 2)
    return one(school, "F08", [row | {"ped_lt35_supported": str(more)}])


def _plain(school: DemoUnit, seed: int, clean_share: float) -> DemoFile:
    nobody = not school.rows["F04"]
    if nobody or seeded(seed, "clean", school.code).random() < clean_share:
        return put(school, BOOK, book(school), "clean_book")
    return put(school, BOOK, typing_slips(school), "typing_slips")


def _clean(school: DemoUnit, _: District) -> list[DemoFile]:
    return [put(school, BOOK, blank_book(school), "clean_book")]


def _rest(school: DemoUnit, *forms: str, **sheets: Grid) -> DemoFile:
    return put(school, BOOK, book(school, *forms, **sheets), "book_without_some_forms")


def _official(school: DemoUnit, _: District) -> list[DemoFile]:
    def sheet(form: str) -> bytes:
        return xlsx([mess.official(plans()[form], school.rows[form], school.unit)])

    marks = ("official_form", "title_lines", "numbering_row", "total_row")
    return [
        put(school, "База наставников 102.xlsx", sheet("F04"), *marks),
        put(school, "База наставляемых 102.xlsx", sheet("F05"), *marks),
        put(school, "скан приказа.pdf", _PDF, "pdf"),
        _rest(school, "F01", "F02", "F08"),
    ]


def _google(school: DemoUnit, _: District) -> list[DemoFile]:
    data = xlsx([mess.google_form(plans()["F04"], school.rows["F04"])])
    return [
        put(school, "Анкета наставника (Ответы).xlsx", data, "google_form", "points_column"),
        _rest(school, "F01", "F02", "F05", "F08"),
    ]


def _access(school: DemoUnit, _: District) -> list[DemoFile]:
    data = xlsx([mess.access_export(plans()["F05"], school.rows["F05"])])
    return [
        put(school, "Наставляемый-легаси.xlsx", data, "access_export", "cut_headers"),
        replace(
            _rest(school, "F01", "F02", "F04", "F08", F08=overstated(school)),
            shows=("summary_differs",),
        ),
    ]


def _csv(school: DemoUnit, district: District) -> list[DemoFile]:
    sheet = one(school, "F04")
    elsewhere = district.schools[0]
    foreign = {
        "mentor_fio": elsewhere.rows["F04"][0]["mentor_fio"],
        "mentor_place": elsewhere.unit.short_name,
    }
    mentees = school.rows["F05"]
    paired = [index for index, row in enumerate(mentees) if row.get("mentor_fio")]
    slip = {"mentor_fio": _misspelt(mentees[paired[-1]]["mentor_fio"])}
    rows = mess.changed(mentees, {paired[0]: foreign, paired[-1]: slip})
    return [
        put(school, "nastavniki.csv", csv_bytes(sheet.cells[HEADER_ROW - 1 :]), "csv_cp1251"),
        replace(
            _rest(school, "F01", "F02", "F05", "F08", F05=one(school, "F05", rows)),
            shows=("mentor_of_other_unit", "mentor_misspelt"),
        ),
    ]


def _xls(school: DemoUnit, _: District) -> list[DemoFile]:
    return [
        put(school, "Наставники 2026.xls", fixture("oo-106-f04.xls"), "xls"),
        put(school, "Наставляемые.xlsx", fixture("oo-106-f05.xls"), "wrong_extension"),
        _rest(school, "F01", "F02", "F08"),
    ]


def _ods(school: DemoUnit, _: District) -> list[DemoFile]:
    return [
        put(school, "наставляемые.ods", fixture("oo-107-f05.ods"), "ods"),
        _rest(school, "F01", "F02", "F04", "F08"),
    ]


def _two_rows(school: DemoUnit, _: District) -> list[DemoFile]:
    data = xlsx([mess.two_row_header(plans()["F04"], school.rows["F04"])])
    return [
        put(school, "СВЕДЕНИЯ от завуча.xlsx", data, "two_row_header", "merged_cells"),
        replace(
            _rest(school, "F01", "F02", "F05", "F08", F08=overstated(school)),
            shows=("summary_differs",),
        ),
    ]


def _split(school: DemoUnit, _: District) -> list[DemoFile]:
    data = xlsx([mess.split_names(school.rows["F04"])])
    return [
        put(school, "База 109.xlsx", data, "split_names", "float_phones", "ages_for_years"),
        _rest(school, "F01", "F02", "F05", "F08"),
    ]


def _slips(school: DemoUnit, _: District) -> list[DemoFile]:
    marks = ("date_styles", "initials", "look_alikes", "invisible_characters", "ambiguous_form")
    return [put(school, "Книга ОО 110.xlsx", typing_slips(school), *marks, "sensitive_text")]


def _hidden(school: DemoUnit, _: District) -> list[DemoFile]:
    mentees, draft = one(school, "F05"), one(school, "F04")
    last = len(mentees.cells)
    sheets = [
        replace(passport(school), name="Лист1"),
        replace(one(school, "F01"), name="Лист2"),
        replace(one(school, "F02"), name="Лист3"),
        replace(one(school, "F04"), name="Лист4"),
        replace(mentees, name="Лист5", hidden_rows=frozenset({last - 1, last})),
        replace(one(school, "F08"), name="Лист6"),
        replace(draft, name="старое", cells=draft.cells[:-2], hidden=True),
    ]
    marks = ("hidden_rows", "hidden_sheet", "renamed_sheets")
    return [put(school, "Отчёт школы 111.xlsx", xlsx(sheets), *marks)]


def _extra(school: DemoUnit, district: District) -> list[DemoFile]:
    elsewhere = district.schools[0]
    guest = next(row for row in elsewhere.rows["F04"] if row["mentor_role"] == "педагог")
    rows = [*school.rows["F04"], guest | {"mentee_fios": "", "end_date": ""}]
    numbers: list[str] = [canaries.SNILS.value]
    numbers += [f"000-000-{n:03} 00" for n in range(1, len(rows))]
    grid = mess.with_column(one(school, "F04", rows), "СНИЛС", numbers)
    grid = mess.with_column(grid, "Размер одежды", ["48", "52", "46"])
    grid = mess.with_cell(grid, HEADER_ROW + 2, 6, mess.broken_link())
    marks = ("extra_columns", "snils_column", "formula_error", "row_of_other_unit")
    return [put(school, BOOK, book(school, F04=grid), *marks, "person_in_two_units")]


def _password(school: DemoUnit, _: District) -> list[DemoFile]:
    return [put(school, "Книга ОО (пароль).xlsx", fixture("oo-113-parol.xlsx"), "password")]


def _broken(school: DemoUnit, _: District) -> list[DemoFile]:
    whole = book(school)
    return [
        put(school, "Книга ОО (1).xlsx", b"", "zero_bytes"),
        put(school, BOOK, whole[: len(whole) * 6 // 10], "half_copied"),
        put(school, f"~${BOOK}", b"\x06zavuch".ljust(165, b" "), "lock_file"),
    ]


def _twice(school: DemoUnit, _: District) -> list[DemoFile]:
    data = blank_book(school)
    return [
        put(school, BOOK, data, "clean_book", age=30),
        put(school, "Книга ОО — копия.xlsx", data, "duplicate_file"),
    ]


def _misplaced(school: DemoUnit, district: District) -> list[DemoFile]:
    other = district.school("oo-117") or district.schools[0]
    return [put(school, "Книга ОО 117.xlsx", book(other), "wrong_folder")]


def _nil(school: DemoUnit, _: District) -> list[DemoFile]:
    empty = {}
    for form in ("F04", "F05"):
        grid = table(plans()[form], ())
        empty[form] = replace(grid, cells=[*grid.cells, ["Данных нет"]])
    return [put(school, BOOK, book(school, **empty), "nil_report")]


def _violations(school: DemoUnit, _: District) -> list[DemoFile]:
    marks = ("roles_mismatch", "dates_crossed", "mentor_is_mentee", "mutual_mentoring")
    return [put(school, "Книга Гимназия.xlsx", violations(school), *marks, "implausible_age")]


def _minors(school: DemoUnit, _: District) -> list[DemoFile]:
    marks = ("minors_named", "parent_consent_missing", "canaries")
    return [put(school, "Книга ОО ЛИЦЕЙ.xlsx", minors(school), *marks)]


def _sums(school: DemoUnit, _: District) -> list[DemoFile]:
    row = school.rows["F08"][0]
    wrong = row | {
        "ped_lt35": str(int(row["ped_lt35"]) + 3),
        "ped_lt35_exp_lt3": str(int(row["ped_exp_lt3"]) + 1),
        "pupils_10_19": f"{row['pupils_10_19']} чел.",
    }
    data = book(school, F08=one(school, "F08", [wrong]))
    return [put(school, "Отчет на 20.09.xlsx", data, "wrong_sums", "number_with_words")]


def _period(school: DemoUnit, _: District) -> list[DemoFile]:
    sheet = passport(school, period="2026/27 уч. год")
    return [put(school, BOOK, book(school, passport=sheet), "period_spelling")]


def _two_versions(school: DemoUnit, _: District) -> list[DemoFile]:
    older = book(school, F05=one(school, "F05", school.rows["F05"][:-1]))
    newer = book(school)
    return [
        DemoFile("", "отчет (1).xlsx", older, ("two_versions",), age=180),
        DemoFile("", "отчет (1) исправленный НОВЫЙ.xlsx", newer, ("name_as_in_life", "in_root")),
    ]


def _strangers(district: District) -> list[DemoFile]:
    bells = Grid("Лист1", [["Урок", "Начало", "Конец"], [1, "8:00", "8:40"], [2, "8:50", "9:30"]])
    closed = district.closed
    return [
        DemoFile("", "Заречная СОШ 201.xlsx", book(district.neighbour), ("neighbour",)),
        DemoFile("", "Колокольчик.xlsx", book(district.stranger), ("unknown_unit",)),
        DemoFile("", "звонки.xlsx", xlsx([bells]), ("unknown_form",)),
        DemoFile(closed.unit.folder, BOOK, book(closed), ("closed_unit",)),
    ]


def _misspelt(fio: str) -> str:
    """Return the name with two letters of the surname swapped."""
    return fio[:2] + fio[3] + fio[2] + fio[4:]


_SCENES: dict[str, Scene] = {
    "oo-102": _official,
    "oo-103": _google,
    "oo-104": _access,
    "oo-105": _csv,
    "oo-106": _xls,
    "oo-107": _ods,
    "oo-108": _two_rows,
    "oo-109": _split,
    "oo-110": _slips,
    "oo-111": _hidden,
    "oo-112": _extra,
    "oo-113": _password,
    "oo-114": _broken,
    "oo-115": _twice,
    "oo-116": _misplaced,
    "oo-118": _nil,
    "oo-119": _violations,
    "oo-120": _minors,
    "oo-121": _sums,
    "oo-122": _period,
    "oo-124": _two_versions,
}
