"""F01 «Карточка ОО»: what the register of schools needs."""

from contracts.columns import choice, column
from contracts.form import About, Form, RowRule
from contracts.vocabularies import MENTORING_FORM, RESULT_LEVEL, SCHOOL_KIND


def _filled_if_implements(name: str) -> RowRule:
    return RowRule(
        code="implements_incomplete",
        column=name,
        holds=lambda frame: ~frame["implements"].fillna(value=False) | frame[name].notna(),
    )


_NOT_BEFORE_THE_MODEL = RowRule(
    code="start_too_early",
    column="start_date",
    holds=lambda frame: frame["start_date"].isna() | (frame["start_date"] >= "2019-12-25"),
)


class SchoolCard(Form):
    """Карточка образовательной организации."""

    _about = About(
        "F01", "school_card", "Карточка ОО", "1 Карточка", layout="card", due="09-10",
        help="Сведения об организации для реестра ОО, внедряющих целевую модель.", key=("inn",),
        titles="карточка ОО | карточка образовательной организации | карточка школы",
        rules=(
            _filled_if_implements("start_date"),
            _filled_if_implements("mentoring_forms"),
            _NOT_BEFORE_THE_MODEL,
        ),
        # Version 1 showed them beside the fields and left them out of the row.
        example_without=("kpp", "ogrn"),
    )

    full_name = column("Полное наименование по уставу", "text", required="error", privacy="A",
        leave="yes", width=60, help="Как в уставе, без сокращений.",
        example="Муниципальное бюджетное общеобразовательное учреждение "
        "«Средняя общеобразовательная школа № 101»")
    short_name = column("Сокращенное наименование по уставу", "text", required="error", privacy="A",
        leave="yes", help="Как в уставе.", example="МБОУ «СОШ № 101»")
    inn = column("ИНН", "inn", required="error", leave="yes", spill=("kpp",), example="0042000010")
    kpp = column("КПП", "kpp", leave="yes", example="421201001")
    ogrn = column("ОГРН", "ogrn", leave="yes", example="1024200000010")
    kind = choice(SCHOOL_KIND, required="error", leave="yes", example="СОШ")
    parent_inn = column("Головная организация (для филиала)", "inn", leave="yes",
        help="ИНН головной организации, если вы филиал.")
    address = column("Адрес", "text", privacy="A", width=50, help="Почтовый адрес.",
        example="г. Ленинск-Кузнецкий, ул. Примерная, д. 1")
    site = column("Сайт", "url", help="Адрес сайта школы.", example="https://school101.example.org")
    email = column("E-mail", "email", privacy="A", help="Почта школы.",
        example="school101@example.org")
    phone = column("Телефон", "phone", privacy="A", spill=("email",), help="Телефон школы с кодом.",
        example="+7 999 000-00-01")
    head_fio = column("ФИО руководителя", "fio", required="error", full_name=True,
        example="Петрова Анна Сергеевна")
    head_position = column("Должность руководителя", "text", required="error",
        help="По штатному расписанию.", example="директор")
    implements = column("Внедряет ЦМН", "bool", required="error", leave="yes", example="да")
    start_date = column("Дата начала внедрения", "date", leave="yes",
        help="Нужна, если модель внедряется.", example="01.09.2020")
    mentoring_forms = choice(MENTORING_FORM, title="Реализуемые формы наставничества", many=True,
        leave="yes", width=40, example="ученик – ученик; учитель – учитель")
    order = column("Приказ о внедрении (№, дата)", "order_ref", example="№ 56-ОД от 17.03.2023")
    result_level = choice(RESULT_LEVEL, leave="yes", example="иные")
    mentoring_page = column("Раздел сайта «Наставничество»", "url",
        example="https://school101.example.org/nastavnichestvo")

    # How else schools head these columns.
    _spelled = """
        full_name: полное наименование | полное название | наименование по уставу
        short_name: краткое наименование | сокращенное наименование | краткое название | ОО | ОУ
        inn: ИНН ОО | ИНН организации | ИНН/КПП | ИНН, КПП
        kind: вид ОО | тип организации | тип | вид
        parent_inn: ИНН головной организации
        address: адрес организации | почтовый адрес | юридический адрес
        site: адрес сайта | официальный сайт
        email: электронная почта | эл. почта | адрес электронной почты | почта
        phone: контактный телефон | телефон организации
        head_fio: руководитель | директор | ФИО руководителя ОО | ФИО директора | руководитель ОО
        head_position: должность руководителя ОО по штатному расписанию | должность
        implements: внедряет целевую модель наставничества | участвует | внедрение ЦМН
        start_date: начало внедрения | дата внедрения | дата начала внедрения ЦМН
          | дата начала внедрения целевой модели
          | дата начала внедрения целевой модели наставничества
        mentoring_forms: формы наставничества | формы
        order: приказ ОО | приказ о внедрении | приказ
        result_level: ШНОР/ШВР | уровень результатов
        mentoring_page: ссылка на раздел | раздел наставничество
    """
