"""The hooks: where another municipality, region or year may differ.

pluggy does not chain data and one raising hook silences the rest, so plugins *register
descriptors* and the host runs them: in a known order, one at a time, each contained. Events are
called one plugin at a time, their results ignored.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

import pluggy

from contracts.plan import Vocabulary
from pipeline.model import Book
from pipeline.notices.kind import NoticeKind
from pipeline.views import IndicatorResult, Piece, Pieces, PublishView, Remark, UnitShare

if TYPE_CHECKING:
    import click

    from contracts.form import Form

PROJECT = "nastavnik"
# Grows by one when plugins written for the former number need a change.
API_VERSION = 1
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)

StageKind = Literal["check", "merge", "enrich", "remark"]
Scope = Literal["unit", "all"]


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one family of files inside the limited child process.

    `sniff(head, name)` gets the first 8 KiB and the original name and answers 0…1: how sure the
    reader is that the file is its own; the highest score reads, a tie is an error. `read(path)`
    returns the book, or raises `pipeline.errors.FileRefusedError` with the notice code that says
    why not. Both are module-level functions: the child imports them by their name. Our own readers
    score at most 0.5; a kind the guard does not know is read by a reader that is surer than that.
    """

    name: str
    help: str
    sniff: Callable[[bytes, str], float]
    read: Callable[[str], Book]


@dataclass(frozen=True, slots=True)
class Stage:
    """One rule or transformation; `kind` decides when it runs, what it sees and what it returns.

    `help` tells in a few Russian words what holds once it ran; the command `plugins` shows it.

    check: `run(CheckView) -> Iterable[Notice]` (row and column named, place filled in by the host;
    rows cannot be written into, `view.frame()` is a table of one's own);
    merge: `run(PublishView) -> DataFrame` or rows, the base of the one form in `forms`; the stage
    of «*» is run as `run(PublishView, form)` for every form without a stage of its own;
    enrich: `run(PublishView) -> Mapping[form, DataFrame or rows]`, those bases of `forms` that it
    changes, with the same rows in them;
    remark: `run(PublishView) -> Iterable[Remark]`, or without `run` in two steps:
    `contribute(view of a unit)` gives plain JSON data, kept until the unit changes, and
    `conclude(view, {unit: data})` gives the remarks.

    A merge or enrich stage of `scope` «unit» is run unit by unit and its answers are joined in the
    order of the units; one of «all» gets the whole view and costs what it costs.

    An answer counts whole or not at all. Notices need a known code (of the catalogue or of
    `notices`), a column of the form and a row of the part; they are error, remark or info, remarks
    at publication never an error. A merge gives rows in force, none twice, an enrich the very rows
    it got, both with all columns of the form, of their types, and with `PROVENANCE` as it was.
    """

    name: str
    help: str
    kind: StageKind
    run: Callable[..., Any] | None
    forms: tuple[str, ...]
    after: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    notices: tuple[NoticeKind, ...] = ()
    scope: Scope = "all"
    contribute: Callable[[PublishView], Any] | None = None
    conclude: Callable[[PublishView, Mapping[str, Any]], Iterable[Remark]] | None = None

    def serves(self, form: str) -> bool:
        """Whether the stage speaks of *form*, by its code or as one of all («*»)."""
        return form in self.forms or "*" in self.forms


@dataclass(frozen=True, slots=True)
class Indicator:
    """A figure computed from the bases, never typed in; `target` is a share 0…1.

    Either `compute(view)` gives it from the whole view, or `per_unit(view of a unit)` gives each
    unit's share, kept until the unit changes, and `total(view, {unit: share})` sums them up.
    """

    code: str
    title: str
    unit: str
    compute: Callable[[PublishView], IndicatorResult] | None
    target: float | None
    source: str
    per_unit: Callable[[PublishView], UnitShare] | None = None
    total: Callable[[PublishView, Mapping[str, UnitShare]], IndicatorResult] | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A file for people; `suffix` is its kind («xlsx»).

    `audience` says who may get it: «municipality» (may hold names), «region» (goes into the
    package, so it must hold none) or «unit» (one for each school, made of its own rows alone).

    The short way is `write(view)`, which returns the bytes. Where there are many schools, two
    steps spare time and memory: `pieces(view_of_unit)` returns what one unit adds to each table, by
    a name of yours, and `join(view, pieces, target)` writes the file; it gets the pieces of the
    units one by one in the order of their codes, and the rows in `view` only at their full cost.
    """

    code: str
    title: str
    audience: Literal["municipality", "region", "unit"]
    suffix: str
    write: Callable[[PublishView], bytes] | None = None
    pieces: Callable[[PublishView], Mapping[str, Piece]] | None = None
    join: Callable[[PublishView, Pieces, BinaryIO], None] | None = None

    def __post_init__(self) -> None:
        """Refuse a document that is written in no way, or in both."""
        if (self.pieces is None) != (self.join is None) or (self.write is None) == (
            self.join is None
        ):
            raise ValueError("a document has either `write`, or `pieces` and `join`")


@dataclass(frozen=True, slots=True)
class Transport:
    """Carries a package; `deliver(path, address)` returns the sha256 the other side now has.

    `path` is the package on this disk, `address` what stands after «scheme:» in the settings, as it
    was typed (for `file:` made whole: the folder within the workspace). A function that has a
    parameter called `context` gets the `PluginContext` by that name. It raises
    `DeliveryError(temporary=True)` for what another try may heal.
    """

    scheme: str
    help: str
    deliver: Callable[..., str]


@dataclass(frozen=True, slots=True)
class PluginContext:
    """What of the workspace belongs to one plugin, for its transports and commands.

    `settings` is the table `[plugins.<name>]` of `nastavnik.toml`, empty without one. `secret(key)`
    returns the environment variable `NASTAVNIK_<NAME>_<KEY>`, else the text of the file
    `<name>.<key>` beside the workspace's key, else None; it is in no repr and no log. `log` is
    called after the plugin. `open_workspace()` opens the exchange, for commands: one run at a time
    has it, so a transport, which is called within a run, is told that it is busy.
    """

    plugin: str
    workspace: Path
    settings: Mapping[str, Any] = field(repr=False)
    log: logging.Logger = field(repr=False)
    secret: Callable[[str], str | None] = field(repr=False)
    open_workspace: Callable[[], AbstractContextManager[Any]] = field(repr=False)
    api: int = API_VERSION


class Specs:
    """The hooks of nastavnik; see `docs/hooks.md` for each one with a complete example.

    A `register_…` answer is taken whole or, where one item is wrong, not at all.
    """

    @hookspec
    def register_contracts(self) -> Sequence[type[Form]]:
        """Return contracts of forms; called once when the exchange is opened.

        The answer is used for blank workbooks, recognition, checks, bases, the dictionary page
        and the package's schemas. An exception leaves this plugin's forms out and is named.
        """
        raise NotImplementedError

    @hookspec
    def register_vocabularies(self) -> Sequence[Vocabulary]:
        """Return vocabularies that contracts use; called once at opening.

        The answer is used for the lists of blanks, for understanding what schools write, and on
        the dictionary page. An exception leaves this plugin's vocabularies out and is named.
        """
        raise NotImplementedError

    @hookspec
    def register_readers(self) -> Sequence[Reader]:
        """Return readers of file kinds; called once at opening, run in the child process.

        An exception while reading rejects that one file as unreadable, and the batch goes on; a
        reader whose `sniff` raises or gives no number from 0 to 1 is passed over and named.
        """
        raise NotImplementedError

    @hookspec
    def register_stages(self) -> Sequence[Stage]:
        """Return rules and transformations; called once at opening.

        They run in the order their `after` and `before` say, by name where these are silent. A
        stage that raises or answers wrongly is left out whole and named: a check in the record of
        the decision, the others in the publication. No submission is lost by it. A base whose merge
        failed is missing, and so is what is made of it: the host merges nothing itself.
        """
        raise NotImplementedError

    @hookspec
    def register_indicators(self) -> Sequence[Indicator]:
        """Return indicators; called once at opening, computed at each publication.

        The answer is used in documents, on the page of the day, by `explain` and on the cover of
        the package. One that raises, or whose numbers cannot be (not whole, below zero, of units
        nobody knows), is named as not issued, and the rest is published.
        """
        raise NotImplementedError

    @hookspec
    def register_documents(self) -> Sequence[Document]:
        """Return documents; called once at opening, written at each publication.

        The answer is used for files in the outbox; those for the region go into the package too.
        A document that raises, is empty or not of its suffix is named as not issued, and the
        others appear; while one for the region is missing, no new package is drafted. The file is
        called «code title.suffix»: one that no folder can hold is not registered at all.
        """
        raise NotImplementedError

    @hookspec
    def register_transports(self) -> Sequence[Transport]:
        """Return ways to deliver a package; called once at opening.

        The answer is used for recipients whose address in the settings begins with the scheme. A
        delivery counts only if the digest it returns is the package's; anything else, or an
        exception, leaves the package undelivered, to be tried again at the next run.
        """
        raise NotImplementedError

    @hookspec
    def register_commands(self, cli: click.Group) -> None:
        """Add click commands to *cli*; called once when the command line starts.

        The answer is ignored. An exception leaves this plugin's commands out and is named, as does
        a command in place of another. `pipeline.workspace.plugin_context.pass_context` hands a
        command its `PluginContext`, by which it opens the workspace.
        """

    @hookspec
    def submission_decided(self, number: int, unit: str, outcome: str) -> None:
        """Hear that a submission was decided; ids only, after the commit."""

    @hookspec
    def published(self, period: str, digest: str) -> None:
        """Hear that bases, indicators, documents and the draft are written.

        A publication without news writes nothing and is not told.
        """

    @hookspec
    def delivered(self, package: str, recipient: str) -> None:
        """Hear that a package reached its recipient."""

    @hookspec
    def run_failed(self, step: str, error: str) -> None:
        """Hear that a step of ours failed; *error* is the class of the exception, not its text."""
