"""How answers look on the screen: Russian, calm, and never more than fits."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline.words import COUNTS, OTHER_COUNT, STATES, Tone

Data = Mapping[str, Any]

_COLOURS: Mapping[Tone, str] = {
    "good": "green",
    "doubt": "yellow",
    "bad": "red",
    "quiet": "green",
    "none": "dim",
}
_LATE = "[red]![/]"
_LEGEND = (
    "с замеч. – принято, есть замечания; частично – часть строк возвращена;\n"
    "нуль – сообщено, что данных нет; отложено – ждёт решения; ! – просрочено"
)
_DELIVERY = {
    "delivered": "[green]передан[/]",
    "was_delivered": "передан раньше",
    "not_approved": "[yellow]ждёт утверждения: nastavnik approve[/]",
    "nothing": "передавать нечего",
}
_COUNTS = {"seen": "прочитано", **COUNTS}
_PACKAGE = {
    "package": "Пакет",
    "recipient": "Получатель",
    "made": "Собран",
    "approved": "Утверждён",
    "delivered": "Передан",
    "supersedes": "Заменяет",
    "from_facts_up_to": "По записям журнала до №",
    "digest": "Содержимое (SHA-256)",
    "sha256": "Файл (SHA-256)",
}
_OFFERS = (
    ("Что читается", "readers", "name"),
    ("Что проверяется и делается", "stages", "name"),
    ("Как передаётся", "transports", "scheme"),
)
_SHOWN = 40


def show(page: str, data: Data) -> None:
    """Print *data* by the page called *page*."""
    console = Console(highlight=False, soft_wrap=True)
    _PAGES[page](console, data)


def _table(*titles: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in titles:
        table.add_column(title, overflow="fold")
    return table


def _init(console: Console, data: Data) -> None:
    folder = escape(data["workspace"])
    console.print(f"Рабочая папка создана: {folder}")
    console.print("Дальше: впишите название и период в nastavnik.toml, организации – в units.csv,")
    console.print(f'затем выдайте бланки: nastavnik -C "{folder}" template')


def _files(console: Console, data: Data) -> None:
    if not data["files"]:
        console.print("Выдавать некому: в units.csv нет ОО, а с --due – всё уже сдано.")
        return
    for path in data["files"]:
        console.print(escape(path))
    console.print(f"Файлов: {len(data['files'])}")


def _check(console: Console, data: Data) -> None:
    console.print(f"[bold]{STATES[data['outcome']].heading}[/]")
    for notice in data["notices"]:
        _notice(console, notice)
    for part in data["parts"]:
        _not_run(console, part["not_run"])
    console.print(f"Ошибок: {data['errors']}, замечаний: {data['remarks']}")


def _notice(console: Console, notice: Data) -> None:
    place = " ".join(str(notice[k]) for k in ("sheet", "cell") if notice[k])
    colour = {"error": "red", "remark": "yellow"}.get(notice["severity"], "dim")
    console.print(f"[{colour}]{escape(place or 'Файл')}[/] {escape(notice['what'])}")
    if notice["fix"]:
        example = f" Например: {escape(notice['example'])}." if notice["example"] else ""
        console.print(f"    {escape(notice['fix'])}{example}")


def _accept(console: Console, data: Data) -> None:
    for one in data.get("answered", ()):
        console.print(f"Вопрос {escape(one['question'])}: {escape(one['said'])}.")
    if not data["files"]:
        console.print("Новых файлов нет.")
        _aside(console, data["aside"])
        return
    table = _table("Приём №", "Организация", "Итог", "Учтено форм")
    for one in data["files"]:
        outcome = _toned(one["outcome"])
        again = " [dim](повтор)[/]" if one["repeated"] else ""
        name = one["name"] or "не опознана"
        back = [form for form, what in one["forms"].items() if not what.startswith("accepted")]
        forms = f"{len(one['forms']) - len(back)} из {len(one['forms'])}" if one["forms"] else ""
        if 0 < len(back) < len(one["forms"]):
            forms += f", кроме «{'», «'.join(data['titles'][form] for form in back)}»"
        table.add_row(str(one["submission"]), escape(name), f"{outcome}{again}", escape(forms))
    console.print(table)
    _aside(console, data["aside"])


def _aside(console: Console, lying: Sequence[Data]) -> None:
    """What lies in the inbox and is not taken."""
    if lying:
        console.print("[yellow]Лежит во входящих и не принято:[/]")
    for one in lying[:_SHOWN]:
        console.print(f"  {escape(one['sentence'])}")
    if len(lying) > _SHOWN:
        console.print(f"  и ещё {len(lying) - _SHOWN}")


def _publish(console: Console, data: Data) -> None:
    bases = "; ".join(f"{data['titles'][form]} – {n}" for form, n in data["bases"].items())
    console.print(f"Единые базы (строк): {escape(bases)}")
    for indicator in data["indicators"]:
        _indicator(console, indicator)
    console.print(f"Уточнений школам: {data['remarks']}")
    console.print(f"Документы: {escape(data['documents'])}")
    for draft in data["packages"]:
        state = "утверждён" if draft["approved"] else "черновик, ждёт утверждения"
        console.print(f"Пакет: {escape(draft['file'])} ({state})")
    for failed in data["failed"]:
        why = f" ({failed['plugin']}: {failed['said']})" if failed["said"] else ""
        console.print(f"[red]Не выпущено: {escape(failed['what'] + why)}[/]")


def _indicator(console: Console, one: Data) -> None:
    low, high = _share(one["share_proven"]), _share(one["share_possible"])
    share = low if low == high else f"{low} … {high}"
    console.print(
        f"[bold]{one['indicator']}: {share}[/] – {one['numerator_proven']} из "
        f"{one['denominator']} чел., данные по {one['units_counted']} из {one['units_total']} ОО"
    )
    if one["missing"]:
        console.print(f"    до цели не хватает {one['missing']} чел.")


def _share(value: float | None) -> str:
    return "н/д" if value is None else f"{value * 100:.1f} %".replace(".", ",")


def _deliver(console: Console, data: Data) -> None:
    for one in data["packages"]:
        console.print(f"{escape(one['package'] or one['recipient'])}: {_DELIVERY[one['state']]}")


def _cycle(console: Console, data: Data) -> None:
    _accept(console, data)
    _publish(console, data["published"])
    _deliver(console, {"packages": data["delivered"]})
    if data["questions"]:
        console.print(f"Ждут решения: {data['questions']} (nastavnik questions)")


def _status(console: Console, data: Data) -> None:
    forms = sorted({form for unit in data["units"] for form in unit["forms"]})
    table = Table("Организация", box=None, padding=(0, 1, 0, 0), header_style="bold")
    for form in forms:
        table.add_column(form, no_wrap=True)
    for unit in data["units"]:
        cells = [_state(unit["forms"].get(form)) for form in forms]
        table.add_row(escape(unit["name"] or unit["unit"]), *cells)
    console.print(table)
    called = textwrap.fill("; ".join(f"{code} – {t}" for code, t in data["titles"].items()), 80)
    console.print(f"[dim]{escape(called)}\n{_LEGEND}[/]")
    console.print(f"Ждут решения: {data['questions']}")
    if data["bases_missing"]:
        missing = ", ".join(data["bases_missing"])
        console.print(f"[red]Базы не сводятся: {escape(missing)}.[/] См. nastavnik plugins.")
    for package in data["packages"]:
        state = "передан" if package["delivered"] else "черновик"
        state = "утверждён" if package["approved"] and not package["delivered"] else state
        console.print(f"Пакет {escape(package['package'])}: {state}")
    _aside(console, data["aside"])
    _faults(console, data["faults"])
    if data["missed_run"]:
        since = datetime.fromisoformat(data["missed_run"])
        console.print(
            f"[red]Плановый прогон {since:%d.%m.%Y %H:%M} не состоялся.[/] "
            "Запустите nastavnik run; проверьте, работает ли nastavnik serve."
        )
    elif data["last_run_error"]:
        console.print(f"[red]Последний прогон не закончен ({data['last_run_error']}).[/]")


def _faults(console: Console, faults: Sequence[Data]) -> None:
    for one in faults:
        numbers = ", ".join(map(str, one.get("submissions", ())[:_SHOWN]))
        without = f" Без него решены приёмы: {numbers}." if numbers else ""
        console.print(f"[red]{escape(one['sentence'])}[/]{without}")


def _state(line: Data | None) -> str:
    if line is None:
        return ""
    late = f" {_LATE}" if line["late"] else ""
    # Five forms and a school stand on one line of 80 characters only in the short words.
    return f"{_toned(line['state'], short=True)}{late}"


def _toned(state: str, *, short: bool = False) -> str:
    words = STATES[state]
    return f"[{_COLOURS[words.tone]}]{words.short if short else words.long}[/]"


def _questions(console: Console, data: Data) -> None:
    if not data["questions"]:
        console.print("Вопросов нет.")
    for one in data["questions"]:
        console.print(f"[bold]{one['id']}[/] {escape(one['name'] or '')}")
        console.print(escape(one["text"]))
        for number, text in enumerate(one["choices"].values(), start=1):
            console.print(f"    {number} – {escape(text)}")
    if data["questions"]:
        console.print(
            "Ответить: файлом Вопросы.xlsx или командой, словами варианта или его номером:"
        )
        console.print('    nastavnik questions ВОПРОС ОТВЕТ --who "Фамилия И.О."')


def _answer(console: Console, data: Data) -> None:
    outcome = STATES[data["outcome_now"]].long
    whose = escape(data["name"] or "Файл")
    console.print(f"Ответ на вопрос {data['question']} записан. {whose}: {outcome}.")


def _extended(console: Console, data: Data) -> None:
    console.print(f"Продление № {data['extension']}: {escape(data['title'])}")
    for one in data["moved"]:
        days = (" и ".join(map(_day, one[side])) for side in ("from", "to"))
        console.print(f"    {escape(one['name'])}: срок {' → '.join(days)}")


def _extensions(console: Console, data: Data) -> None:
    if not data["extensions"]:
        console.print("Продлений нет.")
    for one in data["extensions"]:
        console.print(
            f"[bold]№ {one['extension']}[/] {escape(one['title'])} до {_day(one['until'])}"
        )
        console.print(escape(f"    {', '.join(one['units'])}; {one['who']}: {one['reason']}"))


def _day(text: str) -> str:
    return f"{date.fromisoformat(text):%d.%m.%Y}"


def _explain(console: Console, data: Data) -> None:
    if "indicator" in data:
        console.print(f"[bold]{escape(data['title'])}[/]")
        _indicator(console, data)
        for person in data["persons"][:_SHOWN]:
            sure = "" if person["certainty"] == "proven" else " (возможно)"
            console.print(escape(f"    {person['row']} {person['name']}: {person['reason']}{sure}"))
        if len(data["persons"]) > _SHOWN:
            console.print(f"    показаны {_SHOWN} из {len(data['persons'])}; все – в --json")
        return
    for name, page in (("parts", _explain_file), ("values", _explain_row)):
        if name in data:
            page(console, data)
            return
    for key, title in _PACKAGE.items():
        value = _moment(data[key]) if key == "made" else _word(data[key])
        console.print(f"{title}: {escape(value)}")


def _explain_file(console: Console, data: Data) -> None:
    console.print(f"[bold]Приём № {data['submission']}[/] {escape(data['unit'] or 'не опознана')}")
    console.print(f"Получен: {_moment(data['moment'])}, итог сейчас: {_toned(data['outcome_now'])}")
    for notice in data["notices"]:
        _notice(console, notice)
    for part in data["parts"]:
        counts = ", ".join(
            f"{_COUNTS.get(k, OTHER_COUNT)} {v}" for k, v in part["counts"].items() if v
        )
        outcome = STATES[part["outcome_now"]].long
        called = escape(part["sheet"] or part["form"])
        console.print(f"[bold]{part['part']} {called}[/] {outcome}; строк: {counts}")
        for notice in part["notices"]:
            _notice(console, notice)
        _not_run(console, part["not_run"])


def _not_run(console: Console, rules: Sequence[Data]) -> None:
    for one in rules:
        said = f"Правило не сработало: {one['rule']} (плагин {one['plugin']}, {one['reason']})"
        console.print(f"[red]{escape(said)}[/]")


def _explain_row(console: Console, data: Data) -> None:
    console.print(
        f"[bold]Строка {data['row']}[/] {escape(data['unit'])}: приём № "
        f"{data['submission']}, лист «{escape(data['sheet'] or '')}», строка Excel {data['line']}"
    )
    for name, value in data["values"].items():
        raw = data["raw"].get(name)
        before = f" (в файле: {raw})" if raw else ""
        console.print(escape(f"    {data['titles'][name]}: {_word(value)}{before}"))
    versions = ", ".join(one["row"] for one in data["versions"])
    console.print(f"Присылали: {versions}")


def _moment(text: str) -> str:
    return f"{datetime.fromisoformat(text):%d.%m.%Y %H:%M}"


def _word(value: Any) -> str:
    return {True: "да", False: "нет", None: "нет"}.get(value, str(value))


def _plugins(console: Console, data: Data) -> None:
    table = _table("Плагин", "Откуда", "Что даёт")
    for one in data["plugins"]:
        hooks = ", ".join(hook.removeprefix("register_") for hook in one["hooks"])
        failed = f"[red]{escape(one['error'])}[/]" if one["error"] else ""
        origin = f"{one['origin']} {one['version']}".strip()
        table.add_row(escape(one["name"]), escape(origin), failed or hooks)
    console.print(table)
    _faults(console, data["faults"])
    for title, key, name in _OFFERS:
        console.print(f"[bold]{title}[/]")
        for one in data[key]:
            console.print(f"    {escape(one[name])} – {escape(one['help'])}")


def _doctor(console: Console, data: Data) -> None:
    console.print(f"nastavnik {data['version']}, Python {data['python']}")
    for name, owners in data["foreign_owners"].items():
        console.print(f"[red]Имя «{name}» занято чужим пакетом: {', '.join(owners)}[/]")
    if not data["limits_of_readers"]:
        console.print("На Windows читающий процесс не ограничен в памяти и времени процессора.")
    _faults(console, data["faults"])
    if not data["foreign_owners"] and not data["faults"]:
        console.print("Замечаний нет.")


def _one_line(template: str) -> Callable[[Console, Data], None]:
    def page(console: Console, data: Data) -> None:
        console.print(template.format(**{k: escape(str(v)) for k, v in data.items()}))

    return page


def _rebuilt(console: Console, data: Data) -> None:
    console.print(f"Собрано заново из {data['facts']} фактов, сошлось: {data['digest']}")
    for sentence in data["healed"]:
        console.print(escape(sentence))


_PAGES: dict[str, Callable[[Console, Data], None]] = {
    "init": _init,
    "template": _files,
    "check": _check,
    "accept": _accept,
    "publish": _publish,
    "approve": _one_line("Утверждён: {approved}. Передать: nastavnik deliver"),
    "deliver": _deliver,
    "cycle": _cycle,
    "withdraw": _one_line(
        "Отозвано: {withdrawn}. Вернуть: nastavnik withdraw {withdrawn} --revoke"
    ),
    "restore": _one_line("Возвращено: {restored}."),
    "status": _status,
    "today": _one_line("{file}"),
    "questions": _questions,
    "answer": _answer,
    "extended": _extended,
    "extensions": _extensions,
    "revoked": _one_line("Продление № {revoked} отменено: {title}."),
    "explain": _explain,
    "export": _one_line("Сохранено: {file}"),
    "rebuild": _rebuilt,
    "verify_package": _one_line("Пакет {package} выпущен здесь, не изменён и сходится с журналом."),
    "verify": _one_line("Всё на месте: записано фактов {facts}."),
    "plugins": _plugins,
    "doctor": _doctor,
}
