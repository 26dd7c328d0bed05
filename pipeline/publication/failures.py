"""What a publication lacks, and why: the rest of it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from pipeline.views import MissingBaseError
from pipeline.workspace.containment import Fault, Kind, class_name, named
from pipeline.workspace.plugin_loader import Plugins

NO_BASE = "нет базы {form}"
NO_STAGE = "не вышел этап «{stage}»"
Answer = TypeVar("Answer")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Failed:
    """A base, stage, indicator or document that is missing.

    `error` is the class of the exception, `said` what was wrong in a clause, `plugin` whose fault
    it is: nobody's where only something else is missing that is needed for it. `kind` is what the
    plugin calls it.
    """

    what: str
    error: str
    plugin: str = ""
    said: str = ""
    kind: str = ""


class StageFailedError(Exception):
    """A merge or enrich stage that others wait for gave nothing to be used."""

    def __init__(self, failed: Failed) -> None:
        super().__init__(f"{failed.what}: {failed.error}")
        self.failed = failed


def ask(
    plugins: Plugins,
    kind: Kind,
    name: str,
    run: Callable[[], Answer],
    check: Callable[[Answer], Result],
) -> Result | Failed:
    """Call what a plugin brought; return its answer as *check* lets it through."""
    try:
        return ask_stage(plugins, kind, name, run, check)
    except StageFailedError as error:
        said = NO_STAGE.format(stage=named(error.failed.what))
        return Failed(name, error.failed.error, said=said, kind=kind)


def ask_stage(
    plugins: Plugins,
    kind: Kind,
    name: str,
    run: Callable[[], Answer],
    check: Callable[[Answer], Result],
) -> Result | Failed:
    """Do as `ask`, but raise `StageFailedError` where a stage before this one is at fault."""
    try:
        answer = plugins.call(kind, name, run, check, passing=(MissingBaseError, StageFailedError))
    except MissingBaseError as error:
        said = NO_BASE.format(form=named(error.form))
        return Failed(name, class_name(error), said=said, kind=kind)
    if isinstance(answer, Fault):
        return Failed(answer.name, answer.error, answer.plugin, answer.said, kind)
    return answer
