"""The five forms of the main job and their vocabularies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from contracts.plan import Vocabulary
from contracts.vocabularies import VOCABULARIES
from pipeline.hookspecs import hookimpl

if TYPE_CHECKING:
    from contracts.form import Form


@hookimpl
def register_contracts() -> Sequence[type[Form]]:
    """Register F01, F02, F04, F05 and F08."""
    # Contracts need pandera, which `--help` and `status` must not pay for.
    from contracts.f01_school_card import SchoolCard  # noqa: PLC0415  # see above
    from contracts.f02_curators import Curators  # noqa: PLC0415  # see above
    from contracts.f04_mentors import Mentors  # noqa: PLC0415  # see above
    from contracts.f05_mentees import Mentees  # noqa: PLC0415  # see above
    from contracts.f08_staff_summary import StaffSummary  # noqa: PLC0415  # see above

    return (SchoolCard, Curators, Mentors, Mentees, StaffSummary)


@hookimpl
def register_vocabularies() -> Sequence[Vocabulary]:
    """Register the vocabularies of Appendix B."""
    return VOCABULARIES
