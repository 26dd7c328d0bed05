"""The plugins of this run: loaded one by one, asked one by one, and named when they fail."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
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
from pipeline.workspace import compiled, descriptors
from pipeline.workspace.compiled import Compiled, LazyForms
from pipeline.workspace.containment import (
    LOG,
    Fault,
    Faults,
    Kind,
    WrongAnswerError,
    contain,
)
from pipeline.workspace.stage_order import one_merge_per_form, ordered
from pipeline.workspace.validation import nothing

if TYPE_CHECKING:
    import click

    from contracts.form import Form

BUILT_IN_PACKAGE = "pipeline.plugins"
# The attribute of a command that says whose it is.
OWNER = "nastavnik_plugin"
DISABLED = "отключён в настройках"
Answer = TypeVar("Answer")
Result = TypeVar("Result")


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

    `digests` are the content hashes of the plans: a decision names the contract it was made by;
    `owners` say which plugin brought a descriptor; `faults` what went wrong in this run.
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
    owners: Mapping[tuple[Kind, str], str] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults, repr=False, compare=False)
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

    def call(
        self,
        kind: Kind,
        name: str,
        run: Callable[[], Answer],
        check: Callable[[Answer], Result],
        *,
        passing: tuple[type[Exception], ...] = (),
    ) -> Result | Fault:
        """Call a descriptor: its answer as *check* lets it through, or what was wrong.

        Everything of a plugin is called here and, while it is loaded, by the `Loader` in the same
        way (`contain`).
        """
        who = (self.owner(kind, name), kind, name)
        return contain(self.faults, who, run, check, passing=passing)

    def owner(self, kind: Kind, name: str) -> str:
        """Return the plugin that brought a descriptor."""
        return self.owners.get((kind, name), "?")

    def emit(self, event: str, **words: Any) -> None:
        """Tell every plugin of an event; one that fails is named and passed over."""
        for name, function in _implementations(self.manager, event):
            contain(self.faults, (name, "event", event), partial(function, **words), nothing)

    def hear_readers(self, failed: Iterable[str]) -> None:
        """Name the readers that could not be asked in the child process."""
        for name in failed:
            self.faults.hear(
                Fault(self.owner("reader", name), "reader", name, "ReaderError", "не отвечает")
            )


class Loader:
    """Collects plugins: built-in modules, entry points of other distributions, given objects.

    *spoken_of* are the names that tables of the settings have: one that no plugin has is named.
    """

    def __init__(
        self,
        disabled: Iterable[str] = (),
        extra: Iterable[object] = (),
        spoken_of: Iterable[str] = (),
    ) -> None:
        self.manager = pluggy.PluginManager(hookspecs.PROJECT)
        self.manager.add_hookspecs(hookspecs.Specs)
        self._failed: list[PluginInfo] = []
        self._origin: dict[str, tuple[str, str]] = {}
        self._owners: dict[tuple[Kind, str], str] = {}
        disabled = tuple(disabled)
        for name in disabled:
            self.manager.set_blocked(name)
        package = importlib.import_module(BUILT_IN_PACKAGE)
        for module in sorted(m.name for m in pkgutil.iter_modules(package.__path__)):
            self._register(module, "встроен", "", partial(_module, module))
        for entry in sorted(entry_points(group=hookspecs.PROJECT), key=lambda e: e.name):
            self._register(entry.name, *_distribution(entry), entry.load)
        for plugin in extra:
            self._register(_name(plugin), "передан программой", "", partial(_itself, plugin))
        self._name_unknown((*disabled, *spoken_of))

    def _register(self, name: str, origin: str, version: str, load: Callable[[], Any]) -> None:
        if self.manager.is_blocked(name):
            self._failed.append(PluginInfo(name, origin, version, error=DISABLED))
            return
        if self.manager.has_plugin(name):
            LOG.error("plugin %s was not loaded: its name is taken", name)
            self._failed.append(PluginInfo(name, origin, version, error="имя уже занято"))
            return
        who: tuple[str, Kind, str] = (name, "plugin", name)
        fault = contain(Faults(), who, partial(self._load, name, load), nothing, loading=True)
        if fault is None:
            self._origin[name] = (origin, version)
            return
        if self.manager.has_plugin(name):
            self.manager.unregister(name=name)
        self._failed.append(PluginInfo(name, origin, version, error=fault.said))

    def _load(self, name: str, load: Callable[[], Any]) -> None:
        plugin = load()
        if inspect.isclass(plugin):
            plugin = plugin()
        try:
            self.manager.register(plugin, name=name)
            # A misspelled hook is silent until it is asked for.
            self.manager.check_pending()
        except pluggy.PluginValidationError as error:
            # Our own words about the plugin's functions.
            raise WrongAnswerError(f"PluginValidationError: {_first_line(error)}") from None

    def _name_unknown(self, names: Iterable[str]) -> None:
        known = {name for name, _plugin in self.manager.list_name_plugin()}
        known |= {info.name for info in self._failed}
        # A blocked name stands in the manager's list whether there is such a plugin or not.
        known -= {name for name in names if self.manager.is_blocked(name)} - {
            info.name for info in self._failed
        }
        for name in dict.fromkeys(names):
            if name not in known:
                words = "назван в настройках, а плагина такого нет"
                self._failed.append(PluginInfo(name, "настройки", error=words))

    def commands(self, cli: click.Group) -> None:
        """Let plugins add their commands to *cli*; one that fails or replaces another adds none."""
        for name, function in _implementations(self.manager, "register_commands"):
            before = dict(cli.commands)
            who: tuple[str, Kind, str] = (name, "hook", "register_commands")
            fault = contain(
                Faults(),
                who,
                partial(function, cli=cli),
                partial(descriptors.added_commands, cli, before),
                loading=True,
            )
            if isinstance(fault, Fault):
                cli.commands.clear()
                cli.commands.update(before)
                self._failed.append(PluginInfo(name, "register_commands", error=fault.said))
                continue
            for command in fault:
                setattr(cli.commands[command], OWNER, name)

    def describe(self, kept: Path | None = None) -> Plugins:
        """Ask all plugins for their descriptors; two of one name are an error that names both.

        What contracts come to is kept in the folder *kept*, and they are opened when needed.
        """
        contracts, forms = self._contracts(kept)
        readers = self._collect("register_readers", "reader", descriptors.reader)
        stages = self._collect("register_stages", "stage", descriptors.stage)
        return Plugins(
            forms=forms,
            plans=contracts.plans,
            digests=contracts.digests,
            vocabularies=contracts.vocabularies,
            readers=tuple(readers[name] for name in sorted(readers)),
            stages=ordered(one_merge_per_form(tuple(stages.values()))),
            indicators=self._collect("register_indicators", "indicator", descriptors.indicator),
            documents=self._collect("register_documents", "document", descriptors.document),
            transports=self._collect("register_transports", "transport", descriptors.transport),
            catalogue=_catalogue(stages.values()),
            infos=self.infos(),
            owners=self._owners,
            manager=self.manager,
        )

    def _contracts(self, folder: Path | None) -> tuple[Compiled, Mapping[str, type[Form]]]:
        givers = [
            f"{hook} {name}"
            for hook in ("register_contracts", "register_vocabularies")
            for name, _function in _implementations(self.manager, hook)
        ]
        key = compiled.fingerprint(givers) if folder else ""
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
        vocabularies = self._collect("register_vocabularies", None, descriptors.vocabulary)
        contract = partial(descriptors.contract, vocabularies=vocabularies)
        forms = self._collect("register_contracts", None, contract)
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

    def _collect(
        self, hook: str, kind: Kind | None, name_of: Callable[[Any], str]
    ) -> dict[str, Any]:
        found: dict[str, Any] = {}
        owners: dict[str, str] = {}
        for name, function in _implementations(self.manager, hook):
            check = partial(descriptors.named_items, name_of=name_of)
            items = contain(Faults(), (name, "hook", hook), function, check, loading=True)
            if isinstance(items, Fault):
                self._failed.append(PluginInfo(name, hook, error=items.said))
                continue
            for code, item in items:
                if code in found:
                    raise SettingsError(
                        f"Два плагина объявляют «{code}»: {owners[code]} и {name}. "
                        "Отключите один из них в настройках."
                    )
                found[code], owners[code] = item, name
        if kind is not None:
            self._owners |= {(kind, code): name for code, name in owners.items()}
        return dict(sorted(found.items()))


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


def _implementations(
    manager: pluggy.PluginManager, hook: str
) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Implementations of a hook by plugin name: the order of registration decides nothing.

    Each takes the arguments it has asked for, which may be fewer than the hook offers.
    """
    caller = getattr(manager.hook, hook)
    for impl in sorted(caller.get_hookimpls(), key=lambda impl: impl.plugin_name):
        yield impl.plugin_name, partial(_answer, impl)


def _answer(impl: pluggy.HookImpl, **words: Any) -> Any:
    return impl.function(**{name: words[name] for name in impl.argnames})


def _module(name: str) -> object:
    return importlib.import_module(f"{BUILT_IN_PACKAGE}.{name}")


def _itself(plugin: object) -> object:
    return plugin


def _name(plugin: object) -> str:
    name = getattr(plugin, "__name__", "")
    return name if isinstance(name, str) and name else type(plugin).__name__


def _distribution(entry: EntryPoint) -> tuple[str, str]:
    if entry.dist is None:
        return "?", ""
    return entry.dist.name, entry.dist.version


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
