"""The first sheet of a blank, «Как заполнять», and the hidden one with the lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from xlsxwriter.utility import xl_range_abs

from contracts.plan import FormPlan, Vocabulary
from pipeline.answers.blanks.cells import EXAMPLE, list_name
from pipeline.answers.blanks.stages import by_stage
from pipeline.period import SchoolYear
from pipeline.render.workbook import TableColumn, XlsxWriter, text_height
from pipeline.views import Signatories
from pipeline.words import MONTHS, STAGES

HOW_TO, LISTS = "Как заполнять", "Списки"
_COLUMNS = (
    TableColumn("Лист", 20),
    TableColumn("Форма", 32),
    TableColumn("Срок", 16),
    TableColumn("Что это", 54),
)

_PASSPORT = "Лист «Паспорт»: укажите ИНН, название организации и учебный год."
_PASSPORT_KNOWN = "Лист «Паспорт» мы заполнили: проверьте его и впишите исполнителя."
_FORMS = (
    "Заполните листы из таблицы ниже. Необязательно все сразу: пустой лист значит, "
    "что эта форма ещё не подана."
)
_FORM = "Заполните лист «{sheet}»."
_STEPS = (
    f"Серая строка или столбец «{EXAMPLE}» показывает, как писать. "
    "Не трогайте их: мы их пропускаем.",
    "Звёздочкой (*) отмечено обязательное. Обязательная ячейка, которую вы пропустили, "
    "станет жёлтой. Подведите мышь к заголовку столбца – появится подсказка.",
    "Если в ячейке несколько значений, пишите их через точку с запятой: "
    "«ученик – ученик; учитель – учитель».",
    "Даты пишите так: 01.09.2026. Столбцы без звёздочки можно оставлять пустыми; "
    "заголовки не переименовывайте.",
    "Не нужны: СНИЛС, сведения о здоровье и семье, контакты родителей. "
    "Вместо ФИО обучающегося можно вписать код.",
)
_NIL = (
    "Если сведений по форме нет, впишите «Данных нет» в первую свободную строку таблицы "
    "или в первую ячейку столбца «Значение»."
)
_NIL_ONE = "Если сведений нет, на листе «Паспорт» в строке «Данных нет» выберите «да»."
_UNCHANGED = (
    "Если с прошлого раза ничего не изменилось, на листе «Паспорт» в строке "
    "«Подтверждаю, изменений нет» выберите «да». Больше ничего не нужно."
)
_HAND_IN = (
    "Сохраните файл и положите его в папку своей организации. В ответ придёт квитанция: "
    "что принято и что поправить. Поправили – положите файл ещё раз, старый удалять не нужно."
)


def title(plans: Sequence[FormPlan], passport: Mapping[str, str]) -> str:
    """Return the name of the workbook: «Книга ОО», or the only form's title, and the period."""
    name = plans[0].title if len(plans) == 1 else "Книга ОО"
    period = passport.get("period")
    return f"{name}, {period} учебный год" if period else name


def guide_sheet(
    writer: XlsxWriter,
    plans: Sequence[FormPlan],
    passport: Mapping[str, str],
    names: Signatories | None,
    decided: Mapping[tuple[str, str], Sequence[date]] | None = None,
) -> None:
    """Add «Как заполнять»: a few steps, then the forms with their due dates."""
    sheet = writer.sheet(HOW_TO)
    for place, head in enumerate(_COLUMNS):
        sheet.set_column(place, place, head.width)
    owner = passport.get("unit_name", "")
    row = writer.lines(sheet, [title(plans, passport), *([owner] if owner else [])], _COLUMNS)
    row = writer.lines(
        sheet, list(_numbered(plans, passport)), _COLUMNS, first=row, styles=("step",)
    )
    for place, head in enumerate(_COLUMNS):
        sheet.write_string(row, place, head.title, writer.style("header"))
    sheet.set_row(row, 20)
    sheets = (sheet for plan in plans for sheet in by_stage(plan))
    for row, plan in enumerate(sheets, row + 1):  # noqa: B020  # the table goes on where we are
        due = due_text(plan, passport.get("period", ""), decided)
        values = (plan.sheet, plan.title, due, plan.help)
        for place, value in enumerate(values):
            writer.put(sheet, row, place, value)
        heights = (text_height(due, _COLUMNS[2].width), text_height(plan.help, _COLUMNS[3].width))
        sheet.set_row(row, max(heights) + 4)
    writer.lines(sheet, list(_contacts(names)), _COLUMNS, first=row + 2, styles=("heading",))
    writer.printed(sheet)


def lists_sheet(
    writer: XlsxWriter, plans: Sequence[FormPlan], vocabularies: Mapping[str, Vocabulary]
) -> None:
    """Add the hidden sheet whose columns feed the dropdowns, each under a defined name."""
    used = {column.vocabulary or "" for plan in plans for column in plan.columns}
    sheet = writer.sheet(LISTS)
    sheet.hide()
    for place, name in enumerate(sorted(used & vocabularies.keys())):
        values = vocabularies[name].values
        # The title is left out: it is a header of some form, and this sheet is none.
        sheet.write_string(0, place, name, writer.style("plain"))
        sheet.write_column(1, place, values, writer.style("plain"))
        sheet.set_column(place, place, 28)
        area = xl_range_abs(1, place, len(values), place)
        writer.book.define_name(list_name(name), f"='{LISTS}'!{area}")


def due_text(
    plan: FormPlan, period: str, decided: Mapping[tuple[str, str], Sequence[date]] | None = None
) -> str:
    """Return when the form is due: «до 01.10.2026», without a period «до 1 октября».

    *decided* are the days by form and stage; without them those hold that the contract proposes.
    """
    lines = []
    for stage in plan.stages or ("",):
        if decided is not None:
            days = [f"{day:%d.%m.%Y}" for day in decided[plan.code, stage]]
        elif period:
            year = SchoolYear.parse(period)
            days = [f"{year.due_day(day):%d.%m.%Y}" for day in plan.due_days(stage)]
        else:
            days = [_day_of_a_year(day) for day in plan.due_days(stage)]
        if days:
            lines.append(f"{STAGES.get(stage, '')} до {', '.join(days)}".strip())
    return "; ".join(lines) or "по мере событий"


def _day_of_a_year(due: str) -> str:
    month, day = (int(part) for part in due.split("-"))
    return f"{day} {MONTHS[month - 1]}"


def _numbered(plans: Sequence[FormPlan], passport: Mapping[str, str]) -> Iterator[str]:
    single = len(plans) == 1
    steps = (
        _PASSPORT_KNOWN if passport.get("inn") else _PASSPORT,
        _FORM.format(sheet=plans[0].sheet) if single else _FORMS,
        *_STEPS,
        _NIL_ONE if single else _NIL,
        _UNCHANGED,
        _HAND_IN,
    )
    return (f"{number}. {step}" for number, step in enumerate(steps, 1))


def _contacts(names: Signatories | None) -> Iterator[str]:
    if names is None:
        return
    who = ", ".join(part for part in (names.centre, names.coordinator, names.phone) if part)
    if who:
        yield f"Вопросы: {who}."
