"""The command line: what a coordinator and an operator type. No logic lives here.

Heavy modules are imported inside the commands, so that help appears at once.
"""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.commands.invocation import Commands, Invocation, pass_invocation
from pipeline.commands.russian import HELP_OPTIONS

if TYPE_CHECKING:
    from pipeline.workspace.exchange import Exchange

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
EXISTING.name = "файл"
FOLDER = click.Path(file_okay=False, path_type=Path)
FOLDER.name = "папка"


def now() -> datetime:
    """Return the moment of the command; everything below gets it as an argument."""
    return datetime.now(UTC)


@click.group(cls=Commands, context_settings={"help_option_names": HELP_OPTIONS})
@click.option(
    "-C", "workspace", type=FOLDER, default=".", help="Рабочая папка (где nastavnik.toml)."
)
@click.option("--json", "as_json", is_flag=True, help="Ответ для программ: JSON.")
@click.version_option(
    package_name="nastavnik", message="%(prog)s, версия %(version)s", help="Показать версию."
)
@click.pass_context
def cli(ctx: click.Context, workspace: Path, *, as_json: bool) -> None:
    """Сведения о наставничестве: от школ – через округ – в регион."""
    ctx.obj = Invocation(workspace, as_json)


@cli.command()
@click.argument("folder", type=FOLDER, metavar="ПАПКА")
@pass_invocation
def init(call: Invocation, folder: Path) -> None:
    """Создать пустую рабочую папку."""
    from pipeline.workspace.exchange import new_workspace
    from pipeline.workspace.starter import SETTINGS, UNITS

    new_workspace(folder, SETTINGS, UNITS)
    call.say({"workspace": str(folder)}, "init")


@cli.command()
@click.argument("folder", type=FOLDER, metavar="ПАПКА")
@click.option("--inbox", type=FOLDER, help="Папка входящих не в рабочей папке.")
@click.option("--outbox", type=FOLDER, help="Папка исходящих не в рабочей папке.")
@click.option("--direct", is_flag=True, help="Без Prefect.")
@click.pass_context
def demo(
    ctx: click.Context, folder: Path, inbox: Path | None, outbox: Path | None, *, direct: bool
) -> None:
    """Создать учебный округ с файлами школ и пройти весь путь."""
    from pipeline.demo.show import show_demo

    places = {name: place for name, place in (("inbox", inbox), ("outbox", outbox)) if place}
    show_demo(folder, now, lambda: _run_in(ctx, folder, direct=direct), places)


def _run_in(ctx: click.Context, folder: Path, *, direct: bool) -> None:
    command = cli.get_command(ctx, "run")
    ctx.obj = Invocation(folder, as_json=False)
    if command is None or direct:
        with ctx.obj.exchange() as exchange:
            _cycle(ctx.obj, exchange)
    else:
        ctx.invoke(command)


def _cycle(call: Invocation, exchange: Exchange) -> None:
    from pipeline import run
    from pipeline.commands import report

    call.say(report.cycle(exchange, run.cycle(exchange, now())), "cycle")


@cli.command()
@click.option(
    "--unit", "units", multiple=True, metavar="КОД", help="Код организации; можно несколько раз."
)
@click.option(
    "--form", "forms", multiple=True, metavar="КОД", help="Код формы: отдельный бланк вместо книги."
)
@click.option("--due", is_flag=True, help="Только тем, кто ещё не сдал.")
@click.option("--empty", is_flag=True, help="Один пустой бланк без данных организации.")
@pass_invocation
def template(
    call: Invocation, units: tuple[str, ...], forms: tuple[str, ...], *, due: bool, empty: bool
) -> None:
    """Выдать бланки, заполненные тем, что уже принято."""
    from pipeline.commands.template import issue

    with call.exchange() as exchange:
        paths = issue(exchange, now(), units=units, forms=forms, due=due, empty=empty)
        call.say({"files": [str(path) for path in paths]}, "template")


@cli.command()
@click.argument("file", type=EXISTING, metavar="ФАЙЛ")
@click.pass_context
def check(ctx: click.Context, file: Path) -> None:
    """Проверить файл, ничего не принимая; рабочая папка не нужна."""
    from pipeline.commands.check import check_file

    call: Invocation = ctx.obj
    data = check_file(file, call.workspace, now())
    call.say(data, "check")
    ctx.exit(1 if data["errors"] else 0)


@cli.command()
@click.argument("file", type=EXISTING, required=False, metavar="[ФАЙЛ]")
@click.option("--unit", default="", metavar="КОД", help="Чей это файл: код организации.")
@pass_invocation
def accept(call: Invocation, file: Path | None, unit: str) -> None:
    """Принять файлы из входящих (или один файл) и ответить школам."""
    from pipeline import run
    from pipeline.commands import report

    with call.exchange() as exchange:
        arrivals = run.arrivals_of(exchange, file, unit) if file else None
        decided = run.accept(exchange, now(), arrivals=arrivals)
        call.say(report.decided(exchange, decided), "accept")


@cli.command()
@pass_invocation
def publish(call: Invocation) -> None:
    """Собрать базы, показатели, документы и черновик пакета."""
    from pipeline import run
    from pipeline.commands import report

    with call.exchange() as exchange:
        call.say(report.published(exchange, run.publish(exchange, now())), "publish")


@cli.command()
@click.argument("package", required=False, default="", metavar="[ПАКЕТ]")
@click.option("--who", required=True, metavar="КТО", help="Кто утверждает.")
@click.option("--outgoing", default="", metavar="НОМЕР", help="Исходящий номер письма.")
@pass_invocation
def approve(call: Invocation, package: str, who: str, outgoing: str) -> None:
    """Утвердить черновик пакета; без имени – последний."""
    from pipeline import run

    with call.exchange() as exchange:
        name = run.approve(exchange, now(), package=package, who=who, outgoing=outgoing)
        call.say({"approved": name}, "approve")


@cli.command()
@pass_invocation
def deliver(call: Invocation) -> None:
    """Передать утверждённые пакеты."""
    from pipeline import run
    from pipeline.commands import report

    with call.exchange() as exchange:
        call.say(report.delivered(run.deliver(exchange, now())), "deliver")


@cli.command()
@click.argument("part", metavar="ФОРМА")
@click.option("--who", required=True, metavar="КТО", help="Кто отзывает.")
@click.option("--reason", default="", metavar="ТЕКСТ", help="Почему: это прочтёт организация.")
@click.option("--revoke", is_flag=True, help="Вернуть отозванное раньше.")
@pass_invocation
def withdraw(call: Invocation, part: str, who: str, reason: str, *, revoke: bool) -> None:
    """Отозвать форму файла: «17.0» – первая в приёме № 17."""
    from pipeline.acceptance import rulings

    if not (reason or revoke):
        raise click.UsageError("Чтобы отозвать форму, нужна причина: --reason.")
    with call.exchange() as exchange:
        step = rulings.restore if revoke else rulings.withdraw
        number = step(exchange, now(), place=part, who=who, reason=reason)
        done = "restored" if revoke else "withdrawn"
        call.say({done: part, "fact": number}, "restore" if revoke else "withdraw")


@cli.command()
@pass_invocation
def status(call: Invocation) -> None:
    """Кто что сдал, и что ждёт решения."""
    from pipeline.commands import report

    with call.exchange(reading=True) as exchange:
        call.say(report.status(exchange, now()), "status")


@cli.command()
@pass_invocation
def today(call: Invocation) -> None:
    """Написать страницу «Сегодня»: что сделать и кому позвонить."""
    from pipeline.publication.today import write_today

    with call.exchange(reading=True) as exchange:
        call.say({"file": str(write_today(exchange, now()))}, "today")


@cli.command()
@click.argument("question", required=False, metavar="[ВОПРОС]")
@click.argument("choice", required=False, metavar="[ОТВЕТ]")
@click.option("--who", default="", metavar="КТО", help="Кто отвечает.")
@click.option("--note", default="", metavar="ТЕКСТ", help="Пояснение.")
@click.option("--revoke", is_flag=True, help="Отменить данный раньше ответ.")
@pass_invocation
def questions(
    call: Invocation, question: str | None, choice: str | None, who: str, note: str, *, revoke: bool
) -> None:
    """Показать вопросы или ответить на один.

    Ответ – слова из списка или их номер: questions 17.0 2 --who "Фамилия И.О."
    """
    from pipeline.acceptance import questions_book, rulings
    from pipeline.commands import report

    with call.exchange(reading=question is None) as exchange:
        if question is None:
            call.say(report.questions(exchange), "questions")
            return
        if not who or not (choice or revoke):
            raise click.UsageError("Для ответа нужны номер вопроса, ответ и --who.")
        data = rulings.answer(
            exchange,
            now(),
            question=question,
            choice=None if revoke else choice,
            who=who,
            note=note,
        )
        questions_book.write_questions(exchange)
        call.say(data, "answer")


@cli.command()
@click.option("--unit", "units", multiple=True, metavar="КОД", help="Код организации.")
@click.option("--form", default="", metavar="КОД", help="Код формы.")
@click.option("--stage", default="", metavar="ЭТАП", help="Этап: входящий или итоговый.")
@click.option("--until", default="", metavar="ГГГГ-ММ-ДД", help="До какого дня.")
@click.option("--revoke", default="", metavar="НОМЕР", help="Отменить продление с этим номером.")
@click.option("--who", default="", metavar="КТО", help="Кто решил.")
@click.option("--reason", default="", metavar="ТЕКСТ", help="Почему.")
@pass_invocation
def extend(call: Invocation, /, **words: Any) -> None:
    """Показать продления сроков, продлить срок или отменить продление.

    Продлить: extend --unit КОД --form F04 --until 2026-10-20 --who "Фамилия И.О." --reason "…"
    """
    from pipeline.commands import extend

    with call.exchange() as exchange:
        call.say(*extend.act(exchange, now(), extend.Asked(**words)))


@cli.command()
@click.argument("ident", metavar="ЧТО")
@pass_invocation
def explain(call: Invocation, ident: str) -> None:
    """Откуда число, строка или пакет: KPI70-A, 17, 17.0.3."""
    from pipeline.commands import explain

    with call.exchange(reading=True) as exchange:
        call.say(explain.explain(exchange, now(), ident), "explain")


@cli.command()
@click.argument("form", metavar="ФОРМА")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), metavar="ФАЙЛ")
@pass_invocation
def export(call: Invocation, form: str, file: Path) -> None:
    """Сохранить единую базу формы в файл .csv или .xlsx."""
    from pipeline.commands import export

    with call.exchange(reading=True) as exchange:
        export.export(exchange, now(), form, file)
        call.say({"file": str(file)}, "export")


@cli.command()
@pass_invocation
def rebuild(call: Invocation) -> None:
    """Собрать базу заново из записанных фактов, вернуть утраченное и сверить."""
    from pipeline.commands import integrity

    with call.exchange(rebuild=True) as exchange:
        call.say(integrity.rebuild(exchange, now()), "rebuild")


@cli.command()
@click.argument("package", type=EXISTING, required=False, metavar="[ПАКЕТ]")
@pass_invocation
def verify(call: Invocation, package: Path | None) -> None:
    """Сверить архив, журнал, базу и исходящие с записанным; ПАКЕТ – с тем, что выпущено."""
    from pipeline.commands import integrity

    with call.exchange(reading=True) as exchange:
        if package is None:
            call.say(integrity.verify(exchange), "verify")
        else:
            call.say(integrity.verify_package(exchange, package), "verify_package")


@cli.command()
@pass_invocation
def plugins(call: Invocation) -> None:
    """Показать плагины: что загружено, что нет и почему."""
    from pipeline.commands import report

    call.say(report.plugins(call.workspace), "plugins")


@cli.command()
@pass_invocation
def doctor(call: Invocation) -> None:
    """Проверить эту машину: имена пакетов, часовой пояс, ограничения, плагины."""
    from pipeline.commands import report

    call.say(report.doctor(call.workspace), "doctor")


def main() -> None:
    """Start the command line; the entry point of the distribution."""
    from pipeline.workspace.plugin_loader import Loader

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s")
    Loader().commands(cli)
    cli(prog_name="nastavnik")
