"""Prints differences so that a person sees first what changed most."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from bench.compare.collect import NOTICE, SENTENCES
from bench.compare.differ import Change, Differences, FileChange, NoticeChange

_WIDTH = 160
# A change that so many files share is told once.
_SHARED = 3


def lines(found: Differences, *, limit: int, verbose: bool = False) -> Iterator[str]:
    """Return the report line by line; each list shows *limit* entries, or all where *verbose*."""
    shown = limit if not verbose else 10**9
    if not found.any:
        yield "No difference in content."
    yield from _notices(found.notices, shown)
    if found.figures:
        yield f"\nFigures that changed: {len(found.figures)}"
        yield from _cut([f"  {_change(one)}" for one in found.figures], shown)
    for title, names in (("only before", found.gone), ("only now", found.new)):
        if names:
            yield f"\nFiles {title}: {len(names)}"
            yield from _cut([f"  {name}" for name in names], shown)
    yield from _files(found.files, shown)
    if found.expected:
        count = sum(len(one.changes) for one in found.expected)
        title = "Expected with every version (digests, sizes)"
        yield f"\n{title}: {count} in {len(found.expected)} files"
        if verbose:
            for file in found.expected:
                yield f"  {file.name}"
                yield from (f"    {_change(one)}" for one in file.changes)
    if found.bytes_only:
        yield f"\nFiles with the same content in other bytes: {len(found.bytes_only)}"
        if verbose:
            yield from (f"  {name}" for name in found.bytes_only)


def _notices(changes: Iterable[NoticeChange], limit: int) -> Iterator[str]:
    kinds: dict[str, dict[str, list[NoticeChange]]] = {"went": {}, "came": {}, "changed": {}}
    for change in changes:
        kind = "went" if change.new is None else "came" if change.old is None else "changed"
        kinds[kind].setdefault(change.code, []).append(change)
    for kind, title in (("went", "disappeared"), ("came", "appeared"), ("changed", "changed")):
        total = sum(map(len, kinds[kind].values()))
        if total:
            yield f"\nNotices that {title}: {total}"
        for code, same in sorted(kinds[kind].items(), key=lambda item: -len(item[1])):
            yield f"  {code}: {len(same)}"
            if kind == "changed":
                yield from _fields(same, limit)
            else:
                yield from _cut([f"    {_where(one)}" for one in same], limit)


def _where(change: NoticeChange) -> str:
    said = change.new if change.new is not None else change.old or {}
    place = f"{said.get('sheet', '')}!{said.get('cell', '')}".strip("!")
    words = (change.label, said.get("severity"), said.get("form"), place, said.get("value"))
    return _short(", ".join(word for word in words if word))


def _fields(changes: Iterable[NoticeChange], limit: int) -> Iterator[str]:
    """Say how often each property changed alike, and where first."""
    alike: dict[tuple[str, str, str], list[NoticeChange]] = defaultdict(list)
    for change in changes:
        old, new = change.old or {}, change.new or {}
        for name in (*NOTICE, *SENTENCES):
            if old.get(name) != new.get(name):
                alike[name, str(old.get(name)), str(new.get(name))].append(change)
    told = [
        f"    {len(same)} × {name}: {_arrow(old, new)}   e.g. {_where(same[0])}"
        for (name, old, new), same in sorted(alike.items(), key=lambda item: -len(item[1]))
    ]
    yield from _cut(told, limit)


def _files(files: Iterable[FileChange], limit: int) -> Iterator[str]:
    files = list(files)
    if not files:
        return
    yield f"\nFiles whose content changed: {len(files)}"
    often = Counter(change for file in files for change in set(file.changes))
    first = {change: file.name for file in reversed(files) for change in file.changes}
    shared = [(change, count) for change, count in often.most_common() if count >= _SHARED]
    if shared:
        yield "  the same in several files:"
        told = [f"    {n} × {_change(change)}   e.g. {first[change]}" for change, n in shared]
        yield from _cut(told, limit)
    own = [(f.name, [c for c in f.changes if often[c] < _SHARED]) for f in files]
    alone = [(name, changes) for name, changes in own if changes]
    for name, changes in alone[:limit]:
        yield f"  {name}: {len(changes)}"
        yield from _cut([f"    {_change(change)}" for change in changes], limit)
    if len(alone) > limit:
        yield f"  … and {len(alone) - limit} more files"


def _cut(told: list[str], limit: int) -> Iterator[str]:
    yield from told[:limit]
    if len(told) > limit:
        yield f"{told[0][: len(told[0]) - len(told[0].lstrip())]}… and {len(told) - limit} more"


def _change(change: Change) -> str:
    return f"{change.place}: {_arrow(change.old, change.new)}"


def _arrow(old: str | None, new: str | None) -> str:
    """Show the two texts from where they part."""
    if old is None or new is None:
        return (
            f"{_short(old) if old is not None else '∅'} → {_short(new) if new is not None else '∅'}"
        )
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    start = max(0, start - 20) if max(len(old), len(new)) > _WIDTH else 0
    lead = "…" if start else ""
    return f"{lead}{_short(old[start:])} → {lead}{_short(new[start:])}"


def _short(text: str) -> str:
    text = text.replace("\n", "⏎")
    return text if len(text) <= _WIDTH else f"{text[:_WIDTH]}…"
