"""The catalogue of notices: every sentence a school can get from us, by a stable code.

A code names the state that was found, not its severity: the same state may be an error in one
column and a remark in another. Sentences are templates; «{value}» is what stood in the cell,
«{column}» the Russian header, «{row}», «{cell}», «{sheet}» the place, the rest are parameters
of the notice. Plugins bring kinds of their own with the stage that raises them.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.model import Notice, Severity


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """One code of the catalogue: its usual severity, what is wrong, how to fix it, an example."""

    code: str
    severity: Severity
    what: str
    fix: str
    example: str = ""


_FILE = (
    NoticeKind(
        "file_password",
        "error",
        "Файл защищён паролем, прочитать его нельзя.",
        "Откройте файл, снимите пароль (Файл → Сведения → Защита книги) и положите ещё раз.",
    ),
    NoticeKind(
        "file_empty",
        "error",
        "Файл пустой: в нём ничего не заполнено.",
        "Проверьте, что сохранили файл, и положите его ещё раз.",
    ),
    NoticeKind(
        "file_format",
        "error",
        "Такой файл не читается: {found}.",
        "Сохраните таблицу как .xlsx, .xls, .ods или .csv и положите ещё раз.",
        "Книга ОО.xlsx",
    ),
    NoticeKind(
        "file_macros",
        "error",
        "В файле есть макросы, такие файлы не принимаются.",
        "Сохраните файл как «Книга Excel (.xlsx)» и положите ещё раз.",
    ),
    NoticeKind(
        "file_too_large",
        "error",
        "Файл слишком велик: {found}, а принимается не больше {limit}.",
        "Уберите рисунки и лишние листы, сохраните и положите ещё раз.",
    ),
    NoticeKind(
        "file_damaged",
        "error",
        "Файл повреждён или скопирован не до конца, прочитать его нельзя.",
        "Откройте файл у себя, сохраните заново и положите ещё раз.",
    ),
    NoticeKind(
        "file_suspicious",
        "error",
        "Файл не открыт: он устроен необычно и может быть опасен (для специалиста: {found}).",
        "Скопируйте таблицу в новую книгу или в наш бланк и положите её.",
    ),
    NoticeKind(
        "file_unreadable",
        "error",
        "Прочитать файл не удалось.",
        "Скопируйте таблицу в новую книгу или в наш бланк, сохраните как .xlsx и положите ещё раз.",
    ),
    NoticeKind(
        "readers_disagree",
        "error",
        "Лист «{sheet}» не принят: при двух прочтениях нашлось разное число заполненных ячеек, "
        "{first} и {second}.",
        "Скопируйте лист в новую книгу (вставить значения) и положите её.",
    ),
    NoticeKind(
        "form_unknown",
        "error",
        "Не удалось понять, какая это форма: знакомых названий столбцов в файле нет.",
        "Возьмите наш бланк или назовите столбцы, как в нём.",
        "ФИО наставника",
    ),
    NoticeKind(
        "form_headers_unknown",
        "error",
        "Лист «{sheet}» с формой «{form}» не прочитан: знакомых названий столбцов на нём нет.",
        "Возьмите наш бланк или назовите столбцы, как в нём.",
        "ФИО наставника",
    ),
    NoticeKind(
        "form_ambiguous",
        "error",
        "Не удалось понять, какая это форма: похоже и на «{first}», и на «{second}».",
        "Напишите название формы в первой строке листа.",
        "База наставников",
    ),
    NoticeKind(
        "form_twice",
        "error",
        "Форма «{form}» встретилась в файле дважды; учтён лист «{sheet}», не учтён «{other}».",
        "Соберите все строки на одном листе и положите файл ещё раз.",
    ),
    NoticeKind(
        "form_side_by_side",
        "error",
        "На листе «{sheet}» рядом стоят две таблицы формы «{form}»; учтена только левая.",
        "Перенесите строки правой таблицы под левую и положите файл ещё раз.",
    ),
    NoticeKind(
        "form_version_old",
        "remark",
        "Бланк устарел: версия {found}, действует {current}. Данные прочитаны.",
        "В следующий раз возьмите новый бланк.",
    ),
    NoticeKind(
        "form_not_submitted",
        "info",
        "Лист «{sheet}» пуст: форма «{form}» не подана.",
        "Если сведений нет, напишите на листе «Данных нет».",
        "Данных нет",
    ),
    NoticeKind(
        "nil_with_rows",
        "error",
        "На листе написано «Данных нет», но есть и заполненные строки: {count}.",
        "Уберите надпись «Данных нет» или строки.",
    ),
    NoticeKind(
        "sheet_hidden",
        "remark",
        "Скрытый лист «{sheet}» с формой «{form}» не учтён.",
        "Если лист нужен, отобразите его (правая кнопка на ярлыке → Показать) и положите файл.",
    ),
    NoticeKind(
        "rows_hidden",
        "remark",
        "Скрытые строки не учтены; их номера: {rows}.",
        "Если они нужны, отобразите их (снимите фильтр) и положите файл ещё раз.",
    ),
)

_UNIT = (
    NoticeKind(
        "unit_unknown",
        "error",
        "Организации «{value}» нет в реестре. {hint}",
        "Проверьте ИНН и название на листе «Паспорт» или положите файл в папку своей организации.",
        "ИНН ОО: 0042000010",
    ),
    NoticeKind(
        "unit_not_named",
        "error",
        "Не понять, от какой организации файл: нет ни ИНН, ни названия, ни папки.",
        "Заполните лист «Паспорт» или положите файл в папку своей организации.",
        "ИНН ОО: 0042000010",
    ),
    NoticeKind(
        "unit_foreign",
        "error",
        "Организация «{value}» относится к другой территории ({territory}).",
        "Отправьте файл координатору своей территории.",
    ),
    NoticeKind(
        "unit_conflict",
        "remark",
        "Файл лежит в папке «{folder}», а в Паспорте указано «{value}».",
        "Подтвердите координатору, чей это файл, или положите его в нужную папку.",
    ),
    NoticeKind(
        "unit_closed",
        "error",
        "Организация «{value}» по реестру не действует на {day}.",
        "Если это ошибка, сообщите координатору.",
    ),
    NoticeKind(
        "unit_rows_of_other",
        "remark",
        "В строке указана другая организация реестра: «{value}».",
        "Если человек работает у вас, укажите в этом столбце свою организацию.",
    ),
    NoticeKind(
        "period_unreadable",
        "remark",
        "Учебный год «{value}» не понят, файл учтён за {stored} учебный год.",
        "Если год другой, впишите его через дефис и положите файл ещё раз.",
        "2026-2027",
    ),
    NoticeKind(
        "period_other",
        "remark",
        "Файл за {found} учебный год, а сейчас принимаются сведения за {current}.",
        "Дождитесь решения координатора или исправьте год на листе «Паспорт».",
        "2026-2027",
    ),
    NoticeKind(
        "period_dates_differ",
        "remark",
        "Дата {value} не относится к учебному году {period}.",
        "Проверьте год в дате.",
        "15.09.2026",
    ),
)

_COLUMN = (
    NoticeKind(
        "column_missing",
        "error",
        "Нет обязательной графы «{column}». {tried}",
        "Добавьте эту графу или возьмите наш бланк.",
    ),
    NoticeKind(
        "columns_official_absent",
        "remark",
        "Нет столбцов официальной формы: {columns}. Принять строки это не мешает.",
        "Если эти сведения у вас есть, добавьте столбцы, как в бланке.",
    ),
    NoticeKind(
        "columns_not_asked",
        "remark",
        "Нет столбцов, которых нет в официальной форме, но которые нужны нам: {columns}. "
        "Принять строки это не мешает.",
        "В следующий раз возьмите наш бланк: в нём эти столбцы есть.",
    ),
    NoticeKind(
        "column_doubtful",
        "remark",
        "Графа «{value}» понята как «{column}».",
        "Если это не так, назовите графу, как в бланке.",
        "{column}",
    ),
    NoticeKind(
        "columns_extra",
        "info",
        "Не из этой формы и не сохранено: {columns}.",
        "Ничего делать не нужно.",
    ),
    NoticeKind(
        "column_repeated",
        "remark",
        "Графа «{value}» не учтена: она похожа на «{column}», а такая уже есть.",
        "Оставьте одну такую графу.",
    ),
    NoticeKind(
        "column_snils",
        "info",
        "В графе «{value}» – СНИЛС. Он не нужен и не сохранён.",
        "Не присылайте СНИЛС.",
    ),
)

_CELL = (
    NoticeKind(
        "cell_required",
        "error",
        "Не заполнена нужная ячейка «{column}».",
        "Заполните ячейку.",
        "{example}",
    ),
    NoticeKind(
        "cell_formula_error",
        "error",
        "В ячейке ошибка формулы: «{value}».",
        "Замените формулу значением.",
        "{example}",
    ),
    NoticeKind(
        "text_repaired",
        "info",
        "Убраны лишние знаки или латинские буквы: «{value}» записано как «{stored}».",
        "Ничего делать не нужно.",
    ),
    NoticeKind(
        "text_too_long",
        "remark",
        "Текст слишком длинный: наибольшее число знаков – {limit}.",
        "Сократите текст.",
    ),
    NoticeKind(
        "fio_initials",
        "error",
        "ФИО указано не полностью: «{value}».",
        "Впишите фамилию, имя и отчество полностью.",
        "Петрова Анна Сергеевна",
    ),
    NoticeKind(
        "fio_unreadable",
        "error",
        "«{value}» не похоже на фамилию, имя и отчество.",
        "Впишите фамилию, имя и отчество буквами.",
        "Петрова Анна Сергеевна",
    ),
    NoticeKind(
        "fio_short",
        "remark",
        "Вместо ФИО одно слово: «{value}».",
        "Впишите фамилию, имя и отчество.",
        "Петрова Анна Сергеевна",
    ),
    NoticeKind(
        "fio_job_dropped",
        "info",
        "Из ФИО убрано лишнее: «{value}» записано как «{stored}».",
        "Должность или класс пишите в отдельном столбце.",
    ),
    NoticeKind(
        "date_unreadable",
        "error",
        "«{value}» не похоже на дату.",
        "Впишите дату: день, месяц, год.",
        "01.09.2026",
    ),
    NoticeKind(
        "date_impossible",
        "error",
        "Такой даты нет: «{value}».",
        "Проверьте день и месяц.",
        "31.05.2027",
    ),
    NoticeKind(
        "date_is_school_year",
        "error",
        "Вместо даты указан учебный год: «{value}».",
        "Впишите дату: день, месяц, год.",
        "01.09.2026",
    ),
    NoticeKind(
        "date_month_only",
        "remark",
        "Указан только месяц: «{value}». Записано {stored}.",
        "Впишите день, месяц и год.",
        "01.09.2026",
    ),
    NoticeKind(
        "date_ambiguous",
        "remark",
        "Год двумя цифрами: «{value}» понято как {stored}.",
        "Впишите год четырьмя цифрами.",
        "01.09.2026",
    ),
    NoticeKind(
        "year_from_age",
        "remark",
        "Вместо года указан возраст «{value}», записан год {stored}.",
        "Впишите год рождения четырьмя цифрами.",
        "1999",
    ),
    NoticeKind(
        "year_from_date",
        "info",
        "Из даты «{value}» взят год {stored}, дата не сохранена.",
        "Достаточно одного года.",
        "1999",
    ),
    NoticeKind(
        "year_unreadable",
        "error",
        "«{value}» не похоже на год.",
        "Впишите год четырьмя цифрами.",
        "1999",
    ),
    NoticeKind(
        "number_unreadable",
        "error",
        "«{value}» не похоже на число.",
        "Впишите число цифрами.",
        "12",
    ),
    NoticeKind(
        "number_fraction",
        "error",
        "Число «{value}» не целое.",
        "Впишите целое число.",
        "12",
    ),
    NoticeKind(
        "number_cleaned",
        "info",
        "Из «{value}» взято число {stored}.",
        "Ничего делать не нужно.",
    ),
    NoticeKind(
        "number_out_of_range",
        "error",
        "«{value}» не попадает в допустимые границы: {range}.",
        "Проверьте число.",
        "{example}",
    ),
    NoticeKind(
        "percent_doubtful",
        "remark",
        "«{value}» понято как {stored} %.",
        "Впишите процент числом от 0 до 100.",
        "70",
    ),
    NoticeKind(
        "bool_unreadable",
        "error",
        "Ответ «{value}» не понят.",
        "Впишите «да» или «нет».",
        "да",
    ),
    NoticeKind(
        "value_not_in_list",
        "error",
        "Значения «{value}» нет в списке «{column}».",
        "Выберите значение из списка: {allowed}.",
        "{example}",
    ),
    NoticeKind(
        "value_refused",
        "error",
        "Значение «{value}» не подходит для графы «{column}».",
        "Проверьте значение по пояснению к этой графе в бланке.",
        "{example}",
    ),
    NoticeKind(
        "value_other",
        "remark",
        "Значения «{value}» нет в списке «{column}», записано как «{stored}».",
        "Если подходит значение из списка, выберите его: {allowed}.",
        "{example}",
    ),
    NoticeKind(
        "value_ambiguous",
        "error",
        "«{value}» можно понять по-разному: {choices}.",
        "Впишите значение полностью.",
        "{example}",
    ),
    NoticeKind(
        "value_synonym",
        "info",
        "«{value}» понято как «{stored}».",
        "Ничего делать не нужно.",
    ),
    NoticeKind(
        "value_split",
        "info",
        "Ответы из ячейки «{value}» разнесены по столбцам: {columns}.",
        "Ничего делать не нужно.",
    ),
    NoticeKind(
        "value_leftover",
        "remark",
        "Часть ячейки не понята и не учтена: «{left}».",
        "Разнесите значения по столбцам, как в бланке.",
    ),
    NoticeKind(
        "phone_unreadable",
        "remark",
        "«{value}» не похоже на телефон.",
        "Впишите телефон с кодом.",
        "+7 999 000-00-01",
    ),
    NoticeKind(
        "phone_local",
        "remark",
        "В телефоне «{value}» нет кода города, записано {stored}.",
        "Впишите телефон с кодом.",
        "+7 38456 0-00-01",
    ),
    NoticeKind(
        "phone_cleaned",
        "info",
        "Телефон «{value}» записан как {stored}.",
        "Ничего делать не нужно.",
    ),
    NoticeKind(
        "email_unreadable",
        "remark",
        "«{value}» не похоже на адрес электронной почты.",
        "Впишите адрес полностью.",
        "kurator@example.org",
    ),
    NoticeKind(
        "url_unreadable",
        "remark",
        "«{value}» не похоже на адрес страницы.",
        "Скопируйте адрес из строки браузера.",
        "https://school101.example.org/nastavnichestvo",
    ),
    NoticeKind(
        "inn_length",
        "error",
        "В ИНН «{value}» цифр: {digits}, а нужно {needed}.",
        "Проверьте ИНН.",
        "0042000010",
    ),
    NoticeKind(
        "inn_checksum",
        "error",
        "ИНН «{value}» с ошибкой: не сходится контрольная цифра.",
        "Проверьте последнюю и соседние цифры.",
        "0042000010",
    ),
    NoticeKind(
        "ogrn_length",
        "error",
        "В ОГРН «{value}» цифр: {digits}, а нужно 13.",
        "Проверьте ОГРН.",
        "1024200000010",
    ),
    NoticeKind(
        "ogrn_checksum",
        "error",
        "ОГРН «{value}» с ошибкой: не сходится контрольная цифра.",
        "Проверьте последнюю и соседние цифры.",
        "1024200000010",
    ),
    NoticeKind(
        "kpp_unreadable",
        "error",
        "«{value}» не похоже на КПП: в нём 9 знаков.",
        "Проверьте КПП.",
        "421201001",
    ),
    NoticeKind(
        "class_unreadable",
        "remark",
        "«{value}» не похоже на класс.",
        "Впишите номер и букву класса.",
        "8А",
    ),
    NoticeKind(
        "order_partial",
        "remark",
        "Реквизиты «{value}» указаны не полностью: нет {missing}.",
        "Впишите номер и дату.",
        "№ 56-ОД от 17.03.2026",
    ),
    NoticeKind(
        "age_range_unreadable",
        "remark",
        "«{value}» не похоже на возраст.",
        "Впишите возраст «от и до».",
        "22–35",
    ),
)

_ROW = (
    NoticeKind(
        "row_repeated",
        "info",
        "Строка {row} повторяет строку {first}. Учтена одна.",
        "Уберите повтор.",
    ),
    NoticeKind(
        "person_repeated",
        "error",
        "«{value}» уже есть в строке {first}, но другие ячейки там заполнены иначе.",
        "Оставьте одну верную строку.",
    ),
    NoticeKind(
        "mentee_paired_twice",
        "remark",
        "У наставляемого уже есть другой наставник в той же форме наставничества (строка {first}).",
        "Проверьте, что обе пары действуют.",
    ),
    NoticeKind(
        "roles_mismatch",
        "error",
        "Форма наставничества «{value}» не подходит: {side} – {role}.",
        "Исправьте форму наставничества или категорию.",
        "учитель – учитель",
    ),
    NoticeKind(
        "form_not_official",
        "remark",
        "Формы «{value}» нет в целевой модели; в итоги по формам Р-145 строка не войдёт.",
        "Если подходит одна из пяти форм, выберите её.",
        "учитель – учитель",
    ),
    NoticeKind(
        "end_before_entry",
        "error",
        "Дата завершения {end} раньше даты вхождения {entry}.",
        "Исправьте одну из дат.",
        "31.05.2027",
    ),
    NoticeKind(
        "end_too_late",
        "error",
        "Дата завершения {end} слишком поздняя: позже {limit}.",
        "Проверьте год.",
        "31.05.2027",
    ),
    NoticeKind(
        "entry_out_of_reach",
        "error",
        "Дата вхождения {entry} не попадает в ожидаемые границы: от {first} до {last}.",
        "Проверьте год.",
        "01.09.2026",
    ),
    NoticeKind(
        "birth_after_entry",
        "error",
        "Год рождения {birth} не согласуется с датой вхождения {entry}.",
        "Исправьте год рождения или дату.",
        "1999",
    ),
    NoticeKind(
        "mentor_is_mentee",
        "error",
        "Наставник и наставляемый – один и тот же человек.",
        "Исправьте одно из ФИО.",
    ),
    NoticeKind(
        "mentoring_mutual",
        "remark",
        "Эти двое наставляют друг друга в одной форме наставничества (строка {first}).",
        "Так бывает при реверсивном наставничестве; иначе исправьте одну из строк.",
    ),
    NoticeKind(
        "age_implausible",
        "remark",
        "Возраст {age} необычен: {side} – {role}, обычно {range}.",
        "Проверьте год рождения.",
        "1999",
    ),
    NoticeKind(
        "experience_implausible",
        "remark",
        "Педагогический стаж {experience} не согласуется с другими данными: {reason}.",
        "Проверьте стаж и год рождения.",
        "2",
    ),
    NoticeKind(
        "consent_missing",
        "remark",
        "Нет отметки о согласии на обработку данных. В списки с именами строка не войдёт.",
        "Получите письменное согласие и впишите «да».",
        "да",
    ),
    NoticeKind(
        "consent_of_parent_missing",
        "remark",
        "У несовершеннолетнего нет согласия законного представителя. "
        "В списки с именами строка не войдёт.",
        "Получите согласие родителя и впишите, кем оно дано.",
        "законный представитель",
    ),
    NoticeKind(
        "contacts_missing",
        "remark",
        "Нет ни телефона, ни почты.",
        "Впишите служебный телефон или почту.",
        "+7 999 000-00-01",
    ),
    NoticeKind(
        "order_missing",
        "remark",
        "Нет приказа, которым {what}.",
        "Впишите номер и дату приказа.",
        "№ 160-А от 08.12.2026",
    ),
    NoticeKind(
        "results_missing",
        "remark",
        "Программа завершена {end}, а результаты не указаны.",
        "Впишите результаты программы.",
        "проведено 6 открытых уроков, подготовлен кейс",
    ),
    NoticeKind(
        "pair_incomplete",
        "remark",
        "Наставник указан, а ячейка «{column}» пуста.",
        "Заполните ячейку.",
        "{example}",
    ),
    NoticeKind(
        "text_holds_contact",
        "remark",
        "В тексте есть {found}. В документы для других это не попадёт.",
        "Перенесите в столбец для контактов или уберите.",
    ),
    NoticeKind(
        "text_sensitive",
        "remark",
        "В тексте, похоже, сказано о здоровье или положении человека («{word}»).",
        "Уберите это; опишите запрос без диагноза.",
        "Нужна помощь в общении с классом",
    ),
    NoticeKind(
        "minor_hidden",
        "info",
        "ФИО и контакты обучающихся не сохранены, вместо них записаны коды. Строк: {count}.",
        "Ничего делать не нужно.",
    ),
    NoticeKind(
        "row_absent",
        "remark",
        "В прошлом файле есть «{value}», в новом нет. Больше не учитывается.",
        "Если человек выбыл, ничего делать не нужно; иначе верните строку.",
    ),
    NoticeKind(
        "row_previous_kept",
        "info",
        "Строка не принята, действуют её прежние данные (приём № {number}).",
        "Исправьте строку.",
    ),
    NoticeKind(
        "rows_absent_many",
        "remark",
        "В новом файле нет {absent} из {before} прежних строк. Файл отложен, действует прежний.",
        "Если список прислан не весь, пришлите его целиком; иначе подтвердите координатору.",
    ),
    NoticeKind(
        "two_files_at_once",
        "remark",
        "Почти одновременно пришли два разных файла с формой «{form}»: этот и приём № {number}. "
        "Этот отложен.",
        "Сообщите координатору, какой файл верный.",
    ),
    NoticeKind(
        "newer_file_won",
        "remark",
        "Пришли два разных файла с формой «{form}»; учтён этот: он сохранён позже, "
        "чем приём № {number}.",
        "Если верен другой, положите его ещё раз.",
    ),
)

_CARD = (
    NoticeKind(
        "parts_exceed_whole",
        "error",
        "«{column}» ({value}) больше, чем «{other}» ({limit}).",
        "Исправьте одно из чисел.",
    ),
    NoticeKind(
        "parts_below_least",
        "error",
        "«{column}» ({value}) меньше, чем следует из других чисел: самое малое – {limit}.",
        "Исправьте одно из чисел.",
    ),
    NoticeKind(
        "sum_differs",
        "error",
        "«{column}» ({value}) не равно сумме частей ({sum}).",
        "Исправьте итог или части.",
    ),
    NoticeKind(
        "unit_card_differs",
        "error",
        "ИНН в карточке («{value}») не тот, что в реестре ({expected}).",
        "Исправьте ИНН или сообщите координатору.",
        "0042000010",
    ),
    NoticeKind(
        "implements_incomplete",
        "error",
        "Отмечено, что модель внедряется, а ячейка «{column}» пуста.",
        "Заполните ячейку.",
        "{example}",
    ),
    NoticeKind(
        "start_too_early",
        "error",
        "Дата начала внедрения {value} раньше, чем утверждена целевая модель (25.12.2019).",
        "Проверьте дату.",
        "01.09.2020",
    ),
    NoticeKind(
        "curator_count",
        "remark",
        "Действующих кураторов в списке: {count}, а нужен один.",
        "Впишите нынешнего куратора, а у прежних заполните «Куратор по».",
        "31.08.2026",
    ),
    NoticeKind(
        "staff_differs_from_bases",
        "remark",
        "По «Кадровой сводке» охвачено {summary}, по базам – {counted}. "
        "Не хватает в базах: {missing}.",
        "Допишите недостающих в базы или исправьте «Кадровую сводку».",
    ),
)

_REMARK = (
    NoticeKind(
        "mentor_not_in_base",
        "remark",
        "Наставник «{value}» не найден в базе наставников. {hint}",
        "Проверьте ФИО или добавьте наставника в базу.",
    ),
    NoticeKind(
        "mentor_of_other_unit",
        "remark",
        "Наставник «{value}» числится в другой организации: {unit}.",
        "Если пара действует, ничего делать не нужно.",
    ),
    NoticeKind(
        "person_in_two_units",
        "remark",
        "«{value}» есть и в базе другой организации: {unit}.",
        "Сообщите координатору, один ли это человек.",
    ),
)

BUILT_IN: tuple[NoticeKind, ...] = _FILE + _UNIT + _COLUMN + _CELL + _ROW + _CARD + _REMARK


class _Words(string.Formatter):
    """Fills a template and leaves an unknown word out rather than failing on a school's file."""

    def get_value(self, key: int | str, args: object, kwargs: Mapping[str, str]) -> str:
        return str(kwargs.get(str(key), ""))


class Catalogue:
    """All kinds of notices of this run, built-in and from plugins, by code."""

    def __init__(self, kinds: Iterable[NoticeKind] = BUILT_IN) -> None:
        self.kinds: dict[str, NoticeKind] = {}
        for kind in kinds:
            if kind.code in self.kinds and self.kinds[kind.code] != kind:
                raise ValueError(f"two kinds of notice are called {kind.code}")
            self.kinds[kind.code] = kind

    def __contains__(self, code: str) -> bool:
        return code in self.kinds

    def what(self, notice: Notice, *, title: str = "", example: str = "") -> str:
        """Return the sentence that says what is wrong; *title* is the column's Russian header."""
        return self._fill(self.kinds[notice.code].what, notice, title, example)

    def fix(self, notice: Notice, *, title: str = "", example: str = "") -> str:
        """Return the sentence that says what to do."""
        return self._fill(self.kinds[notice.code].fix, notice, title, example)

    def example(self, notice: Notice, *, title: str = "", example: str = "") -> str:
        """Return an example of the right value; empty where none would help."""
        return self._fill(self.kinds[notice.code].example, notice, title, example)

    @staticmethod
    def _fill(template: str, notice: Notice, title: str, example: str) -> str:
        words = {
            "column": title,
            "example": example,
            "value": notice.value or "",
            "row": str(notice.row or ""),
            "cell": notice.cell or "",
            "sheet": notice.sheet or "",
            **notice.params,
        }
        return _Words().vformat(template, (), words).strip()
