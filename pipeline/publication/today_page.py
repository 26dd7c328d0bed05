"""The page «Сегодня»: what waits for a person, whom to call, what came, where the figures stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from pipeline.model import Outcome
from pipeline.publication.overdue import OverdueUnit, calls
from pipeline.publication.rates import Rate, asked_forms, common_due, missing_to, rates
from pipeline.render import html
from pipeline.render.values import share_text
from pipeline.views import IndicatorResult, PublishView, Signatories
from pipeline.words import MONTHS, STATES, WEEKDAYS, counted

PackageState = Literal["draft", "approved", "sent"]

PACKAGE_STATES: dict[PackageState, str] = {
    "draft": "ждёт утверждения",
    "approved": "утверждён, не отправлен",
    "sent": "отправлен",
}
# How many schools a figure names where it says who can still lift it.
MOST_LACKING = 5
# A longer list of files that came is folded away.
FEW = 15
# A longer list of what lies aside in the inbox is cut.
MOST_ASIDE = 20


@dataclass(frozen=True, slots=True)
class Question:
    """A question that waits: `id` as `questions` takes it, `choices` in words."""

    id: str
    unit: str
    text: str = field(repr=False)
    choices: tuple[str, ...]
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class RecentFile:
    """A file that came since yesterday: from whom, which forms, what became of it."""

    number: int
    unit: str
    forms: tuple[str, ...]
    outcome: Outcome
    moment: datetime


@dataclass(frozen=True, slots=True)
class PackageLine:
    """A package as it stands; `moment` is when it came into its state."""

    name: str
    recipient: str
    state: PackageState
    moment: datetime | None = None


@dataclass(frozen=True, slots=True)
class FormRate:
    """How complete a form is: its title, its day, schools that gave it and that should."""

    title: str
    due: date | None
    rate: Rate


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A school that can still lift a figure: how many people it lacks to the target by itself."""

    unit: str
    missing: int


@dataclass(frozen=True, slots=True)
class Figure:
    """An indicator with the schools that lack most to its target."""

    result: IndicatorResult
    lacking: tuple[Shortfall, ...] = ()


@dataclass(frozen=True, slots=True)
class TodayPage:
    """All that the page says. Moments are aware, in the municipality's zone.

    `last_run` is the last whole cycle that ended well; `run_late` that a scheduled one is missed;
    `failed` what could not be done, `aside` what lies in the inbox and is not taken, in Russian
    sentences.
    """

    names: Signatories
    period: str
    now: datetime
    questions: tuple[Question, ...] = ()
    calls: tuple[OverdueUnit, ...] = ()
    came: tuple[RecentFile, ...] = ()
    figures: tuple[Figure, ...] = ()
    rates: tuple[FormRate, ...] = ()
    packages: tuple[PackageLine, ...] = ()
    last_run: datetime | None = None
    run_late: bool = False
    failed: tuple[str, ...] = ()
    aside: tuple[str, ...] = field(default=(), repr=False)
    letters: int = 0

    @property
    def calm(self) -> bool:
        """Whether nothing waits for anybody today."""
        drafts = any(package.state in ("draft", "approved") for package in self.packages)
        waits = self.questions or self.calls or self.failed or self.aside
        return not (waits or self.run_late or drafts)


def figures_of(view: PublishView) -> tuple[Figure, ...]:
    """Return each indicator of a publication with the schools that lack most."""
    names = {unit.code: unit.short_name for unit in view.units}
    found = []
    for code in sorted(view.indicators):
        result = view.indicators[code]
        lacking = [
            Shortfall(names.get(line.unit, line.unit), missing)
            for line in result.breakdown
            if line.denominator
            and line.numerator_low is not None
            and (missing := missing_to(result.target, line.numerator_low, line.denominator))
        ]
        lacking.sort(key=lambda school: (-school.missing, school.unit))
        found.append(Figure(result, tuple(lacking[:MOST_LACKING])))
    return tuple(found)


def rates_of(view: PublishView) -> tuple[FormRate, ...]:
    """Return полнота and своевременность of every form."""
    schools = view.reporting_units()
    return tuple(
        FormRate(
            title,
            common_due(view.board, form, stage),
            rates(view.board, schools, form, stage),
        )
        for form, stage, title in asked_forms(view.plans)
    )


def page_of(view: PublishView, now: datetime, **more: object) -> TodayPage:
    """Return the page of a publication; *more* are the fields of `TodayPage` it cannot know."""
    return TodayPage(
        view.names,
        view.period,
        now,
        calls=calls(view, view.contacts),
        figures=figures_of(view),
        rates=rates_of(view),
        **more,  # type: ignore[arg-type]  # fields of the page by their names
    )


def render(page: TodayPage) -> bytes:
    """Return the page as one self-contained html file."""
    return html.render(
        "today.html.j2",
        title=f"Сегодня, {_long_day(page.now)}",
        page=page,
        states=STATES,
        package_states=PACKAGE_STATES,
        share=share_text,
        day=lambda value: f"{value:%d.%m.%Y}",
        clock=lambda value: f"{value:%d.%m %H:%M}",
        count=counted,
        few=FEW,
        most_aside=MOST_ASIDE,
    )


def _long_day(now: datetime) -> str:
    return f"{now.day} {MONTHS[now.month - 1]} {now.year} г., {WEEKDAYS[now.weekday()]}"
