"""«Прочтите.html» and the letter: what an officer of the next level opens first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.hookspecs import Indicator
from pipeline.render import html
from pipeline.render.values import share_text
from pipeline.views import IndicatorResult, PublishView
from pipeline.workspace.settings import Recipient

NO_PERSONS = "Персональные данные в составе пакета отсутствуют."
CURATORS = (
    "Из персональных данных в пакете есть только контакты кураторов, разрешивших их передачу."
)


def page(
    view: PublishView,
    recipient: Recipient,
    documents: Sequence[str],
    indicators: Mapping[str, Indicator],
) -> bytes:
    """Return the cover page of a package."""
    given, asked = _coverage(view)
    return html.render(
        "cover.html.j2",
        title=f"Сведения о наставничестве для {recipient.name}",
        view=view,
        recipient=recipient,
        documents=documents,
        given=given,
        asked=asked,
        as_of=view.as_of.strftime("%d.%m.%Y %H:%M"),
        indicators=[_line(indicators[code], r) for code, r in view.indicators.items()],
    )


def letter(view: PublishView, recipient: Recipient, package: str, digest: str) -> bytes:
    """Return the covering letter, ready to print and sign; number and date are left to a person."""
    given, asked = _coverage(view)
    return html.render(
        "letter.html.j2",
        names=view.names,
        recipient=recipient,
        period=view.period,
        package=package,
        digest=digest,
        given=given,
        asked=asked,
        as_of=view.as_of.strftime("%d.%m.%Y"),
        persons=CURATORS if recipient.share_curators else NO_PERSONS,
    )


def _coverage(view: PublishView) -> tuple[int, int]:
    """How many schools of how many have anything in force."""
    schools = {unit.code for unit in view.reporting_units()}
    given = {line.unit for line in view.board if line.in_force is not None and line.unit in schools}
    return len(given), len(schools)


def _line(indicator: Indicator, result: IndicatorResult) -> dict[str, str]:
    low, high = result.numerator_low, result.numerator_high
    share = share_text(result.low)
    if low != high:
        share = f"{share} … {share_text(result.high)}"
    people = f"{low}" if low == high else f"от {low} до {high}"
    return {
        "share": share,
        "title": f"{indicator.code}. {indicator.title}",
        "numbers": f"{people} из {result.denominator}; данные по {result.units_counted} "
        f"из {result.units_total} ОО.",
        "source": indicator.source,
    }
