"""The pages of `docs/` that are written by the contracts: a page per form, and all notices.

`python -m pipeline.reference.forms docs/` writes them again after a contract or a notice changed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from contracts.plan import Column, FormPlan, Vocabulary, due_days
from pipeline import system
from pipeline.notices.catalogue import Catalogue
from pipeline.notices.kind import NoticeKind
from pipeline.publication.upward import upward_columns
from pipeline.words import STAGES

TYPES = {
    "text": "текст",
    "fio": "ФИО",
    "fio_list": "ФИО, можно несколько",
    "date": "дата",
    "year": "год",
    "int": "целое число",
    "decimal": "число",
    "percent": "процент",
    "bool": "да/нет",
    "enum": "значение из списка",
    "multi": "значения из списка",
    "phone": "телефон",
    "email": "электронная почта",
    "contacts": "телефон или почта",
    "url": "адрес страницы",
    "inn": "ИНН",
    "ogrn": "ОГРН",
    "kpp": "КПП",
    "class": "класс",
    "order_ref": "номер и дата приказа",
    "age_range": "возраст «от и до»",
}
NEEDS = {"error": "да", "remark": "желательно", "no": "нет"}
LEAVES = {"yes": "в документах", "agg": "только в итогах", "no": "нет"}
ROW_BY_ROW = "построчно, без имён"
SEVERITIES = {"error": "ошибка", "remark": "замечание", "info": "к сведению"}
PRIVACY = {
    "A": "сведения об организации и числа",
    "B": "служебные данные взрослого",
    "C": "личные данные взрослого",
    "D": "данные несовершеннолетнего или его представителя",
}
_MADE = "<!-- Страница создана по описаниям форм: `make docs`. Правьте описание, а не страницу. -->"
_COLUMN_HEAD = (
    "№",
    "Столбец",
    "Имя",
    "Тип",
    "Что писать",
    "Обязателен",
    "Допустимо",
    "ПДн",
    "Уходит дальше",
    "Другие названия",
    "Пример",
)
_MODES = {
    "snapshot": "новый файл заменяет прежний целиком",
    "append": "каждый файл добавляет строки к прежним",
}
_LAYOUTS = {
    "table": "таблица",
    "card": "карточка (названия слева, значения справа)",
    "matrix": "таблица с данными строками, принимается целиком",
}


def pages(
    plans: Sequence[FormPlan], vocabularies: Mapping[str, Vocabulary], catalogue: Catalogue
) -> dict[str, str]:
    """Return the text of each generated page by its path below `docs/`."""
    made = {f"forms/{plan.code}.md": form_page(plan, vocabularies) for plan in plans}
    made["forms/README.md"] = _index(plans)
    made["notices.md"] = _notices(catalogue.kinds.values())
    return made


def form_page(plan: FormPlan, vocabularies: Mapping[str, Vocabulary]) -> str:
    """Return the dictionary page of one form."""
    used = [c.vocabulary for c in plan.columns if c.vocabulary]
    lists = [vocabularies[name] for name in dict.fromkeys(used)]
    return "\n".join(
        (
            f"# {plan.code}. {plan.title}",
            "",
            _MADE,
            "",
            plan.help,
            "",
            *_facts(plan),
            "",
            "## Столбцы",
            "",
            *_table(_COLUMN_HEAD, (_column(plan, column, vocabularies) for column in plan.columns)),
            "",
            "ПДн: " + "; ".join(f"{key} – {words}" for key, words in PRIVACY.items()) + ".",
            "Через дробь – класс, если строка говорит о несовершеннолетнем.",
            "",
            *_rows(plan),
            *_upward(plan),
            *(line for vocabulary in lists for line in _list(vocabulary)),
        )
    )


def _facts(plan: FormPlan) -> list[str]:
    key = ", ".join(f"«{plan.column(name).title}»" for name in plan.key)
    known = ", ".join(f"«{title}»" for title in plan.titles)
    facts = {
        "Лист": f"«{plan.sheet}»",
        "Версия": plan.version,
        "Вид": _LAYOUTS[plan.layout],
        **({"Этапы": ", ".join(STAGES[stage] for stage in plan.stages)} if plan.stages else {}),
        "Подача": _MODES[plan.mode],
        "Срок": _due(plan) or "по мере событий",
        "Строку узнаём по": key or "организации",
        "Узнаём форму по названиям": known or "нет",
    }
    return [f"* {name}: {value}" for name, value in facts.items()]


def _rows(plan: FormPlan) -> list[str]:
    """The given rows of a matrix."""
    if not plan.rows:
        return []
    head = tuple(plan.column(name).title for name in plan.labels)
    return ["## Строки", "", *_table(head, plan.rows), ""]


def _due(plan: FormPlan) -> str:
    days = ((stage, ".".join(reversed(day.split("-")))) for stage, day in due_days(plan.due))
    return ", ".join(f"{STAGES[stage]} – {day}" if stage else day for stage, day in days)


def _column(
    plan: FormPlan, column: Column, vocabularies: Mapping[str, Vocabulary]
) -> tuple[str, ...]:
    minor = f"/{column.minor_privacy}" if column.minor_privacy else ""
    return (
        str(column.official or ""),
        column.title,
        f"`{column.name}`",
        "номер строки, не хранится" if column.ignored else TYPES[column.type],
        column.help,
        NEEDS[column.required],
        _allowed(column, vocabularies),
        column.privacy + minor,
        ROW_BY_ROW if column in plan.upward else LEAVES[column.leave],
        "; ".join(column.aliases),
        column.example,
    )


def _allowed(column: Column, vocabularies: Mapping[str, Vocabulary]) -> str:
    said = []
    if column.vocabulary:
        said.append(f"список «{vocabularies[column.vocabulary].title}»")
    if column.minimum is not None:
        said.append(f"не меньше {column.minimum}")
    if column.maximum is not None:
        said.append(f"не больше {column.maximum}")
    if column.max_length is not None:
        said.append(f"до {column.max_length} знаков")
    if column.multiple:
        said.append("несколько через «;»")
    return ", ".join(said)


def _upward(plan: FormPlan) -> list[str]:
    if not plan.upward:
        return ["## Что уходит дальше", "", "Построчно ничего: только итоги.", ""]
    rows = ((f"`{c.name}`", c.title, TYPES[c.type]) for c in upward_columns(plan))
    return ["## Что уходит дальше", "", *_table(("Имя", "Столбец", "Тип"), rows), ""]


def _list(vocabulary: Vocabulary) -> list[str]:
    rows = ((term.value, "; ".join(term.synonyms), term.note) for term in vocabulary.terms)
    unknown = (
        "Другое значение принимается с замечанием."
        if vocabulary.open
        else "Другое значение – ошибка."
    )
    doubtful = [
        f"«{spelling}» – переспросим: {' или '.join(values)}."
        for spelling, values in vocabulary.ambiguous.items()
    ]
    return [
        f"## Список «{vocabulary.title}»",
        "",
        " ".join((unknown, *doubtful)),
        "",
        *_table(("Значение", "Понимаем также", "Примечание"), rows),
        "",
    ]


def _index(plans: Sequence[FormPlan]) -> str:
    rows = (
        (f"[{plan.code}]({plan.code}.md)", plan.title, _LAYOUTS[plan.layout], plan.help)
        for plan in plans
    )
    return "\n".join(
        ("# Формы", "", _MADE, "", *_table(("Код", "Форма", "Вид", "Что это"), rows), "")
    )


def _notices(kinds: Iterable[NoticeKind]) -> str:
    rows = (
        (f"`{kind.code}`", SEVERITIES[kind.severity], kind.what, kind.fix, kind.example)
        for kind in kinds
    )
    head = ("Код", "Обычно", "Что не так", "Что сделать", "Пример")
    said = (
        "Всё, что школа может услышать в ответ. Слова в фигурных скобках заменяются: "
        "`{value}` – то, что стояло в ячейке, `{column}` – название столбца. "
        "Замечания и сведения ничего не задерживают."
    )
    return "\n".join(("# Ответы школе", "", _MADE, "", said, "", *_table(head, rows), ""))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = (head, ["---"] * len(head), *rows)
    return [f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines]


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def main(folder: str) -> int:
    """Write the pages of the installed forms below *folder*; return how many changed."""
    # The registry loads contracts, which need pandera.
    from pipeline.workspace.plugin_loader import Loader  # noqa: PLC0415  # see above

    plugins = Loader().describe()
    made = pages(tuple(plugins.plans.values()), plugins.vocabularies, plugins.catalogue)
    return sum(
        system.write_if_changed(Path(folder) / name, text.encode()) for name, text in made.items()
    )


if __name__ == "__main__":
    main(sys.argv[1])
