"""F04 «База наставников»: 16 columns of the form in МР-42/02, and what only we ask for."""

from contracts.columns import CONSENT, END_DATE, ENTRY_DATE, ROW_NUMBER, choice, column
from contracts.form import About, Form
from contracts.minors import mentors_minors
from contracts.vocabularies import MENTOR_ROLE, MENTOR_STATUS, MENTORING_FORM, QUAL_CATEGORY


class Mentors(Form):
    """База наставников."""

    _about = About(
        "F04", "mentors", "База наставников", "4 Наставники", due="10-01",
        help="Все наставники школы, по строке на наставника.", minor_columns=mentors_minors,
        key=("mentor_fio", "mentee_fios", "mentoring_form"),
        person="mentor_fio", counterpart="mentee_fios",
        titles="база наставников | форма базы наставников | наставники"
        " | единая база наставников | список наставников",
    )

    row_no = ROW_NUMBER.but(official=1)
    mentor_fio = column("ФИО наставника", "fio", 2, required="error", minor_privacy="D",
        full_name=True, example="Петрова Анна Сергеевна")
    contacts = column("Контактные данные для связи", "contacts", 3, minor_privacy="D",
        help="Телефон или почта. У обучающихся не спрашиваем.", example="+7 999 000-00-01")
    workplace = column("Место работы/учебы наставника", "text", 4, required="error", leave="agg",
        help="Ваша организация или предприятие-партнёр.", example="МБОУ «СОШ № 101»")
    competencies = column("Основные компетенции наставника", "text", 5, required="error",
        max_length=1000, width=34, help="Чему может научить.",
        example="методика ФГОС, классное руководство")
    achievements = column("Важные для программы достижения наставника", "text", 6, max_length=1000,
        width=34, help="Если есть.", example="лауреат конкурса «Учитель года» 2024")
    interests = column("Интересы наставника", "text", 7, privacy="C", minor_privacy="D",
        max_length=500, width=24, help="По желанию.", example="туризм")
    mentee_age = column("Желаемый возраст наставляемых", "age_range", 8, example="22–35")
    time_resource = column("Ресурс времени на программу наставничества", "text", 9, privacy="A",
        width=18, help="Сколько часов в неделю.", example="2 ч в неделю")
    entry_date = ENTRY_DATE.but(official=10, required="error")
    mentee_fios = column("ФИО наставляемого (наставляемых)", "fio_list", 11, minor_privacy="D",
        help="Одно или несколько через «;». Вместо ФИО обучающегося можно код.",
        example="Сидоров Иван Петрович")
    mentoring_form = choice(MENTORING_FORM, 12, many=True, required="error",
        help="Выберите из списка; если форм несколько, впишите через «;».",
        example="учитель – учитель")
    mentee_place = column("Место работы/учебы наставляемого", "text", 13, minor_privacy="D",
        help="Организация, класс или должность.", example="МБОУ «СОШ № 101»")
    end_date = END_DATE.but(official=14)
    results = column("Результаты программы", "text", 15, minor_privacy="D", max_length=1000,
        width=34, help="Когда программа завершена.")
    case_url = column("Ссылка на кейс/отзыв наставника, размещенные на сайте организации", "url",
        16)
    mentor_role = choice(MENTOR_ROLE, required="remark", example="педагог")
    position = column("Должность / специальность", "text", minor_privacy="D", width=24,
        help="Для педагогов и сотрудников предприятий.", example="учитель математики")
    experience_years = column("Педагогический стаж, лет", "int", privacy="C", maximum=60,
        help="Полных лет. Для педагогов.", example="21")
    qual_category = choice(QUAL_CATEGORY, privacy="B", leave="no", width=16, example="высшая")
    birth_year = column("Год рождения", "year", privacy="C", minor_privacy="D", width=12,
        help="Четыре цифры. Нужен, чтобы посчитать педагогов до 35 лет.", example="1980")
    kpk_done = column("КПК наставника", "bool", privacy="B", spill=("kpk_year",), width=12,
        example="да")
    kpk_year = column("Год КПК", "year", privacy="B", help="Год окончания курсов.", example="2025")
    order = column("Приказ об утверждении списка / назначении", "order_ref",
        example="№ 160-А от 08.09.2026")
    tk3518_consent = column("Письменное согласие (ст. 351.8 ТК)", "bool", privacy="C",
        spill=("extra_agreement",), help="Для работников с 01.03.2025: «да» или «нет».",
        example="да")
    extra_agreement = column("Дополнительное соглашение №", "order_ref", privacy="C", width=20,
        help="Номер и дата.", example="№ 12 от 01.09.2026")
    consent = CONSENT
    consent_distribution = column("Согласие на распространение (сайт, блог)", "bool", privacy="C",
        help="«да» или «нет». Нужно для сайта и блога.", example="нет")
    status = choice(MENTOR_STATUS, width=14, example="активен")
    contest_source = column("Включён по итогам конкурса", "text", width=24,
        help="Название конкурса и год.")

    # How else schools head these columns.
    _spelled = """
        mentor_fio: ФИО | Ф.И.О. | наставник | ФИО наставника (полностью) | фамилия имя отчество
          | фамилия имя отчество наставника | ФИО педагога-наставника | педагог-наставник
          | Ф.И.О. наставника
        contacts: контакты | телефон | контактные данные | Номер телефона (для связи)
          | Адрес эл.почты | координаты для связи | телефон, e-mail | контактные данные наставника
        workplace: место работы | место работы наставника | ОО | организация
          | образовательная организация
          | Место работы/учебы наставника (сокращенное название организации)
          | место работы (учебы) наставника | место учебы наставника | место учебы
        competencies: компетенции | умения | виды деятельности | основные компетенции
          | Предмет наставничества (какой опыт, метод)
          | Основные компетенции наставника (умения, виды деятельности)
        achievements: достижения | достижения наставника
        interests: интересы
        mentee_age: возраст наставляемых | желаемый возраст
        time_resource: время | ресурс времени
          | Ресурс времени на программу наставничества (какое количество времени)
        entry_date: дата начала | дата вхождения | дата вхождения в программу наставника
          | срок программы | сроки программы | срок реализации программы
          | сроки реализации программы | период реализации программы | начало программы | начало
        mentee_fios: наставляемые | ФИО наставляемого | ФИО наставляемых | ФИО молодого педагога
          | ФИО молодого специалиста | наставляемый | ФИО наставляемого (если уже определен список)
          | ФИО наставляемого (наставляемых) (если уже определен список)
        mentoring_form: форма | формы наставничества | вид наставничества
        mentee_place: место учебы наставляемого | место работы наставляемого
          | Место работы/учебы наставляемого (должность/курс обучения, специальность)
        results: результат | итоги | результаты
        case_url: отзыв | ссылка | ссылка на кейс | ссылка на отзыв
        mentor_role: роль | роль наставника | категория участника
        position: должность | специальность | Должность/учебная группа наставника
        experience_years: стаж | педагогический стаж | стаж работы | Стаж/курс | стаж, лет
        qual_category: кв. категория | категория педагога
        birth_year: год рождения наставника | дата рождения | г.р. | возраст
        kpk_done: обучение наставника | КПК | КПК по наставничеству
        order: приказ | приказ о назначении | приказ об утверждении списка
        tk3518_consent: согласие на наставничество | согласие по ст. 351.8 ТК
        extra_agreement: доп. соглашение | дополнительное соглашение
        consent_distribution: согласие на распространение | согласие на публикацию
        status: статус наставника
        contest_source: по итогам конкурса
    """
