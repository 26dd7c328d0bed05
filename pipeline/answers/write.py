"""The answer to a unit: a receipt, and its own workbook with marks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import system
from pipeline.answers import content, receipt
from pipeline.answers.content import Answer, AnswerPart
from pipeline.model import ACCEPTED, Notice, Outcome, Protocol
from pipeline.notices.columns import ONCE
from pipeline.reading.file_kinds import head_of, kind_of
from pipeline.reading.pool import Workers
from pipeline.store.rows import PartInfo, SubmissionInfo
from pipeline.words import staged
from pipeline.workspace.exchange import UNITS_FOLDER, Exchange

if TYPE_CHECKING:
    from pipeline.store.store import Store

UNKNOWN_FOLDER = "_неопознанные"
_SATURDAY = 5
_WHOSE_WHEN = ("unit_conflict", "period_other")


@dataclass(frozen=True, slots=True)
class Begun:
    """An answer whose marks were asked for: `marked` waits for them."""

    answer: Answer
    protocol: Protocol = field(repr=False)
    marked: Callable[[], bytes | None]


def begin_answer(exchange: Exchange, pool: Workers, submission: SubmissionInfo) -> Begun | None:
    """Ask a child for the marks of an answer before its turn comes; None where it has none."""
    answer = answer_of(exchange, submission)
    folder = answer_folder(exchange, submission.unit)
    if not answer.notices or _marked(folder, content.STEM.format(number=submission.number)):
        return None
    return _ask_marks(exchange, pool, answer)


def write_answer(
    exchange: Exchange, pool: Workers, submission: SubmissionInfo, begun: Begun | None = None
) -> tuple[Path, ...]:
    """Write what is missing of the answer to a submission; return the files written.

    A receipt is frozen once given: a file that is there stays as it is. Marks are put into a
    unit's own workbook by a child of *pool*; *begun* is what `begin_answer` asked of it.
    """
    answer = begun.answer if begun else answer_of(exchange, submission)
    folder = answer_folder(exchange, submission.unit)
    stem = content.STEM.format(number=submission.number)
    settings, plugins = exchange.settings, exchange.plugins
    words = (answer, plugins.catalogue, plugins.speaking_plans)
    written = []
    for suffix in ("html", "json"):
        path = folder / content.RECEIPT_FILE.format(stem=stem, suffix=suffix)
        if not path.is_file():
            html = suffix == "html"
            page = receipt.page(*words, settings.zone) if html else receipt.data(*words)
            system.write_whole(path, page, durable=False)
            written.append(path)
    if answer.notices and not _marked(folder, stem):
        written.append(_write_marked(begun or _ask_marks(exchange, pool, answer), folder))
    return tuple(written)


def receipt_path(exchange: Exchange, submission: SubmissionInfo) -> Path:
    """Return where the receipt for a submission lies."""
    stem = content.STEM.format(number=submission.number)
    name = content.RECEIPT_FILE.format(stem=stem, suffix="html")
    return answer_folder(exchange, submission.unit) / name


def answer_folder(exchange: Exchange, unit: str | None) -> Path:
    """Return where answers to a unit lie; unknown senders share one folder."""
    if unit is None:
        return exchange.outbox / UNKNOWN_FOLDER
    return exchange.outbox / UNITS_FOLDER / unit


def write_supplement(exchange: Exchange, number: int, decision: int) -> Path | None:
    """Write the supplement to a receipt after decision no. *decision* changed its outcome."""
    submission = exchange.store.submission(number)
    if submission is None:
        return None
    folder = answer_folder(exchange, submission.unit)
    stem = content.STEM.format(number=number)
    path = folder / content.SUPPLEMENT_FILE.format(stem=stem, decision=decision)
    if not path.is_file():
        answer = answer_of(exchange, submission, now=True)
        plugins = exchange.plugins
        page = receipt.page(
            answer, plugins.catalogue, plugins.speaking_plans, exchange.settings.zone
        )
        system.write_whole(path, page, durable=False)
    return path


def answer_of(exchange: Exchange, submission: SubmissionInfo, *, now: bool = False) -> Answer:
    """Return all that a receipt says; with *now* the outcomes are today's, not the first ones."""
    if _open_identity(submission):
        submission = _without_content(submission)
    unit = exchange.registry.units.get(submission.unit or "")
    moment = datetime.fromisoformat(submission.moment)
    if now:
        submission = _without_withdrawn(submission)
    parts = tuple(_part(exchange, part, now=now) for part in submission.parts)
    outcome = submission.outcome_now if now else submission.outcome
    s = exchange.settings
    return Answer(
        number=submission.number,
        moment=moment,
        sha256=submission.sha256,
        file_name=submission.name,
        unit_name=unit.short_name if unit else "",
        unit_code=submission.unit,
        period=submission.parts[0].period if submission.parts else s.period,
        outcome=outcome,
        parts=parts,
        notices=tuple(_notices(submission)),
        deadline=None
        if outcome == "accepted"
        else _deadline(moment.astimezone(s.zone).date(), s.answer_days),
        contact=", ".join(word for word in (s.coordinator, s.phone) if word),
        questions=tuple(_questions(submission, now=now)),
    )


def _open_identity(submission: SubmissionInfo) -> bool:
    """Whether a person is still to say whose the file is, or which year it is about."""
    asked = (one for one in submission.questions if one.asked and one.choice is None)
    return any(one.kind in _WHOSE_WHEN for one in asked)


def _without_content(submission: SubmissionInfo) -> SubmissionInfo:
    """What may be said of a file before it is known whose it is: that, and why, it waits."""
    said = tuple(one for one in submission.notices if one.code in _WHOSE_WHEN)
    return replace(submission, parts=(), notices=said, outcome="held")


def _without_withdrawn(submission: SubmissionInfo) -> SubmissionInfo:
    """Nothing is to be mended in what does not count."""
    gone = {part.index for part in submission.parts if part.outcome_now == "withdrawn"}
    parts = (replace(p, notices=() if p.index in gone else p.notices) for p in submission.parts)
    return replace(submission, parts=tuple(parts))


def _part(exchange: Exchange, part: PartInfo, *, now: bool) -> AnswerPart:
    plan = exchange.plugins.plans.get(part.form)
    counts = dict(part.counts)
    outcome = part.outcome_now if now else part.outcome
    if now and part.outcome == "held" and part.outcome_now in ACCEPTED:
        counts["accepted"], counts["held"] = counts.get("held", 0), 0
    why = ""
    if outcome == "withdrawn":
        counts["withdrawn"] = counts.pop("accepted", 0) + counts.pop("held", 0)
        why = _why_withdrawn(exchange.store, part)
    return AnswerPart(
        form=part.form,
        title=staged(plan.title if plan else part.form, part.stage),
        outcome=outcome,
        counts=counts,
        in_force=why + _in_force(exchange.store, part, outcome, now=now),
        nil=part.nil,
    )


def _why_withdrawn(store: Store, part: PartInfo) -> str:
    reason = next(
        (w.reason.strip() for n, w in store.withdrawn().items() if n == part.withdrawn), ""
    )
    end = "" if reason.endswith((".", "!", "?")) else "."
    return content.WITHDRAWN.format(reason=reason + end)


def _in_force(store: Store, part: PartInfo, outcome: Outcome, *, now: bool) -> str:
    if outcome in ACCEPTED:
        return content.IN_FORCE_SAME if part.unchanged else content.IN_FORCE_THIS
    if now:
        counting = store.in_force(part.unit, part.form, part.period, part.stage)
        before = counting.number if counting else None
    else:
        before = _before(store, part)
    if before is None:
        return content.IN_FORCE_NOTHING
    newer = before > part.number
    return (content.IN_FORCE_NEWER if newer else content.IN_FORCE_BEFORE).format(number=before)


def _before(store: Store, part: PartInfo) -> int | None:
    """Number of the submission in force when *part* arrived: a receipt does not change later."""
    gone = {(w.submission, w.part): seq for seq, w in store.withdrawn().items()}
    key = (part.form, part.period, part.stage)
    found = [
        (other.applied, other.number)
        for one in store.submissions(unit=part.unit, period=part.period)
        for other in one.parts
        if (other.form, other.period, other.stage) == key
        and other.applied is not None
        and other.since is not None
        and other.since < part.number
        and gone.get((other.number, other.index), part.number) >= part.number
    ]
    return max(found)[1] if found else None


def _notices(submission: SubmissionInfo) -> Iterator[Notice]:
    yield from submission.notices
    for part in submission.parts:
        yield from (n for n in part.notices if n.code not in ONCE or n.severity != "info")


def _questions(submission: SubmissionInfo, *, now: bool) -> Iterator[str]:
    for question in submission.questions:
        if not question.asked or (now and not question.open):
            continue
        choices = " / ".join(question.choices.values())
        yield content.QUESTION.format(id=question.id, choices=choices)


def _deadline(day: date, days: int) -> date:
    """The day that is *days* working days after *day*; holidays are not known here."""
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < _SATURDAY
    return day


def _marked(folder: Path, stem: str) -> bool:
    names = (content.MARKED_FILE, content.PROTOCOL_FILE)
    return any((folder / name.format(stem=stem)).exists() for name in names)


def _ask_marks(exchange: Exchange, pool: Workers, answer: Answer) -> Begun:
    plugins = exchange.plugins
    protocol = receipt.protocol(
        answer, plugins.catalogue, plugins.speaking_plans, exchange.settings.zone
    )
    # A file without forms may be hostile, so not even a child opens it again.
    if answer.parts:
        source = exchange.archive.sound_path(answer.sha256)
        if kind_of(head_of(source)) == "zip":
            return Begun(answer, protocol, pool.ask_marks(str(answer.number), source, protocol))
    return Begun(answer, protocol, lambda: None)


def _write_marked(begun: Begun, folder: Path) -> Path:
    """Write the unit's own workbook with marks, or a protocol where it cannot carry them."""
    from pipeline.reading.annotate.standalone import protocol_workbook  # noqa: PLC0415  # lxml, for few commands

    stem = content.STEM.format(number=begun.answer.number)
    path, data = folder / content.MARKED_FILE.format(stem=stem), begun.marked()
    if data is None:
        path = folder / content.PROTOCOL_FILE.format(stem=stem)
        data = protocol_workbook(begun.protocol)
    system.write_whole(path, data, durable=False)
    return path
