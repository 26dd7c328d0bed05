"""The whole way as Prefect flows: one task a stage, tried again where another try may heal.

Parameters and results are stored and shown in the console: a workspace, a moment, counts. All
flows are `async`, because a sync one spends a second on its heartbeat; their steps run in the
main thread, so that Ctrl-C and a cancellation from the console stop them at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact
from prefect.cache_policies import NO_CACHE

from flows import artifacts, stages
from flows.stages import Board, Counts, StageTrouble, Written
from pipeline.acceptance.accept import BATCH

_TRIES_AGAIN = 3
_PAUSES: list[float] = [5, 30, 60]


def may_heal(_task: Any, _run: Any, state: Any) -> bool:
    """Whether a stage that failed is worth another try."""
    return bool(getattr(state.data, "temporary", False))


def _stage_task(name: str, description: str) -> Callable[[Callable[..., Any]], Any]:
    return task(
        name=name,
        task_run_name=name,
        description=description,
        cache_policy=NO_CACHE,
        persist_result=False,
        retries=_TRIES_AGAIN,
        retry_delay_seconds=_PAUSES,
        retry_condition_fn=may_heal,
    )


@_stage_task("accept", "Принять файлы из входящих и ответить школам, до 50 за раз.")
async def accept_batch(workspace: str, moment: str) -> Counts:
    """Decide and answer the next files of the inbox."""
    return stages.ACCEPTANCE.get().take()


@_stage_task("merge", "Свести единые базы: пересчитать то, что изменилось у школ.")
async def merge_bases(workspace: str, moment: str) -> Counts:
    """See that what is derived of each unit is there."""
    return stages.merge(Path(workspace), _read(moment))


@_stage_task("indicators", "Найти замечания между школами и показатели.")
async def find_indicators(workspace: str, moment: str) -> Counts:
    """Find remarks across units and indicators."""
    return stages.indicators(Path(workspace), _read(moment))


@_stage_task("documents", "Написать документы.")
async def write_documents(workspace: str, moment: str) -> Written:
    """Write the documents; name by its code what failed."""
    return stages.documents(Path(workspace), _read(moment))


@_stage_task("package", "Сделать черновики пакетов.")
async def draft_packages(workspace: str, moment: str, written: Written) -> tuple[Counts, Board]:
    """Make the drafts of packages."""
    return stages.package(Path(workspace), _read(moment), written)


@_stage_task("deliver", "Передать утверждённые пакеты.")
async def deliver_packages(workspace: str, moment: str) -> Counts:
    """Carry approved packages to their recipients."""
    return stages.deliver(Path(workspace), _read(moment))


@_stage_task("close", "Отметить прогон и написать страницу «Сегодня».")
async def close_cycle(workspace: str, moment: str) -> Counts:
    """Note that the cycle ended, and write the page of the day."""
    return stages.close(Path(workspace), _read(moment))


@flow(name="ingest", description="Только принять файлы из входящих и ответить.")
async def ingest(workspace: str, moment: str | None = None) -> Counts:
    """Accept what waits in the inbox."""
    return await _accepted(workspace, moment or _now())


@flow(name="publish", description="Только собрать базы, показатели, документы и черновики.")
async def publish(workspace: str, moment: str | None = None) -> Counts:
    """Publish what is in force."""
    made, board = await _published(workspace, moment or _now())
    await _show({}, made, board)
    return made


@flow(name="deliver", description="Только передать утверждённые пакеты.")
async def deliver(workspace: str, moment: str | None = None) -> Counts:
    """Deliver what is approved."""
    return await deliver_packages(workspace, moment or _now())  # type: ignore[no-any-return]  # tasks are untyped here


@flow(name="cycle", description="Весь путь: принять, собрать, передать.")
async def cycle(workspace: str, moment: str | None = None) -> dict[str, Counts]:
    """Go the whole way once; *moment* is ISO and aware, now where it is not given."""
    moment = moment or _now()
    try:
        came = await _accepted(workspace, moment)
        made, board = await _published(workspace, moment)
        await _show(came, made, board)
        sent = await deliver_packages(workspace, moment)
        await close_cycle(workspace, moment)
    except StageTrouble as trouble:
        stages.fail(Path(workspace), _read(moment), trouble)
        raise
    return {"accept": came, "publish": made, "deliver": sent}


async def _accepted(workspace: str, moment: str) -> Counts:
    """Take the inbox batch by batch, each as a task of its own, with one workspace open."""
    came: Counter[str] = Counter()
    with stages.Acceptance(Path(workspace), _read(moment)) as batches:
        stages.ACCEPTANCE.set(batches)
        for number in count(1):
            name = "accept" if number == 1 else f"accept {number}"
            taken = await accept_batch.with_options(task_run_name=name)(workspace, moment)
            came.update(taken)
            if taken["files"] < BATCH:
                break
    return dict(came)


async def _published(workspace: str, moment: str) -> tuple[Counts, Board]:
    await merge_bases(workspace, moment)
    await find_indicators(workspace, moment)
    written = await write_documents(workspace, moment)
    return await draft_packages(workspace, moment, written)  # type: ignore[no-any-return]  # as above


async def _show(came: Counts, made: Counts, board: Board) -> None:
    page = artifacts.page(came, made, board)
    await acreate_markdown_artifact(page, key=artifacts.CAME_KEY, description="Итог прогона")
    await acreate_table_artifact(
        artifacts.table(board), key=artifacts.BOARD_KEY, description="Организации и формы"
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _read(moment: str) -> datetime:
    return datetime.fromisoformat(moment)
