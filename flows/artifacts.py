"""Pages of a run for the operator's console: counts, shares and codes of units, never a person."""

from __future__ import annotations

from flows.stages import Board, Counts
from pipeline.words import STATES

CAME_KEY = "itog"
BOARD_KEY = "svod"
_CAME = """\
## Что пришло

| Итог | Файлов |
|---|---:|
{outcomes}
| **Всего** | **{files}** |
"""
_FIGURES = """\
## Показатели

| Показатель | Доказано – возможно | Человек | Данные |
|---|---|---:|---|
{lines}
"""
_WAITS = """\
## Что ждёт человека

* вопросов без решения: {questions}
* пакетов без утверждения: {drafts}
* не выпущено документов и показателей: {failed}
"""


def page(came: Counts, made: Counts, board: Board) -> str:
    """Return the markdown page of a run: what came, where the figures stand, what waits."""
    outcomes = [f"| {STATES[o].heading} | {n} |" for o, n in sorted(came.items()) if o in STATES]
    lines = [
        f"| {one.code} | {_share(one.low)} – {_share(one.high)} "
        f"| {one.numerator} из {one.denominator} | {one.units} из {one.units_total} ОО |"
        for one in board.figures
    ]
    return "\n".join(
        (
            _CAME.format(outcomes="\n".join(outcomes), files=came.get("files", 0)),
            _FIGURES.format(lines="\n".join(lines)),
            _WAITS.format(
                questions=board.questions, drafts=board.drafts, failed=made.get("failed", 0)
            ),
        )
    )


def table(board: Board) -> list[dict[str, str]]:
    """Return units × forms by code with the state of each, for a table in the console."""
    return [
        {"ОО": unit, **{form: STATES[state].heading for form, state in forms.items()}}
        for unit, forms in board.states
    ]


def _share(value: float | None) -> str:
    return "н/д" if value is None else f"{value * 100:.1f} %".replace(".", ",")
