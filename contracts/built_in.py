"""The forms of this package, found by the names of their files: `f04_mentors.py` is F04.

A new form is a new file here; nothing lists it.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

import contracts

if TYPE_CHECKING:
    from contracts.form import Form

_OF_FORM = re.compile(r"(f\d\d)_\w+")


def form_modules() -> Mapping[str, str]:
    """Return the names of the forms' modules by code, without importing any."""
    names = sorted(module.name for module in pkgutil.iter_modules(contracts.__path__))
    found = {name: match for name in names if (match := _OF_FORM.fullmatch(name))}
    return {match[1].upper(): f"contracts.{name}" for name, match in found.items()}


def built_in_forms() -> tuple[type[Form], ...]:
    """Return the contracts; each file holds the one of its code."""
    # Contracts need pandera, which `--help` and `status` must not pay for.
    from contracts.form import Form  # noqa: PLC0415  # see above

    forms = []
    for code, name in form_modules().items():
        module = importlib.import_module(name)
        own = [v for v in vars(module).values() if isinstance(v, type) and v.__module__ == name]
        (form,) = (f for f in own if issubclass(f, Form))
        if form.about().code != code:
            raise TypeError(f"{name} holds {form.about().code}")
        forms.append(form)
    return tuple(forms)
