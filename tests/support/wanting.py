"""A form that nobody can use: its vocabulary is missing."""

from __future__ import annotations

from dataclasses import replace

from contracts.columns import choice
from contracts.f02_curators import Curators
from contracts.plan import Term, Vocabulary


class Wanting(Curators):
    """A form whose vocabulary nobody brings, under a code of its own."""

    _about = replace(Curators.about(), code="X01")
    club = choice(Vocabulary("clubs", "Клуб", (Term("шахматы"),)))
