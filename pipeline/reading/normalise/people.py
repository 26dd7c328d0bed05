"""Cells with names: one person's, or several people's who stand in one cell."""

from __future__ import annotations

import re
from dataclasses import replace

from contracts.plan import LIST_SEPARATOR
from pipeline.model import Severity
from pipeline.reading.normalise.characters import collapse, has_cyrillic, russian_word
from pipeline.reading.normalise.names import (
    CAPITAL,
    Person,
    has_patronymic,
    is_job,
    is_surely_one,
    parse_person,
)
from pipeline.reading.normalise.reading import (
    BLANK,
    CellInput,
    CellNote,
    CellResult,
    fail,
    leftover_note,
)

_WHOLE_WORD = re.compile(r"(?<![\w-])[^\W\d_]+(?:-[^\W\d_]+)*(?![\w-])")  # no part of a code
# What says behind names that there are more people: «и др.», «и ещё 3 человека».
_AND_MORE = re.compile(
    r"[ ,;]{1,3}(?:(?:и|а также) )?(?P<more>(?:др(?:угие|\.)?|остальные|пр(?:очие|\.)"
    r"|ещ[её] [^,;\n]{1,40})\.?)$",
    re.I,
)
_LIST_NUMBERING = re.compile(r"(?:^|(?<=[\s,;]))[0-9]{1,3}[.)] ?(?=[^\W\d_])")
_AND = re.compile(r" (?:и|&|\+) | ?/ ?| ?& ?")
_ONE_INITIAL = re.compile(rf"{CAPITAL}(?:-{CAPITAL})? [А-ЯЁ]\.?|[А-ЯЁ]\. ?{CAPITAL}(?:-{CAPITAL})?")
_TWO_NAMES = re.compile(rf"{CAPITAL}(?:-{CAPITAL})? {CAPITAL}")
_SHORT_NAME = re.compile(rf"{CAPITAL}(?:-{CAPITAL})? [А-ЯЁ]\. ?[А-ЯЁ]\.")
_NAME_IN_FULL = re.compile(
    rf"{CAPITAL}(?:-{CAPITAL})? {CAPITAL} [А-ЯЁ][а-яё]{{0,35}}(?:овна|евна|ична|ович|евич|ьич)"
)


def read_fio(given: CellInput) -> CellResult:
    """Read one person's name, or a pupil's code."""
    if not isinstance(given.cell, str):
        return fail("fio_unreadable")
    given, more = _without_more(_in_russian(given))
    people = _each(given.text)
    person = parse_person(collapse(given.text))
    if len(people) > 1 and all(map(_looks_a_person, people)):
        person = replace(parse_person(people[0]), other=LIST_SEPARATOR.join(people[1:]))
    read = _judged(person, given)
    read = replace(read, leftover=(*read.leftover, *more))
    return (
        replace(read, notes=(*read.notes, *_repaired(read, given)))
        if person.kind != "code"
        else read
    )


def read_fio_list(given: CellInput) -> CellResult:
    """Read several names; a bad one gives a notice and the others stay."""
    if not isinstance(given.cell, str):
        return fail("fio_unreadable")
    given, more = _without_more(_in_russian(given))
    readings = [(part, _judged(parse_person(part), given)) for part in _parts(given.text)]
    values = list(dict.fromkeys(str(r.value) for _, r in readings if r.value is not None))
    # A bad part costs only itself: «группа 10А» does not undo its mentor.
    severity: Severity = "remark"
    notes = tuple(
        replace(note, value=part, severity=note.severity or (severity if r.failed else None))
        for part, r in readings
        for note in r.notes
    )
    one = len(readings) == 1
    told = (
        (p, n if one else replace(n, value=part)) for part, r in readings for p, n in r.leftover
    )
    left = (*told, *more)
    if not values:
        failed = any(r.failed for _, r in readings)
        return CellResult(notes=notes, failed=failed) if failed else BLANK
    read = CellResult(LIST_SEPARATOR.join(values), leftover=left)
    return replace(read, notes=(*notes, *_repaired(read, given)))


def _without_more(given: CellInput) -> tuple[CellInput, tuple[tuple[str, CellNote], ...]]:
    """Cut off «и др.», «и ещё 3», which name nobody; it is told, for somebody is missing."""
    match = _AND_MORE.search(given.text)
    if match is None:
        return given, ()
    more = match["more"]
    if has_patronymic(more):
        return given, ()
    return replace(given, text=given.text[: match.start()]), ((more, leftover_note(more)),)


def _judged(person: Person, given: CellInput) -> CellResult:
    if person.kind == "nobody":
        return BLANK
    if person.kind == "bad":
        return fail("fio_unreadable")
    if person.kind in ("initials", "short") and given.column.full_name:
        return fail("fio_initials")
    notes = []
    if person.kind == "initials":
        notes.append(CellNote("fio_initials", severity="remark"))
    elif person.kind == "short":
        notes.append(CellNote("fio_short"))
    if person.turned:
        notes.append(CellNote("value_synonym", {"stored": person.value}))
    return CellResult(person.value, tuple(notes), leftover=_left_of(person))


def _in_russian(given: CellInput) -> CellInput:
    """Put names typed wholly in Latin look-alikes beside Cyrillic ones into Cyrillic."""
    if not has_cyrillic(given.text):
        return given
    text = _WHOLE_WORD.sub(lambda match: russian_word(match.group()), given.text)
    return replace(given, text=text, mended=given.mended or text != given.text)


def _repaired(read: CellResult, given: CellInput) -> tuple[CellNote, ...]:
    there = given.mended and read.value is not None
    return (CellNote("text_repaired", {"stored": str(read.value)}),) if there else ()


def _left_of(person: Person) -> tuple[tuple[str, CellNote], ...]:
    left = []
    if person.job:
        left.append((person.job, CellNote("fio_job_dropped", {"stored": person.value})))
    if person.other:
        left.append((person.other, leftover_note(person.other)))
    return tuple(left)


def _parts(text: str) -> list[str]:
    """Return the people of a list, each with what is said of them."""
    numbered = _LIST_NUMBERING.sub("\n", text)
    lines = [part for raw in re.split(r"[;\n]", numbered) if (part := raw.strip(" ,"))]
    return [piece for part in lines for piece in _comma_parts(part)]


def _comma_parts(part: str) -> list[str]:
    """Split at commas; what is no person stays with the one before, or the first one behind."""
    pieces: list[str] = []
    for raw in part.split(","):
        if not (piece := raw.strip()):
            continue
        people = _joined_by_and(piece)
        alone = len(people) == 1
        if pieces and (is_job(pieces[-1]) or (alone and _said_of(pieces[-1], piece))):
            pieces[-1] = f"{pieces[-1]}, {people[0]}"
            people = people[1:]
        pieces.extend(people)
    return pieces


def _joined_by_and(text: str) -> list[str]:
    """Split «А и Б», «А / Б» where each is surely a person; else it is one text."""
    pieces = [piece for raw in _AND.split(text) if (piece := raw.strip())]
    pieces = [one for piece in pieces for one in _run_on(piece)]
    return pieces if len(pieces) > 1 and all(map(_looks_a_person, pieces)) else [text]


def _run_on(text: str) -> list[str]:
    """Split people that nothing stands between: «Иванов И.И. Петров П.П.»."""
    for form in (_SHORT_NAME, _NAME_IN_FULL):
        people = [match.group() for match in form.finditer(text)]
        if len(people) > 1 and " ".join(people) == text:
            return people
    return [text]


def _said_of(person: str, piece: str) -> bool:
    """Whether *piece* speaks of the *person* before it: «10А», «завуч» behind a whole name."""
    job = piece == piece.lower() and " " not in piece and " " in person
    return job or parse_person(piece).kind == "bad"


def _looks_a_person(text: str) -> bool:
    """Whether beside others *text* is one more: a code, «Сидоров С.», «Сидоров Семён» do."""
    if is_surely_one(text) or _ONE_INITIAL.fullmatch(text):
        return True
    kind = parse_person(text).kind
    return kind == "code" or (kind == "full" and _TWO_NAMES.fullmatch(text) is not None)


def _each(text: str) -> list[str]:
    """Return the people of a cell for one: by lines, commas and «и»."""
    pieces = [piece for raw in re.split(r"[;\n]", text) if (piece := raw.strip())]
    return [one for piece in pieces for one in _joined_by_and(piece)]
