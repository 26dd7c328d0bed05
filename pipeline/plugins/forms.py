"""The forms of the main job, and the vocabularies that forms take their values from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from contracts.built_in import built_in_forms
from contracts.plan import Vocabulary
from contracts.vocabularies import VOCABULARIES
from pipeline.hookspecs import hookimpl

if TYPE_CHECKING:
    from contracts.form import Form


@hookimpl
def register_contracts() -> Sequence[type[Form]]:
    """Register the forms that lie in `contracts/`."""
    return built_in_forms()


@hookimpl
def register_vocabularies() -> Sequence[Vocabulary]:
    """Register those that several forms share, and each form's own."""
    found = {vocabulary.name: vocabulary for vocabulary in VOCABULARIES}
    for form in built_in_forms():
        for vocabulary in form.vocabularies():
            if found.setdefault(vocabulary.name, vocabulary) != vocabulary:
                raise TypeError(f"{form.__name__} has another {vocabulary.name}")
    return tuple(found.values())
