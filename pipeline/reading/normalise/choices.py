"""Values of vocabularies: one of a list, or several."""

from __future__ import annotations

import re
from collections.abc import Iterable

from contracts.plan import LIST_SEPARATOR, Vocabulary
from pipeline.reading.normalise.characters import compact_key, is_blank, plain_dashes
from pipeline.reading.normalise.reading import BLANK, CellInput, CellNote, CellResult, leftover_note
from pipeline.text import fold

_BRACKETS = re.compile(r"\([^()]*\)")
# What parts two sides; a bare hyphen may be within a word: «учитель-предметник – учитель».
_SIDES = 2
_BETWEEN = (re.compile(r" - | ?(?:→|->|=>|/) ?"), re.compile("-"))
_NUMBERING = re.compile(r"^(?:№ ?)?[0-9]{1,2} ?[.)] ?(?=\S)")
_OTHER = re.compile(
    r"(?:иное|другое|прочее) ?(?:\((?P<inside>.+)\)|(?:: ?| [-–—] ?)(?P<behind>.+))", re.I | re.S
)
_OTHER_VALUE = "иное"

# Key → the values it may stand for; a key of one value decides.
_Lookup = dict[str, tuple[str, ...]]
_LOOKUPS: dict[int, tuple[Vocabulary, _Lookup]] = {}


def read_enum(given: CellInput) -> CellResult:
    """Read one value of the column's vocabulary."""
    return BLANK if _empty(given.text, given.vocabulary) else _choose(given.text, given)


def read_multi(given: CellInput) -> CellResult:
    """Read several values, parted by newline, semicolon or, where all parts are known, comma."""
    if _empty(given.text, given.vocabulary):
        return BLANK
    readings = [_choose(part, given) for part in _parts(given.text, given.vocabulary)]
    values = list(dict.fromkeys(str(r.value) for r in readings if r.value is not None))
    notes = tuple(note for r in readings for note in r.notes)
    left = tuple(piece for r in readings for piece in r.leftover)
    if not values:
        return CellResult(notes=notes, failed=any(r.failed for r in readings))
    return CellResult(LIST_SEPARATOR.join(values), tuple(_softened(notes)), leftover=left)


def _softened(notes: Iterable[CellNote]) -> Iterable[CellNote]:
    """Lower errors to remarks: the cell has a value even without the part they speak of."""
    for note in notes:
        bad = note.code in ("value_not_in_list", "value_ambiguous")
        yield CellNote(note.code, note.params, "remark", note.value) if bad else note


def _choose(text: str, given: CellInput) -> CellResult:
    words = given.vocabulary
    if words is None:
        return CellResult(text)
    found = _find(text, words)
    if len(found) == 1:
        synonym = compact_key(_NUMBERING.sub("", text)) != compact_key(found[0])
        note = CellNote("value_synonym", {"stored": found[0]}, value=text)
        return CellResult(found[0], (note,) if synonym else ())
    if found:
        return CellResult(
            notes=(CellNote("value_ambiguous", {"choices": _listed(found)}, value=text),),
            failed=True,
        )
    return _other(text, words)


def _other(text: str, words: Vocabulary) -> CellResult:
    said = _OTHER.fullmatch(text)
    what = (said["inside"] or said["behind"]).strip() if said else text
    allowed = {"allowed": _listed(words.values)}
    if words.open and re.search(r"[^\W_]", what):
        found = _find(what, words)
        if said and len(found) == 1:
            return CellResult(found[0])
        stored = f"{_OTHER_VALUE}: {what}"
        note = CellNote("value_other", {"stored": stored, **allowed}, value=text)
        return CellResult(stored, () if said else (note,))
    if said and _OTHER_VALUE in words.values:
        return CellResult(_OTHER_VALUE, leftover=((what, leftover_note(what)),))
    return CellResult(notes=(CellNote("value_not_in_list", allowed, value=text),), failed=True)


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
    plain = _without_title(_BRACKETS.sub(" ", bare), words)
    found = lookup.get(compact_key(plain), ())
    if not found and words.parties:
        return _by_parties(plain, words)
    return found if _OTHER_VALUE not in found else ()


def _by_parties(text: str, words: Vocabulary) -> tuple[str, ...]:
    """Return the value whose two sides *text* speaks of in other words."""
    parted = (between.split(plain_dashes(text), maxsplit=2) for between in _BETWEEN)
    sides = [fold(side) for side in next((found for found in parted if len(found) > 1), [])]
    if len(sides) != _SIDES:
        return ()
    named = [
        [word for word, starts in words.parties.items() if any(_begins(side, s) for s in starts)]
        for side in sides
    ]
    values = [f"{one} – {other}" for one in named[0] for other in named[1]]
    return tuple(values) if len(values) == 1 and values[0] in words.values else ()


def _begins(text: str, start: str) -> bool:
    """Whether a word of *text* begins so."""
    return text.startswith(start) or f" {start}" in text or f"-{start}" in text


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
