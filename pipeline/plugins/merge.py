"""The единая база of each built-in form: rows in force of all units, persons told apart."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from pipeline.hookspecs import Stage, hookimpl
from pipeline.publication.people import default_merge

FORMS = ("F01", "F02", "F04", "F05", "F08")


@hookimpl
def register_stages() -> Sequence[Stage]:
    """Register one merge stage per built-in form."""
    return tuple(
        Stage(
            name=f"merge_{form}",
            help=f"действующие строки {form} по организациям и людям",
            kind="merge",
            run=partial(default_merge, form=form),
            forms=(form,),
        )
        for form in FORMS
    )
