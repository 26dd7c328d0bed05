"""The plugin that brings `run` and `serve` to the command line; Prefect loads when they start."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from pipeline.commands.invocation import Invocation, pass_invocation
from pipeline.hookspecs import hookimpl


@hookimpl
def register_commands(cli: click.Group) -> None:
    """Add `run` and `serve` to the command line."""
    cli.add_command(run)
    cli.add_command(serve)


@click.command()
@click.option("--direct", is_flag=True, help="Без Prefect.")
@pass_invocation
def run(call: Invocation, *, direct: bool) -> None:
    """Пройти весь путь один раз: принять, собрать, передать."""
    from flows.running import run_cycle  # noqa: PLC0415  # opens pandas and, without --direct, Prefect

    call.say(run_cycle(call.workspace, datetime.now(UTC), direct=direct), "cycle")


@click.command()
@pass_invocation
def serve(call: Invocation) -> None:
    """Работать по расписанию и следить за входящими, пока не остановят (Ctrl-C)."""
    from flows.service import serve_workspace  # noqa: PLC0415  # Prefect takes a second to import

    serve_workspace(call.workspace)
