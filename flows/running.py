"""One run from the command line: the Prefect flow with its progress, or the same without it."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from flows import environment, server
from pipeline.errors import NastavnikError
from pipeline.workspace.settings import load_settings

_STEPS = {
    "accept": "Приём файлов",
    "publish": "Базы, показатели, документы",
    "merge": "Единые базы",
    "indicators": "Показатели",
    "documents": "Документы",
    "package": "Черновики пакетов",
    "deliver": "Передача пакетов",
    "close": "Страница «Сегодня»",
}
_WITHOUT = "Prefect не работает ({error}): продолжаю без него. На данные это не влияет."
_AGAIN = "{trouble} Пробую ещё раз…"


def run_cycle(workspace: Path, now: datetime, *, direct: bool) -> dict[str, Any]:
    """Go the whole way once and return the command's answer; trouble of ours is raised as it is."""
    # Before anything is started: most mistakes are in the settings.
    load_settings(workspace)
    from flows import stages  # noqa: PLC0415  # opens pandas and the store

    with _shown() as heard, _ended_as_by_hand():
        stages.WATCH.set(heard)
        try:
            if direct or not _flow(workspace, now):
                stages.direct(workspace, now)
        except stages.StageTrouble as trouble:
            raise _original(heard) or trouble from None
    answer: dict[str, Any] = heard.answer
    return answer


def _flow(workspace: Path, now: datetime) -> bool:
    """Run the flow; False where Prefect does not work, which is said and loses nothing."""
    from flows import stages  # noqa: PLC0415  # imported by the caller by now

    environment.quiet()
    environment.prepare(workspace)
    try:
        started = server.for_this_process(workspace)
        # Imported while the server starts.
        from flows.cycle import cycle  # noqa: PLC0415  # Prefect takes a second to import

        if started:
            started.wait()
        asyncio.run(cycle(str(workspace.resolve()), now.isoformat()))
    except stages.StageTrouble:
        raise
    except Exception as error:  # noqa: BLE001  # whatever Prefect fails of, our steps do not need it
        heard = stages.watch()
        if heard.answer is None:
            click.echo(_WITHOUT.format(error=type(error).__name__), err=True)
        return heard.answer is not None
    return True


def _original(heard: Any) -> NastavnikError | None:
    return heard.error if isinstance(heard.error, NastavnikError) else None


@contextlib.contextmanager
def _shown() -> Iterator[Any]:
    """Give a watch that shows on stderr how far the run is, where a person looks at it."""
    from flows.stages import StageTrouble, Watch  # noqa: PLC0415  # imported by the caller by now

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        shown = bar.add_task("Запуск", total=None)

        def trouble(trouble: StageTrouble) -> None:
            if trouble.temporary:
                console.print(_AGAIN.format(trouble=trouble), highlight=False)

        yield Watch(
            step=lambda name: bar.reset(shown, total=None, description=_STEPS[name]),
            progress=lambda done, total: bar.update(shown, completed=done, total=total),
            trouble=trouble,
        )


@contextlib.contextmanager
def _ended_as_by_hand() -> Iterator[None]:
    """Let Ctrl-C stop a step at once, and an ending by the system tidy up as Ctrl-C does.

    asyncio would wait for the next pause of the flow, which is the end of the step.
    """

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    kinds = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(kind, stop) for kind in kinds]
    try:
        yield
    finally:
        for kind, handler in zip(kinds, before, strict=True):
            signal.signal(kind, handler)
