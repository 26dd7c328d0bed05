"""How the program is called, and what becomes of trouble: the frame of every command."""

from __future__ import annotations

import contextlib
import json
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline import system
from pipeline.commands.russian import RussianGroup
from pipeline.errors import NastavnikError, StorageError

if TYPE_CHECKING:
    from pipeline.workspace.exchange import Exchange


@dataclass(frozen=True, slots=True)
class Invocation:
    """How the program was called: the workspace, and whether programs read the answer."""

    workspace: Path
    as_json: bool

    @contextlib.contextmanager
    def exchange(self, *, rebuild: bool = False, reading: bool = False) -> Iterator[Exchange]:
        """Open the workspace for one command; *reading* goes on beside a run that writes."""
        from pipeline.workspace.exchange import open_exchange  # noqa: PLC0415  # help appears at once

        with open_exchange(self.workspace, rebuild=rebuild, reading=reading) as exchange:
            yield exchange

    def say(self, data: dict[str, Any], show: str) -> None:
        """Answer with *data*: as JSON, or by the page of the screen called *show*."""
        if self.as_json:
            click.echo(json.dumps(data, ensure_ascii=False, indent=2))
            return
        from pipeline.commands import screen  # noqa: PLC0415  # help appears at once

        screen.show(show, data)


pass_invocation = click.make_pass_decorator(Invocation)


class Commands(RussianGroup):
    """Turns trouble of ours into one Russian sentence and its exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a `NastavnikError` ends it with the code of its class.

        Of an exception nobody foresaw only its class and place are told: its text may hold data.
        """
        try:
            return super().invoke(ctx)
        except NastavnikError as error:
            click.echo(f"Ошибка: {error}", err=True)
            ctx.exit(error.exit_code)
        except OSError as error:
            click.echo(f"Ошибка: диск или сеть этой машины: {system.reason(error)}.", err=True)
            ctx.exit(StorageError.exit_code)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except Exception as error:  # noqa: BLE001  # the last place where anything can be said
            frame = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{type(error).__name__}, {Path(frame.filename).name}:{frame.lineno}"
            click.echo(f"Ошибка программы ({place}). Сообщите разработчикам.", err=True)
            ctx.exit(NastavnikError.exit_code)
