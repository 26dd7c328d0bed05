"""Finds what two commits said differently of one corpus."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from bench.compare.collect import Content, File
from bench.compare.rows import aligned

Said = Mapping[str, str]
# Digests, whole or as letters show them, speak of bytes; so do sizes and the program's version.
_DIGEST = re.compile(r"\b[0-9a-f]{16,64}\b|\b[0-9a-f]{8}…")
_BOOKKEEPING = re.compile(r"(?:^|\.)(?:bytes|program)$")
_PLACE = ("code", "form", "sheet", "cell", "row")


@dataclass(frozen=True, slots=True)
class NoticeChange:
    """A notice of one submission that went (`new` None), came (`old` None) or says other things."""

    label: str
    old: Said | None
    new: Said | None

    @property
    def code(self) -> str:
        """Code of the notice."""
        return (self.old or self.new or {})["code"]


@dataclass(frozen=True, slots=True)
class Change:
    """What stood at a place and what stands there now; None where there is nothing."""

    place: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file that both have, and where its content differs."""

    name: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Differences:
    """All differences; `expected` come with every version, `bytes_only` hold the same content."""

    notices: tuple[NoticeChange, ...] = ()
    figures: tuple[Change, ...] = ()
    gone: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    files: tuple[FileChange, ...] = ()
    expected: tuple[FileChange, ...] = ()
    bytes_only: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """Whether anything differs that somebody could read or count."""
        return bool(self.notices or self.figures or self.gone or self.new or self.files)


def differences(old: Content, new: Content) -> Differences:
    """Return what *new* says differently from *old*."""
    labels = sorted({*old.said, *new.said})
    notices = [c for x in labels for c in _notices(x, old.said.get(x, []), new.said.get(x, []))]
    both = sorted(old.files.keys() & new.files.keys())
    files, expected, bytes_only = [], [], []
    for name in both:
        before, after = old.files[name], new.files[name]
        real, bookkeeping = _content(before, after)
        if real:
            files.append(FileChange(name, real))
        if bookkeeping:
            expected.append(FileChange(name, bookkeeping))
        if not real and not bookkeeping and before.sha256 != after.sha256:
            bytes_only.append(name)
    return Differences(
        tuple(notices),
        tuple(_places(old.figures, new.figures)),
        tuple(sorted(old.files.keys() - new.files.keys())),
        tuple(sorted(new.files.keys() - old.files.keys())),
        tuple(files),
        tuple(expected),
        tuple(bytes_only),
    )


def _notices(label: str, old: Sequence[Said], new: Sequence[Said]) -> Iterator[NoticeChange]:
    before, after = (Counter(tuple(sorted(one.items())) for one in said) for said in (old, new))
    went = [dict(one) for one in (before - after).elements()]
    came = [dict(one) for one in (after - before).elements()]
    for one in went:
        place = [one.get(name) for name in _PLACE]
        twin = next((o for o in came if [o.get(name) for name in _PLACE] == place), None)
        if twin is not None:
            came.remove(twin)
        yield NoticeChange(label, one, twin)
    for one in came:
        yield NoticeChange(label, None, one)


def _places(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    for place in dict.fromkeys((*old, *new)):
        before, after = old.get(place), new.get(place)
        if before != after:
            yield Change(place, before, after)


def _content(old: File, new: File) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
    """Return the real changes of a file, and those of its bookkeeping."""
    real: list[Change] = []
    bookkeeping: list[Change] = []
    places = new.places if old.places == new.places else aligned(old.places, new.places)
    for change in _places(old.places, places):
        (bookkeeping if _bookkeeping(change) else real).append(change)
    if old.lines != new.lines:
        masked = [_masked(line) for line in old.lines], [_masked(line) for line in new.lines]
        lines = tuple(_lines(*masked))
        real += lines
        if not lines:
            pairs = zip(old.lines, new.lines, strict=True)
            bookkeeping += [Change("line", a, b) for a, b in pairs if a != b]
    return tuple(real), tuple(bookkeeping)


def _bookkeeping(change: Change) -> bool:
    if change.old is None or change.new is None:
        return False
    return bool(_BOOKKEEPING.search(change.place)) or _masked(change.old) == _masked(change.new)


def _masked(text: str) -> str:
    return _DIGEST.sub("<digest>", text)


def _lines(old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            continue
        for offset in range(max(b - a, d - c)):
            before = old[a + offset] if a + offset < b else None
            after = new[c + offset] if c + offset < d else None
            yield Change("line", before, after)
