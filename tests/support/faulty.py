"""Plugins of somebody else that answer wrongly, each in one way; `CASES` names them."""

from __future__ import annotations

import itertools
import sys
from dataclasses import dataclass, replace

import click

from contracts.f02_curators import Curators
from contracts.plan import Vocabulary
from pipeline.hookspecs import Document, Indicator, Stage, Transport, hookimpl
from pipeline.model import Notice
from pipeline.notices.kind import NoticeKind
from pipeline.views import IndicatorPerson, IndicatorResult, IndicatorUnit, Piece, Remark, UnitShare
from tests.support.wanting import Wanting

KIND = NoticeKind("faulty_seen", "remark", "Замечено.", "Исправьте.")


class PanicError(BaseException):
    """What a panic of a compiled library looks like: no `Exception`."""


@dataclass(frozen=True)
class Case:
    """What the plugin implements, and where it must be named.

    `place`: decision, publication, delivery, event or loading; `said` a part of the sentence;
    `lacks` the form whose base is missing then.
    """

    place: str
    said: str
    hooks: dict
    lacks: str = ""


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


def stage(kind, run=None, **more):
    made = Stage("faulty", "", kind, run, ("F04",), notices=(KIND,), **more)
    return {"register_stages": lambda self: (made,)}


def remark(said, **more):
    """A remark about the first row of F04 but for what is said."""

    def run(view):
        row = view.rows("F04")[0]
        said = {"unit": row["unit"], "form": "F04", "row_id": row["row_id"], "notice": notice()}
        yield Remark(**said | more)

    return Case("publication", said, stage("remark", run))


def contributed(said, contribute, conclude=lambda view, units: ()):
    """A remark stage in two steps."""
    hooks = stage("remark", contribute=contribute, conclude=conclude)
    return Case("publication", said, hooks)


def result(**more):
    numbers = dict.fromkeys(("numerator_low", "numerator_high", "denominator"), 1)
    return IndicatorResult(
        **{"code": "FAULTY", **numbers, "units_counted": 1, "units_total": 1} | more
    )


def indicator(said, run):
    made = Indicator("FAULTY", "Показатель", "%", run, None, "")
    return Case("publication", said, {"register_indicators": lambda self: (made,)})


def shared(said, share, total=lambda view, shares: result()):
    """An indicator by shares of the units."""
    made = Indicator("FAULTY", "Показатель", "%", None, None, "", per_unit=share, total=total)
    return Case("publication", said, {"register_indicators": lambda self: (made,)})


def share(unit=None, **more):
    """A good share but for what is said."""
    return lambda view: UnitShare(IndicatorUnit(unit or view.unit, 1, 1, 1), **more)


def document(said, run, **more):
    words = {"code": "D98", "title": "Чужой", "audience": "municipality", "suffix": "txt"}
    made = Document(**words | {"write": run} | more)
    return Case("publication", said, {"register_documents": lambda self: (made,)})


def joined(said, pieces=lambda view: {"a": Piece(b"x", 1)}, join=lambda *_: None, **more):
    """A document in two steps."""
    return document(said, None, pieces=pieces, join=join, **more)


def write(data):
    """A join that writes these bytes."""
    return lambda view, pieces, target: target.write(data)


def write_half_way(view, pieces, target):
    """A join that raises after its first bytes."""
    target.write(b"half")
    raise ValueError("Иванова Анна")


def only_of_the_second(make):
    """What goes well for the first unit and raises for the second."""

    def run(view):
        if view.unit == "oo-102":
            raise ValueError("Иванова Анна")
        return make(view)

    return run


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


def _both_ways():
    return Indicator("FAULTY", "", "", giving(None), None, "", giving(None), giving(None))


CASES = {
    "check raises": decision("сбой ZeroDivisionError", check(lambda view: 1 / 0)),
    "check raises half way": decision("сбой ValueError", check(half_way(notice()))),
    "check exits": decision("сбой SystemExit", check(lambda view: sys.exit(3))),
    "check interrupts": decision("сбой KeyboardInterrupt", check(raising(KeyboardInterrupt()))),
    "check panics": decision("сбой PanicError", check(raising(PanicError("Иванова Анна")))),
    "check never ends": decision("сбой RecursionError", check(_endless)),
    "check changes rows": decision("сбой TypeError", check(_mutating)),
    "check gives None": decision("не NoneType", check(giving(None))),
    "check says the same for ever": decision(
        "ответов Notice больше", check(lambda view: itertools.repeat(notice(row=view.rows[0].row)))
    ),
    "check says a book": decision("длиннее", each_row(value="я" * 100_000)),
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
    "remark of nobody's": remark("этой организации нет", unit="oo-999"),
    "remark of no row": remark("этой организации нет", row_id="9.9.9"),
    "remark of no form": remark("формы, которой нет|форме, которой нет", form="F99"),
    "remark that returns a row": remark("строгости", notice=notice(severity="error")),
    "remark half way": Case("publication", "сбой ValueError", stage("remark", half_way())),
    "contribute raises": contributed("сбой ZeroDivisionError", lambda view: 1 / 0),
    "contribute raises for one unit": contributed(
        "сбой ValueError", only_of_the_second(giving([]))
    ),
    "contribute gives without measure": contributed("МБ", lambda view: "я" * 30_000_000),
    "remark without end": Case(
        "publication", "ответов Remark больше", stage("remark", lambda view: itertools.repeat(None))
    ),
    "contribute gives rows": contributed("JSON", lambda view: view.rows("F04")),
    "contribute gives NaN": contributed("JSON", giving(float("nan"))),
    "contribute asks the day": contributed("сбой LookupError", lambda view: str(view.today)),
    "conclude raises": contributed("сбой PanicError", giving([]), raising(PanicError("Иванова"))),
    "conclude of nobody's": contributed(
        "этой организации нет",
        giving([]),
        lambda view, units: [Remark("oo-999", "F04", "1.0.0", notice())],
    ),
    "share is none": shared("не NoneType", giving(None)),
    "share of another unit": shared("известных", share("oo-999")),
    "share below zero": shared(
        "меньше нуля", lambda view: UnitShare(IndicatorUnit(view.unit, -1, 1, 1))
    ),
    "share with rows in it": shared("JSON", share(more={"rows": {1, 2}})),
    "share for one unit only": shared("сбой ValueError", only_of_the_second(share())),
    "share of persons of others": shared(
        "известных", share(persons=(IndicatorPerson("oo-999", "1.0.0", "F04", "Иванова"),))
    ),
    "total raises": shared("сбой ZeroDivisionError", share(), lambda view, shares: 1 / 0),
    "total gives a share": shared("не UnitShare", share(), lambda _, shares: shares["oo-101"]),
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
    "pieces raise": joined("сбой ZeroDivisionError", lambda view: 1 / 0),
    "pieces are none": joined("не NoneType", giving(None)),
    "pieces without a name": joined("по именам", giving({"": Piece()})),
    "pieces are texts": joined("по именам", giving({"a": "row"})),
    "pieces of text": joined("байты", giving({"a": Piece("row", 1)})),
    "pieces with rows in them": joined("JSON", giving({"a": Piece(facts={"x": {1}})})),
    "pieces count below zero": joined("меньше нуля", giving({"a": Piece(count=-1)})),
    "pieces of one unit only": joined(
        "сбой ValueError", only_of_the_second(giving({"a": Piece()}))
    ),
    "join raises half way": joined("сбой ValueError", join=write_half_way),
    "join exits": joined("сбой SystemExit", join=raising(SystemExit(0))),
    "join writes nothing": joined("пуст"),
    "join writes no xlsx": joined("не похоже", join=write(b"PK, but not a book"), suffix="xlsx"),
    "join closes the file": joined("сбой ValueError", join=lambda v, p, target: target.close()),
    "join for the region exits": joined(
        "сбой SystemExit", join=raising(SystemExit(0)), audience="region"
    ),
    "document for each school raises": document(
        "сбой ZeroDivisionError", lambda view: 1 / 0, audience="unit"
    ),
    "an indicator in two ways": loading(
        "нужно одно из них|нужна функция", "register_indicators", lambda self: (_both_ways(),)
    ),
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
