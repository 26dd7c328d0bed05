"""F01 «Карточка ОО»: what the register of schools needs."""

from __future__ import annotations

from contracts.form_before import Date, Form, FormConfig, RowRule, Text, YesNo, column


def _filled_if_implements(name: str, title: str) -> RowRule:
    return RowRule(
        code="implements_incomplete",
        column=name,
        holds=lambda frame: ~frame["implements"].fillna(value=False) | frame[name].notna(),
        words=lambda _values: {"column": title},
    )


class SchoolCard(Form):
    """Карточка образовательной организации."""

    full_name: Text = column(
        "Полное наименование по уставу",
        "text",
        required="error",
        aliases=("полное наименование", "полное название", "наименование по уставу"),
        help="Как в уставе, без сокращений.",
        example="Муниципальное бюджетное общеобразовательное учреждение "
        "«Средняя общеобразовательная школа № 101»",
        privacy="A",
        leave="yes",
        width=60,
    )
    short_name: Text = column(
        "Сокращенное наименование по уставу",
        "text",
        required="error",
        aliases=(
            "краткое наименование",
            "сокращенное наименование",
            "краткое название",
            "ОО",
            "ОУ",
        ),
        help="Как в уставе.",
        example="МБОУ «СОШ № 101»",
        leave="yes",
    )
    inn: Text = column(
        "ИНН",
        "inn",
        required="error",
        aliases=("ИНН ОО", "ИНН организации", "ИНН/КПП", "ИНН, КПП"),
        spill=("kpp",),
        help="10 цифр.",
        example="0042000010",
        leave="yes",
    )
    kpp: Text = column(
        "КПП", "kpp", help="9 знаков; у филиала свой.", example="421201001", leave="yes"
    )
    ogrn: Text = column("ОГРН", "ogrn", help="13 цифр.", example="1024200000010", leave="yes")
    kind: Text = column(
        "Тип ОО",
        "enum",
        required="error",
        aliases=("вид ОО", "тип организации", "тип", "вид"),
        help="Выберите из списка.",
        example="СОШ",
        vocabulary="school_kind",
        leave="yes",
    )
    parent_inn: Text = column(
        "Головная организация (для филиала)",
        "inn",
        aliases=("ИНН головной организации",),
        help="ИНН головной организации, если вы филиал.",
        leave="yes",
    )
    address: Text = column(
        "Адрес",
        "text",
        aliases=("адрес организации", "почтовый адрес", "юридический адрес"),
        help="Почтовый адрес.",
        example="г. Ленинск-Кузнецкий, ул. Примерная, д. 1",
        width=50,
    )
    site: Text = column(
        "Сайт",
        "url",
        aliases=("адрес сайта", "официальный сайт"),
        help="Адрес сайта школы.",
        example="https://school101.example.org",
    )
    email: Text = column(
        "E-mail",
        "email",
        aliases=("электронная почта", "эл. почта", "адрес электронной почты", "почта"),
        help="Почта школы.",
        example="school101@example.org",
    )
    phone: Text = column(
        "Телефон",
        "phone",
        aliases=("контактный телефон", "телефон организации"),
        help="Телефон школы с кодом.",
        example="+7 999 000-00-01",
        spill=("email",),
    )
    head_fio: Text = column(
        "ФИО руководителя",
        "fio",
        required="error",
        aliases=(
            "руководитель",
            "директор",
            "ФИО руководителя ОО",
            "ФИО директора",
            "руководитель ОО",
        ),
        help="Фамилия, имя и отчество полностью.",
        example="Петрова Анна Сергеевна",
        privacy="B",
        full_name=True,
    )
    head_position: Text = column(
        "Должность руководителя",
        "text",
        required="error",
        aliases=("должность руководителя ОО по штатному расписанию", "должность"),
        help="По штатному расписанию.",
        example="директор",
        privacy="B",
    )
    implements: YesNo = column(
        "Внедряет ЦМН",
        "bool",
        required="error",
        aliases=("внедряет целевую модель наставничества", "участвует", "внедрение ЦМН"),
        help="«да» или «нет».",
        example="да",
        leave="yes",
    )
    start_date: Date = column(
        "Дата начала внедрения",
        "date",
        aliases=(
            "начало внедрения",
            "дата внедрения",
            "дата начала внедрения ЦМН",
            "дата начала внедрения целевой модели",
            "дата начала внедрения целевой модели наставничества",
        ),
        help="Нужна, если модель внедряется.",
        example="01.09.2020",
        leave="yes",
    )
    mentoring_forms: Text = column(
        "Реализуемые формы наставничества",
        "multi",
        aliases=("формы наставничества", "формы"),
        help="Одна или несколько через «;».",
        example="ученик – ученик; учитель – учитель",
        vocabulary="mentoring_form",
        leave="yes",
        width=40,
    )
    order: Text = column(
        "Приказ о внедрении (№, дата)",
        "order_ref",
        aliases=("приказ ОО", "приказ о внедрении", "приказ"),
        help="Номер и дата приказа школы.",
        example="№ 56-ОД от 17.03.2023",
    )
    result_level: Text = column(
        "Образовательные результаты",
        "enum",
        aliases=("ШНОР/ШВР", "уровень результатов"),
        help="Выберите из списка.",
        example="иные",
        vocabulary="result_level",
        leave="yes",
    )
    mentoring_page: Text = column(
        "Раздел сайта «Наставничество»",
        "url",
        aliases=("ссылка на раздел", "раздел наставничество"),
        help="Адрес страницы.",
        example="https://school101.example.org/nastavnichestvo",
    )

    class Config(Form.Config):
        """The card as a whole."""

        metadata = {
            "form": FormConfig(
                code="F01",
                name="school_card",
                title="Карточка ОО",
                sheet="1 Карточка",
                version="1",
                layout="card",
                key=("inn",),
                help="Сведения об организации для реестра ОО, внедряющих целевую модель.",
                titles=("карточка ОО", "карточка образовательной организации", "карточка школы"),
                due="09-10",
                examples=(
                    {
                        "full_name": "Муниципальное бюджетное общеобразовательное учреждение "
                        "«Средняя общеобразовательная школа № 101»",
                        "short_name": "МБОУ «СОШ № 101»",
                        "inn": "0042000010",
                        "kind": "СОШ",
                        "address": "г. Ленинск-Кузнецкий, ул. Примерная, д. 1",
                        "site": "https://school101.example.org",
                        "email": "school101@example.org",
                        "phone": "+7 999 000-00-01",
                        "head_fio": "Петрова Анна Сергеевна",
                        "head_position": "директор",
                        "implements": "да",
                        "start_date": "01.09.2020",
                        "mentoring_forms": "ученик – ученик; учитель – учитель",
                        "order": "№ 56-ОД от 17.03.2023",
                        "result_level": "иные",
                        "mentoring_page": "https://school101.example.org/nastavnichestvo",
                    },
                ),
                rules=(
                    _filled_if_implements("start_date", "Дата начала внедрения"),
                    _filled_if_implements("mentoring_forms", "Реализуемые формы наставничества"),
                    RowRule(
                        code="start_too_early",
                        column="start_date",
                        holds=lambda frame: (
                            frame["start_date"].isna() | (frame["start_date"] >= "2019-12-25")
                        ),
                    ),
                ),
            )
        }
