"""The plugins of this run: loaded one by one, asked one by one, and named when they fail."""

from __future__ import annotations

import graphlib
import importlib
import inspect
import logging
import pkgutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pluggy

from contracts.passport import PASSPORT
from contracts.plan import FormPlan, Vocabulary
from pipeline import hookspecs
from pipeline.errors import SettingsError
from pipeline.hookspecs import Document, Indicator, Reader, Stage, StageKind, Transport
from pipeline.notices.catalogue import BUILT_IN, Catalogue
from pipeline.workspace import compiled
from pipeline.workspace.compiled import Compiled, LazyForms

if TYPE_CHECKING:
    import click

    from contracts.form import Form

LOG = logging.getLogger("nastavnik.plugins")
BUILT_IN_PACKAGE = "pipeline.plugins"
Descriptor = TypeVar("Descriptor")


@dataclass(frozen=True, slots=True)
class PluginInfo:
    """One plugin for the `plugins` command: where it comes from, what it does, what went wrong."""

    name: str
    origin: str
    version: str = ""
    hooks: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class Plugins:
    """All descriptors of this run by name, and the catalogue with the plugins' own codes.

    `digests` are the content hashes of the plans: a decision names the contract it was made by.
    """

    forms: Mapping[str, type[Form]]
    plans: Mapping[str, FormPlan]
    digests: Mapping[str, str]
    vocabularies: Mapping[str, Vocabulary]
    readers: tuple[Reader, ...]
    stages: tuple[Stage, ...]
    indicators: Mapping[str, Indicator]
    documents: Mapping[str, Document]
    transports: Mapping[str, Transport]
    catalogue: Catalogue
    infos: tuple[PluginInfo, ...] = ()
    manager: pluggy.PluginManager = field(repr=False, default=None)  # type: ignore[assignment]  # always given by `describe`

    @property
    def speaking_plans(self) -> Mapping[str, FormPlan]:
        """Plans by which a notice finds its words: the forms and the Паспорт."""
        return {**self.plans, PASSPORT.code: PASSPORT}

    def of_kind(self, kind: StageKind) -> tuple[Stage, ...]:
        """Stages of one kind in the order they run."""
        return tuple(stage for stage in self.stages if stage.kind == kind)

    def hears(self, event: str) -> bool:
        """Whether any plugin listens to an event, so that its words are worth working out."""
        return bool(getattr(self.manager.hook, event).get_hookimpls())

    def emit(self, event: str, **words: Any) -> None:
        """Tell every plugin of an event; one that fails is named in the log and passed over."""
        for name, function in _implementations(self.manager, event):
            try:
                function(**words)
            except Exception as error:  # noqa: BLE001  # a plugin may raise anything
                LOG.error("plugin %s failed in %s: %s", name, event, type(error).__name__)


class Loader:
    """Collects plugins: built-in modules, entry points of other distributions, given objects."""

    def __init__(self, disabled: Iterable[str] = (), extra: Iterable[object] = ()) -> None:
        self.manager = pluggy.PluginManager(hookspecs.PROJECT)
        self.manager.add_hookspecs(hookspecs.Specs)
        self._failed: list[PluginInfo] = []
        self._origin: dict[str, tuple[str, str]] = {}
        for name in disabled:
            self.manager.set_blocked(name)
        package = importlib.import_module(BUILT_IN_PACKAGE)
        for module in sorted(m.name for m in pkgutil.iter_modules(package.__path__)):
            self._register(module, "встроен", "", lambda m=module: _module(m))
        for entry in sorted(entry_points(group=hookspecs.PROJECT), key=lambda e: e.name):
            self._register(entry.name, *_distribution(entry), entry.load)
        for plugin in extra:
            name = getattr(plugin, "__name__", type(plugin).__name__)
            self._register(name, "передан программой", "", lambda p=plugin: p)

    def _register(self, name: str, origin: str, version: str, load: Any) -> None:
        if self.manager.is_blocked(name):
            self._failed.append(PluginInfo(name, origin, version, error="отключён в настройках"))
            return
        if self.manager.has_plugin(name):
            LOG.error("plugin %s was not loaded: its name is taken", name)
            self._failed.append(PluginInfo(name, origin, version, error="имя уже занято"))
            return
        try:
            plugin = load()
            if inspect.isclass(plugin):
                plugin = plugin()
            self.manager.register(plugin, name=name)
            # A misspelled hook is silent until it is asked for.
            self.manager.check_pending()
        except Exception as error:  # noqa: BLE001  # one broken plugin must not stop the others
            if self.manager.has_plugin(name):
                self.manager.unregister(name=name)
            LOG.error("plugin %s was not loaded: %s", name, type(error).__name__)
            self._failed.append(PluginInfo(name, origin, version, error=_plain(error)))
        else:
            self._origin[name] = (origin, version)

    def commands(self, cli: click.Group) -> None:
        """Let plugins add their commands to *cli*."""
        for name, function in _implementations(self.manager, "register_commands"):
            try:
                function(cli=cli)
            except Exception as error:  # noqa: BLE001  # a plugin may raise anything
                LOG.error("plugin %s added no command: %s", name, type(error).__name__)

    def describe(self, kept: Path | None = None) -> Plugins:
        """Ask all plugins for their descriptors; two of one name are an error that names both.

        What contracts come to is kept in the folder *kept*, and they are opened when needed.
        """
        contracts, forms = self._contracts(kept)
        readers = self._collect("register_readers", lambda item: item.name)
        stages = self._collect("register_stages", lambda item: item.name)
        return Plugins(
            forms=forms,
            plans=contracts.plans,
            digests=contracts.digests,
            vocabularies=contracts.vocabularies,
            readers=tuple(readers[name] for name in sorted(readers)),
            stages=ordered(_one_merge_per_form(tuple(stages.values()))),
            indicators=self._collect("register_indicators", lambda item: item.code),
            documents=self._collect("register_documents", lambda item: item.code),
            transports=self._collect("register_transports", lambda item: item.scheme),
            catalogue=_catalogue(stages.values()),
            infos=self.infos(),
            manager=self.manager,
        )

    def _contracts(self, folder: Path | None) -> tuple[Compiled, Mapping[str, type[Form]]]:
        givers = [
            f"{hook} {name}"
            for hook in ("register_contracts", "register_vocabularies")
            for name, _function in _implementations(self.manager, hook)
        ]
        key = compiled.grounds(givers) if folder else ""
        known = compiled.kept(folder, key) if folder else None
        if folder and known:
            lazy = LazyForms(tuple(known.plans), partial(self._opened, folder, known))
            return known, lazy
        failed = len(self._failed)
        forms, made = self._compiled()
        if folder and len(self._failed) == failed:
            compiled.keep(folder, key, made)
        return made, forms

    def _compiled(self) -> tuple[dict[str, type[Form]], Compiled]:
        vocabularies = self._collect("register_vocabularies", lambda item: item.name)
        forms = self._collect("register_contracts", lambda form: _form_code(form, vocabularies))
        plans = {code: form.plan() for code, form in forms.items()}
        return forms, Compiled.of(plans, vocabularies)

    def _opened(self, folder: Path, known: Compiled) -> Mapping[str, type[Form]]:
        forms, made = self._compiled()
        if made != known:
            compiled.forget(folder)
            raise SettingsError("Формы изменились во время работы. Повторите команду.")
        return forms

    def infos(self) -> tuple[PluginInfo, ...]:
        """What was loaded and what was not, for the `plugins` command."""
        loaded = []
        for name, plugin in self.manager.list_name_plugin():
            if plugin is not None:
                hooks = tuple(sorted(h.name for h in self.manager.get_hookcallers(plugin) or ()))
                loaded.append(PluginInfo(name, *self._origin[name], hooks=hooks))
        return tuple(sorted((*loaded, *self._failed), key=lambda info: info.name))

    def _collect(self, hook: str, key: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        owners: dict[str, str] = {}
        for name, function in _implementations(self.manager, hook):
            try:
                items = [(key(item), item) for item in function()]
            except Exception as error:  # noqa: BLE001  # contained and named; the rest works
                LOG.error("plugin %s failed in %s: %s", name, hook, type(error).__name__)
                self._failed.append(PluginInfo(name, hook, error=_plain(error)))
                continue
            for code, item in items:
                if code in found:
                    raise SettingsError(
                        f"Два плагина объявляют «{code}»: {owners[code]} и {name}. "
                        "Отключите один из них в настройках."
                    )
                found[code], owners[code] = item, name
        return dict(sorted(found.items()))


def _form_code(form: type[Form], vocabularies: Mapping[str, Vocabulary]) -> str:
    """Code of a contract that can be used: its plan is whole and its vocabularies are there."""
    plan = form.plan()
    for column in plan.columns:
        if column.vocabulary is not None and column.vocabulary not in vocabularies:
            raise SettingsError(f"форме {plan.code} нужен словарь «{column.vocabulary}»")
    return plan.code


def _catalogue(stages: Iterable[Stage]) -> Catalogue:
    kinds = {kind.code: kind for kind in BUILT_IN}
    owners = dict.fromkeys(kinds, "nastavnik")
    for stage in stages:
        for kind in stage.notices:
            if kinds.setdefault(kind.code, kind) != kind:
                raise SettingsError(
                    f"Замечание «{kind.code}» объявляют двое: {owners[kind.code]} и {stage.name}. "
                    "Отключите один из плагинов в настройках."
                )
            owners.setdefault(kind.code, stage.name)
    return Catalogue(kinds.values())


def _one_merge_per_form(stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
    owners: dict[str, str] = {}
    for stage in stages:
        for form in stage.forms if stage.kind == "merge" else ():
            if owners.setdefault(form, stage.name) != stage.name:
                raise SettingsError(
                    f"Базу формы {form} сводят двое: {owners[form]} и {stage.name}. "
                    "Отключите один из плагинов в настройках."
                )
    return stages


def ordered(stages: Sequence[Stage]) -> tuple[Stage, ...]:
    """Sort stages by their `after` and `before`, by name where these are silent."""
    by_name = {stage.name: stage for stage in stages}
    waits: dict[str, set[str]] = {name: set() for name in by_name}
    for stage in stages:
        waits[stage.name] |= {name for name in stage.after if name in by_name}
        for name in stage.before:
            if name in by_name:
                waits[name].add(stage.name)
    sorter = graphlib.TopologicalSorter(waits)
    try:
        sorter.prepare()
    except graphlib.CycleError as error:
        raise SettingsError(
            f"Этапы ждут друг друга по кругу: {', '.join(error.args[1])}."
        ) from error
    order: list[Stage] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        order.extend(by_name[name] for name in ready)
        sorter.done(*ready)
    return tuple(order)


def _implementations(manager: pluggy.PluginManager, hook: str) -> Iterator[tuple[str, Any]]:
    """Implementations of a hook by plugin name: the order of registration decides nothing."""
    caller = getattr(manager.hook, hook)
    for impl in sorted(caller.get_hookimpls(), key=lambda impl: impl.plugin_name):
        yield impl.plugin_name, impl.function


def _module(name: str) -> object:
    return importlib.import_module(f"{BUILT_IN_PACKAGE}.{name}")


def _distribution(entry: EntryPoint) -> tuple[str, str]:
    if entry.dist is None:
        return "?", ""
    return entry.dist.name, entry.dist.version


def _plain(error: Exception) -> str:
    """First line of an error of a plugin's own making, for the list of plugins."""
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"[:200]
