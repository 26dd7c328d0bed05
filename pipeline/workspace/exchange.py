"""The open workspace: settings, registry, plugins, archive and store, held by one run at a time."""

from __future__ import annotations

import contextlib
import functools
import gc
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import system
from pipeline.errors import SettingsError
from pipeline.period import SchoolYear
from pipeline.store.archive import Archive
from pipeline.views import Names
from pipeline.workspace.calendar import Calendar, check_codes
from pipeline.workspace.keys import workspace_key
from pipeline.workspace.lock import hold
from pipeline.workspace.plugin_loader import Loader, Plugins
from pipeline.workspace.settings import STATE_FOLDER, Settings, deciding, load_settings
from pipeline.workspace.units import Registry, load_registry

if TYPE_CHECKING:
    from pipeline.store.store import Store

_OBJECTS_BETWEEN_LOOKS = 50_000


@dataclass(frozen=True, slots=True)
class Exchange:
    """Everything a step needs; steps get it as an argument and keep nothing of their own.

    `load` gives the plugins: asking for them opens pandas, which a run without news does not need.
    `extended` says that the caller brought plugins of its own.
    """

    workspace: Path
    settings: Settings
    registry: Registry
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
        return self.workspace / self.settings.inbox

    @property
    def outbox(self) -> Path:
        """Folder in which answers, documents and packages appear."""
        return self.workspace / self.settings.outbox

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
    def names(self) -> Names:
        """How documents call this level and its people."""
        s = self.settings
        return Names(s.name, s.centre, s.coordinator, s.signer, s.signer_position, s.phone)


@contextlib.contextmanager
def open_exchange(
    workspace: Path, *, plugins: Iterable[object] = (), rebuild: bool = False
) -> Iterator[Exchange]:
    """Open a workspace for one run; `BusyError` where another run holds it.

    With *rebuild* an index that knows other facts than the ledger is no obstacle.
    """
    from pipeline.store.store import Store  # noqa: PLC0415  # `init` needs no SQLAlchemy

    settings = load_settings(workspace)
    registry = load_registry(workspace)
    plugins = tuple(plugins)
    root = workspace / STATE_FOLDER
    url = settings.database or None
    with _unhurried(), hold(root, url), _begun(root, workspace / settings.outbox):
        key = workspace_key(workspace, settings)
        store = Store.open(root, url, rebuild=rebuild)
        try:
            yield Exchange(
                workspace=workspace,
                settings=settings,
                registry=registry,
                load=functools.cache(lambda: Loader(settings.disabled, plugins).describe()),
                archive=Archive(root),
                store=store,
                key=key,
                extended=bool(plugins),
            )
        finally:
            store.close()


@contextlib.contextmanager
def _unhurried() -> Iterator[None]:
    """Look for cyclic garbage less often: rows are many objects and no cycles."""
    before = gc.get_threshold()
    gc.set_threshold(_OBJECTS_BETWEEN_LOOKS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextlib.contextmanager
def _begun(root: Path, outbox: Path) -> Iterator[None]:
    """Mark a run as begun; what one that never ended left half written is removed first."""
    mark = root / "running"
    with system.storage_trouble("Не удалось начать прогон"):
        if mark.exists():
            system.clear_leftovers(root)
            system.clear_leftovers(outbox)
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
    if os.name == "posix":
        (folder / STATE_FOLDER).chmod(0o700)
    system.write_whole(folder / "nastavnik.toml", settings_text.encode())
    system.write_whole(folder / "units.csv", units_text.encode("utf-8-sig"))
