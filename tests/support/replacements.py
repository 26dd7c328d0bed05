"""For each built-in plugin one of somebody else, as another distribution gives it."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from contracts.f02_curators import Curators
from contracts.f04_mentors import Mentors
from contracts.f05_mentees import Mentees
from pipeline.hookspecs import Document, Indicator, Reader, Stage, Transport, hookimpl
from pipeline.model import Notice
from pipeline.notices.kind import NoticeKind
from pipeline.plugins import forms as our_forms
from pipeline.plugins import readers_office, readers_text, readers_xls
from pipeline.plugins.merge import merge as our_merge
from pipeline.views import IndicatorResult, Remark

SEEN = NoticeKind("theirs", "remark", "Замечено.", "Исправьте.")
DOCUMENTS = {"doc_bases": "D06", "doc_board": "D17", "doc_indicators": "KPI70R"}
DOCUMENTS |= {"doc_registry": "D02"}
READERS = {
    "readers_office": readers_office,
    "readers_text": readers_text,
    "readers_xls": readers_xls,
}
RULES = ("rules_dates", "rules_lists", "rules_privacy", "rules_roles")


def _document(code):
    made = Document(code, "Другой", "municipality", "txt", lambda view: b"theirs")
    return {"register_documents": lambda self: (made,)}


def _reader(module):
    made = Reader("theirs", "", module.sniff, module.read)
    return {"register_readers": lambda self: (made,)}


def _rule(view):
    return (Notice("theirs", "remark", row=view.rows[0].row),)


def _stage(kind, run, **more):
    made = Stage("theirs", "", kind, run, **{"forms": ("F04",), "notices": (SEEN,)} | more)
    return {"register_stages": lambda self: (made,)}


def _backwards(view, form):
    return our_merge(view, form)[::-1]


def _first(view):
    row = view.rows("F04")[0]
    return (Remark(row["unit"], "F04", row["row_id"], Notice("theirs", "remark")),)


def _deliver(path, address):
    Path(address).mkdir(parents=True)
    target = shutil.copyfile(path, Path(address, "theirs.zip"))
    return hashlib.sha256(Path(target).read_bytes()).hexdigest()


HOOKS = {
    **{name: _document(code) for name, code in DOCUMENTS.items()},
    **{name: _reader(module) for name, module in READERS.items()},
    **{name: _stage("check", _rule) for name in RULES},
    "merge": _stage("merge", _backwards, forms=("*",), scope="unit"),
    "remarks": _stage("remark", _first),
    "forms": {
        "register_contracts": lambda self: (Curators, Mentors, Mentees),
        "register_vocabularies": lambda self: our_forms.register_vocabularies(),
    },
    "kpi70": {
        "register_indicators": lambda self: (
            Indicator(
                "KPI70-A",
                "Другой",
                "%",
                lambda view: IndicatorResult("KPI70-A", 7, 7, 10, 1, 1),
                None,
                "",
            ),
        )
    },
    "transport_folder": {
        "register_transports": lambda self: (Transport("file", "", _deliver),),
    },
}


def __getattr__(name):
    """The plugin in place of the built-in one of this name: `entry_points` load it so."""
    if name not in HOOKS:
        raise AttributeError(name)
    hooks = {hook: hookimpl(function) for hook, function in HOOKS[name].items()}
    return type(f"Theirs_{name}", (), hooks)
