"""The other hooks, each in its smallest useful form."""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from contracts.plan import Term, Vocabulary
from pipeline import hookimpl
from pipeline.errors import DeliveryError
from pipeline.hookspecs import PluginContext, Reader, Stage, Transport
from pipeline.model import Book, Notice, Sheet
from pipeline.notices.kind import NoticeKind
from pipeline.views import PublishView, Remark
from pipeline.workspace.plugin_context import pass_context

if TYPE_CHECKING:
    import pandas as pd

LOG = logging.getLogger("nastavnik.clubs")


@hookimpl
def register_vocabularies() -> Sequence[Vocabulary]:
    """A closed list; a column of a form takes it by `choice(vocabulary)`."""
    return (
        Vocabulary(
            "club_kind",
            "Вид клуба",
            (Term("очный", ("офлайн", "оффлайн")), Term("дистанционный", ("онлайн",))),
        ),
    )


@hookimpl
def register_readers() -> Sequence[Reader]:
    """A kind of file: rows of one sheet as a JSON list of lists."""
    return (Reader("json_rows", "таблица в JSON (.json)", sniff, read),)


def sniff(head: bytes, name: str) -> float:
    """Claim a list of lists; 0.9 beats the reader of plain text."""
    return 0.9 if name.lower().endswith(".json") and head.lstrip().startswith(b"[[") else 0.0


def read(path: str) -> Book:
    """Return the book of one sheet; runs in the limited child process."""
    rows = json.loads(Path(path).read_text(encoding="utf-8"))
    return Book((Sheet("JSON", [list(row) for row in rows]),), reader="json_rows")


SAME_NAME = NoticeKind(
    "club_same_name",
    "remark",
    "Клуб с таким названием есть и в другой организации.",
    "Если это один клуб, пусть его подаёт одна организация.",
)


@hookimpl
def register_stages() -> Sequence[Stage]:
    """Stages of the other three kinds."""
    return (
        Stage("clubs_merge", "клубы по школам и названиям", "merge", merge, ("K01",)),
        Stage("clubs_tidy", "названия клубов без лишних пробелов", "enrich", tidy, ("K01",)),
        Stage(
            "clubs_twice",
            "один клуб назвали две школы",
            "remark",
            twice,
            ("K01",),
            notices=(SAME_NAME,),
        ),
    )


def merge(view: PublishView) -> pd.DataFrame:
    """Return the base of K01 `[rows × (plan.names + PROVENANCE)]`."""
    return view.frame("K01").sort_values(["unit", "club"], ignore_index=True)


def tidy(view: PublishView) -> Mapping[str, pd.DataFrame]:
    """Return the bases that change; the view itself is never changed."""
    base = view.base("K01")
    base["club"] = base["club"].str.strip()
    return {"K01": base}


def twice(view: PublishView) -> Iterator[Remark]:
    """Give a remark to each row whose club stands in the base of another unit too."""
    base = view.base("K01")
    for _name, rows in base.groupby("club"):
        if rows["unit"].nunique() > 1:
            for unit, row_id in zip(rows["unit"], rows["row_id"], strict=True):
                notice = Notice("club_same_name", "remark", form="K01", column="club")
                yield Remark(unit, "K01", row_id, notice)


@hookimpl
def register_transports() -> Sequence[Transport]:
    """Addresses that begin with `usb:`."""
    return (Transport("usb", "положить пакет на флешку", deliver),)


def deliver(path: str, address: str, context: PluginContext) -> str:
    """Copy the package and return the sha256 of what the other side now has."""
    folder = Path(address, *context.settings.get("folder", "").split("/"))
    context.log.info("to a disk")
    if not folder.is_dir():
        raise DeliveryError("Флешка не вставлена.", temporary=True)
    target = folder / Path(path).name
    shutil.copyfile(path, target)
    return hashlib.sha256(target.read_bytes()).hexdigest()


@hookimpl
def register_commands(cli: click.Group) -> None:
    """A command of its own: `nastavnik clubs`."""
    cli.add_command(clubs)


@click.command()
@pass_context
def clubs(context: PluginContext) -> None:
    """Показать, сколько клубов действует."""
    with context.open_workspace() as exchange:
        rows = exchange.store.rows_in_force(exchange.settings.period, "K01")
    click.echo(f"Клубов: {len(rows)}")


@hookimpl
def submission_decided(number: int, unit: str, outcome: str) -> None:
    """Hear of each decision, e.g. to ring a bell."""
    LOG.info("submission %s of %s: %s", number, unit, outcome)


@hookimpl
def published(period: str, digest: str) -> None:
    """Hear of each publication."""
    LOG.info("published %s: %s", period, digest)


@hookimpl
def delivered(package: str, recipient: str) -> None:
    """Hear of each delivery."""
    LOG.info("delivered %s to %s", package, recipient)


@hookimpl
def run_failed(step: str, error: str) -> None:
    """Hear of trouble of ours; *error* is the class of the exception."""
    LOG.info("failed in %s: %s", step, error)
