"""The open workspace: settings, registry, plugins, archive and store.

One run at a time holds it to write; whoever only looks reads beside it.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import system
from pipeline.errors import BusyError, SettingsError, StorageError
from pipeline.period import SchoolYear
from pipeline.store.archive import Archive
from pipeline.views import Signatories
from pipeline.workspace.calendar import Calendar, check_codes
from pipeline.workspace.faults import keep_faults
from pipeline.workspace.keys import workspace_key
from pipeline.workspace.lock import hold
from pipeline.workspace.plugin_loader import Loader, Plugins
from pipeline.workspace.settings import (
    DERIVED_FOLDER,
    STATE_FOLDER,
    Settings,
    deciding,
    load_settings,
)
from pipeline.workspace.units import UnitRegister, load_registry
from pipeline.workspace.witness import Head, note_head, witnessed

if TYPE_CHECKING:
    from pipeline.store.store import Store

# Where in the outbox each unit has its folder.
UNITS_FOLDER = "units"
# Where in the outbox letters to units lie ready to be sent.
POST_FOLDER = "К отправке"
# Where in its own inbox folder a unit finds its answers.
ANSWERS_FOLDER = "Ответы"
_OBJECTS_BETWEEN_LOOKS = 50_000


@dataclass(frozen=True, slots=True)
class Exchange:
    """Everything a step needs; steps get it as an argument and keep nothing of their own.

    `load` gives the plugins: asking for them costs what a run without news does not need.
    `extended` says that the caller brought plugins of its own.
    """

    workspace: Path
    settings: Settings
    registry: UnitRegister
    load: Callable[[], Plugins] = field(repr=False)
    archive: Archive
    store: Store
    key: bytes = field(repr=False)
    extended: bool = False

    @property
    def plugins(self) -> Plugins:
        """All that contracts and plugins bring to this run."""
        return self.load()

    @property
    def calendar(self) -> Calendar:
        """The due days of the current period, as they are decided now."""
        settings, plans = self.settings, self.plugins.plans
        check_codes(settings.calendar, plans, self.registry.units)
        year = SchoolYear.parse(settings.period)
        return Calendar(plans, year, settings.calendar, self.store.extensions())

    @property
    def inbox(self) -> Path:
        """Folder into which units drop files."""
        return _plain(self.workspace / self.settings.inbox)

    @property
    def outbox(self) -> Path:
        """Folder in which answers, documents and packages appear."""
        return _plain(self.workspace / self.settings.outbox)

    @property
    def judged_by(self) -> dict[str, str]:
        """Digests of what a decision depends on beside the file and its contracts."""
        settings = hashlib.sha256(deciding(self.settings)).hexdigest()
        return {"registry": self.registry.digest, "settings": settings}

    def keep_grounds(self) -> None:
        """Keep registry, settings and contracts under the digests that decisions name."""
        self.archive.put(self.registry.source)
        self.archive.put(deciding(self.settings))
        for plan in self.plugins.plans.values():
            self.archive.put(plan.canonical)

    @property
    def names(self) -> Signatories:
        """How documents call this level and its people."""
        s = self.settings
        return Signatories(s.name, s.centre, s.coordinator, s.signer, s.signer_position, s.phone)


def _plain(folder: Path) -> Path:
    """A folder beside the workspace as people call it, without «..» on the way."""
    return folder.resolve() if ".." in folder.parts else folder


@contextlib.contextmanager
def open_exchange(
    workspace: Path,
    *,
    plugins: Iterable[object] = (),
    rebuild: bool = False,
    reading: bool = False,
) -> Iterator[Exchange]:
    """Open a workspace for one run; `BusyError` where another run holds it.

    With *rebuild* an index that knows other facts than the ledger is no obstacle. With *reading*
    nothing is recorded and no run is an obstacle: all answers are of one state of the index.
    """
    settings = load_settings(workspace)
    registry = load_registry(workspace)
    plugins = tuple(plugins)
    held = _read(workspace, settings) if reading else _held(workspace, settings, rebuild=rebuild)
    load = functools.cache(functools.partial(_loaded, workspace, settings, plugins))
    with _fewer_gc_passes(), held as store:
        try:
            yield Exchange(
                workspace=workspace,
                settings=settings,
                registry=registry,
                load=load,
                archive=store.archive,
                store=store,
                key=workspace_key(workspace, settings),
                extended=bool(plugins),
            )
        finally:
            if load.cache_info().currsize and not reading:
                known = load()
                keep_faults(workspace, known.faults, {info.name for info in known.infos})


def _loaded(workspace: Path, settings: Settings, extra: Sequence[object]) -> Plugins:
    # What plugins of a caller bring nobody can tell from files.
    kept = None if extra else workspace / STATE_FOLDER / DERIVED_FOLDER
    return Loader(settings.disabled, extra, settings.plugin_settings).describe(kept)


@contextlib.contextmanager
def _held(workspace: Path, settings: Settings, *, rebuild: bool = False) -> Iterator[Store]:
    """Hold the workspace and open its store to write."""
    root, url = workspace / STATE_FOLDER, settings.database or None
    inbox, outbox = workspace / settings.inbox, workspace / settings.outbox
    closed = system.closed_to_others(group=bool(settings.outbox_group))
    with hold(root, url), closed, _crash_marker(root, inbox, outbox):
        system.close_folder(root, "")
        system.close_folder(outbox, settings.outbox_group)
        store = _stores().open(root, url, rebuild=rebuild)
        try:
            yield store
            _note_head(workspace, settings, store)
        finally:
            store.close()


def _note_head(workspace: Path, settings: Settings, store: Store) -> None:
    """Let the witness know what was recorded, unless it knows of more than this ledger does."""
    before, head = witnessed(workspace, settings), store.head
    if before is None or before.seq == 0 or store.fact_hash(before.seq) == before.hash:
        note_head(workspace, settings, Head(head.seq, head.hash))


@contextlib.contextmanager
def _read(workspace: Path, settings: Settings) -> Iterator[Store]:
    """Open the store to read: as the running writer last kept it, where there is one."""
    root, url = workspace / STATE_FOLDER, settings.database or None
    store = _stores().open_reading(root, url)
    if store is None or not store.current:
        store = _caught_up(workspace, settings, store)
    try:
        yield store
    finally:
        store.close()


def _caught_up(workspace: Path, settings: Settings, behind: Store | None) -> Store:
    """Let the index have every fact, unless a run is at it; return the store to read.

    It lacks some where a run was cut off, all before the first one.
    """
    try:
        with _held(workspace, settings):
            workspace_key(workspace, settings)
    except BusyError:
        if behind is None:
            raise
        return behind
    if behind is not None:
        behind.close()
    store = _stores().open_reading(workspace / STATE_FOLDER, settings.database or None)
    if store is None:
        raise StorageError("База данных недоступна или не отвечает.")
    return store


def _stores() -> type[Store]:
    """The class of stores, at a cost that `init` and `--help` must not pay."""
    from pipeline.store.store import Store  # noqa: PLC0415  # opens SQLAlchemy

    return Store


@contextlib.contextmanager
def _fewer_gc_passes() -> Iterator[None]:
    """Look for cyclic garbage less often: rows are many objects and no cycles."""
    before = gc.get_threshold()
    gc.set_threshold(_OBJECTS_BETWEEN_LOOKS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextlib.contextmanager
def _crash_marker(root: Path, inbox: Path, outbox: Path) -> Iterator[None]:
    """Mark a run as begun; what one that never ended left half written is removed first."""
    mark = root / "running"
    with system.storage_trouble("Не удалось начать прогон"):
        if mark.exists():
            system.clear_leftovers(root)
            system.clear_leftovers(outbox)
            for answers in inbox.glob(f"*/{ANSWERS_FOLDER}"):
                system.clear_leftovers(answers)
        mark.touch(mode=0o600)
    yield
    mark.unlink(missing_ok=True)


def new_workspace(folder: Path, settings_text: str, units_text: str) -> None:
    """Make an empty workspace; `SettingsError` where there is one already."""
    if (folder / "nastavnik.toml").exists():
        raise SettingsError(f"В папке «{folder}» уже есть рабочая папка.")
    for name in ("inbox", "outbox"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / STATE_FOLDER).mkdir(mode=0o700, exist_ok=True)
    system.close_folder(folder / STATE_FOLDER, "")
    system.close_folder(folder / "outbox", "")
    system.write_whole(folder / "nastavnik.toml", settings_text.encode())
    system.write_whole(folder / "units.csv", units_text.encode("utf-8-sig"))
