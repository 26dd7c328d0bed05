"""Contracts for programs of others: the Table Schema of a form, and what of it may leave.

The schema of the way up is the gate as well as the description: its closed lists leave no room
for a free text, in which a name could stand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from contracts.plan import LIST_SEPARATOR, PATTERNS, Column, FormPlan, Vocabulary
from pipeline.model import Scalar
from pipeline.publication.upward import OTHER, upward_columns

PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"
_TYPES = {"str": "string", "int": "integer", "float": "number", "bool": "boolean", "date": "date"}
_FORMATS = {"email": "email", "url": "uri"}
_SPECIAL = re.compile(r"([.^$*+?()\[\]{}|\\/])")


def table_schema(
    plan: FormPlan, vocabularies: Mapping[str, Vocabulary], *, upward: bool
) -> dict[str, Any]:
    """Return the Table Schema (Data Package v2) of a form's canonical rows.

    With *upward* it describes the rows of a package: coded persons and class A columns only.
    Dates are ISO, yes/no true/false, several values one text joined by «; ».
    """
    columns = upward_columns(plan) if upward else plan.kept
    fields = [_field(column, vocabularies, upward=upward) for column in columns]
    return {"$schema": PROFILE, "fields": fields, "missingValues": [""]}


def _field(
    column: Column, vocabularies: Mapping[str, Vocabulary], *, upward: bool
) -> dict[str, Any]:
    made: dict[str, Any] = {
        "name": column.name,
        "title": column.title,
        "type": _TYPES[column.storage],
        "format": _FORMATS.get(column.type, "default"),
    }
    if column.help:
        made["description"] = column.help
    if column.example:
        made["example"] = _example(column)
    if constraints := _constraints(column, vocabularies, upward=upward):
        made["constraints"] = constraints
    return made


def _constraints(
    column: Column, vocabularies: Mapping[str, Vocabulary], *, upward: bool
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if column.required == "error":
        found["required"] = True
    if column.minimum is not None:
        found["minimum"] = column.minimum
    if column.maximum is not None:
        found["maximum"] = column.maximum
    if column.type in PATTERNS:
        found["pattern"] = PATTERNS[column.type]
    if column.vocabulary is not None:
        found |= _choices(column, vocabularies[column.vocabulary], upward=upward)
    return found


def _choices(column: Column, vocabulary: Vocabulary, *, upward: bool) -> dict[str, Any]:
    if vocabulary.open and not upward:
        return {}
    values = list(vocabulary.values)
    if vocabulary.open and OTHER not in values:
        values.append(OTHER)
    if column.type != "multi":
        return {"enum": values}
    one = "|".join(_SPECIAL.sub(r"\\\1", value) for value in values)
    return {"pattern": f"^({one})({LIST_SEPARATOR}({one}))*$"}


def _example(column: Column) -> Scalar:
    """Return the example as a value of the field's type, which a strict reader demands."""
    text = column.example
    if column.storage == "date":
        day, month, year = text.split(".")
        return f"{year}-{month}-{day}"
    if column.storage == "bool":
        return text == "да"
    if column.storage == "int":
        return int(text)
    return float(text.replace(",", ".")) if column.storage == "float" else text
