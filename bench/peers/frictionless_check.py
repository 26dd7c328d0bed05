"""frictionless validates the two lists of each book against a schema; nothing is kept."""

import sys
from pathlib import Path
from typing import Any

from frictionless import Dialect, Field, Resource, Schema, fields, formats

from contracts.f04_mentors import Mentors
from contracts.f05_mentees import Mentees
from contracts.form import Form

# The blank: titles in row 4, then official numbers and an example.
HEADER, COMMENTS = 4, [1, 2, 3, 5, 6]


def schema(form: type[Form]) -> Schema:
    """Return text fields with what is required and closed lists."""
    values = {v.name: list(v.values) for v in form.vocabularies()}
    made: list[Field] = []
    for column in form.plan().columns:
        constraints: dict[str, Any] = {"required": True} if column.required == "error" else {}
        if column.type == "enum":
            constraints["enum"] = values[column.vocabulary or ""]
        made.append(fields.AnyField(name=column.title, constraints=constraints))
    return Schema(fields=made)


def main(inbox: Path) -> None:
    errors = 0
    forms = [(form.plan().sheet, schema(form)) for form in (Mentors, Mentees)]
    for path in sorted(inbox.rglob("*.xlsx")):
        for sheet, rules in forms:
            control = formats.ExcelControl(sheet=sheet)
            dialect = Dialect(header_rows=[HEADER], comment_rows=COMMENTS, controls=[control])
            resource = Resource(
                path=path.name, basepath=str(path.parent), dialect=dialect, schema=rules
            )
            errors += resource.validate().stats["errors"]
    print(errors)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
