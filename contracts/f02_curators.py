"""F02 «Список кураторов ОО»: who answers for mentoring in a school."""

from contracts.columns import ROW_NUMBER, column
from contracts.form import About, Form


class Curators(Form):
    """Список кураторов ОО."""

    _about = About(
        "F02", "curators", "Список кураторов ОО", "2 Кураторы", due="09-10",
        help="Кто в школе отвечает за наставничество.", key=("fio",), person="fio",
        titles="кураторы | список кураторов | координаторы",
    )

    row_no = ROW_NUMBER
    fio = column("ФИО куратора", "fio", required="error", full_name=True,
        example="Петрова Анна Сергеевна")
    position = column("Должность", "text", required="error", help="По штатному расписанию.",
        example="зам. директора по УВР")
    phone = column("Телефон", "phone", spill=("email",),
        help="Служебный телефон с кодом. Нужен телефон или почта.", example="+7 999 000-00-01")
    email = column("E-mail", "email", help="Служебная почта.", example="kurator101@example.org")
    order = column("Приказ о назначении (№, дата)", "order_ref", required="error",
        example="№ 56-ОД от 17.03.2023")
    since = column("Куратор с", "date", help="С какого дня работает куратором.",
        example="17.03.2023")
    until = column("Куратор по", "date", help="Заполняется, когда куратор сменился.")
    kpk_done = column("КПК по наставничеству", "bool", privacy="B", spill=("kpk_year", "kpk_hours"),
        example="да")
    kpk_year = column("Год КПК", "year", privacy="B", help="Год окончания курсов.", example="2026")
    kpk_hours = column("КПК, часов", "int", privacy="B", minimum=16, maximum=249, width=10,
        help="От 16 до 249.", example="36")
    share_region = column("Передавать контакт в региональный центр", "bool", required="remark",
        privacy="B", width=18,
        help="«да» – ФИО, должность и контакт увидит региональный центр. По умолчанию «нет».",
        example="да")

    # How else schools head these columns.
    _spelled = """
        fio: ФИО | куратор | ФИО координатора | ответственный за наставничество
          | ФИО ответственного за наставничество | ФИО ответственного | фамилия имя отчество
          | ФИО куратора (полностью)
        position: должность куратора | Должность координатора проекта в ОУ
        phone: служебный телефон | телефон (служебный) | контактный телефон | контакты
          | телефон e-mail | Координаты для связи (сот., адрес электронной почты)
          | Номер телефона/WhatsApp для связи
        email: электронная почта | эл. почта | адрес электронной почты | почта | адрес эл почты
        order: приказ о назначении | приказ | реквизиты приказа
        since: дата назначения | с какого числа
        until: дата окончания | по какое число
        kpk_done: повышение квалификации | КПК | курсы | КПК (да/нет, год)
        kpk_year: год прохождения КПК
        kpk_hours: объем КПК | часы КПК | количество часов
        share_region: передавать в регион | согласие на передачу контакта
    """
