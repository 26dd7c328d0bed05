"""The peer that anybody would write first: read_excel, a pandera call a sheet, to_sql, to_excel.

Two of the five forms, with rules as somebody would write them by hand; no answers, no package.
"""

import sqlite3
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pandera.pandas as pa

from contracts.f04_mentors import Mentors
from contracts.f05_mentees import Mentees
from contracts.form import Form

FORMS: dict[str, type[Form]] = {form.plan().sheet: form for form in (Mentors, Mentees)}


def schema(form: type[Form]) -> pa.DataFrameSchema:
    """Return rules on text: required columns, closed lists, numbers in their range."""
    values = {v.name: list(v.values) for v in form.vocabularies()}
    columns = {}
    for column in form.plan().kept:
        checks = []
        if column.type == "enum":
            checks.append(pa.Check.isin(values[column.vocabulary or ""]))
        if column.type in ("int", "year"):
            least, most = column.limits
            checks.append(pa.Check(lambda s, least=least, most=most: in_range(s, least, most)))
        columns[column.name] = pa.Column(
            object, checks, nullable=column.required != "error", required=False
        )
    return pa.DataFrameSchema(columns, strict=False)


def in_range(values: Any, least: int | None, most: int | None) -> Any:
    numbers = pd.to_numeric(values, errors="coerce")
    return numbers.between(least or 0, most or 9999)


def table(book: pd.ExcelFile, sheet: str, form: type[Form]) -> pd.DataFrame | None:
    """Find the header by its titles and return what stands under it."""
    names = {column.title: column.name for column in form.plan().kept}
    cells = pd.read_excel(book, sheet_name=sheet, header=None)
    for index, (_, row) in enumerate(cells.iterrows()):
        titles = [str(value).removesuffix(" *").strip() for value in row]
        if set(titles) & set(names):
            cells.columns = [names.get(title, f"x{i}") for i, title in enumerate(titles)]
            return cells.iloc[index + 1 :].reset_index(drop=True)
    return None


def main(inbox: Path, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    rules = {form: schema(form) for form in FORMS.values()}
    bases: dict[type[Form], list[pd.DataFrame]] = {form: [] for form in FORMS.values()}
    (out / "base.sqlite").unlink(missing_ok=True)
    connection = sqlite3.connect(out / "base.sqlite")
    for path in sorted(inbox.rglob("*.xlsx")):
        with pd.ExcelFile(path, engine="openpyxl") as book:
            for sheet in FORMS.keys() & set(map(str, book.sheet_names)):
                form = FORMS[sheet]
                rows = table(book, sheet, form)
                if rows is None:
                    continue
                try:
                    rules[form].validate(rows, lazy=True)
                except pa.errors.SchemaErrors as errors:
                    failed = errors.failure_cases.astype(str)
                    failed.to_sql("errors", connection, if_exists="append", index=False)
                rows = rows.astype(str).assign(unit=path.parent.name)
                rows.to_sql(form.__name__, connection, if_exists="append", index=False)
                bases[form].append(rows)
    connection.close()
    for form, parts in bases.items():
        pd.concat(parts).to_excel(out / f"{form.__name__}.xlsx", index=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
