"""F05 «База наставляемых»: 13 columns of the form in МР-42/02, and what only we ask for."""

from contracts.columns import CONSENT, END_DATE, ENTRY_DATE, ROW_NUMBER, choice, column
from contracts.form import About, Form
from contracts.minors import mentees_minors
from contracts.vocabularies import (
    COMPLETION,
    MENTEE_ROLE,
    MENTORING_FORM,
    REQUEST_CATEGORY,
    SUPPORT_FORM,
)


class Mentees(Form):
    """База наставляемых."""

    _about = About(
        "F05", "mentees", "База наставляемых", "5 Наставляемые", due="10-01",
        help="Все наставляемые школы с их запросами, по строке на человека.",
        minor_columns=mentees_minors, key=("mentee_fio", "mentor_fio", "mentoring_form"),
        person="mentee_fio", counterpart="mentor_fio",
        titles="база наставляемых | форма базы наставляемых | наставляемые"
        " | единая база наставляемых | список наставляемых",
    )

    row_no = ROW_NUMBER.but(official=1)
    mentee_fio = column("ФИО наставляемого", "fio", 2, required="error", minor_privacy="D",
        help="Фамилия, имя и отчество. У обучающегося можно код: имя мы всё равно не сохраняем.",
        example="Сидоров Иван Петрович")
    contacts_rep = column("Контактные данные для связи (данные представителя)", "contacts", 3,
        minor_privacy="D", help="Телефон или почта взрослого. У обучающихся не сохраняем.",
        example="+7 999 000-00-02")
    birth_year = column("Год рождения наставляемого", "year", 4, required="error", privacy="C",
        minor_privacy="D", width=12, example="1999")
    request_text = column("Основной запрос наставляемого", "text", 5, required="error", privacy="C",
        minor_privacy="D", max_length=1000, width=36,
        help="Чему хочет научиться. Без диагнозов и семейных обстоятельств.",
        example="трудности с дисциплиной в 7 классе")
    entry_date = ENTRY_DATE.but(official=6,
        help="День, месяц, год. Нужна, если наставник уже есть.", example="15.09.2026")
    mentor_fio = column("ФИО наставника", "fio", 7, minor_privacy="D",
        help="Если наставник уже есть.", example="Петрова Анна Сергеевна")
    mentoring_form = choice(MENTORING_FORM, 8, required="error", width=24,
        example="учитель – учитель")
    mentor_place = column("Место работы/учебы наставника", "text", 9,
        help="Организация наставника.", example="МБОУ «СОШ № 101»")
    end_date = END_DATE.but(official=10)
    results = column("Результаты программы", "text", 11, privacy="C", minor_privacy="D",
        max_length=1000, width=34, help="Когда программа завершена.")
    case_url = column("Ссылка на кейс/отзыв наставляемого, размещенные на сайте организации", "url",
        12)
    completion_mark = choice(COMPLETION, 13, width=16, example="в процессе")
    request_category = choice(REQUEST_CATEGORY, many=True, example="методика предмета")
    mentee_role = choice(MENTEE_ROLE, required="remark", example="молодой педагог")
    class_label = column("Класс / курс", "class")
    position = column("Должность", "text", width=22, help="Для педагогов.", example="учитель")
    subject = column("Предмет", "text", width=18, help="Для педагогов.", example="химия")
    experience_years = column("Педагогический стаж, полных лет", "int", privacy="C", maximum=60,
        help="Для педагогов; 0, если меньше года.", example="1")
    main_job = column("Основное место работы", "bool", privacy="B", width=14,
        help="«нет» – внешний совместитель.", example="да")
    support_forms = choice(SUPPORT_FORM, many=True, example="школа молодого педагога")
    mutual_consent = column("Обоюдное согласие пары (дата)", "date", example="15.09.2026")
    consent = CONSENT
    order = column("Приказ о закреплении", "order_ref", example="№ 161-А от 15.09.2026")

    # How else schools head these columns.
    _spelled = """
        mentee_fio: ФИО | Ф.И.О. | ФИО наставляемого (полностью) | наставляемый | ученик
          | молодой педагог | ФИО молодого педагога | ФИО молодого специалиста | ФИО обучающегося
          | ФИО ученика | фамилия имя отчество | Ф.И.О. наставляемого
          | фамилия имя отчество наставляемого
        contacts_rep: контакты | телефон | контактные данные | контактные данные для связи
          | телефон родителя | законный представитель | телефон, e-mail
        birth_year: год рождения | возраст | дата рождения | г.р.
          | Год рождения наставляемого, полных лет на момент открытия проекта
        request_text: запрос | основной запрос
          | Основной запрос наставляемого (чему хотите научиться при работе с наставником)
          | Запрос наставляемого от программы
        mentor_fio: наставник | Ф.И.О. наставника | ФИО наставника (полностью)
          | ФИО педагога-наставника | педагог-наставник
        mentoring_form: форма | вид наставничества
        mentor_place: место работы наставника | место учебы наставника
          | Место работы/учебы наставника (сокращенное по Уставу) город/округ
        results: итоги | результат | результаты
        case_url: отзыв | ссылка | ссылка на кейс | ссылка на отзыв
        completion_mark: прошел/не прошел | отметка о прохождении | отметка
        request_category: вид запроса
        mentee_role: роль | роль наставляемого | категория участника
        class_label: класс | курс | учебная группа | Стаж/курс
        position: должность наставляемого | должность, предмет
        subject: преподаваемый предмет
        experience_years: стаж | педагогический стаж | стаж работы | стаж, лет
          | педагогический стаж, лет
        main_job: основная работа
        support_forms: другие формы поддержки | формы поддержки
        mutual_consent: обоюдное согласие | согласие пары
        order: приказ | приказ о закреплении пары
    """
