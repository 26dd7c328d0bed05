"""The envelope «Паспорт»: who sends the file and for which school year.

It is no form of its own: nothing of it is kept but what identifies the submission.
"""

from __future__ import annotations

from contracts.plan import Column, FormPlan

PASSPORT = FormPlan(
    code="passport",
    name="passport",
    title="Паспорт",
    sheet="Паспорт",
    version="1",
    mode="snapshot",
    layout="card",
    help="Кто и за какой учебный год подаёт сведения.",
    titles=("паспорт", "паспорт формы", "титул", "титульный лист"),
    columns=(
        Column(
            "inn",
            "ИНН ОО",
            "inn",
            aliases=("ИНН", "ИНН организации", "ИНН учреждения"),
            help="10 цифр, как в уставных документах. По нему мы узнаём вашу организацию.",
            example="0042000010",
        ),
        Column(
            "unit_name",
            "Наименование ОО (краткое по уставу)",
            "text",
            aliases=(
                "ОО",
                "ОУ",
                "школа",
                "образовательная организация",
                "наименование учреждения",
                "наименование ОО",
                "наименование организации",
                "краткое наименование",
                "учреждение",
                "название ОО (сокращенное наименование по Уставу ОО)",
            ),
            help="Как в уставе.",
            example="МБОУ «СОШ № 101»",
        ),
        Column(
            "period",
            "Учебный год",
            "text",
            aliases=("уч. год", "уч год", "год", "период"),
            help="Через дефис.",
            example="2026-2027",
        ),
        Column(
            "as_of",
            "По состоянию на",
            "date",
            aliases=("дата заполнения", "дата"),
            help="Дата, на которую верны сведения.",
            example="20.09.2026",
        ),
        Column(
            "filled_by",
            "Исполнитель",
            "text",
            aliases=("ответственный", "куратор", "исп.", "заполнил"),
            privacy="B",
            help="Кто заполнил файл.",
            example="Петрова Анна Сергеевна",
        ),
        Column(
            "filled_phone",
            "Телефон исполнителя",
            "phone",
            aliases=("телефон", "контактный телефон"),
            privacy="B",
            help="По какому телефону задать вопрос.",
            example="+7 999 000-00-01",
        ),
        Column(
            "stage",
            "Этап мониторинга",
            "text",
            aliases=("этап",),
            help="Только для мониторинга: входящий или итоговый.",
            example="",
        ),
        Column(
            "nil",
            "Данных нет",
            "bool",
            aliases=("нулевой отчет", "сведений нет"),
            help="«да» – если подаёте одну форму и сведений по ней нет.",
            example="нет",
        ),
        Column(
            "unchanged",
            "Подтверждаю, изменений нет",
            "bool",
            aliases=("изменений нет", "без изменений"),
            help="«да» – всё, что вы прислали раньше, остаётся верным; листы можно не заполнять.",
            example="нет",
        ),
    ),
    examples=({"inn": "0042000010", "unit_name": "МБОУ «СОШ № 101»", "period": "2026-2027"},),
)
