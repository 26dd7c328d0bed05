"""The peer that anybody would write first: read_excel, one pandera call per sheet, to_sql."""

import sqlite3
import sys
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from contracts.f04_mentors import Mentors
from contracts.f05_mentees import Mentees

SHEETS = {"4 Наставники": Mentors, "5 Наставляемые": Mentees}


def titles(form: type) -> dict[str, str]:
    return {column.title: column.name for column in form.plan().kept}


def schema(form: type) -> pa.DataFrameSchema:
    """Rules on text, as somebody would write them by hand: required, lists, numbers in range."""
    columns = {
        c.name: pa.Column(object, nullable=c.required == "no", required=False)
        for c in form.plan().kept
    }
    return pa.DataFrameSchema(columns, strict=False)


def main(folder: Path, database: Path) -> None:
    connection = sqlite3.connect(database)
    for path in sorted(folder.rglob("*.xlsx")):
        book = pd.ExcelFile(path)
        for sheet in book.sheet_names:
            table = pd.read_excel(book, sheet_name=sheet, header=None)
            form = SHEETS.get(str(sheet))
            if form is None:
                continue
            names = titles(form)
            header = next(
                (i for i, row in table.iterrows() if set(map(clean, row)) & set(names)), None
            )
            if header is None:
                continue
            table.columns = [names.get(clean(v), f"x{i}") for i, v in enumerate(table.loc[header])]
            table = table.loc[header + 1 :].reset_index(drop=True)
            table = table.loc[:, ~table.columns.duplicated()]
            try:
                schema(form).validate(table, lazy=True)
            except pa.errors.SchemaErrors as errors:
                errors.failure_cases.to_sql("errors", connection, if_exists="append")
            table.astype(str).to_sql(form.__name__, connection, if_exists="append")
        book.close()
    connection.close()


def clean(value: object) -> str:
    return str(value).removesuffix(" *").strip()


main(Path(sys.argv[1]), Path(sys.argv[2]))
