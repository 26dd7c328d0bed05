"""«Прочтите.html»: what an officer of the next level opens first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline import pages
from pipeline.hookspecs import Indicator
from pipeline.settings import Recipient
from pipeline.views import IndicatorResult, PublishView
from pipeline.workbook import share_text


def page(
    view: PublishView,
    recipient: Recipient,
    documents: Sequence[str],
    indicators: Mapping[str, Indicator],
) -> bytes:
    """Return the cover page of a package."""
    schools = {unit.code for unit in view.reporting_units()}
    given = {line.unit for line in view.board if line.in_force is not None and line.unit in schools}
    return pages.render(
        "cover.html.j2",
        title=f"Сведения о наставничестве для {recipient.name}",
        view=view,
        recipient=recipient,
        documents=documents,
        given=len(given),
        asked=len(schools),
        as_of=view.as_of.strftime("%d.%m.%Y %H:%M"),
        indicators=[_line(indicators[code], r) for code, r in view.indicators.items()],
    )


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
