"""What is found later, when all units are seen together."""

from __future__ import annotations

from pipeline.notices.kind import NoticeKind

KINDS = (
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
