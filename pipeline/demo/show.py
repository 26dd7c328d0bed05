"""The demo: two waves of files go the whole way, and the end says what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from pipeline.commands.report import status
from pipeline.commands.template import issue
from pipeline.demo.workspace import write_resubmissions, write_workspace
from pipeline.errors import SettingsError
from pipeline.publication.build import DOCUMENTS_FOLDER, build
from pipeline.publication.today import write_today
from pipeline.render.values import share_text
from pipeline.views import IndicatorResult
from pipeline.words import STATES
from pipeline.workspace.exchange import UNITS_FOLDER, Exchange, open_exchange
from pipeline.workspace.settings import SETTINGS_FILE

_WIDTH = 30


def show_demo(
    folder: Path,
    now: Callable[[], datetime],
    run: Callable[[], None],
    places: Mapping[str, Path],
) -> None:
    """Make a workspace in *folder*, let *run* go over both waves, and print what to open.

    *places* may say that «inbox» and «outbox» lie elsewhere; nothing else may lie there.
    """
    inbox = places.get("inbox", folder / "inbox")
    _refuse_foreign(folder, *places.values())
    console = Console(highlight=False, soft_wrap=True)
    write_workspace(folder, places=places)
    console.print("[bold]Первая волна: школы прислали файлы[/]")
    run()
    write_resubmissions(folder, inbox=inbox)
    console.print("\n[bold]Вторая волна: школы исправили и прислали снова[/]")
    run()
    with open_exchange(folder) as exchange:
        issue(exchange, now(), due=True)
        write_today(exchange, now())
        figures = build(exchange, now()).view.indicators.values()
        _closing(console, exchange, status(exchange, now()), figures)


def _refuse_foreign(folder: Path, *places: Path) -> None:
    """A demo in somebody's folders would take their files for those of its schools."""
    if (folder / SETTINGS_FILE).exists():
        raise SettingsError(f"В папке «{folder}» уже есть рабочая папка.")
    for place in places:
        if place.is_dir() and any(path.name != "README.md" for path in place.iterdir()):
            raise SettingsError(f"Папка «{place}» не пуста: учебному округу нужна пустая.")


def _closing(
    console: Console,
    exchange: Exchange,
    board: dict[str, Any],
    figures: Iterable[IndicatorResult],
) -> None:
    files = exchange.store.submissions()
    outcomes = Counter(one.outcome for one in files)
    console.print("\n[bold]Что получилось[/]")
    console.print(f"Пришло файлов: {len(files)}; не опознано: {sum(f.unit is None for f in files)}")
    for outcome, count in outcomes.most_common():
        console.print(f"    {STATES[outcome].long:{_WIDTH}} {count}")
    console.print(f"Ждут решения координатора: {board['questions']}")
    for one in figures:
        share = f"{share_text(one.low)} … {share_text(one.high)}"
        people = f"доказано {one.numerator_low} из {one.denominator} чел."
        console.print(f"{one.code}: {share}; {people}, до цели не хватает {one.missing}")
    console.print("\n[bold]Что открыть[/]")
    for what, path in _worth_opening(exchange):
        console.print(f"    {what:{_WIDTH}} {escape(_near(path))}")


def _near(path: Path) -> str:
    """The path as a person types it from here."""
    place, here = path.resolve(), Path.cwd()
    return str(place.relative_to(here) if place.is_relative_to(here) else place)


def _worth_opening(exchange: Exchange) -> list[tuple[str, Path]]:
    outbox = exchange.outbox
    period = exchange.settings.period
    found = [
        ("Страница дня", outbox / "Сегодня.html"),
        *_first(_telling(exchange), "*с пометками.xlsx", "Файл школы с пометками"),
        *_first(_telling(exchange), "*квитанция.html", "Квитанция школе"),
    ]
    documents = sorted((outbox / DOCUMENTS_FOLDER / period).glob("*"))
    found += [("Документ", path) for path in documents]
    found += [("Пакет в регион", path) for path in sorted(outbox.glob("packages/*/*.zip"))]
    return [(what, path) for what, path in found if path.exists()]


def _telling(exchange: Exchange) -> Path:
    """The folder of a school whose file was taken in part: its answer has most to show."""
    partly = [s.unit for s in exchange.store.submissions() if s.outcome == "accepted_partly"]
    return exchange.outbox / UNITS_FOLDER / (partly[0] or "" if partly else "")


def _first(folder: Path, pattern: str, what: str) -> list[tuple[str, Path]]:
    return [(what, path) for path in sorted(folder.glob(pattern))[:1]]
