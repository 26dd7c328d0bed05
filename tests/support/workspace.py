"""A small workspace for the tests of the whole way: invented schools, a fixed clock and key."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import io
import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl

from pipeline import run
from pipeline.demo.district import district
from pipeline.demo.files import blank_book, form_grid, passport, plans, table, xlsx
from pipeline.demo.workspace import units_csv, write_workspace
from pipeline.hookspecs import Document, hookimpl
from pipeline.plugins import (
    doc_bases,
    doc_board,
    doc_indicators,
    doc_registry,
    forms,
    kpi70,
    merge,
    readers_office,
    readers_text,
    readers_xls,
    remarks,
    rules_dates,
    rules_lists,
    rules_privacy,
    rules_roles,
    transport_folder,
)
from pipeline.reading import child, codec
from pipeline.reading.parse import STEP
from pipeline.reading.pool import ChildSetup
from pipeline.workspace.exchange import open_exchange

NOW = datetime(2026, 10, 1, 3, 0, tzinfo=UTC)
KEY = bytes(range(32))
BUILT_IN = (
    doc_bases,
    doc_board,
    doc_indicators,
    doc_registry,
    forms,
    kpi70,
    merge,
    readers_office,
    readers_text,
    readers_xls,
    remarks,
    rules_dates,
    rules_lists,
    rules_privacy,
    rules_roles,
    transport_folder,
)
_SETTINGS = """\
name = "Примерный городской округ"
coordinator = "Синицына Вера Петровна"
phone = "+7 999 000-99-01"
period = "2026-2027"
periods = ["2026-2027"]
keys_dir = "keys"
{more}
[neighbours]
"{neighbour}" = "Заречный муниципальный округ"
"""
_RECIPIENT = """
[[recipients]]
code = "{code}"
name = "КРИРПО"
address = "{address}"
share_curators = {share}
"""


@functools.cache
def made():
    """The invented district; the same people in every run."""
    return district()


def school(code):
    """A school of the district with its true rows."""
    return made().school(code)


@functools.cache
def careful_book(code):
    """«Книга ОО» as a careful school fills it in."""
    return blank_book(school(code))


def forget_forms():
    """Forget what was made of forms before the file of one came or went."""
    for made_of_forms in (plans, made, careful_book):
        made_of_forms.cache_clear()


def sheets(code, *, only=("F04", "F05"), said=None, **rows):
    """A book of the school with forms of these rows instead of its true ones."""
    unit = school(code)
    changed = {form: table(plans()[form], some) for form, some in rows.items()}
    grids = [passport(unit, **(said or {}))]
    return xlsx([*grids, *(changed.get(form) or form_grid(unit, form) for form in only)])


def edited(data, *cells):
    """The workbook after a person typed into some cells: (sheet, address, value)."""
    loaded = openpyxl.load_workbook(io.BytesIO(data))
    for sheet, address, value in cells:
        loaded[sheet][address] = value
    saved = io.BytesIO()
    loaded.save(saved)
    return saved.getvalue()


def recipient(code="krirpo", address="file:outbox/КРИРПО", *, share=False):
    """One `[[recipients]]` of the settings."""
    return _RECIPIENT.format(code=code, address=address, share=str(share).lower())


def use_fixed_key(folder):
    """Give a workspace the key of the tests, so that codes and digests can be compared."""
    for name, data in ((".nastavnik/id", b"test"), ("keys/test.key", KEY)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def demo_workspace(folder):
    """The demo district with its first wave in the inbox, under the key of the tests."""
    write_workspace(folder)
    settings = folder / "nastavnik.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("minors =", 'keys_dir = "keys"\nminors ='), encoding="utf-8")
    use_fixed_key(folder)


class Opened:
    """A workspace in a folder, and what a test does with it."""

    def __init__(self, folder):
        self.folder = folder
        self.inbox, self.outbox = folder / "inbox", folder / "outbox"

    def drop(self, folder, name, data, *, second=0):
        """Put a file into the inbox, saved so many seconds after the first of September."""
        path = self.inbox / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        saved = (datetime(2026, 9, 1, tzinfo=UTC) + timedelta(seconds=second)).timestamp()
        os.utime(path, (saved, saved))
        return path

    @contextlib.contextmanager
    def open(self, *plugins):
        with open_exchange(self.folder, plugins=plugins) as exchange:
            yield exchange

    def accept(self, *plugins, now=NOW, **words):
        with self.open(*plugins) as exchange:
            return run.accept(exchange, now, quiet=0, **words)

    def give(self, unit, name, data, **words):
        """Drop one file and accept what waits; return the last decision."""
        self.drop(unit, name, data, second=words.pop("second", 0))
        return self.accept(**words)[-1]

    def publish(self, *plugins, now=NOW):
        with self.open(*plugins) as exchange:
            return run.publish(exchange, now)

    def deliver(self, *plugins, now=NOW):
        with self.open(*plugins) as exchange:
            return run.deliver(exchange, now)

    def receipt(self, unit, number):
        """The receipt of a submission, as data."""
        path = self.answers(unit) / f"Приём {number:06d} – квитанция.json"
        return json.loads(path.read_text(encoding="utf-8"))

    def answers(self, unit):
        return self.outbox / "units" / unit if unit else self.outbox / "_неопознанные"

    def codes(self, number):
        """Codes of all notices of a submission."""
        with self.open() as exchange:
            found = exchange.store.submission(number)
        return [n.code for n in (*found.notices, *(n for p in found.parts for n in p.notices))]

    def in_force(self, unit, form):
        """Rows in force of one form of a unit, by the person they speak of."""
        with self.open() as exchange:
            rows = exchange.store.rows_in_force("2026-2027", form, unit)
        return [(row.values[plans()[form].person], row.prior) for row in rows]

    def digest(self):
        with self.open() as exchange:
            return exchange.store.digest()

    def waiting(self):
        """Files in the inbox, but for the answers that lie beside them."""
        found = (path for path in sorted(self.inbox.rglob("*")) if path.is_file())
        return [path for path in found if path.parent.name != "Ответы"]

    def files(self):
        """Every file of the outbox by name: its hash and the moment it was written."""
        return {
            str(path.relative_to(self.outbox)): (
                hashlib.sha256(path.read_bytes()).hexdigest(),
                path.stat().st_mtime_ns,
            )
            for path in sorted(self.outbox.rglob("*"))
            if path.is_file()
        }

    def facts(self):
        """Everything that is recorded: the ledger and the names of all blobs."""
        root = self.folder / ".nastavnik"
        ledger = root / "ledger.jsonl"
        blobs = sorted(path.name for path in (root / "archive").rglob("*") if path.is_file())
        return (ledger.read_bytes() if ledger.is_file() else b"", blobs)


class Workspace(Opened):
    """A new workspace of a few schools with nothing in it."""

    def __init__(
        self,
        folder,
        *,
        schools=("oo-101", "oo-102", "oo-103", "oo-117"),
        more="",
        recipients=None,
        tail="",
    ):
        super().__init__(folder)
        neighbour = made().neighbour.unit.inn
        text = (
            _SETTINGS.format(neighbour=neighbour, more=more)
            + "".join(recipients or [recipient()])
            + tail
        )
        units = [school(code).unit for code in schools]
        for path in (self.inbox, self.outbox):
            path.mkdir(parents=True)
        (folder / "nastavnik.toml").write_text(text, encoding="utf-8")
        (folder / "units.csv").write_bytes(units_csv([*units, *made().others]))
        use_fixed_key(folder)


class DistrictRun:
    """The demo district and what became of each of its files, by folder and name."""

    def __init__(self, folder, **words):
        self.folder = folder
        demo_workspace(folder)
        with open_exchange(folder) as exchange:
            waiting = run.waiting(exchange, quiet=0)
            decided = run.accept(exchange, NOW, arrivals=waiting, **words)
            self.decided = {
                (arrival.folder, arrival.name): one
                for arrival, one in zip(waiting, decided, strict=True)
            }
            self.published = run.publish(exchange, NOW)
            self.delivered = run.deliver(exchange, NOW)
            self.digest = exchange.store.digest()
            self.codes = {
                key: sorted({n.code for n in _notices(exchange.store.submission(one.number))})
                for key, one in self.decided.items()
            }

    def copy(self, folder):
        """A copy of the workspace that a test may change."""
        shutil.copytree(self.folder, folder)
        return Opened(folder)


def _notices(submission):
    return (*submission.notices, *(n for part in submission.parts for n in part.notices))


class ReadHere:
    """Reads in this process what the limited children read, each file once per test run."""

    _known: dict = {}
    failed_readers = frozenset()

    def __init__(self, plugins, settings, now):
        setup = ChildSetup(
            plans=tuple(plugins.plans.values()),
            vocabularies=plugins.vocabularies,
            readers=plugins.readers,
            today=now.astimezone(settings.zone).date(),
            area_code=settings.area_code,
            step=STEP,
        )
        self._message = setup.message()
        self._work = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def read(self, files):
        for number, path, name in files:
            key = (self._message, path.name, name)
            if key not in self._known:
                self._work = self._work or child.prepare(json.loads(self._message))
                self._known[key] = codec.to_json(self._work.read(Path(path), name))
            yield number, codec.from_json(self._known[key].encode())

    def ask_marks(self, number, path, protocol):
        return lambda: self.annotate(number, path, protocol)

    def annotate(self, _number, path, protocol):
        self._work = self._work or child.prepare(json.loads(self._message))
        request = {"path": str(path), "protocol": codec.pack(protocol)}
        request = json.loads(json.dumps(request))
        return codec.workbook_from_line(child.answer(self._work, request)[1].encode()) or None


def broken_document(audience):
    """A plugin whose document always fails."""

    class Broken:
        @hookimpl
        def register_documents(self):
            return (Document("D99", "Сломанный", audience, "txt", lambda _view: 1 / 0),)

    return Broken
