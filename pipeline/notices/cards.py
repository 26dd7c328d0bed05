"""What can be said of a card and its sums."""

from __future__ import annotations

from pipeline.notices.kind import NoticeKind

KINDS = (
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
