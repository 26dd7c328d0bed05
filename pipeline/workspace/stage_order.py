"""The order in which stages run, and that no two of them make the same base."""

from __future__ import annotations

import graphlib
from collections.abc import Sequence

from pipeline.errors import SettingsError
from pipeline.hookspecs import Stage


def one_merge_per_form(stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
    """Return the stages; `SettingsError` names two that merge the same form."""
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
