"""Files that raise notices about files, units, columns and cards; good ones stand among them."""

from __future__ import annotations

from datetime import date

from pipeline.demo.files import Grid, csv_bytes
from pipeline.text import a1
from tests.support import odd_files as odd
from tests.support.notice_books import (
    MENTORS,
    File,
    M,
    P,
    Story,
    beside,
    book,
    curators,
    envelope,
    error,
    info,
    mentees,
    mentors,
    ods_row,
    official,
    people,
    remark,
    renamed,
    school_card,
    sheet,
    staff,
)
from tests.support.notice_cases import OTHER_SCHOOL

# Valid numbers of organisations that do not exist.
OWN, OTHER, NEIGHBOUR, NOBODY, FIRST, SECOND = (
    "0042000010",
    "0042000027",
    "0042000034",
    "0042000041",
    "0042000059",
    "0042000066",
)
NAME, OTHER_NAME = "МБОУ «СОШ № 101»", OTHER_SCHOOL
SUPPORTED = {"ped_lt35_supported": "1", "ped_lt35_exp_lt3_supported": "1"}
LAST = a1(3, len(MENTORS.columns) + 1)
NOT_ASKED = remark("columns_not_asked", M)
POSITION = "Должность (по штатному расписанию)"
NO_VALUE = '<table:table-cell office:value-type="float" office:value=""><text:p>5</text:p>'
NO_TYPE = f"<table:table-cell><text:p>да</text:p></table:table-cell>{odd.ods_cell(1)}"
DOCX = odd.package({"[Content_Types].xml": '<Types ContentType="x.wordprocessingml.document"/>'})
LAST_YEAR = {"entry_date": "01.09.2025", "end_date": "31.05.2026", "results": "сданы"}


def either(title: str, first: str, second: str) -> Grid:
    """Mentors whose column *title* stands twice, under two other headers."""
    cells = [[*row] for row in mentors().cells]
    place = cells[2].index(title)
    cells[2][place] = first
    for number, row in enumerate(cells[2:]):
        row.extend([None] * (len(MENTORS.columns) - len(row)))
        row.append(row[place] if number else second)
    return Grid(M, cells)


GOOD = (
    Story(
        "a whole book",
        [
            book(
                envelope(inn=OWN, unit_name=NAME, period="2026-2027"),
                school_card(),
                curators(),
                mentors(),
                mentees(),
                staff(**SUPPORTED),
            )
        ],
        inn=OWN,
    ),
    Story("a list as csv", [File(csv_bytes(mentors().cells), "Наставники.csv")]),
    Story("no data is an answer", [book(sheet(P, ["База наставляемых"], ["Данных нет"]))]),
    Story("the year of the folder", [book(mentors(), subfolder="2026-2027")]),
)

FILES = (
    Story("a password", [File(odd.locked_zip())], [error("file_password")]),
    Story("no byte", [File(b"", "пусто.xlsx")], [error("file_empty")]),
    Story("blanks only", [book(sheet("Лист1", [" "]))], [error("file_empty")]),
    Story("a pdf", [File(b"%PDF-1.4\n" + bytes(900), "отчёт.pdf")], [error("file_format")]),
    Story("a document of Word", [File(DOCX, "список.docx")], [error("file_format")]),
    Story(
        "macros", [File(odd.xlsx(kind="vnd.ms-excel.sheet.macroEnabled"))], [error("file_macros")]
    ),
    Story("pictures", [File(bytes(20_000_001), "фото.xlsx")], [error("file_too_large")]),
    Story("cut short", [File(odd.xlsx()[:-40])], [error("file_damaged")]),
    Story(
        "a doctype", [File(odd.with_part("x.xml", "<!DOCTYPE a><a/>"))], [error("file_suspicious")]
    ),
    Story("a crash", [ods_row(f"{NO_VALUE}</table:table-cell>")], [error("file_unreadable")]),
    Story("two counts", [ods_row(NO_TYPE)], [error("readers_disagree", "Лист")]),
    Story(
        "a menu",
        [book(sheet("Меню", ["Блюдо", "Цена", "Вес"], ["Суп", 40, 200]))],
        [error("form_unknown")],
    ),
    Story(
        "a form without headers beside a good one",
        [book(mentors(), sheet(P, ["База наставляемых"], *[["Орлов", "8 999"]] * 4))],
        [error("form_headers_unknown", P)],
    ),
    Story(
        "a form without headers alone",
        [book(sheet(P, ["База наставляемых"], *[["Орлов", "8 999"]] * 4))],
        [error("form_headers_unknown", P)],
    ),
    Story(
        "either of two",
        [
            book(
                sheet(
                    "Лист1",
                    ["ФИО", "Должность", "Форма наставничества"],
                    ["Орлов Пётр Ильич", "учитель", "учитель – учитель"],
                )
            )
        ],
        [error("form_ambiguous", "Лист1")],
    ),
    Story(
        "either of two columns of forms",
        [book(either("Форма наставничества", "Тип", "Вариант"))],
        [
            error("column_missing", M, "A3"),
            info("minor_hidden", M),
            remark("column_unmatched", M, "L3", "Тип"),
            remark("column_unmatched", M, LAST, "Вариант"),
        ],
    ),
    Story(
        "a copy",
        [book(mentors(), Grid("Копия", mentors().cells))],
        [info("sheet_copied", M)],
    ),
    Story(
        "a card twice",
        [book(school_card(), Grid("Карточка 2", school_card(phone="+7 999 000-00-00").cells))],
        [error("form_twice", school_card().name)],
    ),
    Story(
        "sheets of two years",
        [
            book(
                Grid("2025-2026", mentors().cells),
                Grid("2026-2027", mentors(people(2)[1]).cells),
            )
        ],
        [remark("sheet_other_year", "2025-2026")],
    ),
    Story(
        "people below no names of columns",
        [book(mentors(), Grid("5Б", mentors().cells[-1:]))],
        [error("people_unread", "5Б")],
    ),
    Story(
        "a text that was cut off",
        [File(csv_bytes(mentors(*people(4)).cells).rstrip().rpartition(b";")[0], "Наставники.csv")],
        [remark("text_cut")],
    ),
    Story(
        "all columns in one",
        [book(Grid(M, [[";".join(str(v or "") for v in row)] for row in official("F04").cells]))],
        [remark("columns_in_one", M), NOT_ASKED],
    ),
    Story(
        "two tables side by side",
        [book(Grid(M, [[*row, None, *row] for row in official("F04").cells]))],
        [error("form_side_by_side", M), NOT_ASKED],
    ),
    Story(
        "an old blank",
        [book(Grid(M, [["Бланк F04@0"], [], *mentors().cells[2:]]))],
        [remark("form_version_old")],
    ),
    Story(
        "one sheet not filled",
        [book(mentors(), Grid(P, mentees().cells[:3]))],
        [info("form_not_submitted", P)],
    ),
    Story(
        "no data, and data",
        [book(Grid(M, [*mentors().cells, ["", "Данных нет"]]))],
        [error("nil_with_rows", M)],
    ),
    Story(
        "a hidden sheet",
        [book(mentors(), Grid(P, mentees().cells, hidden=True))],
        [remark("sheet_hidden", P)],
    ),
    Story(
        "a hidden row",
        [book(Grid(M, mentors(*people(2)).cells, hidden_rows=frozenset((5,))))],
        [remark("rows_hidden", M)],
    ),
)

UNITS = (
    Story(
        "from a folder that nobody has",
        [book(mentors(), name="a.xlsx", folder="Лицей")],
        [error("unit_folder_unknown", value="Лицей")],
    ),
    Story(
        "from a number with a slip",
        [book(envelope(inn="42"), mentors(), name="с ошибкой.xlsx", folder="")],
        [error("unit_inn_unread"), remark("inn_length", "Паспорт", "B3", "42")],
    ),
    Story("from nobody", [book(mentors(), name="a.xlsx", folder="")], [error("unit_not_named")]),
    Story(
        "not in the registry",
        [
            book(
                envelope(inn=NOBODY, unit_name="МБОУ «СОШ 777»"),
                mentors(),
                name="b.xlsx",
                folder="",
            )
        ],
        [error("unit_unknown", None, None, f"МБОУ «СОШ 777» ИНН {NOBODY}")],
    ),
    Story(
        "like nobody",
        [book(envelope(inn=NOBODY, unit_name="Лицей"), mentors(), name="c.xlsx", folder="")],
        [error("unit_unknown", None, None, f"Лицей ИНН {NOBODY}")],
    ),
    Story(
        "a neighbour's",
        [
            book(
                envelope(inn=NEIGHBOUR, unit_name="МКОУ «ООШ»"), mentors(), name="d.xlsx", folder=""
            )
        ],
        [error("unit_foreign", None, None, f"МКОУ «ООШ» ИНН {NEIGHBOUR}")],
    ),
    Story(
        "another's passport",
        [book(envelope(inn=OTHER, unit_name=OTHER_NAME), mentors())],
        [remark("unit_conflict", None, None, f"{OTHER_NAME} ИНН {OTHER}")],
    ),
    Story(
        "closed since",
        [book(mentors())],
        [error("unit_closed", None, None, "Школа")],
        until=date(2026, 9, 30),
    ),
    Story("open to the last day", [book(mentors())], until=date(2026, 10, 1)),
    Story(
        "this year",
        [book(envelope(inn=FIRST, unit_name="Школа", period="этот"), mentors())],
        [remark("period_unreadable", None, None, "этот")],
        inn=FIRST,
    ),
    Story(
        "last year",
        [book(mentors(LAST_YEAR), subfolder="2025-2026")],
        [remark("period_other", None, None, "2025-2026")],
    ),
)

COLUMNS = (
    Story("official mentors", [book(official("F04"))], [NOT_ASKED]),
    Story("official mentees", [book(official("F05"))], [remark("columns_not_asked", P)]),
    Story(
        "official without what not all have",
        [book(official("F04", without=["results"]))],
        [remark("columns_official_absent", M), NOT_ASKED],
    ),
    Story(
        "official without a column",
        [book(official("F04", without=["entry_date"]))],
        [error("column_missing", M, "A3")],
    ),
    Story(
        "a header guessed",
        [book(renamed(mentors(), "Должность / специальность", POSITION))],
        [remark("column_doubtful", M, "R3", POSITION)],
    ),
    Story("one column more", [book(beside(mentors(), "Рост", 170))], [info("columns_extra", M)]),
    Story(
        "a header twice",
        [book(beside(mentors(), "Должность", "учитель"))],
        [remark("column_repeated", M, LAST, "Должность")],
    ),
    Story(
        "a number nobody asked for",
        [book(beside(mentors(), "СНИЛС", "001-001-998 00"))],
        [info("column_snils", M, LAST, "СНИЛС")],
    ),
)
