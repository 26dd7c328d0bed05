"""Reads what a commit left of a corpus: notices, figures and files, as content and not as bytes."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import lxml.html

from bench.compare import books

_STEM = re.compile(r"^Приём (\d{6})( – .*)$")
_BLOCKS = frozenset(
    ("p", "div", "li", "tr", "h1", "h2", "h3", "h4", "section", "header", "footer", "td", "th")
)
_BLOCKS |= {"table", "ul", "ol", "dl", "dt", "dd", "br", "caption", "summary", "details", "body"}
# What `Content.said` and `Content.figures` hold of a receipt already.
_ELSEWHERE = frozenset(("notices", "forms", "outcome", "totals"))
# By which of these an entry of a list is known, so that one more entry does not shift the others.
_NAMED_BY = ("row", "id", "indicator", "package", "unit", "path", "code", "name")
_NUMBERS = (
    *("numerator_proven", "numerator_possible", "denominator", "control", "missing", "target"),
    *("share_proven", "share_possible", "units_counted", "units_total"),
)
NOTICE = ("code", "severity", "form", "sheet", "cell", "row", "column", "value", "who")
SENTENCES = ("what", "fix", "example")


@dataclass(frozen=True, slots=True)
class File:
    """A file that was written: its digest, and its content as lines or as text by place."""

    sha256: str
    lines: tuple[str, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Content:
    """All that one commit said of a corpus.

    `said` has, by the label of a submitted file, its notices as mappings; `figures` are outcomes,
    counts, indicators and exit codes by name; `files` are files by name.
    """

    said: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    figures: dict[str, str] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)


class Labels:
    """Names submissions by the files they were, because numbers shift when one more is counted."""

    def __init__(self, inputs: Mapping[str, tuple[str, str]]) -> None:
        self._waiting: dict[tuple[str, str], list[str]] = defaultdict(list)
        for label, key in sorted(inputs.items()):
            self._waiting[key].append(label)
        self._digests = {digest: label for label, (_, digest) in sorted(inputs.items())}
        # Packages by digest: a delivered one is the one that lies in the outbox.
        self.packages: dict[str, str] = {}

    def of(self, workspace: str, receipt: Mapping[str, Any]) -> str:
        """Return the label of the next submission with this receipt."""
        waiting = self._waiting[workspace, receipt["sha256"]]
        unit, name = receipt["unit"]["code"], receipt["file_name"]
        fitting = [x for x in waiting if x.endswith(f"/{name}") and f"/{unit}/" in x]
        fitting += [x for x in waiting if x.endswith(f"/{name}")]
        if not fitting:
            return f"{workspace}/?/{receipt['number']}"
        waiting.remove(fitting[0])
        return fitting[0]

    def veil(self, text: str) -> str:
        """Replace digests of input files by their labels: a corpus written anew has others."""
        return re.sub(
            r"\b[0-9a-f]{64}\b",
            lambda found: f"<{self._digests[found[0]]}>" if found[0] in self._digests else found[0],
            text,
        )


def collect(root: Path, inputs: Mapping[str, tuple[str, str]]) -> Content:
    """Read the workspaces that the driver left under *root*."""
    content = Content()
    labels = Labels(inputs)
    for place in sorted(path for path in root.iterdir() if path.is_dir()):
        _workspace(place, labels, content)
    return content


def _workspace(place: Path, labels: Labels, content: Content) -> None:
    name, outbox = place.name, place / "workspace" / "outbox"
    for number, step in enumerate(json.loads((place / "said.json").read_text("utf-8"))):
        key = f"{name}: step {number:02d} {step['step']}"
        content.figures[key] = f"exit {step['exit']} {step['words']}".strip()
    known = _receipts(name, outbox, labels, content)
    for folder, under in ((outbox, ""), (place / "answers", "answers/"), (place / "kept", "kept/")):
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.is_file():
                _file(f"{name}/{under}{_named(path, folder, known)}", path, labels, content)


def _named(path: Path, folder: Path, known: Mapping[str, str]) -> str:
    found = _STEM.match(path.name)
    if found and found[1] in known:
        where = path.relative_to(folder).parent.as_posix()
        return f"{where}/{known[found[1]]}{found[2]}"
    return path.relative_to(folder).as_posix()


def _receipts(name: str, outbox: Path, labels: Labels, content: Content) -> dict[str, str]:
    receipts = [json.loads(path.read_bytes()) for path in outbox.rglob("*квитанция.json")]
    known = {}
    for receipt in sorted(receipts, key=lambda one: one["number"]):
        label = labels.of(name, receipt)
        known[f"{receipt['number']:06d}"] = label.replace("/", "⁄")
        content.said[label] = [
            {key: str(notice.get(key) or "") for key in (*NOTICE, *SENTENCES)}
            for notice in receipt["notices"]
        ]
        content.figures[f"{label}: outcome"] = receipt["outcome"]
        for part in receipt["forms"]:
            where = f"{label}: {part['form']}"
            while f"{where} outcome" in content.figures:
                where += "′"
            content.figures[f"{where} outcome"] = part["outcome"]
            content.figures[f"{where} in force"] = part["in_force"]
            for count, value in part["counts"].items():
                content.figures[f"{where} {count}"] = str(value)
    return known


def _file(name: str, path: Path, labels: Labels, content: Content) -> None:
    data = path.read_bytes()
    if path.suffix == ".json":
        answer = json.loads(data) if data.strip() else {}
        for where, figure in _indicators(answer, name):
            content.figures[where] = figure
    _read(name, data, labels, content)


def _read(name: str, data: bytes, labels: Labels, content: Content) -> None:
    digest = hashlib.sha256(data).hexdigest()
    suffix = name.rpartition(".")[2].casefold()
    lines: list[str] = []
    places: dict[str, str] = {}
    if suffix == "xlsx":
        places = _book(data)
    elif suffix == "html":
        lines = sentences(data)
    elif suffix == "json":
        places = flat(_rest(json.loads(data))) if data.strip() else {}
    elif suffix in ("zip", "docx"):
        if digest in labels.packages:
            lines = [f"the same as {labels.packages[digest]}"]
        else:
            labels.packages[digest] = name
            with zipfile.ZipFile(io.BytesIO(data)) as parts:
                lines = sorted(parts.namelist())
                for part in lines:
                    _read(f"{name} → {part}", parts.read(part), labels, content)
    else:
        try:
            lines = data.decode("utf-8-sig").splitlines()
        except UnicodeDecodeError:
            lines = [f"<{len(data)} bytes, {digest}>"]
    content.files[name] = File(
        digest,
        tuple(map(labels.veil, lines)),
        {place: labels.veil(text) for place, text in places.items()},
    )


def _book(data: bytes) -> dict[str, str]:
    try:
        return books.content(data)
    except Exception as error:  # noqa: BLE001  # a stranger's workbook with our marks: anything
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            rest = {f"part {name}": parts.read(name).decode("utf-8", "replace")
                    for name in parts.namelist() if name.endswith(".xml")}  # fmt: skip
        return {"unreadable": type(error).__name__, **rest}


def _rest(data: Any) -> Any:
    """Take out of an answer what is compared as notices and figures."""
    if not isinstance(data, dict):
        return data
    if data.get("kind") == "nastavnik-receipt":
        return {key: value for key, value in data.items() if key not in _ELSEWHERE}
    if "indicator" in data:
        return {key: value for key, value in data.items() if key not in (*_NUMBERS, "units")}
    if "indicators" in data:
        rest = {key: value for key, value in data.items() if key != "bases"}
        return rest | {"indicators": [_rest(one) for one in data["indicators"]]}
    return data


def _indicators(answer: Any, name: str) -> Iterable[tuple[str, str]]:
    """Figures of indicators in what `publish` or `explain` answered."""
    if not isinstance(answer, dict) or "/answers/" not in name:
        return
    for form, rows in (answer.get("bases") or {}).items():
        yield f"{name}: base {form}", str(rows)
    many = answer.get("indicators") or ([answer] if "indicator" in answer else [])
    for one in many:
        where = f"{name}: {one['indicator']}"
        for number in _NUMBERS:
            yield f"{where} {number}", str(one.get(number))
        for unit in one.get("units", ()):
            for number, value in unit.items():
                if number != "unit":
                    yield f"{where} {unit['unit']} {number}", str(value)


def flat(data: Any, where: str = "") -> dict[str, str]:
    """Return JSON as text by place: «units.oo-101.name»."""
    if isinstance(data, dict):
        pairs: Iterable[tuple[Any, Any]] = data.items()
    elif isinstance(data, list):
        pairs = zip(_names(data), data, strict=True)
    else:
        return {where: books.shown(data)}
    found = {} if data else {where: str(data)}
    for key, value in pairs:
        found |= flat(value, f"{where}.{key}" if where else str(key))
    return found


def _names(entries: list[Any]) -> list[str]:
    """Name the entries of a list by a key that tells them apart, or number them."""
    if all(isinstance(entry, dict) for entry in entries):
        for key in _NAMED_BY:
            names = [str(entry.get(key, "")) for entry in entries]
            if all(names) and len(set(names)) == len(names):
                return names
    return [str(number) for number in range(len(entries))]


def sentences(data: bytes) -> list[str]:
    """Return a page as a reader meets it: one line for each block, links with their targets."""
    page = lxml.html.document_fromstring(data, parser=lxml.html.HTMLParser(encoding="utf-8"))
    words: list[str] = []

    def walk(node: Any) -> None:
        if not isinstance(node.tag, str) or node.tag in ("script", "style"):
            return
        block = node.tag in _BLOCKS
        words.append("\n" if block else "")
        words.append(node.text or "")
        for child in node:
            walk(child)
            words.append(child.tail or "")
        if node.tag == "a" and node.get("href"):
            words.append(f" <{node.get('href')}>")
        words.append("\n" if block else "")

    walk(page)
    # A line of the source is no line of the page, so that breaks are kept apart from blanks.
    text = "".join(w if w == "\n" else re.sub(r"\s+", " ", w) for w in words)
    return [line.strip() for line in text.split("\n") if line.strip()]


def to_data(content: Content) -> dict[str, Any]:
    """Return content as plain data to be saved."""
    files = {
        name: {"sha256": f.sha256, "lines": list(f.lines), "places": dict(f.places)}
        for name, f in content.files.items()
    }
    return {"said": dict(content.said), "figures": dict(content.figures), "files": files}


def from_data(data: Mapping[str, Any]) -> Content:
    """Return content that `to_data` made plain."""
    files = {
        name: File(one["sha256"], tuple(one["lines"]), one["places"])
        for name, one in data["files"].items()
    }
    return Content(data["said"], data["figures"], files)
