"""Figures that a person acts on or signs: whole numbers only, never a rounded share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from contracts.plan import FormPlan
from pipeline.model import Unit
from pipeline.views import BoardLine
from pipeline.words import staged

# Below this many people a share says little.
SMALL_NUMBER = 5


@dataclass(frozen=True, slots=True)
class Rate:
    """How many units gave a form (`given`), in time (`on_time`), of how many that should."""

    given: int
    on_time: int
    expected: int

    @property
    def reporting(self) -> float | None:
        """Полнота, a share 0…1; None where nobody is asked."""
        return self.given / self.expected if self.expected else None

    @property
    def timely(self) -> float | None:
        """Своевременность, a share 0…1; None where nobody is asked."""
        return self.on_time / self.expected if self.expected else None


def asked_forms(plans: Mapping[str, FormPlan]) -> list[tuple[str, str, str]]:
    """Return form, stage and name of all that the board has a column for, in their order."""
    return [
        (code, stage, staged(plan.title, stage))
        for code, plan in plans.items()
        for stage in plan.stages or ("",)
    ]


def common_due(lines: Iterable[BoardLine], form: str, stage: str = "") -> date | None:
    """Return the day on which most units owe a form; some may have a day of their own."""
    days = Counter(
        line.due for line in lines if (line.form, line.stage) == (form, stage) and line.due
    )
    return max(days, key=lambda day: (days[day], -day.toordinal()), default=None)


def rates(lines: Iterable[BoardLine], units: Sequence[Unit], form: str, stage: str = "") -> Rate:
    """Return полнота and своевременность of a form over *units* (schools that exist on the day)."""
    asked = {unit.code for unit in units}
    here = [x for x in lines if (x.form, x.stage) == (form, stage) and x.unit in asked]
    given = sum(line.in_force is not None for line in here)
    return Rate(given, sum(line.on_time for line in here), len(asked))


def missing_to(target: float | None, numerator: int, denominator: int) -> int:
    """Return how many more people the numerator needs for the share to reach *target*.

    0.7 of 10 is exactly 7: the target counts as the decimal it is written as.
    """
    if target is None:
        return 0
    share = Fraction(str(target))
    needed = -(-denominator * share.numerator // share.denominator)
    return max(0, needed - numerator)
