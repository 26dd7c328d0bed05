"""Values of vocabularies: one of a list, or several."""

from __future__ import annotations

import re
from collections.abc import Iterable

from contracts.plan import LIST_SEPARATOR, Vocabulary
from pipeline.reading.normalise.characters import compact_key, is_blank
from pipeline.reading.normalise.reading import BLANK, Ask, Note, Read, leftover
from pipeline.text import fold

_BRACKETS = re.compile(r"\([^()]*\)")
_NUMBERING = re.compile(r"^(?:№ ?)?[0-9]{1,2} ?[.)] ?(?=\S)")
_OTHER = re.compile(
    r"(?:иное|другое|прочее) ?(?:\((?P<inside>.+)\)|(?:: ?| [-–—] ?)(?P<behind>.+))", re.I | re.S
)
_OTHER_VALUE = "иное"

# Key → the values it may stand for; a key of one value decides.
_Lookup = dict[str, tuple[str, ...]]
_LOOKUPS: dict[int, tuple[Vocabulary, _Lookup]] = {}


def read_enum(ask: Ask) -> Read:
    """Read one value of the column's vocabulary."""
    return BLANK if _empty(ask.text, ask.vocabulary) else _choose(ask.text, ask)


def read_multi(ask: Ask) -> Read:
    """Read several values, parted by newline, semicolon or, where all parts are known, comma."""
    if _empty(ask.text, ask.vocabulary):
        return BLANK
    readings = [_choose(part, ask) for part in _parts(ask.text, ask.vocabulary)]
    values = list(dict.fromkeys(str(r.value) for r in readings if r.value is not None))
    notes = tuple(note for r in readings for note in r.notes)
    left = tuple(piece for r in readings for piece in r.left)
    if not values:
        return Read(notes=notes, failed=any(r.failed for r in readings))
    return Read(LIST_SEPARATOR.join(values), tuple(_softened(notes)), left=left)


def _softened(notes: Iterable[Note]) -> Iterable[Note]:
    """Lower errors to remarks: the cell has a value even without the part they speak of."""
    for note in notes:
        bad = note.code in ("value_not_in_list", "value_ambiguous")
        yield Note(note.code, note.params, "remark", note.value) if bad else note


def _choose(text: str, ask: Ask) -> Read:
    words = ask.vocabulary
    if words is None:
        return Read(text)
    found = _find(text, words)
    if len(found) == 1:
        synonym = compact_key(_NUMBERING.sub("", text)) != compact_key(found[0])
        note = Note("value_synonym", {"stored": found[0]}, value=text)
        return Read(found[0], (note,) if synonym else ())
    if found:
        return Read(
            notes=(Note("value_ambiguous", {"choices": _listed(found)}, value=text),), failed=True
        )
    return _other(text, words)


def _other(text: str, words: Vocabulary) -> Read:
    said = _OTHER.fullmatch(text)
    what = (said["inside"] or said["behind"]).strip() if said else text
    allowed = {"allowed": _listed(words.values)}
    if words.open and re.search(r"[^\W_]", what):
        found = _find(what, words)
        if said and len(found) == 1:
            return Read(found[0])
        stored = f"{_OTHER_VALUE}: {what}"
        note = Note("value_other", {"stored": stored, **allowed}, value=text)
        return Read(stored, () if said else (note,))
    if said and _OTHER_VALUE in words.values:
        return Read(_OTHER_VALUE, left=((what, leftover(what)),))
    return Read(notes=(Note("value_not_in_list", allowed, value=text),), failed=True)


def _parts(text: str, words: Vocabulary | None) -> list[str]:
    if words is not None and _find(" ".join(text.split()), words):
        return [" ".join(text.split())]
    parts = [part for raw in re.split(r"[;\n]", text) if (part := raw.strip(" ,"))]
    return [piece for part in parts for piece in _comma_parts(part, words)]


def _comma_parts(part: str, words: Vocabulary | None) -> list[str]:
    pieces = [piece for raw in part.split(",") if (piece := raw.strip())]
    if words is None or len(pieces) < 2 or _find(part, words):
        return [part]
    return pieces if all(_find(piece, words) for piece in pieces) else [part]


def _empty(text: str, words: Vocabulary | None) -> bool:
    # «нет» is a value of some lists, so the list is asked first.
    blank = is_blank(text) or text == "0"
    return blank and (words is None or not _find(text, words))


def _listed(values: Iterable[str]) -> str:
    return LIST_SEPARATOR.join(values)


def _find(text: str, words: Vocabulary) -> tuple[str, ...]:
    lookup = _lookup(words)
    bare = _NUMBERING.sub("", text)
    for spelling in (text, bare):
        if found := lookup.get(compact_key(spelling)):
            return found
    found = lookup.get(compact_key(_without_title(_BRACKETS.sub(" ", bare), words)), ())
    return found if _OTHER_VALUE not in found else ()


def _without_title(text: str, words: Vocabulary) -> str:
    """Drop what repeats the header: «форма «учитель – учитель»», «категория: высшая»."""
    title = fold(words.title).split()
    typed = text.split()
    while len(typed) > 1 and fold(typed[0]).strip(" :-") in title:
        typed = typed[1:]
    return " ".join(typed)


def _lookup(words: Vocabulary) -> _Lookup:
    """Return the spellings of a vocabulary; made once, for a file asks thousands of times."""
    kept = _LOOKUPS.get(id(words))
    if kept is None or kept[0] is not words:
        kept = _LOOKUPS[id(words)] = (words, _build(words))
    return kept[1]


def _build(words: Vocabulary) -> _Lookup:
    lookup: _Lookup = {}
    for term in words.terms:
        for synonym in term.synonyms:
            values = (*lookup.get(compact_key(synonym), ()), term.value)
            lookup[compact_key(synonym)] = tuple(dict.fromkeys(values))
    lookup |= {compact_key(spelling): values for spelling, values in words.ambiguous.items()}
    lookup |= {compact_key(value): (value,) for value in words.values}
    return lookup
