"""F05 «База наставляемых»: 13 columns of the form in МР-42/02, and what only we ask for."""

from __future__ import annotations

from contracts.form_before import Date, Form, FormConfig, Number, Text, YesNo, column
from contracts.minors import mentees_minors


class Mentees(Form):
    """База наставляемых."""

    row_no: Number = column(
        "№ п/п", "int", official=1, aliases=("№", "N", "п/п"), ignored=True, example="1", width=6
    )
    mentee_fio: Text = column(
        "ФИО наставляемого",
        "fio",
        official=2,
        required="error",
        aliases=(
            "ФИО",
            "Ф.И.О.",
            "ФИО наставляемого (полностью)",
            "наставляемый",
            "ученик",
            "молодой педагог",
            "ФИО молодого педагога",
            "ФИО молодого специалиста",
            "ФИО обучающегося",
            "ФИО ученика",
            "фамилия имя отчество",
            "Ф.И.О. наставляемого",
            "фамилия имя отчество наставляемого",
        ),
        help="Фамилия, имя и отчество. У обучающегося можно код: имя мы всё равно не сохраняем.",
        example="Сидоров Иван Петрович",
        privacy="B",
        minor_privacy="D",
        width=34,
    )
    contacts_rep: Text = column(
        "Контактные данные для связи (данные представителя)",
        "contacts",
        official=3,
        aliases=(
            "контакты",
            "телефон",
            "контактные данные",
            "контактные данные для связи",
            "телефон родителя",
            "законный представитель",
            "телефон, e-mail",
        ),
        help="Телефон или почта взрослого. У обучающихся не сохраняем.",
        example="+7 999 000-00-02",
        privacy="C",
        minor_privacy="D",
        width=24,
    )
    birth_year: Number = column(
        "Год рождения наставляемого",
        "year",
        official=4,
        required="error",
        aliases=(
            "год рождения",
            "возраст",
            "дата рождения",
            "г.р.",
            "Год рождения наставляемого, полных лет на момент открытия проекта",
        ),
        help="Четыре цифры.",
        example="1999",
        privacy="C",
        minor_privacy="D",
        width=12,
    )
    request_text: Text = column(
        "Основной запрос наставляемого",
        "text",
        official=5,
        required="error",
        aliases=(
            "запрос",
            "основной запрос",
            "Основной запрос наставляемого (чему хотите научиться при работе с наставником)",
            "Запрос наставляемого от программы",
        ),
        help="Чему хочет научиться. Без диагнозов и семейных обстоятельств.",
        example="трудности с дисциплиной в 7 классе",
        privacy="C",
        minor_privacy="D",
        max_length=1000,
        width=36,
    )
    entry_date: Date = column(
        "Дата вхождения в программу",
        "date",
        official=6,
        aliases=(
            "дата начала",
            "дата вхождения",
            "срок программы",
            "сроки программы",
            "срок реализации программы",
            "сроки реализации программы",
            "период реализации программы",
            "начало программы",
            "начало",
        ),
        spill=("end_date",),
        help="День, месяц, год. Нужна, если наставник уже есть.",
        example="15.09.2026",
        leave="agg",
        width=14,
    )
    mentor_fio: Text = column(
        "ФИО наставника",
        "fio",
        official=7,
        aliases=(
            "наставник",
            "Ф.И.О. наставника",
            "ФИО наставника (полностью)",
            "ФИО педагога-наставника",
            "педагог-наставник",
        ),
        help="Если наставник уже есть.",
        example="Петрова Анна Сергеевна",
        privacy="B",
        minor_privacy="D",
        width=34,
    )
    mentoring_form: Text = column(
        "Форма наставничества",
        "enum",
        official=8,
        required="error",
        aliases=("форма", "вид наставничества"),
        help="Выберите из списка.",
        example="учитель – учитель",
        vocabulary="mentoring_form",
        leave="agg",
        width=24,
    )
    mentor_place: Text = column(
        "Место работы/учебы наставника",
        "text",
        official=9,
        aliases=(
            "место работы наставника",
            "место учебы наставника",
            "Место работы/учебы наставника (сокращенное по Уставу) город/округ",
        ),
        help="Организация наставника.",
        example="МБОУ «СОШ № 101»",
        privacy="B",
        width=28,
    )
    end_date: Date = column(
        "Дата завершения программы",
        "date",
        official=10,
        aliases=("дата окончания", "дата завершения", "окончание программы", "окончание"),
        help="День, месяц, год.",
        example="31.05.2027",
        leave="agg",
        width=14,
    )
    results: Text = column(
        "Результаты программы",
        "text",
        official=11,
        aliases=("итоги", "результат", "результаты"),
        help="Когда программа завершена.",
        privacy="C",
        minor_privacy="D",
        max_length=1000,
        width=34,
    )
    case_url: Text = column(
        "Ссылка на кейс/отзыв наставляемого, размещенные на сайте организации",
        "url",
        official=12,
        aliases=("отзыв", "ссылка", "ссылка на кейс", "ссылка на отзыв"),
        help="Адрес страницы.",
        width=28,
    )
    completion_mark: Text = column(
        "Отметка о прохождении программы",
        "enum",
        official=13,
        aliases=("прошел/не прошел", "отметка о прохождении", "отметка"),
        help="Выберите из списка.",
        example="в процессе",
        vocabulary="completion",
        leave="agg",
        width=16,
    )
    request_category: Text = column(
        "Категория запроса",
        "multi",
        aliases=("вид запроса",),
        help="Одна или несколько через «;».",
        example="методика предмета",
        vocabulary="request_category",
        leave="agg",
        width=24,
    )
    mentee_role: Text = column(
        "Категория наставляемого",
        "enum",
        required="remark",
        aliases=("роль", "роль наставляемого", "категория участника"),
        help="Выберите из списка.",
        example="молодой педагог",
        vocabulary="mentee_role",
        leave="agg",
        width=18,
    )
    class_label: Text = column(
        "Класс / курс",
        "class",
        aliases=("класс", "курс", "учебная группа", "Стаж/курс"),
        help="Для обучающихся.",
        privacy="D",
        width=10,
    )
    position: Text = column(
        "Должность",
        "text",
        aliases=("должность наставляемого", "должность, предмет"),
        help="Для педагогов.",
        example="учитель",
        privacy="B",
        width=22,
    )
    subject: Text = column(
        "Предмет",
        "text",
        aliases=("преподаваемый предмет",),
        help="Для педагогов.",
        example="химия",
        privacy="B",
        width=18,
    )
    experience_years: Number = column(
        "Педагогический стаж, полных лет",
        "int",
        aliases=(
            "стаж",
            "педагогический стаж",
            "стаж работы",
            "стаж, лет",
            "педагогический стаж, лет",
        ),
        help="Для педагогов; 0, если меньше года.",
        example="1",
        privacy="C",
        minimum=0,
        maximum=60,
        width=12,
    )
    main_job: YesNo = column(
        "Основное место работы",
        "bool",
        aliases=("основная работа",),
        help="«нет» – внешний совместитель.",
        example="да",
        privacy="B",
        width=14,
    )
    support_forms: Text = column(
        "Иные формы поддержки",
        "multi",
        aliases=("другие формы поддержки", "формы поддержки"),
        help="Одна или несколько через «;».",
        example="школа молодого педагога",
        vocabulary="support_form",
        leave="agg",
        width=24,
    )
    mutual_consent: Date = column(
        "Обоюдное согласие пары (дата)",
        "date",
        aliases=("обоюдное согласие", "согласие пары"),
        help="День, месяц, год.",
        example="15.09.2026",
        leave="agg",
        width=14,
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
    order: Text = column(
        "Приказ о закреплении",
        "order_ref",
        aliases=("приказ", "приказ о закреплении пары"),
        help="Номер и дата приказа школы.",
        example="№ 161-А от 15.09.2026",
        width=24,
    )

    class Config(Form.Config):
        """The base as a whole."""

        metadata = {
            "form": FormConfig(
                code="F05",
                name="mentees",
                title="База наставляемых",
                sheet="5 Наставляемые",
                version="1",
                key=("mentee_fio", "mentor_fio", "mentoring_form"),
                person="mentee_fio",
                counterpart="mentor_fio",
                help="Все наставляемые школы с их запросами, по строке на человека.",
                titles=(
                    "база наставляемых",
                    "форма базы наставляемых",
                    "наставляемые",
                    "единая база наставляемых",
                    "список наставляемых",
                ),
                due="10-01",
                minor_columns=mentees_minors,
                examples=(
                    {
                        "row_no": "1",
                        "mentee_fio": "Сидоров Иван Петрович",
                        "contacts_rep": "+7 999 000-00-02",
                        "birth_year": "1999",
                        "request_text": "трудности с дисциплиной в 7 классе",
                        "entry_date": "15.09.2026",
                        "mentor_fio": "Петрова Анна Сергеевна",
                        "mentoring_form": "учитель – учитель",
                        "mentor_place": "МБОУ «СОШ № 101»",
                        "end_date": "31.05.2027",
                        "completion_mark": "в процессе",
                        "request_category": "методика предмета",
                        "mentee_role": "молодой педагог",
                        "position": "учитель",
                        "subject": "химия",
                        "experience_years": "1",
                        "main_job": "да",
                        "support_forms": "школа молодого педагога",
                        "mutual_consent": "15.09.2026",
                        "consent_processing": "да",
                        "consent_date": "01.09.2026",
                        "consent_by": "сам",
                        "order": "№ 161-А от 15.09.2026",
                    },
                ),
            )
        }
