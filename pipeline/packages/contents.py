"""The package for the next level: canonical tables, how they came to be, and pages for people.

A plain zip that checks itself (`sha256sum -c SHA256SUMS`) and that a stranger's tool can open
(Frictionless Data Package v2 under `data/`). Its content is a function of the facts in force.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import zipfile
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import chain
from pathlib import Path
from typing import IO, Any

from contracts.plan import Column, FormPlan, Vocabulary
from pipeline.canonical import digest_of
from pipeline.packages.suppression import FEW, THRESHOLD, TOTAL, suppressed
from pipeline.packages.table_schema import table_schema
from pipeline.publication.build import Publication
from pipeline.publication.upward import csv_lines, shared_columns, upward_header
from pipeline.views import BoardLine, PublishView
from pipeline.workspace.settings import Recipient
from pipeline.workspace.witness import Head

DATA = "data"
SUMS = "SHA256SUMS"
# No `profile`: programs would go and fetch it.
KIND = "nastavnik-package/1"
PUPILS = f"{DATA}/pupils.csv"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_CHUNK = 1 << 20

Files = dict[str, bytes]
# By form and unit: how many rows leave one by one, and pupils by their form of mentoring.
Leaves = Mapping[str, Mapping[str, tuple[int, Mapping[str, int]]]]


@dataclass(frozen=True, slots=True)
class Member:
    """One file of the content: its bytes in hand, or where they lie; its digest and size."""

    sha256: str
    size: int
    lines: int
    data: bytes | None = field(default=None, repr=False)
    path: Path | None = None

    @classmethod
    def of(cls, data: bytes) -> Member:
        """Return a member whose bytes are in hand."""
        return cls(hashlib.sha256(data).hexdigest(), len(data), data.count(b"\n"), data)

    def copy_to(self, target: IO[bytes]) -> None:
        """Write the bytes."""
        if self.path is None:
            target.write(self.data or b"")
            return
        with self.path.open("rb") as source:
            shutil.copyfileobj(source, target, _CHUNK)


@dataclass(frozen=True, slots=True)
class Contents:
    """The canonical part of a package: `data/` files without the manifest, and their digest."""

    files: Mapping[str, Member]
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
    head: Head | None = None


def contents(
    publication: Publication,
    recipient: Recipient,
    vocabularies: Mapping[str, Vocabulary],
    folder: Path,
    before: Path | None = None,
) -> Contents:
    """Make the tables that *recipient* may see; those of rows are written into *folder*.

    *before* is the last package made for them: what is told of pupils depends on what was told.
    """
    view, summaries = publication.view, publication.summaries
    leaving = _leaving(publication)
    files: dict[str, Member] = {}
    resources: list[dict[str, Any]] = []
    withheld: dict[str, Any] = {}
    for form, plan in view.plans.items():
        name = f"{form}_{plan.name}"
        header = upward_header(plan, recipient)
        lines = chain([csv_lines([header])], summaries.lines(recipient.code, form))
        files[f"{DATA}/{name}.csv"] = _spooled(folder / f"{name}.csv", lines)
        schema = _schema(plan, vocabularies, shared_columns(plan, recipient))
        resources.append({"name": name.lower(), "path": f"{name}.csv", "schema": schema})
        withheld[form] = _withheld(plan, header)
    files[f"{DATA}/lineage.csv"] = _spooled(folder / "lineage.csv", _lineage(publication))
    small = {
        **_side_tables(publication, leaving, told_pupils(before)),
        f"{DATA}/notices.json": _pretty(_remark_counts(view, leaving)),
        f"{DATA}/privacy.json": _pretty(_privacy(recipient, withheld)),
        **{
            f"{DATA}/contract/{form}.json": _pretty({**plan.plain, "examples": []})
            for form, plan in view.plans.items()
        },
    }
    files |= {path: Member.of(data) for path, data in small.items()}
    resources += [_side_resource(name) for name in sorted(_SIDE)]
    digest = digest_of({path: member.sha256 for path, member in files.items()})
    return Contents(files, tuple(resources), digest)


def pack(made: Contents, label: Label, pages: Files, target: IO[bytes]) -> None:
    """Write the zip: *pages* for people on top, the data below, everything under SHA256SUMS."""
    files = {path: Member.of(data) for path, data in pages.items()} | dict(made.files)
    files[f"{DATA}/datapackage.json"] = Member.of(_pretty(_manifest(made, label)))
    sums = "".join(f"{member.sha256}  {path}\n" for path, member in sorted(files.items()))
    files[SUMS] = Member.of(sums.encode())
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for path, member in sorted(files.items()):
            entry = zipfile.ZipInfo(path, _EPOCH)
            entry.create_system = _UNIX
            entry.external_attr = 0o644 << 16
            entry.file_size = member.size
            with archive.open(entry, "w") as inside:
                member.copy_to(inside)


def sums_of(package: Path) -> dict[str, str]:
    """Return the sha256 of each file of a package, as it says them itself."""
    with zipfile.ZipFile(package) as archive:
        lines = archive.read(SUMS).decode().splitlines()
    pairs = (line.split("  ", 1) for line in lines)
    return {path: sha256 for sha256, path in pairs}


def _spooled(path: Path, pieces: Iterable[bytes]) -> Member:
    """Write a table piece by piece, and hash it on the way."""
    digest, size, lines = hashlib.sha256(), 0, 0
    with path.open("wb") as file:
        for piece in pieces:
            digest.update(piece)
            size += len(piece)
            lines += piece.count(b"\n")
            file.write(piece)
    return Member(digest.hexdigest(), size, lines, path=path)


def _lineage(publication: Publication) -> Iterator[bytes]:
    yield csv_lines([list(_SIDE["lineage"])])
    for form, plan in publication.view.plans.items():
        name, number = f"{form}_{plan.name}", 0
        for ends in publication.summaries.origins(form):
            lines = [f"{name},{place},{end}" for place, end in enumerate(ends, number + 1)]
            number += len(ends)
            yield "".join(lines).encode()


def _manifest(made: Contents, label: Label) -> dict[str, Any]:
    resources = []
    for resource in made.resources:
        member = made.files[f"{DATA}/{resource['path']}"]
        resources.append(
            {
                **resource,
                "type": "table",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "dialect": {"delimiter": ",", "lineTerminator": "\n"},
                "bytes": member.size,
                "hash": f"sha256:{member.sha256}",
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
        # The receiver's copy shows whether the ledger was changed or cut short since.
        **({"ledger": asdict(label.head)} if label.head else {}),
        "nil": [r["name"] for r in made.resources if _lines(made, r) == 1],
        "resources": resources,
    }


def _lines(made: Contents, resource: Mapping[str, Any]) -> int:
    return made.files[f"{DATA}/{resource['path']}"].lines


def _schema(
    plan: FormPlan, vocabularies: Mapping[str, Vocabulary], extra: Sequence[Column]
) -> dict[str, Any]:
    """Table Schema of an upward form; it names no address, as nothing in a package does."""
    schema = table_schema(plan, vocabularies, upward=True)
    shared = [{"name": c.name, "title": c.title, "type": "string"} for c in extra]
    return {"fields": [*schema["fields"], *shared], "missingValues": schema["missingValues"]}


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
    # A number, «<3», or «скрыто»; an empty unit is all of them.
    "pupils": {
        "resource": "string",
        "mentoring_form": "string",
        "unit": "string",
        "count": "string",
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


def told_pupils(package: Path | None) -> dict[tuple[str, str, str], str]:
    """Return what a package tells of pupils: by table, form of mentoring and unit."""
    if package is None:
        return {}
    with zipfile.ZipFile(package) as archive:
        if PUPILS not in archive.namelist():
            return {}
        lines = list(csv.DictReader(io.StringIO(archive.read(PUPILS).decode())))
    return {(x["resource"], x["mentoring_form"], x["unit"]): x["count"] for x in lines}


def _pupils(
    publication: Publication, leaving: Leaves, before: Mapping[tuple[str, str, str], str]
) -> list[Sequence[object]]:
    """How many pupils each unit has in a form of mentoring, told so that no few can be told apart.

    No sum over the forms of a unit is given.
    """
    lines: list[Sequence[object]] = []
    for form, by_unit in leaving.items():
        name = f"{form}_{publication.view.plans[form].name}"
        kinds = {kind for _, pupils in by_unit.values() for kind in pupils}
        kinds |= {kind for table, kind, _unit in before if table == name}
        for kind in sorted(kinds):
            told = {unit: text for (t, k, unit), text in before.items() if (t, k) == (name, kind)}
            counts = {unit: pupils.get(kind, 0) for unit, (_, pupils) in by_unit.items()}
            shown = suppressed(counts, told)
            lines += [[name, kind, unit, shown[unit]] for unit in (*counts, TOTAL)]
    return lines


def _leaving(publication: Publication) -> Leaves:
    """Forms in whose bases there is any pupil, with what leaves of them by unit."""
    bases = [form for form in publication.view.plans if form in publication.bases]
    found = {form: publication.summaries.leaving(form) for form in bases}
    return {
        form: by_unit
        for form, by_unit in found.items()
        if any(pupils for _, pupils in by_unit.values())
    }


def _rows_told(leaving: Leaves, line: BoardLine) -> int:
    """Rows of a unit's form that leave: those of pupils are told in a table of their own."""
    return leaving.get(line.form, {}).get(line.unit, (line.rows, {}))[0]


def _side_tables(
    publication: Publication, leaving: Leaves, before: Mapping[tuple[str, str, str], str]
) -> Files:
    view = publication.view
    tables: dict[str, Iterable[Sequence[object]]] = {
        "units": [[u.code, u.kind, u.short_name, u.inn] for u in view.reporting_units()],
        "board": [
            [
                x.unit,
                f"{x.form}.{x.stage}" if x.stage else x.form,
                x.state,
                _rows_told(leaving, x),
            ]
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
        "pupils": _pupils(publication, leaving, before),
    }
    return {
        f"{DATA}/{name}.csv": csv_lines([list(_SIDE[name]), *rows]) for name, rows in tables.items()
    }


def _side_resource(name: str) -> dict[str, Any]:
    fields = [{"name": n, "type": t} for n, t in _SIDE[name].items()]
    return {"name": name, "path": f"{name}.csv", "schema": {"fields": fields}}


def _remark_counts(view: PublishView, young: Container[str]) -> list[dict[str, Any]]:
    """Codes and counts of open remarks; no values, and of forms with pupils no small numbers."""
    counts = Counter((r.unit, r.form, r.notice.code, r.notice.severity) for r in view.remarks)
    return [
        {
            "unit": unit,
            "form": form,
            "code": code,
            "severity": severity,
            "count": FEW if form in young and count < THRESHOLD else count,
        }
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
        "minors": "counts only, small ones hidden",
        "curators": "those who allowed it" if recipient.share_curators else "codes",
        "transformations": [
            "grown-up persons are codes derived for this recipient",
            "minors leave as numbers only: one and two are «<3», and no total gives them away",
            "only columns of class A with closed types leave row by row",
            "texts written instead of a listed value are reduced to «иное»",
        ],
        "forms": dict(forms),
    }


def _pretty(data: object) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
