"""The package for the next level: canonical tables, how they came to be, and pages for people.

A plain zip that checks itself (`sha256sum -c SHA256SUMS`) and that a stranger's tool can open
(Frictionless Data Package v2 under `data/`). Its content is a function of the facts in force.
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import json
import zipfile
from base64 import b32encode
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from contracts.plan import LIST_SEPARATOR, Column, FormPlan, Vocabulary
from pipeline.canonical import digest_of
from pipeline.packages.table_schema import table_schema, upward_columns, upward_value
from pipeline.publication.people import base_rows
from pipeline.text import person_key
from pipeline.views import PublishView
from pipeline.workspace.settings import Recipient

DATA = "data"
SUMS = "SHA256SUMS"
# No `profile`: programs would go and fetch it.
KIND = "nastavnik-package/1"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_CODE_LETTERS = 12
# Of so many bytes base32 makes at least so many letters.
_CODE_BYTES = 8
_UNIX = 3

Files = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Contents:
    """The canonical part of a package: `data/` files without the manifest, and their digest."""

    files: Files
    resources: tuple[dict[str, Any], ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Label:
    """What tells one package from another of the same content."""

    id: str
    name: str
    number: int
    sender: Mapping[str, str]
    recipient: Mapping[str, str]
    period: str
    supersedes: str | None
    withdrawn: Sequence[str] = ()


def contents(
    view: PublishView,
    recipient: Recipient,
    vocabularies: Mapping[str, Vocabulary],
    *,
    sender: str,
    key: bytes,
    sources: Mapping[int, str],
) -> Contents:
    """Make the tables that *recipient* may see; `sources` maps submissions to their sha256."""
    code = _person_coder(key, recipient.code)
    files: Files = {}
    resources: list[dict[str, Any]] = []
    lineage: list[Sequence[object]] = []
    withheld: dict[str, Any] = {}
    for form, plan in view.plans.items():
        name = f"{form}_{plan.name}"
        rows = base_rows(view, form)
        extra = _shared_columns(plan, recipient)
        header, lines = _table(plan, rows, sender, _Gate(code, extra, vocabularies))
        files[f"{DATA}/{name}.csv"] = _csv(header, lines)
        schema = _schema(plan, vocabularies, extra)
        resources.append({"name": name.lower(), "path": f"{name}.csv", "schema": schema})
        lineage += [_origin(name, number, row, sources) for number, row in enumerate(rows, 1)]
        withheld[form] = _withheld(plan, header)
    files |= _side_tables(view, lineage)
    files[f"{DATA}/notices.json"] = _pretty(_remark_counts(view))
    files[f"{DATA}/privacy.json"] = _pretty(_privacy(recipient, withheld))
    for form, plan in view.plans.items():
        files[f"{DATA}/contract/{form}.json"] = _pretty({**asdict(plan), "examples": []})
    resources += [_side_resource(name) for name in sorted(_SIDE)]
    digest = digest_of({path: hashlib.sha256(data).hexdigest() for path, data in files.items()})
    return Contents(files, tuple(resources), digest)


def pack(made: Contents, label: Label, pages: Files) -> bytes:
    """Return the zip: *pages* for people on top, the data below, everything under SHA256SUMS."""
    files = {**pages, **made.files}
    files[f"{DATA}/datapackage.json"] = _pretty(_manifest(made, label))
    sums = "".join(
        f"{hashlib.sha256(data).hexdigest()}  {path}\n" for path, data in sorted(files.items())
    )
    files[SUMS] = sums.encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path, data in sorted(files.items()):
            entry = zipfile.ZipInfo(path, _EPOCH)
            entry.create_system = _UNIX
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return buffer.getvalue()


def _manifest(made: Contents, label: Label) -> dict[str, Any]:
    resources = []
    for resource in made.resources:
        data = made.files[f"{DATA}/{resource['path']}"]
        resources.append(
            {
                **resource,
                "type": "table",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "dialect": {"delimiter": ",", "lineTerminator": "\n"},
                "bytes": len(data),
                "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
            }
        )
    return {
        "name": label.name.lower().replace("_", "-"),
        "id": label.id,
        "kind": KIND,
        "number": label.number,
        "period": label.period,
        "sender": dict(label.sender),
        "recipient": dict(label.recipient),
        "content_digest": made.digest,
        "supersedes": label.supersedes,
        "withdrawn": list(label.withdrawn),
        "nil": [r["name"] for r in made.resources if _lines(made, r) == 1],
        "resources": resources,
    }


def _lines(made: Contents, resource: Mapping[str, Any]) -> int:
    return made.files[f"{DATA}/{resource['path']}"].count(b"\n")


def _person_coder(key: bytes, recipient: str) -> Callable[[str, object], str]:
    """Codes of persons, other for each recipient: two of them cannot be joined without the key."""

    def code(unit: str, name: object) -> str:
        if not name:
            return ""
        text = f"{recipient}|{unit}|{person_key(str(name))}".encode()
        mac = hmac.digest(key, text, "sha256")
        return b32encode(mac[:_CODE_BYTES])[:_CODE_LETTERS].decode()

    return code


def _shared_columns(plan: FormPlan, recipient: Recipient) -> tuple[Column, ...]:
    """Columns with a person's name that leave only where the row itself allows it."""
    names = {column.name for column in plan.kept}
    if not recipient.share_curators or "share_region" not in names:
        return ()
    return tuple(plan.column(n) for n in ("fio", "position", "phone", "email") if n in names)


@dataclass(frozen=True, slots=True)
class _Gate:
    """What turns a row of a base into a row that may leave."""

    code: Callable[[str, object], str]
    extra: Sequence[Column]
    vocabularies: Mapping[str, Vocabulary]


def _schema(
    plan: FormPlan, vocabularies: Mapping[str, Vocabulary], extra: Sequence[Column]
) -> dict[str, Any]:
    """Table Schema of an upward form; it names no address, as nothing in a package does."""
    schema = table_schema(plan, vocabularies, upward=True)
    shared = [{"name": c.name, "title": c.title, "type": "string"} for c in extra]
    return {"fields": [*schema["fields"], *shared], "missingValues": schema["missingValues"]}


def _table(
    plan: FormPlan, rows: Sequence[Mapping[str, Any]], sender: str, gate: _Gate
) -> tuple[list[str], list[list[object]]]:
    code, extra = gate.code, gate.extra
    people = [name for name in (plan.person, plan.counterpart) if name]
    names = dict(zip(("person", "counterpart"), people, strict=False))
    header = [c.name for c in (*upward_columns(plan), *extra)]
    lines = []
    for row in rows:
        origin = str(row["unit"])
        coded = [_codes(code, origin, row.get(column)) for column in names.values()]
        open_row = bool(row.get("share_region"))
        shared = [row.get(c.name) if open_row else None for c in extra]
        values = [upward_value(c, row.get(c.name), gate.vocabularies) for c in plan.upward]
        lines.append([sender, origin, *coded, *map(_plain, (*values, *shared))])
    return header, lines


def _codes(code: Callable[[str, object], str], unit: str, value: object) -> str:
    """Codes of one or several persons; in the order of the codes, so that names leave no trace."""
    names = str(value or "").split(LIST_SEPARATOR)
    return LIST_SEPARATOR.join(sorted(code(unit, name) for name in names if name))


def _plain(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else value


def _origin(
    name: str, number: int, row: Mapping[str, Any], sources: Mapping[int, str]
) -> list[object]:
    submission = int(row["submission"])
    return [name, number, row["unit"], row["row_id"], submission, sources[submission], row["line"]]


_SIDE: dict[str, dict[str, str]] = {
    "units": {"unit": "string", "kind": "string", "name": "string", "inn": "string"},
    "board": {"unit": "string", "form": "string", "state": "string", "rows": "integer"},
    "indicators": {
        "code": "string",
        "unit": "string",
        "proven": "integer",
        "possible": "integer",
        "denominator": "integer",
        "control": "integer",
    },
    "lineage": {
        "resource": "string",
        "line": "integer",
        "unit": "string",
        "row_id": "string",
        "submission": "integer",
        "sha256": "string",
        "source_line": "integer",
    },
}


def _side_tables(view: PublishView, lineage: Sequence[Sequence[object]]) -> Files:
    tables: dict[str, Iterable[Sequence[object]]] = {
        "units": [[u.code, u.kind, u.short_name, u.inn] for u in view.reporting_units()],
        "board": [
            [x.unit, f"{x.form}.{x.stage}" if x.stage else x.form, x.state, x.rows]
            for x in view.board
        ],
        "indicators": [
            [
                code,
                part.unit,
                part.numerator_low,
                part.numerator_high,
                part.denominator,
                part.control,
            ]
            for code, result in view.indicators.items()
            for part in result.breakdown
        ],
        "lineage": lineage,
    }
    return {
        f"{DATA}/{name}.csv": _csv(list(_SIDE[name]), [[_plain(v) for v in row] for row in rows])
        for name, rows in tables.items()
    }


def _side_resource(name: str) -> dict[str, Any]:
    fields = [{"name": n, "type": t} for n, t in _SIDE[name].items()]
    return {"name": name, "path": f"{name}.csv", "schema": {"fields": fields}}


def _remark_counts(view: PublishView) -> list[dict[str, Any]]:
    """Codes and counts of open remarks; no values."""
    counts = Counter((r.unit, r.form, r.notice.code, r.notice.severity) for r in view.remarks)
    return [
        {"unit": unit, "form": form, "code": code, "severity": severity, "count": count}
        for (unit, form, code, severity), count in sorted(counts.items())
    ]


def _withheld(plan: FormPlan, header: Sequence[str]) -> dict[str, Any]:
    kept_back = [c for c in plan.kept if c.name not in header]
    return {
        "columns_sent": list(header),
        "columns_withheld": [{"name": c.name, "privacy": c.privacy} for c in kept_back],
    }


def _privacy(recipient: Recipient, forms: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "recipient": recipient.code,
        "persons": "codes",
        "curators": "those who allowed it" if recipient.share_curators else "codes",
        "transformations": [
            "persons are codes derived for this recipient",
            "only columns of class A with closed types leave row by row",
            "texts written instead of a listed value are reduced to «иное»",
        ],
        "forms": dict(forms),
    }


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


def _pretty(data: object) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
