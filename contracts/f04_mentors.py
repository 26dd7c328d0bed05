"""F04 «База наставников»: 16 columns of the form in МР-42/02, and what only we ask for."""

from __future__ import annotations

from contracts.form_before import Date, Form, FormConfig, Number, Text, YesNo, column
from contracts.minors import mentors_minors


class Mentors(Form):
    """База наставников."""

    row_no: Number = column(
        "№ п/п", "int", official=1, aliases=("№", "N", "п/п"), ignored=True, example="1", width=6
    )
    mentor_fio: Text = column(
        "ФИО наставника",
        "fio",
        official=2,
        required="error",
        aliases=(
            "ФИО",
            "Ф.И.О.",
            "наставник",
            "ФИО наставника (полностью)",
            "фамилия имя отчество",
            "фамилия имя отчество наставника",
            "ФИО педагога-наставника",
            "педагог-наставник",
            "Ф.И.О. наставника",
        ),
        help="Фамилия, имя и отчество полностью.",
        example="Петрова Анна Сергеевна",
        privacy="B",
        minor_privacy="D",
        full_name=True,
        width=34,
    )
    contacts: Text = column(
        "Контактные данные для связи",
        "contacts",
        official=3,
        aliases=(
            "контакты",
            "телефон",
            "контактные данные",
            "Номер телефона (для связи)",
            "Адрес эл.почты",
            "координаты для связи",
            "телефон, e-mail",
            "контактные данные наставника",
        ),
        help="Телефон или почта. У обучающихся не спрашиваем.",
        example="+7 999 000-00-01",
        privacy="C",
        minor_privacy="D",
        width=24,
    )
    workplace: Text = column(
        "Место работы/учебы наставника",
        "text",
        official=4,
        required="error",
        aliases=(
            "место работы",
            "место работы наставника",
            "ОО",
            "организация",
            "образовательная организация",
            "Место работы/учебы наставника (сокращенное название организации)",
            "место работы (учебы) наставника",
            "место учебы наставника",
            "место учебы",
        ),
        help="Ваша организация или предприятие-партнёр.",
        example="МБОУ «СОШ № 101»",
        privacy="B",
        leave="agg",
        width=28,
    )
    competencies: Text = column(
        "Основные компетенции наставника",
        "text",
        official=5,
        required="error",
        aliases=(
            "компетенции",
            "умения",
            "виды деятельности",
            "основные компетенции",
            "Предмет наставничества (какой опыт, метод)",
            "Основные компетенции наставника (умения, виды деятельности)",
        ),
        help="Чему может научить.",
        example="методика ФГОС, классное руководство",
        privacy="B",
        max_length=1000,
        width=34,
    )
    achievements: Text = column(
        "Важные для программы достижения наставника",
        "text",
        official=6,
        aliases=("достижения", "достижения наставника"),
        help="Если есть.",
        example="лауреат конкурса «Учитель года» 2024",
        privacy="B",
        max_length=1000,
        width=34,
    )
    interests: Text = column(
        "Интересы наставника",
        "text",
        official=7,
        aliases=("интересы",),
        help="По желанию.",
        example="туризм",
        privacy="C",
        minor_privacy="D",
        max_length=500,
        width=24,
    )
    mentee_age: Text = column(
        "Желаемый возраст наставляемых",
        "age_range",
        official=8,
        aliases=("возраст наставляемых", "желаемый возраст"),
        help="«22–35», «от 14», «любой».",
        example="22–35",
        leave="agg",
        width=16,
    )
    time_resource: Text = column(
        "Ресурс времени на программу наставничества",
        "text",
        official=9,
        aliases=(
            "время",
            "ресурс времени",
            "Ресурс времени на программу наставничества (какое количество времени)",
        ),
        help="Сколько часов в неделю.",
        example="2 ч в неделю",
        width=18,
    )
    entry_date: Date = column(
        "Дата вхождения в программу",
        "date",
        official=10,
        required="error",
        aliases=(
            "дата начала",
            "дата вхождения",
            "дата вхождения в программу наставника",
            "срок программы",
            "сроки программы",
            "срок реализации программы",
            "сроки реализации программы",
            "период реализации программы",
            "начало программы",
            "начало",
        ),
        spill=("end_date",),
        help="День, месяц, год.",
        example="01.09.2026",
        leave="agg",
        width=14,
    )
    mentee_fios: Text = column(
        "ФИО наставляемого (наставляемых)",
        "fio_list",
        official=11,
        aliases=(
            "наставляемые",
            "ФИО наставляемого",
            "ФИО наставляемых",
            "ФИО молодого педагога",
            "ФИО молодого специалиста",
            "наставляемый",
            "ФИО наставляемого (если уже определен список)",
            "ФИО наставляемого (наставляемых) (если уже определен список)",
        ),
        help="Одно или несколько через «;». Вместо ФИО обучающегося можно код.",
        example="Сидоров Иван Петрович",
        privacy="B",
        minor_privacy="D",
        width=34,
    )
    mentoring_form: Text = column(
        "Форма наставничества",
        "multi",
        official=12,
        required="error",
        aliases=("форма", "формы наставничества", "вид наставничества"),
        help="Выберите из списка; если форм несколько, впишите через «;».",
        example="учитель – учитель",
        vocabulary="mentoring_form",
        leave="agg",
        width=24,
    )
    mentee_place: Text = column(
        "Место работы/учебы наставляемого",
        "text",
        official=13,
        aliases=(
            "место учебы наставляемого",
            "место работы наставляемого",
            "Место работы/учебы наставляемого (должность/курс обучения, специальность)",
        ),
        help="Организация, класс или должность.",
        example="МБОУ «СОШ № 101»",
        privacy="B",
        minor_privacy="D",
        width=28,
    )
    end_date: Date = column(
        "Дата завершения программы",
        "date",
        official=14,
        aliases=("дата окончания", "дата завершения", "окончание программы", "окончание"),
        help="День, месяц, год.",
        example="31.05.2027",
        leave="agg",
        width=14,
    )
    results: Text = column(
        "Результаты программы",
        "text",
        official=15,
        aliases=("результат", "итоги", "результаты"),
        help="Когда программа завершена.",
        privacy="B",
        minor_privacy="D",
        max_length=1000,
        width=34,
    )
    case_url: Text = column(
        "Ссылка на кейс/отзыв наставника, размещенные на сайте организации",
        "url",
        official=16,
        aliases=("отзыв", "ссылка", "ссылка на кейс", "ссылка на отзыв"),
        help="Адрес страницы.",
        width=28,
    )
    mentor_role: Text = column(
        "Категория наставника",
        "enum",
        required="remark",
        aliases=("роль", "роль наставника", "категория участника"),
        help="Выберите из списка.",
        example="педагог",
        vocabulary="mentor_role",
        leave="agg",
        width=18,
    )
    position: Text = column(
        "Должность / специальность",
        "text",
        aliases=("должность", "специальность", "Должность/учебная группа наставника"),
        help="Для педагогов и сотрудников предприятий.",
        example="учитель математики",
        privacy="B",
        minor_privacy="D",
        width=24,
    )
    experience_years: Number = column(
        "Педагогический стаж, лет",
        "int",
        aliases=("стаж", "педагогический стаж", "стаж работы", "Стаж/курс", "стаж, лет"),
        help="Полных лет. Для педагогов.",
        example="21",
        privacy="C",
        minimum=0,
        maximum=60,
        width=12,
    )
    qual_category: Text = column(
        "Квалификационная категория",
        "enum",
        aliases=("кв. категория", "категория педагога"),
        help="Выберите из списка.",
        example="высшая",
        privacy="B",
        vocabulary="qual_category",
        width=16,
    )
    birth_year: Number = column(
        "Год рождения",
        "year",
        aliases=("год рождения наставника", "дата рождения", "г.р.", "возраст"),
        help="Четыре цифры. Нужен, чтобы посчитать педагогов до 35 лет.",
        example="1980",
        privacy="C",
        minor_privacy="D",
        width=12,
    )
    kpk_done: YesNo = column(
        "КПК наставника",
        "bool",
        aliases=("обучение наставника", "КПК", "КПК по наставничеству"),
        help="«да» или «нет».",
        example="да",
        privacy="B",
        spill=("kpk_year",),
        width=12,
    )
    kpk_year: Number = column(
        "Год КПК", "year", help="Год окончания курсов.", example="2025", privacy="B", width=10
    )
    order: Text = column(
        "Приказ об утверждении списка / назначении",
        "order_ref",
        aliases=("приказ", "приказ о назначении", "приказ об утверждении списка"),
        help="Номер и дата приказа школы.",
        example="№ 160-А от 08.09.2026",
        width=24,
    )
    tk3518_consent: YesNo = column(
        "Письменное согласие (ст. 351.8 ТК)",
        "bool",
        aliases=("согласие на наставничество", "согласие по ст. 351.8 ТК"),
        help="Для работников с 01.03.2025: «да» или «нет».",
        example="да",
        privacy="C",
        spill=("extra_agreement",),
        width=16,
    )
    extra_agreement: Text = column(
        "Дополнительное соглашение №",
        "order_ref",
        aliases=("доп. соглашение", "дополнительное соглашение"),
        help="Номер и дата.",
        example="№ 12 от 01.09.2026",
        privacy="C",
        width=20,
    )
    consent_processing: YesNo = column(
        "Согласие на обработку ПДн",
        "bool",
        required="remark",
        aliases=("согласие на обработку персональных данных", "согласие"),
        help="«да», если бумага есть у вас. Без неё имя не войдёт в списки.",
        example="да",
        privacy="C",
        minor_privacy="D",
        spill=("consent_date", "consent_by"),
        width=16,
    )
    consent_date: Date = column(
        "Дата согласия",
        "date",
        aliases=("дата согласия на обработку",),
        help="День, месяц, год.",
        example="01.09.2026",
        privacy="C",
        minor_privacy="D",
        width=14,
    )
    consent_by: Text = column(
        "Кем дано согласие",
        "enum",
        aliases=("кем дано",),
        help="Сам или законный представитель.",
        example="сам",
        privacy="C",
        minor_privacy="D",
        vocabulary="consent_by",
        width=18,
    )
    consent_distribution: YesNo = column(
        "Согласие на распространение (сайт, блог)",
        "bool",
        aliases=("согласие на распространение", "согласие на публикацию"),
        help="«да» или «нет». Нужно для сайта и блога.",
        example="нет",
        privacy="C",
        width=16,
    )
    status: Text = column(
        "Статус",
        "enum",
        aliases=("статус наставника",),
        help="Выберите из списка.",
        example="активен",
        vocabulary="mentor_status",
        leave="agg",
        width=14,
    )
    contest_source: Text = column(
        "Включён по итогам конкурса",
        "text",
        aliases=("по итогам конкурса",),
        help="Название конкурса и год.",
        privacy="B",
        width=24,
    )

    class Config(Form.Config):
        """The base as a whole."""

        metadata = {
            "form": FormConfig(
                code="F04",
                name="mentors",
                title="База наставников",
                sheet="4 Наставники",
                version="1",
                key=("mentor_fio", "mentee_fios", "mentoring_form"),
                person="mentor_fio",
                counterpart="mentee_fios",
                help="Все наставники школы, по строке на наставника.",
                titles=(
                    "база наставников",
                    "форма базы наставников",
                    "наставники",
                    "единая база наставников",
                    "список наставников",
                ),
                due="10-01",
                minor_columns=mentors_minors,
                examples=(
                    {
                        "row_no": "1",
                        "mentor_fio": "Петрова Анна Сергеевна",
                        "contacts": "+7 999 000-00-01",
                        "workplace": "МБОУ «СОШ № 101»",
                        "competencies": "методика ФГОС, классное руководство",
                        "achievements": "лауреат конкурса «Учитель года» 2024",
                        "interests": "туризм",
                        "mentee_age": "22–35",
                        "time_resource": "2 ч в неделю",
                        "entry_date": "01.09.2026",
                        "mentee_fios": "Сидоров Иван Петрович",
                        "mentoring_form": "учитель – учитель",
                        "mentee_place": "МБОУ «СОШ № 101»",
                        "end_date": "31.05.2027",
                        "mentor_role": "педагог",
                        "position": "учитель математики",
                        "experience_years": "21",
                        "qual_category": "высшая",
                        "birth_year": "1980",
                        "kpk_done": "да",
                        "kpk_year": "2025",
                        "order": "№ 160-А от 08.09.2026",
                        "tk3518_consent": "да",
                        "extra_agreement": "№ 12 от 01.09.2026",
                        "consent_processing": "да",
                        "consent_date": "01.09.2026",
                        "consent_by": "сам",
                        "consent_distribution": "нет",
                        "status": "активен",
                    },
                ),
            )
        }
