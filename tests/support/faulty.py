"""Plugins of somebody else that answer wrongly, each in one way; `CASES` names them."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace

import click
import pandas as pd

from contracts.f02_curators import Curators
from contracts.plan import Vocabulary
from pipeline.hookspecs import Document, Indicator, Stage, Transport, hookimpl
from pipeline.model import Notice
from pipeline.notices.kind import NoticeKind
from pipeline.publication.people import default_merge
from pipeline.views import IndicatorResult, IndicatorUnit, Remark
from tests.support.wanting import Wanting

KIND = NoticeKind("faulty_seen", "remark", "Замечено.", "Исправьте.")


class PanicError(BaseException):
    """What a panic of a compiled library looks like: no `Exception`."""


@dataclass(frozen=True)
class Case:
    """What the plugin implements, and where it must be named.

    `place`: decision, publication, delivery, event or loading; `said` a part of the sentence.
    """

    place: str
    said: str
    hooks: dict
    disabled: tuple = ()


def plugin(case):
    """The plugin of a case as an object that a program hands over."""
    return type("Faulty", (), {name: hookimpl(run) for name, run in case.hooks.items()})


def raising(error):
    """A function that raises, whatever it is given."""

    def run(*_args, **_words):
        raise error

    return run


def half_way(*first):
    """A generator that raises after its first answers."""

    def run(*_args):
        yield from first
        raise ValueError("Иванова Анна")

    return run


def giving(answer):
    """A function that gives the same answer to everybody."""
    return lambda *_args: answer


def notice(**more):
    """A good notice of this plugin but for what is said."""
    return Notice(**{"code": "faulty_seen", "severity": "remark", "column": "mentor_fio"} | more)


def check(run):
    stage = Stage("faulty", "", "check", run, ("F04",), notices=(KIND,))
    return {"register_stages": lambda self: (stage,)}


def each_row(**more):
    """A rule that says the same of each row."""
    return check(lambda view: [notice(**{"row": row.row} | more) for row in view.rows])


def decision(said, hooks):
    return Case("decision", said, hooks)


def stage(kind, run):
    made = Stage("faulty", "", kind, run, ("F04",), notices=(KIND,))
    return {"register_stages": lambda self: (made,)}


def merge(said, change):
    hooks = stage("merge", lambda view: change(default_merge(view, "F04")))
    return Case("publication", said, hooks, disabled=("merge",))


def enrich(said, change):
    return Case("publication", said, stage("enrich", lambda view: change(view.bases["F04"])))


def remark(said, **more):
    """A remark about the first row of F04 but for what is said."""

    def run(view):
        row = view.rows["F04"].iloc[0]
        said = {"unit": row["unit"], "form": "F04", "row_id": row["row_id"], "notice": notice()}
        yield Remark(**said | more)

    return Case("publication", said, stage("remark", run))


def result(**more):
    numbers = dict.fromkeys(("numerator_low", "numerator_high", "denominator"), 1)
    return IndicatorResult(
        **{"code": "FAULTY", **numbers, "units_counted": 1, "units_total": 1} | more
    )


def indicator(said, run):
    made = Indicator("FAULTY", "Показатель", "%", run, None, "")
    return Case("publication", said, {"register_indicators": lambda self: (made,)})


def document(said, run, **more):
    words = {"code": "D98", "title": "Чужой", "audience": "municipality", "suffix": "txt"}
    made = Document(**words | more, write=run)
    return Case("publication", said, {"register_documents": lambda self: (made,)})


def unwritable(**more):
    return Case("loading", "нельзя так назвать", document("", giving(b"x"), **more).hooks)


def transport(said, run):
    made = Transport("usb", "", run)
    return Case("delivery", said, {"register_transports": lambda self: (made,)})


def loading(said, hook, answer):
    run = answer if callable(answer) else lambda self: answer
    return Case("loading", said, {hook: run})


def _mutating(view):
    for row in view.rows:
        row.values["mentor_fio"] = "Другой Другой Другой"
    return ()


def _endless(view):
    return _endless(view)


def _half_registered(_self):
    yield Stage("faulty", "", "check", giving(()), ("F04",))
    raise ValueError("half way")


def _twice(_self):
    yield from (Stage("faulty", "", "check", giving(()), ("F04",)) for _ in range(2))


def _replacing(_self, cli):
    cli.add_command(click.Command("accept"))


def _unfillable(_self):
    kind = NoticeKind("faulty_seen", "remark", "Замечено: {row", "")
    return (Stage("faulty", "", "check", giving(()), ("F04",), notices=(kind,)),)


def _other_unit(base):
    return base.assign(unit="oo-102")


CASES = {
    "check raises": decision("сбой ZeroDivisionError", check(lambda view: 1 / 0)),
    "check raises half way": decision("сбой ValueError", check(half_way(notice()))),
    "check exits": decision("сбой SystemExit", check(lambda view: sys.exit(3))),
    "check interrupts": decision("сбой KeyboardInterrupt", check(raising(KeyboardInterrupt()))),
    "check panics": decision("сбой PanicError", check(raising(PanicError("Иванова Анна")))),
    "check never ends": decision("сбой RecursionError", check(_endless)),
    "check changes rows": decision("сбой TypeError", check(_mutating)),
    "check gives None": decision("не NoneType", check(giving(None))),
    "check gives a text": decision("не str", check(giving("row 5"))),
    "check gives no notices": decision("а tuple", check(giving([("faulty_seen", 5)]))),
    "unknown column": decision("колонки нет", each_row(column="nosuch")),
    "unknown code": decision("код замечания", each_row(code="nosuch")),
    "unknown severity": decision("строгости", each_row(severity="fatal")),
    "unknown row": decision("строке, которой", each_row(row=70_000)),
    "another form": decision("другой форме", each_row(form="F05")),
    "a value that is no text": decision("нужен текст", each_row(value=5)),
    "a text that cannot be written": decision("нельзя записать", each_row(value="\ud800")),
    "words that are no texts": decision("слова замечания", each_row(params={"count": 5})),
    "merge raises": merge("сбой KeyError", lambda base: base["nosuch"]),
    "merge gives None": merge("не NoneType", giving(None)),
    "merge drops the origin": merge(
        "нет колонок: row_id", lambda base: base.drop(columns="row_id")
    ),
    "merge doubles a row": merge(
        "дважды", lambda base: pd.concat([base, base.head(1)], ignore_index=True)
    ),
    "merge invents a row": merge("среди действующих нет", lambda base: base.assign(row_id="9.9.9")),
    "merge gives a row to another": merge("среди действующих нет", _other_unit),
    "merge leaves holes": merge("подряд", lambda base: base.iloc[1:]),
    "enrich loses a row": enrich("пропали", lambda base: {"F04": base.head(1)}),
    "enrich doubles a row": enrich(
        "больше", lambda base: {"F04": pd.concat([base, base.head(1)], ignore_index=True)}
    ),
    "enrich changes a type": enrich(
        "другого типа", lambda base: {"F04": base.assign(entry_date="когда-то")}
    ),
    "enrich gives another form": enrich("F05", lambda base: {"F05": base}),
    "enrich gives a table": enrich("не DataFrame", lambda base: base),
    "remark of nobody's": remark("этой организации нет", unit="oo-999"),
    "remark of no row": remark("этой организации нет", row_id="9.9.9"),
    "remark of no form": remark("формы, которой нет|форме, которой нет", form="F99"),
    "remark that returns a row": remark("строгости", notice=notice(severity="error")),
    "remark half way": Case("publication", "сбой ValueError", stage("remark", half_way())),
    "indicator raises": indicator("сбой ZeroDivisionError", lambda view: 1 / 0),
    "indicator gives a share": indicator("не float", giving(0.5)),
    "indicator gives NaN": indicator("целое число", giving(result(numerator_low=float("nan")))),
    "indicator aims at infinity": indicator("target", giving(result(target=float("inf")))),
    "indicator below zero": indicator("меньше нуля", giving(result(denominator=-1))),
    "indicator of another code": indicator("другой показатель", giving(result(code="KPI70-A"))),
    "indicator of unknown units": indicator(
        "известных", giving(result(breakdown=(IndicatorUnit("oo-999", 1, 1, 1),)))
    ),
    "document gives a text": document("не str", giving("текст")),
    "document gives None": document("не NoneType", giving(None)),
    "document is empty": document("пуст", giving(b"")),
    "document is no xlsx": document("не похоже", giving(b"PK, but not a book"), suffix="xlsx"),
    "document exits": document("сбой SystemExit", lambda view: sys.exit()),
    "document leaves its folder": unwritable(title="../../.nastavnik/ledger"),
    "document is too long": unwritable(title="д" * 130),
    "document is a device": unwritable(code="con.", title="x"),
    "document with a suffix of folders": unwritable(suffix="txt/../x"),
    "transport raises": transport("сбой ConnectionError", raising(ConnectionError())),
    "transport exits": transport("сбой SystemExit", raising(SystemExit(0))),
    "transport gives None": transport("sha256", giving(None)),
    "transport gives a text": transport("sha256", giving("ok")),
    "event raises": Case("event", "сбой ValueError", {"published": lambda self: _fail()}),
    "event exits": Case(
        "event", "сбой SystemExit", {"submission_decided": lambda self, number: sys.exit()}
    ),
    "register gives None": loading("None", "register_stages", None),
    "register gives one thing": loading("список", "register_documents", Vocabulary("x", "x", ())),
    "register gives other things": loading("не Stage|нужен Stage", "register_stages", ("a",)),
    "register raises half way": loading("ValueError", "register_stages", _half_registered),
    "register gives one name twice": loading("дважды", "register_stages", _twice),
    "register exits": loading("SystemExit", "register_indicators", lambda self: sys.exit(1)),
    "a sentence that cannot be filled": loading("не складываются", "register_stages", _unfillable),
    "a form without its vocabulary": loading("clubs", "register_contracts", (Wanting,)),
    "a form that is none": loading("контракт", "register_contracts", (replace,)),
    "a form of no plan": loading(
        "контракт", "register_contracts", (type("X", (), {"plan": staticmethod(giving(Curators))}),)
    ),
}


def _fail():
    raise ValueError("Иванова Анна")


COMMANDS = {
    "command raises": ("ZeroDivisionError", lambda self, cli: 1 / 0),
    "command exits": ("SystemExit", lambda self, cli: sys.exit(2)),
    "command replaces ours": ("заменяет команду accept", _replacing),
}
