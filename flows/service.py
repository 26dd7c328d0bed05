"""`serve`: the cycle on its schedule and after each file that comes, with the operator's console.

Runs of the schedule, of the inbox and those an operator starts in the console go through one
runner that starts one at a time, each in a process of its own.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from flows import environment, server
from flows.inbox import Drops, Inbox, watched
from pipeline.errors import StorageError
from pipeline.workspace.schedule import moments
from pipeline.workspace.settings import Settings, load_settings

if TYPE_CHECKING:
    from prefect.client.schemas.objects import FlowRun
    from prefect.deployments.runner import RunnerDeployment

LOG = logging.getLogger("nastavnik.serve")
NAME = "nastavnik"
_TICK_SECONDS = 1.0
# Before a server that died again is started again.
_REVIVAL_SECONDS = 10.0

_STARTING = "Запускаю сервер Prefect…"
_STARTED = """\
Работаю. Остановить: Ctrl-C.
    пульт оператора: {page}
    расписание: {schedule}
    входящие: {inbox}"""
_NO_SCHEDULE = "не задано"
_WATCHED = "{folder} (смотрю, не появился ли файл)"
_UNWATCHED = "{folder} (недоступны: приём только по расписанию, пока папка не появится)"
_REVIVED = "Сервер Prefect остановился: запускаю его снова. Файлы подождут, записанное цело."
_STOPPED = "Остановлено."
_NO_SERVER = "Сервер Prefect не запустился. Подробности: {log}. Без него работает nastavnik run."


def serve_workspace(workspace: Path) -> None:
    """Serve a workspace until Ctrl-C; what it says is Russian."""
    workspace = workspace.resolve()
    settings = load_settings(workspace)
    schedule = _schedule(settings)
    environment.silence()
    environment.prepare(workspace)
    if not sys.warnoptions:
        # What libraries tell developers says nothing to whoever started this.
        warnings.simplefilter("ignore")
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    click.echo(_STARTING)
    try:
        with server.kept(workspace) as kept, watched(workspace / settings.inbox, Drops()) as inbox:
            folder = workspace / settings.inbox
            shown = (_WATCHED if inbox.keep() else _UNWATCHED).format(folder=folder)
            click.echo(_STARTED.format(page=server.page(), schedule=schedule, inbox=shown))
            asyncio.run(_serve(workspace, settings, inbox, kept))
    except server.ServerError:
        log = environment.home(workspace) / server.LOG
        raise StorageError(_NO_SERVER.format(log=log)) from None
    except (KeyboardInterrupt, SystemExit):
        click.echo(_STOPPED)


def _schedule(settings: Settings) -> str:
    """Say the schedule and its next moment; `SettingsError` before anything is started."""
    if not settings.cron:
        return _NO_SCHEDULE
    following = next(moments(settings.cron, datetime.now(UTC).astimezone(settings.zone)))
    return f"{settings.cron} ({settings.timezone}), ближайший прогон {following:%d.%m.%Y %H:%M}"


async def _serve(
    workspace: Path, settings: Settings, inbox: Inbox, kept: server.Server | None
) -> None:
    from prefect import aserve  # noqa: PLC0415  # the environment is prepared first

    deployments = await _deployments(workspace, settings)
    cycle = await deployments[0].aapply()
    triggers = asyncio.create_task(_follow(cycle, inbox))
    nurse = asyncio.create_task(_keep_alive(kept)) if kept else None
    try:
        # One at a time by the runner's limit. A limit of the deployment would be kept in the
        # server's database, and a process killed in a run would hold it for ever.
        await aserve(*deployments, pause_on_shutdown=False, print_starting_message=False, limit=1)
    finally:
        triggers.cancel()
        if nurse:
            nurse.cancel()


async def _keep_alive(kept: server.Server) -> None:
    """Start the server again where it died; files wait in the inbox meanwhile."""
    while True:
        await asyncio.sleep(_TICK_SECONDS)
        if kept.dead():
            click.echo(_REVIVED)
            kept.revive()
            await asyncio.sleep(_REVIVAL_SECONDS)


async def _deployments(workspace: Path, settings: Settings) -> list[RunnerDeployment]:
    """The cycle on its schedule, and each step for an operator to start by hand."""
    from prefect.schedules import Cron  # noqa: PLC0415  # as above
    from prefect.types.entrypoint import EntrypointType  # noqa: PLC0415  # as above

    from flows import cycle as flows  # noqa: PLC0415  # as above

    schedules = [Cron(settings.cron, timezone=settings.timezone)] if settings.cron else []
    return [
        await flow.ato_deployment(
            NAME,
            schedules=schedules if flow is flows.cycle else [],
            parameters={"workspace": str(workspace)},
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
        for flow in (flows.cycle, flows.ingest, flows.publish, flows.deliver)
    ]


async def _follow(deployment: UUID, inbox: Inbox) -> None:
    """Start the cycle now, for what came meanwhile, and then after each file that came."""
    from prefect import get_client  # noqa: PLC0415  # as above

    run: UUID | None = None
    wanted = True
    async with get_client() as client:
        while True:
            inbox.keep()
            wanted = inbox.drops.settled() or wanted
            if wanted:
                try:
                    # A run that has not begun yet will find this file too.
                    if run is None or not _waits(await client.read_flow_run(run)):
                        run = (await client.create_flow_run_from_deployment(deployment)).id
                    wanted = False
                except Exception as error:  # noqa: BLE001  # the server may be busy; asked again
                    LOG.warning("run not created: %s", type(error).__name__)
            await asyncio.sleep(_TICK_SECONDS)


def _waits(run: FlowRun) -> bool:
    return run.state is not None and (run.state.is_scheduled() or run.state.is_pending())
