"""What each stage of a run does and tells, with or without Prefect around it.

A stage takes the workspace and a moment, opens the exchange, takes one step of the story and
returns counts only: what it returns and raises is stored by Prefect and shown in its console.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from pipeline import run
from pipeline.acceptance.accept import Decided
from pipeline.commands import report
from pipeline.errors import BusyError, DeliveryError, NastavnikError, StorageError
from pipeline.packages.delivery import Delivered
from pipeline.publication.build import board_of
from pipeline.publication.today import write_today
from pipeline.words import staged_code
from pipeline.workspace.exchange import Exchange
from pipeline.workspace.schedule import write_last_run
from pipeline.workspace.settings import STATE_FOLDER

Counts = dict[str, int]
Result = TypeVar("Result")

_SENTENCES: dict[str, str] = {
    "SettingsError": "Настройки, реестр или плагин нельзя использовать как есть.",
    "DeliveryError": "Пакет не дошёл до получателя.",
    "VerificationError": "Сохранённое не совпало с тем, что было записано.",
    "ConservationError": "Суммы строк не сошлись: ошибка программы, спорное не выпущено.",
    "StorageError": "Диск, база данных или сеть этой машины не отвечают.",
    "BusyError": "Рабочее место занято другим запуском.",
}
_UNKNOWN = "Ошибка программы. Подробности: nastavnik run --direct в этой рабочей папке."


class StageTrouble(NastavnikError):
    """What stopped a stage, said without any value: a class of exception and a fixed sentence.

    `temporary` where another try may heal it; `exit_code` is that of the original trouble.
    """

    def __init__(self, stage: str, error: Exception) -> None:
        self.stage = stage
        self.kind = type(error).__name__
        self.exit_code = getattr(error, "exit_code", 74 if isinstance(error, OSError) else 70)
        self.temporary = isinstance(error, StorageError | BusyError | OSError) or (
            isinstance(error, DeliveryError) and error.temporary
        )
        known = "StorageError" if isinstance(error, OSError) else self.kind
        super().__init__(f"{stage}, {self.kind}: {_SENTENCES.get(known, _UNKNOWN)}")


@dataclass(slots=True)
class Watch:
    """What the process that started a run hears of it, beside what Prefect may store.

    `step` hears which stage begins, `progress` how far it is, `trouble` what stopped a try;
    `answer` is what the command says at the end.
    """

    step: Callable[[str], None] = lambda _name: None
    progress: Callable[[int, int], None] = lambda _done, _all: None
    trouble: Callable[[StageTrouble], None] = lambda _trouble: None
    decided: tuple[Decided, ...] = ()
    published: run.Published | None = None
    delivered: tuple[Delivered, ...] = ()
    answer: report.Data | None = None
    error: Exception | None = field(default=None, repr=False)


WATCH: ContextVar[Watch | None] = ContextVar("watch", default=None)


def watch() -> Watch:
    """Return who hears of this run; nobody does where a server started it."""
    return WATCH.get() or Watch()


@dataclass(frozen=True, slots=True)
class Figure:
    """An indicator as an interval: shares 0…1, and persons and units behind them."""

    code: str
    low: float | None
    high: float | None
    numerator: int
    denominator: int
    units: int
    units_total: int


@dataclass(frozen=True, slots=True)
class Board:
    """What a publication shows in the console: states by unit code and form, figures, waiting."""

    states: tuple[tuple[str, dict[str, str]], ...]
    figures: tuple[Figure, ...]
    questions: int
    drafts: int


def accept(workspace: Path, now: datetime) -> Counts:
    """Decide and answer the files of the inbox; return how many, by outcome."""
    heard = watch()

    def step(exchange: Exchange) -> Counts:
        decided = run.accept(exchange, now, progress=heard.progress)
        heard.decided += decided
        return {"files": len(decided), **Counter(one.outcome for one in decided)}

    return _stage("accept", workspace, step)


def publish(workspace: Path, now: datetime) -> tuple[Counts, Board]:
    """Make bases, indicators, documents and drafts; return counts and what the console shows."""
    heard = watch()

    def step(exchange: Exchange) -> tuple[Counts, Board]:
        done = run.publish(exchange, now)
        heard.published = done
        counts = {
            "rows": sum(done.gave.bases.values()),
            "remarks": done.gave.remarks,
            "failed": len(done.failed),
            "drafts": sum(draft.new for draft in done.drafts),
        }
        return counts, _board(exchange, done, now)

    return _stage("publish", workspace, step)


def deliver(workspace: Path, now: datetime) -> Counts:
    """Carry approved packages; return how many, by what became of them."""
    heard = watch()

    def step(exchange: Exchange) -> Counts:
        delivered = run.deliver(exchange, now)
        heard.delivered = delivered
        return dict(Counter(one.state for one in delivered))

    return _stage("deliver", workspace, step)


def close(workspace: Path, now: datetime) -> Counts:
    """Note that the cycle ended well, write the page of the day and make the command's answer."""
    heard = watch()

    def step(exchange: Exchange) -> Counts:
        write_last_run(workspace / STATE_FOLDER, now)
        made = heard.published.publication if heard.published else None
        write_today(exchange, now, made)
        if heard.published is not None:
            cycle = run.Cycle(heard.decided, heard.published, heard.delivered)
            heard.answer = report.cycle(exchange, cycle)
        return {"questions": len(exchange.store.open_questions())}

    return _stage("close", workspace, step)


def fail(workspace: Path, now: datetime, trouble: StageTrouble) -> None:
    """Note what stopped the cycle, so that the page of the day and `status` say it."""
    try:
        write_last_run(workspace / STATE_FOLDER, now, trouble.kind)
        with run.open_exchange(workspace) as exchange:
            write_today(exchange, now)
    except Exception:  # noqa: BLE001, S110  # the trouble itself is what must be heard
        pass


def direct(workspace: Path, now: datetime) -> None:
    """Go the whole way in this process, without Prefect."""
    try:
        accept(workspace, now)
        publish(workspace, now)
        deliver(workspace, now)
        close(workspace, now)
    except StageTrouble as trouble:
        fail(workspace, now, trouble)
        raise


def _stage(name: str, workspace: Path, step: Callable[[Exchange], Result]) -> Result:
    """Take a *step*; whatever it raises becomes `StageTrouble` without the original in its wake."""
    heard = watch()
    heard.step(name)
    try:
        with run.open_exchange(workspace) as exchange:
            return step(exchange)
    except Exception as error:  # noqa: BLE001  # what is raised here gets stored, values and all
        heard.error = error
        trouble = StageTrouble(name, error)
    heard.trouble(trouble)
    raise trouble


def _board(exchange: Exchange, done: run.Published, now: datetime) -> Board:
    states: dict[str, dict[str, str]] = {}
    for line in board_of(exchange, now):
        states.setdefault(line.unit, {})[staged_code(line.form, line.stage)] = line.state
    figures = tuple(
        Figure(
            code=one.code,
            low=one.low,
            high=one.high,
            numerator=one.numerator_low,
            denominator=one.denominator,
            units=one.units_counted,
            units_total=one.units_total,
        )
        for one in done.gave.indicators
    )
    return Board(
        states=tuple(states.items()),
        figures=figures,
        questions=len(exchange.store.open_questions()),
        drafts=sum(not draft.approved for draft in done.drafts),
    )
