"""The answer to a school: the protocol for its workbook, the receipt as a page and as data."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from contracts.plan import FormPlan
from pipeline.answers.content import (
    CELLS,
    DEADLINE,
    ERRORS,
    FACTS,
    LISTS,
    MOMENT,
    NIL,
    ON_SHEETS,
    READ,
    ROWS,
    TAKEN,
    VERDICT_LISTS,
    VERDICT_PARTLY,
    WHAT_TO_DO,
    Answer,
    AnswerPart,
)
from pipeline.errors import ConservationError
from pipeline.model import ACCEPTED, Line, Notice, Protocol, Severity
from pipeline.notices.catalogue import Catalogue
from pipeline.reading.annotate.lines import PER_SHEET, folded, groups
from pipeline.render import html
from pipeline.words import COUNTS, OTHER_COUNT, STATES, counted, plural

_MOSCOW = timedelta(hours=3)
# Fewer alike are read faster one by one.
_MANY = 5
# Remarks that are seen at once; the others wait behind «Ещё n».
_AT_ONCE = 5
# More sheets than these are not named in one sentence.
_SHEETS_NAMED = 3


def verdict(answer: Answer) -> str:
    """Return the one line that says how it ended: «Принято частично: 41 из 43 строк»."""
    words = STATES[answer.outcome].heading
    if taken := _taken(answer):
        total = len(answer.parts)
        lists = plural(total, LISTS[1], LISTS[2], LISTS[2])
        return VERDICT_LISTS.format(outcome=words, taken=taken, total=total, lists=lists)
    total = sum(_count(answer, name) for name in ("accepted", "rejected", "held"))
    accepted = _count(answer, "accepted")
    # A form that counts only as a whole may have gone back with no row of a table.
    if answer.outcome != "accepted_partly" or accepted == total:
        return words
    # «из 43 строк», «из 21 строки»: the genitive knows only two forms.
    _, one, many = ROWS
    rows = plural(total, one, many, many)
    return VERDICT_PARTLY.format(outcome=words, accepted=accepted, total=total, rows=rows)


def what_to_do(answer: Answer) -> str:
    """Return what is in force of a file in part, what the school has to do, and until when."""
    deadline = DEADLINE.format(day=_day(answer.deadline)) if answer.deadline else ""
    taken, total = _taken(answer), len(answer.parts)
    words = WHAT_TO_DO["rejected" if taken else answer.outcome]
    asked = words.format(deadline=deadline, errors=_errors(answer))
    if not taken:
        return asked
    lists = counted(taken, *LISTS)
    return plural(taken, TAKEN[0], TAKEN[1], TAKEN[1]).format(lists=lists, total=total) + asked


def _taken(answer: Answer) -> int:
    """How many lists of a file count of which others went back as a whole; else 0."""
    went_back = any(part.outcome == "rejected" for part in answer.parts)
    if answer.outcome != "accepted_partly" or not went_back:
        return 0
    return sum(part.outcome in ACCEPTED for part in answer.parts)


def _errors(answer: Answer) -> str:
    """What is to be mended: «3 ячейки на листе «Кадры»», else so many rows, else «ошибки»."""
    errors = [notice for notice in answer.notices if notice.severity == "error"]
    if errors and all(notice.cell and notice.sheet for notice in errors):
        cells = counted(len({(n.sheet, n.cell) for n in errors}), *CELLS)
        sheets = list(dict.fromkeys(f"«{notice.sheet}»" for notice in errors))
        if len(sheets) > _SHEETS_NAMED:
            return cells
        return ON_SHEETS[len(sheets) > 1].format(cells=cells, sheets=", ".join(sheets))
    rejected = _count(answer, "rejected")
    return counted(rejected, *ROWS) if rejected and answer.outcome != "rejected" else ERRORS


def sums(part: AnswerPart) -> str:
    """Return how the rows of a form add up: «Прочитано 18 = принято 16 + возвращено 2».

    Raises ConservationError where they do not: then rows got lost on our way.
    """
    counts = {name: count for name, count in part.counts.items() if name != "seen"}
    seen = part.counts.get("seen", 0)
    if sum(counts.values()) != seen:
        raise ConservationError(f"строки формы {part.form} не сходятся")
    known = {name: counts.pop(name, 0) for name in COUNTS}
    words = [
        f"{COUNTS[name]} {count}"
        for name, count in known.items()
        if count or (name == "accepted" and seen)
    ]
    words += [f"{OTHER_COUNT} {sum(counts.values())}"] if any(counts.values()) else []
    return READ.format(seen=seen, parts=" + ".join(words)) if words else ""


def protocol(
    answer: Answer, catalogue: Catalogue, plans: Mapping[str, FormPlan], zone: tzinfo
) -> Protocol:
    """Return what the sheet «Протокол проверки» says of this answer."""
    lines = _lines(answer, catalogue, plans)
    facts = [*_facts(answer, zone).items()]
    facts += [(part.title, _part_sentence(part)) for part in answer.parts]
    facts += [(FACTS["questions"], question) for question in answer.questions]
    if answer.contact:
        facts.append((FACTS["contact"], answer.contact))
    return Protocol(
        verdict=verdict(answer),
        facts=tuple(facts),
        errors=lines["error"],
        remarks=lines["remark"],
        repairs=lines["info"],
        what_to_do=what_to_do(answer),
        outcome=answer.outcome,
    )


def page(
    answer: Answer, catalogue: Catalogue, plans: Mapping[str, FormPlan], zone: tzinfo
) -> bytes:
    """Return «Квитанция», an html page that needs nothing but itself, to read and to print."""
    lines = _lines(answer, catalogue, plans)
    remarks = folded(lines["remark"])
    return html.render(
        "receipt.html.j2",
        answer=answer,
        verdict=verdict(answer),
        what_to_do=what_to_do(answer),
        facts=_facts(answer, zone),
        parts=[(part, STATES[part.outcome].heading, _sums_or_nil(part)) for part in answer.parts],
        errors=groups(folded(lines["error"]), PER_SHEET),
        remarks=groups(remarks[:_AT_ONCE], PER_SHEET),
        more_remarks=groups(remarks[_AT_ONCE:], PER_SHEET),
        repairs=groups(folded(lines["info"]), PER_SHEET),
    )


def data(answer: Answer, catalogue: Catalogue, plans: Mapping[str, FormPlan]) -> bytes:
    """Return the receipt for programs: JSON with stable English keys, the moment in UTC."""
    severities = Counter(notice.severity for notice in answer.notices)
    facts = {
        "kind": "nastavnik-receipt",
        "version": 1,
        "number": answer.number,
        "moment": answer.moment.astimezone(UTC).isoformat(timespec="seconds"),
        "sha256": answer.sha256,
        "file_name": _base_name(answer.file_name),
        "unit": {"code": answer.unit_code, "name": answer.unit_name},
        "period": answer.period,
        "outcome": answer.outcome,
        "verdict": verdict(answer),
        "what_to_do": what_to_do(answer),
        "deadline": answer.deadline.isoformat() if answer.deadline else None,
        "contact": answer.contact,
        "questions": list(answer.questions),
        "forms": [_part_data(part) for part in answer.parts],
        "totals": {f"{name}s": severities[name] for name in _SEVERITIES},
        "notices": [_notice_data(notice, catalogue, plans) for notice in _ordered(answer)],
    }
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, indent=1).encode()


_SEVERITIES: tuple[Severity, ...] = ("error", "remark", "info")


def _lines(
    answer: Answer, catalogue: Catalogue, plans: Mapping[str, FormPlan]
) -> dict[Severity, tuple[Line, ...]]:
    found: dict[Severity, list[Line]] = {severity: [] for severity in _SEVERITIES}
    common = _common(answer)
    for notice in _ordered(answer):
        what, fix, example = catalogue.sentences(notice, plans)
        line = Line(
            severity=notice.severity,
            sheet=notice.sheet,
            cell=notice.cell or _row_start(notice),
            who=notice.who or "",
            what=what,
            fix=fix,
            example=example,
            repeats=repeats if (repeats := _repeats(notice)) in common else "",
        )
        found[notice.severity].append(line)
    return {severity: tuple(lines) for severity, lines in found.items()}


def _repeats(notice: Notice) -> str:
    """What remarks of one column share; an error is told for each row that has to be mended."""
    if notice.severity == "error" or not notice.cell or not notice.column:
        return ""
    return f"{notice.form} {notice.column} {notice.code} {notice.severity}"


def _common(answer: Answer) -> set[str]:
    """Remarks that most rows of a form share; of what we changed ourselves, any that repeat."""
    rows = {part.form: part.counts.get("seen", 0) for part in answer.parts}
    counts = Counter((n.form, n.severity, _repeats(n)) for n in answer.notices)
    return {
        repeats
        for (form, severity, repeats), count in counts.items()
        if count >= _MANY and (severity == "info" or count * 2 > rows.get(form or "", 0))
    }


def _row_start(notice: Notice) -> str | None:
    """The cell that stands for a whole row."""
    return f"A{notice.row}" if notice.row and notice.sheet else None


def _ordered(answer: Answer) -> list[Notice]:
    """Notices as a person works through them: those of the file, then form by form by row."""
    place = {part.form: number for number, part in enumerate(answer.parts)}

    def key(notice: Notice) -> tuple[int, int, str, int]:
        form = place.get(notice.form or "", -1)
        rank = _SEVERITIES.index(notice.severity)
        return rank, form, notice.sheet or "", notice.row or 0

    return sorted(answer.notices, key=key)


def _notice_data(
    notice: Notice, catalogue: Catalogue, plans: Mapping[str, FormPlan]
) -> dict[str, Any]:
    names = ("code", "severity", "form", "sheet", "row", "column", "cell", "value", "who")
    own = {name: getattr(notice, name) for name in names}
    return {**own, **catalogue.sentences(notice, plans)._asdict()}


def _part_data(part: AnswerPart) -> dict[str, Any]:
    return {
        "form": part.form,
        "title": part.title,
        "outcome": part.outcome,
        "nil": part.nil,
        "counts": dict(part.counts),
        "sums": sums(part),
        "in_force": part.in_force,
    }


def _facts(answer: Answer, zone: tzinfo) -> dict[str, str]:
    facts = {
        "number": str(answer.number),
        "moment": _moment(answer.moment, zone),
        "unit": answer.unit_name,
        "period": answer.period,
        "file": _base_name(answer.file_name),
        "sha256": answer.sha256,
    }
    return {FACTS[name]: text for name, text in facts.items() if text}


def _part_sentence(part: AnswerPart) -> str:
    sentences = (STATES[part.outcome].heading, _sums_or_nil(part), part.in_force.rstrip("."))
    return ". ".join(sentence for sentence in sentences if sentence) + "."


def _sums_or_nil(part: AnswerPart) -> str:
    return NIL if part.nil else sums(part)


def _count(answer: Answer, name: str) -> int:
    return sum(part.counts.get(name, 0) for part in answer.parts)


def _moment(moment: datetime, zone: tzinfo) -> str:
    local = moment.astimezone(zone)
    ahead = ((local.utcoffset() or timedelta()) - _MOSCOW) // timedelta(hours=1)
    name = f"МСК{ahead:+d}" if ahead else "МСК"
    return MOMENT.format(moment=f"{local:%d.%m.%Y, %H:%M}", zone=name)


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _base_name(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2]
