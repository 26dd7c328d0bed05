"""What can be said of the headers of a form."""

from __future__ import annotations

from pipeline.notices.kind import NoticeKind

# Said once of a form: in later answers only what has changed since is news.
ONCE = frozenset(("columns_official_absent", "columns_not_asked"))

KINDS = (
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
        "column_unmatched",
        "remark",
        "Графа «{value}» заполнена и похожа на «{column}», но и другая графа похожа: не учтена.",
        "Назовите графу, как в бланке.",
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
