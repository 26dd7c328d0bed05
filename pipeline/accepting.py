"""From the inbox to a recorded decision and an answer, file by file in the order they arrived."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from pipeline import intake, judge
from pipeline.answering import write_answer
from pipeline.check import check
from pipeline.errors import ConservationError, UsageError
from pipeline.exchange import Exchange
from pipeline.identify import Identity, identify
from pipeline.model import Arrival, Notice, Outcome, ParsedFile, ParsedPart, ParsedRow
from pipeline.privacy import Coder, pseudonymise
from pipeline.reading import workers
from pipeline.records import PartRecord, QuestionRecord, SubmissionRecord
from pipeline.version import program_version
from pipeline.views import CheckView
from pipeline.worker import Workers

BATCH = 50


@dataclass(frozen=True, slots=True)
class Decided:
    """One file of a run: its number, whose it is, the outcome.

    `repeated` where nothing changed; `withheld` where our own sums did not hold, so that nothing
    was recorded and the file stays in the inbox.
    """

    number: int
    unit: str | None
    outcome: Outcome
    repeated: bool = False
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class _Case:
    """A file between reading and judging."""

    arrival: Arrival
    parsed: ParsedFile
    identity: Identity


def decide_all(
    exchange: Exchange,
    arrivals: Sequence[Arrival],
    now: datetime,
    *,
    batch: int = BATCH,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Iterator[Decided]:
    """Decide and answer *arrivals* one by one; an answered file leaves the inbox.

    Batches only share reading and pandera: every decision depends on the file and on what came
    before it, so the size of a batch never shows in a result.
    """
    if arrivals:
        exchange.keep_grounds()
    scan = str(exchange.store.next_number())
    done = 0
    waiting = iter(arrivals)
    with workers(exchange.plugins, exchange.settings, now) as pool:
        while chunk := tuple(islice(waiting, batch)):
            for decided in _decide(exchange, pool, chunk, scan, now):
                done += 1
                progress(done, len(arrivals))
                yield decided


def _decide(
    exchange: Exchange, pool: Workers, arrivals: Sequence[Arrival], scan: str, now: datetime
) -> Iterator[Decided]:
    paths = {a.sha256: exchange.archive.path(a.sha256) for a in arrivals}
    fresh = [a for a in arrivals if _repeat(exchange, a, _folder_unit(exchange, a)) is None]
    read = pool.read([(str(i), paths[a.sha256], a.name) for i, a in enumerate(fresh)])
    parsed = {fresh[int(i)].path: file for i, file in read}
    cases = {path: _case(exchange, a, parsed[path], now) for a in fresh for path in (a.path,)}
    checked = _contract_notices(exchange, tuple(cases.values()))
    for arrival in arrivals:
        case = cases.get(arrival.path)
        unit = case.identity.unit if case else exchange.registry.by_folder(arrival.folder)
        # Asked again, because an earlier file of this batch may be the same one.
        number = _repeat(exchange, arrival, unit.code if unit else None)
        if number is None and case is None:
            # What this file repeated was replaced by an earlier file of this very batch.
            yield from _decide(exchange, pool, (arrival,), scan, now)
            continue
        if number is None and case is not None:
            try:
                record = _record(exchange, case, checked[arrival.path], scan, now)
            except ConservationError as error:
                exchange.plugins.emit("run_failed", step="accept", error=type(error).__name__)
                yield Decided(0, unit.code if unit else None, "held", withheld=True)
                continue
            number = exchange.store.append(record, record.moment)
            outcome, repeated = record.outcome, False
            exchange.plugins.emit(
                "submission_decided", number=number, unit=record.unit or "", outcome=outcome
            )
        else:
            known = exchange.store.submission(number or 0)
            outcome, repeated = known.outcome if known else "rejected", True
        write_answer(exchange, number or 0)
        if Path(arrival.path).is_relative_to(exchange.inbox):
            intake.take_away(arrival, exchange.archive)
        yield Decided(number or 0, unit.code if unit else None, outcome, repeated)


def _folder_unit(exchange: Exchange, arrival: Arrival) -> str | None:
    unit = exchange.registry.by_folder(arrival.folder) if arrival.folder else None
    return unit.code if unit else None


def _repeat(exchange: Exchange, arrival: Arrival, unit: str | None) -> int | None:
    """Number of the submission that this file repeats, where nothing it depends on has changed."""
    if unit is not None:
        known = exchange.store.repeat_of(arrival.sha256, unit)
        current = exchange.plugins.digests
        if (
            known is not None
            and dict(known.judged_by) == exchange.judged_by
            and all(current.get(form) == digest for form, digest in known.contracts.items())
        ):
            return known.number
    # A file that was decided but is still in the inbox: the last run was cut off in between.
    return exchange.store.same_arrival(
        arrival.sha256, arrival.folder, arrival.name, _seconds(arrival)
    )


def _seconds(arrival: Arrival) -> float:
    return arrival.modified_ns / 1e9


def _case(exchange: Exchange, arrival: Arrival, parsed: ParsedFile, now: datetime) -> _Case:
    """Identify the sender, and put codes in place of pupils before anything is checked."""
    today = now.astimezone(exchange.settings.zone).date()
    identity = identify(arrival, parsed, exchange.registry, exchange.settings, today)
    if identity.unit is None or exchange.settings.minors == "full":
        return _Case(arrival, parsed, identity)
    coder = Coder(exchange.key, identity.unit.code)
    parts = tuple(_coded(exchange, part, coder) for part in parsed.parts)
    return _Case(arrival, replace(parsed, parts=parts), identity)


def _coded(exchange: Exchange, part: ParsedPart, coder: Coder) -> ParsedPart:
    form = exchange.plugins.forms[part.form]
    minor_columns = form.about().minor_columns
    if minor_columns is None:
        return part
    coded, count = pseudonymise(part, form.plan(), minor_columns, coder)
    if not count:
        return part
    note = Notice("minor_hidden", "info", sheet=part.sheet, params={"count": str(count)})
    return replace(coded, notices=(*coded.notices, note))


def _contract_notices(
    exchange: Exchange, cases: Sequence[_Case]
) -> dict[str, dict[int, tuple[Notice, ...]]]:
    """Notices of the contracts by path and index of the part: one pandera call per form."""
    found: dict[str, dict[int, tuple[Notice, ...]]] = {case.arrival.path: {} for case in cases}
    for code, form in exchange.plugins.forms.items():
        places = [
            (case.arrival.path, index, part)
            for case in cases
            for index, part in enumerate(case.parsed.parts)
            if part.form == code
        ]
        notices = check([part for _path, _index, part in places], form) if places else []
        for (path, index, _part), own in zip(places, notices, strict=True):
            found[path][index] = own
    return found


def _record(
    exchange: Exchange,
    case: _Case,
    contract: dict[int, tuple[Notice, ...]],
    scan: str,
    now: datetime,
) -> SubmissionRecord:
    """Judge all parts of a file and put the decision into one record."""
    arrival, parsed, identity = case.arrival, case.parsed, case.identity
    parts: list[PartRecord] = []
    questions: list[QuestionRecord] = []
    reason = identity.reason or parsed.reason
    if reason is None and identity.unit is not None:
        for index, part in enumerate(parsed.parts):
            record, asked = _part(exchange, case, part, contract.get(index, ()), scan, now)
            questions += [replace(question, part=len(parts)) for question in asked]
            parts.append(record)
        parts += _unchanged(exchange, case, {part.form for part in parsed.parts})
    if any(part.outcome == "held" for part in parts):
        questions = [*identity.questions, *questions]
    notices = (*parsed.notices, *identity.notices)
    return SubmissionRecord(
        sha256=arrival.sha256,
        name=arrival.name,
        size=arrival.size,
        modified=_seconds(arrival),
        folder=arrival.folder,
        subfolder=arrival.subfolder,
        scan=scan,
        moment=now.isoformat(timespec="seconds"),
        unit=identity.unit.code if identity.unit else None,
        outcome=_file_outcome(parts, notices),
        reason=reason if not parts else None,
        reader=parsed.reader,
        program=program_version(),
        judged_by=exchange.judged_by,
        parts=tuple(parts),
        notices=notices,
        questions=tuple(questions),
    )


def _file_outcome(parts: Sequence[PartRecord], notices: Sequence[Notice]) -> Outcome:
    outcome = judge.worst(part.outcome for part in parts)
    if outcome == "accepted" and any(notice.severity == "remark" for notice in notices):
        return "accepted_with_remarks"
    if outcome.startswith("accepted") and any(notice.severity == "error" for notice in notices):
        return "accepted_partly"
    return outcome


def _part(
    exchange: Exchange,
    case: _Case,
    part: ParsedPart,
    contract: tuple[Notice, ...],
    scan: str,
    now: datetime,
) -> tuple[PartRecord, tuple[QuestionRecord, ...]]:
    unit, period = case.identity.unit, case.identity.period
    assert unit is not None
    plan = exchange.plugins.plans[part.form]
    view = CheckView(
        plan=plan,
        unit=unit,
        period=period,
        today=now.astimezone(exchange.settings.zone).date(),
        rows=part.rows,
        file_rows={other.form: other.rows for other in case.parsed.parts},
        in_force=lambda form: _rows_in_force(exchange, unit.code, form, period),
        units=exchange.registry.units,
    )
    found = judge.run_checks(exchange.plugins.of_kind("check"), view, exchange.plugins.catalogue)
    return judge.judge(
        judge.Case(
            part=part,
            plan=plan,
            notices=(*contract, *found),
            unit=unit.code,
            period=period,
            contract=exchange.plugins.digests[part.form],
            before=_before(exchange, unit.code, part.form, period),
            rival=_rival(exchange, scan, unit.code, part.form, period),
            modified=_seconds(case.arrival),
            asked=bool(case.identity.questions),
        )
    )


def _rows_in_force(exchange: Exchange, unit: str, form: str, period: str) -> tuple[ParsedRow, ...]:
    rows = exchange.store.rows_in_force(period, form, unit)
    return tuple(ParsedRow(row.line, dict(row.values), dict(row.raw)) for row in rows)


def _before(exchange: Exchange, unit: str, form: str, period: str) -> judge.Before:
    part = exchange.store.in_force(unit, form, period)
    if part is None:
        return judge.Before()
    person = exchange.plugins.plans[form].person
    rows = exchange.store.rows_in_force(period, form, unit)
    keys = {row.key: str(row.values.get(person or "") or "") for row in rows if row.key}
    return judge.Before(part.number, keys)


def _rival(exchange: Exchange, scan: str, unit: str, form: str, period: str) -> judge.Rival | None:
    parts = exchange.store.scan_parts(scan, unit, form, period)
    accepted = [part for part in parts if part.outcome_now != "rejected"]
    if not accepted:
        return None
    newest = max(accepted, key=lambda part: (part.modified, part.number))
    return judge.Rival(newest.number, newest.modified)


def _unchanged(exchange: Exchange, case: _Case, sent: set[str]) -> list[PartRecord]:
    """«Подтверждаю, изменений нет»: what is in force and was not sent anew is sent again."""
    unit = case.identity.unit
    if unit is None or case.parsed.passport.get("unchanged") is not True:
        return []
    parts = []
    for code, plan in exchange.plugins.plans.items():
        period = case.identity.period
        if code in sent or exchange.store.in_force(unit.code, code, period) is None:
            continue
        parts.append(
            PartRecord(
                form=code,
                unit=unit.code,
                period=period,
                outcome="held" if case.identity.questions else "accepted",
                proposed="accepted" if case.identity.questions else None,
                contract=exchange.plugins.digests[code],
                mode=plan.mode,
                unchanged=True,
                counts={"seen": 0},
            )
        )
    return parts


def waiting(exchange: Exchange, *, quiet: float) -> tuple[Arrival, ...]:
    """Return the complete files of the inbox, each already in the archive."""
    return intake.scan(exchange.inbox, exchange.archive, quiet_seconds=quiet)


def given(exchange: Exchange, file: Path, unit: str) -> tuple[Arrival, ...]:
    """Return one file given by hand, for *unit* or for whomever its content names."""
    if unit and unit not in exchange.registry.units:
        raise UsageError(f"Организации «{unit}» нет в реестре units.csv.")
    arrival = intake.arrival_of(file, exchange.archive, folder=unit)
    return (arrival,) if arrival else ()
