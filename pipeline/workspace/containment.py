"""The one way in which the program calls what plugins brought: nothing they do reaches others."""

from __future__ import annotations

import dis
import logging
import re
import signal
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import FrameType
from typing import Literal, TypeVar

LOG = logging.getLogger("nastavnik.plugins")
Answer = TypeVar("Answer")
Result = TypeVar("Result")
Kind = Literal[
    "plugin", "hook", "stage", "indicator", "document", "transport", "reader", "event", "command"
]
_WORDS: dict[Kind, str] = {
    "plugin": "модуль",
    "hook": "ответ на",
    "stage": "этап",
    "indicator": "показатель",
    "document": "документ",
    "transport": "доставка",
    "reader": "программа чтения",
    "event": "ответ на событие",
    "command": "команда",
}
# The name under which a wrong answer stands where an exception has its class.
WRONG = "WrongAnswer"
_RAISE = dis.opmap["RAISE_VARARGS"]
# A name that a plugin gives may hold anything; only what looks like a name is said again.
_NAME = re.compile(r"[A-Za-z0-9_.:*-]{1,60}")


class WrongAnswerError(Exception):
    """An answer that cannot be used: a Russian clause that says why, without values of cells."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What a plugin did wrongly: whose it is, which of its things, and what was wrong.

    `error` is the class of what it raised, or `WRONG`; `said` a Russian clause without values.
    """

    plugin: str
    kind: Kind
    name: str
    error: str
    said: str

    @property
    def sentence(self) -> str:
        """Say it to a person in one sentence."""
        return f"Плагин «{self.plugin}», {_WORDS[self.kind]} «{self.name}»: {self.said}."


class Faults:
    """What was asked of plugins in this run, and which of it went wrong; the first fault counts."""

    def __init__(self) -> None:
        self.asked: set[tuple[str, str, str]] = set()
        self.found: dict[tuple[str, str, str], Fault] = {}

    def hear(self, fault: Fault) -> None:
        """Keep a fault and name it in the log, once a run."""
        key = (fault.plugin, fault.kind, fault.name)
        self.asked.add(key)
        if key not in self.found:
            self.found[key] = fault
            LOG.error("plugin %s failed in %s: %s", fault.plugin, fault.name, fault.error)


def contain(
    faults: Faults,
    who: tuple[str, Kind, str],
    run: Callable[[], Answer],
    check: Callable[[Answer], Result],
    *,
    passing: tuple[type[Exception], ...] = (),
    loading: bool = False,
) -> Result | Fault:
    """Run what the plugin *who* brought and return its answer as *check* lets it through.

    Whatever it raises becomes a `Fault`, and so does an answer that *check* refuses by a
    `WrongAnswerError`. Exceptions of the classes *passing* are an answer too, and a person's
    Ctrl-C or another signal is none of the plugin's. While plugins are *loading* there are no data
    yet, so the words of an exception are told, which else could hold some.
    """
    faults.asked.add(who)
    try:
        return check(run())
    except passing:
        raise
    except WrongAnswerError as error:
        fault = Fault(*who, WRONG, str(error))
    except BaseException as error:  # sys.exit and panics of compiled libraries are no `Exception`
        if _from_outside(error):
            raise
        fault = Fault(*who, class_name(error), _said(error) if loading else _class_said(error))
    faults.hear(fault)
    return fault


def _said(error: BaseException) -> str:
    words = " ".join(str(error).split())[:200]
    return f"{class_name(error)}: {words}" if words else _class_said(error)


def _class_said(error: BaseException) -> str:
    return f"сбой {class_name(error)}"


def class_name(error: BaseException) -> str:
    """Return the class of an exception, which is all that may be told of it."""
    return named(type(error).__name__) or "Exception"


def named(text: object) -> str:
    """Return a name that a plugin gave, «» where it may be something else."""
    return text if isinstance(text, str) and _NAME.fullmatch(text) else ""


def listed(names: Iterable[object]) -> str:
    """Return names for a sentence, the first few of them."""
    said = [named(name) for name in names]
    return ", ".join(name for name in said[:3] if name) or "без имени"


def _from_outside(error: BaseException) -> bool:
    """Whether a signal raised it in the middle of the plugin's work.

    Handlers written in Python stand in the traceback; the one for Ctrl-C does not, but what it
    raises comes from another instruction than `raise`.
    """
    if isinstance(error, Exception):
        return False
    frames = [(frame.f_code, last) for frame, last in _frames(error)]
    handlers = {getattr(signal.getsignal(one), "__code__", None) for one in signal.valid_signals()}
    if any(code in handlers for code, _last in frames):
        return True
    if not isinstance(error, KeyboardInterrupt):
        return False
    code, last = frames[-1]
    return code.co_code[last] != _RAISE


def _frames(error: BaseException) -> Iterable[tuple[FrameType, int]]:
    trace = error.__traceback__
    while trace is not None:
        yield trace.tb_frame, trace.tb_lasti
        trace = trace.tb_next
