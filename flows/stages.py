"""What each stage of a run does and tells, with or without Prefect around it.

A stage takes the workspace and a moment, opens the exchange, takes one step of the story and
returns counts only: what it returns and raises is stored by Prefect and shown in its console.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import astuple, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Self, TypeVar

import click

from pipeline import run
from pipeline.acceptance.accept import BATCH, Decided
from pipeline.commands import report
from pipeline.errors import BusyError, DeliveryError, NastavnikError, StorageError
from pipeline.model import Unit
from pipeline.packages.delivery import Delivered
from pipeline.publication.build import board_of, build
from pipeline.publication.failures import Failed
from pipeline.publication.today import write_today
from pipeline.words import STATES, staged_code
from pipeline.workspace.exchange import Exchange
from pipeline.workspace.schedule import write_last_run
from pipeline.workspace.settings import STATE_FOLDER

Counts = dict[str, int]
# Of which inputs the documents were written, and what failed: the fields of each `Failed`.
Written = tuple[str | None, list[tuple[str, ...]]]
# Seconds in which a file must not have changed.
QUIET = 2.0
_TAKEN = "Приём № {number}: {unit} – {outcome}{again}"
_UNKNOWN_UNIT = "отправитель не опознан"
_AGAIN = " (повтор)"
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


class Acceptance:
    """The files of the inbox, a batch at a time, with one workspace open for all of them.

    A batch that failed closes the workspace; taken again, the files that are left are looked for.
    """

    def __init__(self, workspace: Path, now: datetime) -> None:
        self._workspace, self._now = workspace, now
        self._open = contextlib.ExitStack()
        self._batches: Iterator[tuple[Decided, ...]] | None = None
        self._units: Mapping[str, Unit] = {}

    def __enter__(self) -> Self:
        watch().step("accept")
        return self

    def __exit__(self, *_trouble: object) -> None:
        self._close()

    def take(self) -> Counts:
        """Decide and answer the next batch; return how many files, by outcome."""
        decided = _told("accept", self._next)
        watch().decided += decided
        if WATCH.get() is None:
            self._say(decided)
        if len(decided) < BATCH:
            # The end says of all batches what was withheld.
            _told("accept", self._next)
        return {"files": len(decided), **Counter(one.outcome for one in decided)}

    def _say(self, decided: tuple[Decided, ...]) -> None:
        """Say a line a file: what a run that a server started says is seen in `serve`."""
        for one in decided:
            unit = self._units.get(one.unit or "")
            click.echo(
                _TAKEN.format(
                    number=one.number,
                    unit=unit.short_name if unit else _UNKNOWN_UNIT,
                    outcome=STATES[one.outcome].heading.lower(),
                    again=_AGAIN if one.repeated else "",
                )
            )

    def _next(self) -> tuple[Decided, ...]:
        try:
            return next(self._batches or self._begun(), ())
        except BaseException:
            self._close()
            raise

    def _begun(self) -> Iterator[tuple[Decided, ...]]:
        exchange = self._open.enter_context(run.open_exchange(self._workspace))
        self._units = exchange.registry.units
        found = run.waiting(exchange, quiet=QUIET)
        self._batches = run.accept_batches(exchange, self._now, found, progress=watch().progress)
        return self._batches

    def _close(self) -> None:
        self._batches = None
        self._open.close()


ACCEPTANCE: ContextVar[Acceptance] = ContextVar("acceptance")


def accept(workspace: Path, now: datetime) -> Counts:
    """Decide and answer all files of the inbox; return how many, by outcome."""
    came: Counter[str] = Counter()
    with Acceptance(workspace, now) as batches:
        while (taken := batches.take())["files"]:
            came.update(taken)
    return {"files": 0, **came}


def merge(workspace: Path, now: datetime) -> Counts:
    """See that what is derived of each unit is there; return how much was made anew."""

    def step(exchange: Exchange) -> Counts:
        if run.unchanged(exchange, now) is not None:
            return {"made": 0}
        publication = run.merge(exchange, now)
        return {
            "made": len(publication.summaries.made),
            "rows": sum(publication.bases.values()),
            "failed": len(publication.failed),
        }

    return _stage("merge", workspace, step)


def indicators(workspace: Path, now: datetime) -> Counts:
    """Find remarks and indicators; return how many there are."""

    def step(exchange: Exchange) -> Counts:
        known = run.unchanged(exchange, now)
        if known is not None:
            return {"remarks": known.remarks, "indicators": len(known.indicators)}
        view = build(exchange, now).view
        return {"remarks": len(view.remarks), "indicators": len(view.indicators)}

    return _stage("indicators", workspace, step)


def documents(workspace: Path, now: datetime) -> Written:
    """Write the documents; return of which inputs, and what failed so far."""

    def step(exchange: Exchange) -> Written:
        inputs = run.input_digest(exchange, now)
        if run.unchanged(exchange, now) is not None:
            return inputs, []
        publication = run.documents(exchange, build(exchange, now))
        return inputs, [astuple(one) for one in publication.failed]

    return _stage("documents", workspace, step)


def package(workspace: Path, now: datetime, written: Written) -> tuple[Counts, Board]:
    """Make the drafts; return counts of the whole publication and what the console shows."""
    heard = watch()
    written_of, failed = written

    def step(exchange: Exchange) -> tuple[Counts, Board]:
        known = run.unchanged(exchange, now)
        if known is not None:
            done = run.keep(exchange, known, now)
        else:
            publication = build(exchange, now)
            missing = dict.fromkeys((*publication.failed, *(Failed(*one) for one in failed)))
            publication = replace(publication, failed=tuple(missing))
            done = run.package(exchange, publication, now, written_of=written_of)
        heard.published = done
        return _counts(done), _board(exchange, done, now)

    return _stage("package", workspace, step)


def publish(workspace: Path, now: datetime) -> None:
    """Take the four steps of a publication at once, which spares opening the workspace thrice."""
    heard = watch()

    def step(exchange: Exchange) -> None:
        heard.published = run.publish(exchange, now)

    _stage("publish", workspace, step)


def _counts(done: run.Published) -> Counts:
    return {
        "rows": sum(done.summary.bases.values()),
        "remarks": done.summary.remarks,
        "failed": len(done.failed),
        "drafts": sum(draft.new for draft in done.drafts),
    }


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
    if WATCH.get() is None:
        click.echo(str(trouble))
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
    """Take a *step* with the workspace open."""

    def opened() -> Result:
        with run.open_exchange(workspace) as exchange:
            return step(exchange)

    watch().step(name)
    return _told(name, opened)


def _told(name: str, step: Callable[[], Result]) -> Result:
    """Take a *step*; whatever it raises becomes `StageTrouble` without the original in its wake."""
    heard = watch()
    try:
        return step()
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
        for one in done.summary.indicators
    )
    return Board(
        states=tuple(states.items()),
        figures=figures,
        questions=len(exchange.store.open_questions()),
        drafts=sum(not draft.approved for draft in done.drafts),
    )
