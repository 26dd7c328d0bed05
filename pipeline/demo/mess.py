"""Dirty sheets: each function lays out true rows the way one kind of school sends them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta

from contracts.plan import Column, FormPlan
from pipeline.demo.files import Cell, Formula, Grid, typed
from pipeline.demo.rows import Row
from pipeline.demo.words import AGE_YEAR
from pipeline.model import Unit
from pipeline.words import MONTHS

# Headers of the question-form export and what each answers; None is a column nobody asked for.
_GOOGLE = (
    ("Отметка времени", None),
    ("Баллы", None),
    ("ФИО наставника (полностью)", "mentor_fio"),
    ("Номер телефона (для связи) ", "contacts"),
    ("Место работы/учебы наставника (сокращенное название организации)", "workplace"),
    ("Предмет наставничества (какой опыт, метод)", "competencies"),
    ("Важные для программы достижения наставника", "achievements"),
    ("Интересы наставника", "interests"),
    ("Желаемый возраст наставляемых", "mentee_age"),
    (
        "Ресурс времени на программу наставничества (какое количество времени готовы уделять)",
        "time_resource",
    ),
    ("Дата вхождения в программу ", "entry_date"),
    ("ФИО наставляемого (если уже определен список)", "mentee_fios"),
    ("Форма наставничества", "mentoring_form"),
    ("Дата завершения программы", "end_date"),
)
_ACCESS = (
    ("Код", None),
    ("ФИО наставляемого (полностью)", "mentee_fio"),
    ("Контактные данные для связи (данные представителя): тел. и эл.почта", "contacts_rep"),
    ("Год рождения наставляемого, полных лет на момент открытия проекта", "birth_year"),
    (
        "Основной запрос наставляемого (чему хотите научиться при работе с наставником)",
        "request_text",
    ),
    ("Дата вхождения в программу ", "entry_date"),
    ("ФИО наставника (полностью)", "mentor_fio"),
    ("Форма наставничества", "mentoring_form"),
    ("Место работы/учебы наставника (сокращенное по Уставу) город/округ", "mentor_place"),
    ("Дата завершения программы", "end_date"),
    ("NoName", None),
    ("NoName1", None),
)
_GROUPS = (
    ("№ п/п", (("", "row_no"),)),
    (
        "Наставник",
        (
            ("ФИО", "mentor_fio"),
            ("Контактные данные", "contacts"),
            ("Место работы/учебы", "workplace"),
            ("Основные компетенции", "competencies"),
        ),
    ),
    ("Наставляемый", (("ФИО", "mentee_fios"), ("Место работы/учебы", "mentee_place"))),
    (
        "Программа",
        (
            ("Дата вхождения", "entry_date"),
            ("Форма наставничества", "mentoring_form"),
            ("Дата завершения", "end_date"),
        ),
    ),
)
_SPLIT = (
    "№",
    "Фамилия",
    "Имя",
    "Отчество",
    "Телефон",
    "Место работы",
    "Компетенции",
    "Дата начала",
    "ФИО наставляемых",
    "Форма",
    "Стаж",
    "Возраст",
)
# Every way a date was seen written, and the ways that nobody can read.
DATE_STYLES: tuple[Callable[[date], Cell], ...] = (
    lambda day: f"{day:%d.%m.%Y}г.",
    lambda day: "2026-2027 уч. год",
    lambda day: f"{day:%d}. {day:%m}. {day:%y} г.",
    lambda day: f"«{day:%d}» {_month(day)} {day.year} г.",
    lambda day: "31.09.2026",
    lambda day: f"«_{day:%d}» {_month(day)} {day.year}г.",
    lambda day: f"{day.day} {_month(day)}{day.year} г.",
    lambda day: f"{day:%d.%m.%Y} года",
    lambda day: day.isoformat(),
    lambda day: "сентябрь 2026",
    lambda day: (day - date(1899, 12, 30)).days,
    lambda day: day,
    lambda day: f"{day:%d/%m/%Y}",
)
_LATIN = str.maketrans("АВЕКМНОРСТХаеорсух", "ABEKMHOPCTXaeopcyx")
NBSP, ZERO_WIDTH = "\u00a0", "\u200b"


def official(plan: FormPlan, rows: Sequence[Row], unit: Unit) -> Grid:
    """The order's own form: numbered columns only, title lines, a numbering row, a total."""
    columns = [column for column in plan.columns if column.official]
    order = rows[0].get("order", "")
    cells: list[Sequence[Cell]] = [
        ["Приложение 2"],
        [f"к приказу {unit.short_name} {order}"],
        [],
        [f"Форма базы {'наставников' if plan.code == 'F04' else 'наставляемых'}"],
        [column.title for column in columns],
        [column.official for column in columns],
    ]
    cells += [_cells(columns, row) for row in rows]
    cells.append(["Итого", f"{len(rows)} чел."])
    return Grid(
        "Лист1",
        cells,
        header=(5, 6),
        widths=tuple(float(column.width or 20) for column in columns),
    )


def google_form(plan: FormPlan, rows: Sequence[Row]) -> Grid:
    """Answers of a question form: sentences for headers, time stamps, points."""
    cells: list[Sequence[Cell]] = [[header for header, _ in _GOOGLE]]
    for number, row in enumerate(rows):
        stamp = (
            f"{14 + number % 9}.09.2026 1{number % 8}:{number * 7 % 60:02}:{number * 13 % 60:02}"
        )
        cells.append([stamp, 0, *(_named(plan, row, name) for _, name in _GOOGLE[2:])])
    return Grid("Ответы на форму (1)", cells, header=(1,), widths=(20.0,) * len(_GOOGLE))


def access_export(plan: FormPlan, rows: Sequence[Row]) -> Grid:
    """A database export: headers cut at 64 characters, «.» turned into «#», nameless columns."""
    cells: list[Sequence[Cell]] = [[header[:64].replace(".", "#") for header, _ in _ACCESS]]
    for number, row in enumerate(rows, start=1):
        values = [_named(plan, row, name) for _, name in _ACCESS]
        values[0] = number
        if number % 3 == 0:
            values[3] = str(AGE_YEAR - int(row["birth_year"]))
        cells.append(values)
    return Grid("Наставляемый-легаси", cells, widths=(24.0,) * len(_ACCESS))


def two_row_header(plan: FormPlan, rows: Sequence[Row]) -> Grid:
    """Headers in two rows, the upper one merged over its group."""
    upper: list[Cell] = []
    lower: list[Cell] = []
    merged = []
    for group, columns in _GROUPS:
        left, right = len(upper) + 1, len(upper) + len(columns)
        merged.append((3, left, 3, right) if len(columns) > 1 else (3, left, 4, left))
        upper += [group, *[None] * (len(columns) - 1)]
        lower += [header or None for header, _ in columns]
    names = [name for _, columns in _GROUPS for _, name in columns]
    cells: list[Sequence[Cell]] = [["СВЕДЕНИЯ О НАСТАВНИКАХ"], [], upper, lower]
    cells += [[_named(plan, row, name) for name in names] for row in rows]
    widths = tuple(6.0 if name == "row_no" else 22.0 for name in names)
    return Grid("наставники", cells, header=(3, 4), widths=widths, merged=tuple(merged))


def split_names(rows: Sequence[Row]) -> Grid:
    """Three columns for a name, telephones as numbers, ages instead of years."""
    cells: list[Sequence[Cell]] = [_SPLIT]
    for number, row in enumerate(rows, start=1):
        digits = "".join(ch for ch in row.get("contacts", "").split(",")[0] if ch.isdigit())
        age = AGE_YEAR - int(row["birth_year"])
        cells.append(
            [
                float(number),
                *row["mentor_fio"].split(" ", 2),
                float(digits) if digits else None,
                row["workplace"],
                row["competencies"],
                row["entry_date"],
                row["mentee_fios"].replace("; ", "\n"),
                row["mentoring_form"],
                f"{row['experience_years']} лет" if row.get("experience_years") else None,
                f"{age} лет" if number % 2 else float(age),
            ]
        )
    return Grid("База", cells, header=(1,), widths=(5.0, *(18.0,) * (len(_SPLIT) - 1)))


def free_dates(plan: FormPlan, rows: Sequence[Row], column: str = "entry_date") -> list[list[Cell]]:
    """Return rows of cells with the dates of one column written in all ways seen."""
    place = next(i for i, c in enumerate(plan.columns) if c.name == column)
    made = []
    for number, row in enumerate(rows):
        cells = _cells(plan.columns, row)
        if row.get(column):
            day = date(2026, 9, 14) + timedelta(days=number)
            cells[place] = DATE_STYLES[number % len(DATE_STYLES)](day)
        made.append(cells)
    return made


def look_alikes(text: str) -> str:
    """Return *text* with Latin letters where they look the same."""
    return text.translate(_LATIN)


def initials(fio: str) -> str:
    """Return «И.О.Фамилия» as signatures have it."""
    surname, first, patronymic = fio.split(" ", 2)
    return f"{first[0]}.{patronymic[0]}.{surname}"


def changed(rows: Sequence[Row], changes: Mapping[int, Row]) -> list[Row]:
    """Return the rows with other cells in some of them; *changes* by index of the row."""
    return [row | changes.get(index, {}) for index, row in enumerate(rows)]


def with_column(grid: Grid, title: str, values: Iterable[Cell], header_row: int = 3) -> Grid:
    """Return the grid with one more column at its right edge."""
    given = iter(values)
    width = len(grid.cells[header_row - 1])
    cells: list[Sequence[Cell]] = []
    for number, row in enumerate(grid.cells, start=1):
        if number < header_row:
            cells.append(row)
        else:
            padded = [*row, *[None] * (width - len(row))]
            cells.append([*padded, title if number == header_row else next(given, None)])
    return Grid(grid.name, cells, grid.header, (*grid.widths, 18.0))


def with_cell(grid: Grid, row: int, column: int, cell: Cell) -> Grid:
    """Return the grid with one cell replaced; row and column count from 1."""
    cells = [list(line) for line in grid.cells]
    cells[row - 1][column - 1] = cell
    return Grid(grid.name, cells, grid.header, grid.widths)


def broken_link() -> Formula:
    """Return a formula whose source was deleted."""
    return Formula("=#REF!", "#REF!")


def _cells(columns: Sequence[Column], row: Row) -> list[Cell]:
    return [typed(column, row.get(column.name, "")) for column in columns]


def _named(plan: FormPlan, row: Row, name: str | None) -> Cell:
    return typed(plan.column(name), row.get(name, "")) if name else None


def _month(day: date) -> str:
    return MONTHS[day.month - 1]
