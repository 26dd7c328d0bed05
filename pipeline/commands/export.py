"""A base as a file: csv for programs, xlsx for people."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from contracts.plan import FormPlan
from pipeline import system
from pipeline.errors import UsageError
from pipeline.publication.build import merge
from pipeline.render.workbook import TableColumn, XlsxWriter, answer_text
from pipeline.views import PROVENANCE, Rows
from pipeline.workspace.exchange import Exchange

# What Excel takes for a formula at the beginning of a cell; with a semicolon between cells, as it
# has in Russia, a cell may begin in the middle of a value.
_LIVE = re.compile(r"^(?=[=+\-@\t\r\n＝＋－＠])|(?<=[;\t\r\n])(?=\"*[=+\-@＝＋－＠])")


def export(exchange: Exchange, now: datetime, form: str, file: Path) -> None:
    """Write the base of a form to *file*, in the kind that its ending names."""
    makers = {".csv": export_csv, ".xlsx": export_xlsx}
    make = makers.get(file.suffix.lower())
    if make is None:
        raise UsageError("Имя файла должно кончаться на .csv или .xlsx.")
    data = make(exchange, now, form)
    with system.storage_trouble(f"Не удалось записать {file.name}"):
        system.write_whole(file, data)


def export_csv(exchange: Exchange, now: datetime, form: str) -> bytes:
    """Return the base of a form as csv for programs: names of columns, ISO dates, provenance."""
    plan, rows = _base(exchange, now, form)
    text = io.StringIO(newline="")
    names = [*PROVENANCE, *plan.names]
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_plain(row.get(name)) for name in names] for row in rows)
    return text.getvalue().encode()


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        # Readers drop the apostrophe again.
        return _LIVE.sub("'", value)
    return value.isoformat() if isinstance(value, date) else value


def export_xlsx(exchange: Exchange, now: datetime, form: str) -> bytes:
    """Return the base of a form as a workbook for people: Russian headers, where rows come from."""
    plan, rows = _base(exchange, now, form)
    writer = XlsxWriter(plan.title)
    heads = [TableColumn(title, width) for title, width in (("ОО", 14), ("Строка", 14))]
    heads += [TableColumn(c.title, c.width or 20) for c in plan.kept]
    lines = [[row["unit"], row["row_id"], *_typed(plan, row)] for row in rows]
    writer.table(plan.title, heads, lines, heading=(f"{plan.title}: единая база",), frozen=3)
    return writer.data()


def _typed(plan: FormPlan, row: Mapping[str, Any]) -> Iterable[Any]:
    for column in plan.kept:
        value = row.get(column.name)
        yield answer_text(column, value.isoformat() if isinstance(value, date) else value)


def _base(exchange: Exchange, now: datetime, form: str) -> tuple[FormPlan, Rows]:
    code = form.upper()
    if code not in exchange.plugins.plans:
        raise UsageError(f"Формы «{form}» нет. Есть: {', '.join(exchange.plugins.plans)}.")
    publication = merge(exchange, now)
    if code not in publication.bases:
        raise UsageError(f"Базы формы {code} нет: этап, который её сводит, не работает.")
    return exchange.plugins.plans[code], publication.view.base_rows(code)
