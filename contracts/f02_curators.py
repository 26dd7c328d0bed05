"""F02 «Список кураторов ОО»: who answers for mentoring in a school."""

from __future__ import annotations

from contracts.form_before import Date, Form, FormConfig, Number, Text, YesNo, column


class Curators(Form):
    """Список кураторов ОО."""

    row_no: Number = column(
        "№ п/п", "int", aliases=("№", "N", "п/п"), ignored=True, example="1", width=6
    )
    fio: Text = column(
        "ФИО куратора",
        "fio",
        required="error",
        aliases=(
            "ФИО",
            "куратор",
            "ФИО координатора",
            "ответственный за наставничество",
            "ФИО ответственного за наставничество",
            "ФИО ответственного",
            "фамилия имя отчество",
            "ФИО куратора (полностью)",
        ),
        help="Фамилия, имя и отчество полностью.",
        example="Петрова Анна Сергеевна",
        privacy="B",
        full_name=True,
        width=34,
    )
    position: Text = column(
        "Должность",
        "text",
        required="error",
        aliases=("должность куратора", "Должность координатора проекта в ОУ"),
        help="По штатному расписанию.",
        example="зам. директора по УВР",
        privacy="B",
        width=28,
    )
    phone: Text = column(
        "Телефон",
        "phone",
        aliases=(
            "служебный телефон",
            "телефон (служебный)",
            "контактный телефон",
            "контакты",
            "телефон e-mail",
            "Координаты для связи (сот., адрес электронной почты)",
            "Номер телефона/WhatsApp для связи",
        ),
        help="Служебный телефон с кодом. Нужен телефон или почта.",
        example="+7 999 000-00-01",
        privacy="B",
        spill=("email",),
        width=20,
    )
    email: Text = column(
        "E-mail",
        "email",
        aliases=(
            "электронная почта",
            "эл. почта",
            "адрес электронной почты",
            "почта",
            "адрес эл почты",
        ),
        help="Служебная почта.",
        example="kurator101@example.org",
        privacy="B",
        width=26,
    )
    order: Text = column(
        "Приказ о назначении (№, дата)",
        "order_ref",
        required="error",
        aliases=("приказ о назначении", "приказ", "реквизиты приказа"),
        help="Номер и дата приказа школы.",
        example="№ 56-ОД от 17.03.2023",
        width=24,
    )
    since: Date = column(
        "Куратор с",
        "date",
        aliases=("дата назначения", "с какого числа"),
        help="С какого дня работает куратором.",
        example="17.03.2023",
        leave="agg",
        width=14,
    )
    until: Date = column(
        "Куратор по",
        "date",
        aliases=("дата окончания", "по какое число"),
        help="Заполняется, когда куратор сменился.",
        leave="agg",
        width=14,
    )
    kpk_done: YesNo = column(
        "КПК по наставничеству",
        "bool",
        aliases=("повышение квалификации", "КПК", "курсы", "КПК (да/нет, год)"),
        help="«да» или «нет».",
        example="да",
        privacy="B",
        spill=("kpk_year", "kpk_hours"),
        width=16,
    )
    kpk_year: Number = column(
        "Год КПК",
        "year",
        aliases=("год прохождения КПК",),
        help="Год окончания курсов.",
        example="2026",
        privacy="B",
        width=10,
    )
    kpk_hours: Number = column(
        "КПК, часов",
        "int",
        aliases=("объем КПК", "часы КПК", "количество часов"),
        help="От 16 до 249.",
        example="36",
        privacy="B",
        minimum=16,
        maximum=249,
        width=10,
    )
    share_region: YesNo = column(
        "Передавать контакт в региональный центр",
        "bool",
        required="remark",
        aliases=("передавать в регион", "согласие на передачу контакта"),
        help="«да» – ФИО, должность и контакт увидит региональный центр. По умолчанию «нет».",
        example="да",
        privacy="B",
        width=18,
    )

    class Config(Form.Config):
        """The list as a whole."""

        metadata = {
            "form": FormConfig(
                code="F02",
                name="curators",
                title="Список кураторов ОО",
                sheet="2 Кураторы",
                version="1",
                key=("fio",),
                person="fio",
                help="Кто в школе отвечает за наставничество.",
                titles=("кураторы", "список кураторов", "координаторы"),
                due="09-10",
                examples=(
                    {
                        "row_no": "1",
                        "fio": "Петрова Анна Сергеевна",
                        "position": "зам. директора по УВР",
                        "phone": "+7 999 000-00-01",
                        "email": "kurator101@example.org",
                        "order": "№ 56-ОД от 17.03.2023",
                        "since": "17.03.2023",
                        "kpk_done": "да",
                        "kpk_year": "2026",
                        "kpk_hours": "36",
                        "share_region": "да",
                    },
                ),
            )
        }
