"""What `init` writes: settings to fill in, and an empty registry with its header."""

from __future__ import annotations

SETTINGS = """\
# Настройки рабочей папки. Измените значения в кавычках; строки с «#» – пояснения.
level = "municipality"
name = "Название муниципалитета"
centre = "Муниципальный центр наставничества"
coordinator = "Фамилия Имя Отчество координатора"
phone = "+7 384 56 0-00-00"
signer = "Фамилия Имя Отчество"
signer_position = "Руководитель МЦН"

period = "2026-2027"              # текущий учебный год
periods = ["2026-2027"]           # учебные годы, за которые принимаются сведения
timezone = "Asia/Novokuznetsk"
area_code = "38456"               # код города для местных телефонов
minors = "pseudonym"              # имена обучающихся заменяются кодами; "full" – решает владелец
answer_days = 8                   # рабочих дней школе на исправление
outbox_group = ""                 # группа, которой открыта папка outbox; пусто – никому
answers_beside = true             # класть ответы ещё и в папку «Ответы» рядом с файлами школы
answers_by_mail = true            # готовить каждой школе письмо с ответами в «outbox/К отправке»

[calendar]                        # сроки форм, если они не те, что предлагает программа:
# F04 = ["10-15"]                 # форма = ["ММ-ДД", …]
# [calendar.units.oo-101]         # свой срок одной организации
# F04 = ["10-20"]

[neighbours]                      # школы соседних территорий: ИНН = "территория"

[[recipients]]
code = "krirpo"
name = "КРИРПО"
address = "file:outbox/КРИРПО"    # папка получателя
addressee = ""                    # кому письмо: должность, организация, И.О. Фамилия в дательном
share_curators = false            # передавать контакты кураторов, которые это разрешили

[schedule]
cron = "30 18 * * 1-5"            # по будням в 18:30

[plugins]
disabled = []
"""

UNITS = (
    "code;kind;may_report_for;inn;kpp;ogrn;short_name;full_name;aliases;"
    "email;addressee;folder;from;to\n"
)
