"""From a file that was read to the record of its decision: who sent it, what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from pipeline.acceptance import judge, stages
from pipeline.acceptance.contract_checks import check
from pipeline.acceptance.identify import Identity, identify
from pipeline.acceptance.pseudonyms import Coder, Subject, Veil, subject_of
from pipeline.model import Arrival, Notice, Outcome, ParsedFile, ParsedRow, PartColumns
from pipeline.store.records import PartRecord, QuestionRecord, SubmissionRecord
from pipeline.store.standing import Key
from pipeline.system import program_version
from pipeline.views import CheckView
from pipeline.workspace.exchange import Exchange


@dataclass(frozen=True, slots=True)
class Case:
    """A file between reading and judging: pupils are codes, the contracts were asked.

    `contract` maps the index of a part to the notices of its contract.
    """

    arrival: Arrival
    parsed: ParsedFile
    identity: Identity
    contract: Mapping[int, tuple[Notice, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Look:
    """The look into the inbox by which files were seen: its number and its moment."""

    scan: str
    now: datetime


Read = tuple[Arrival, ParsedFile]


def prepare(exchange: Exchange, read: Sequence[Read], now: datetime) -> dict[str, Case | Exception]:
    """Return by path what is ready to be judged, or the exception of a file that is our bug.

    Files only share the calls of pandera: nothing here depends on what else was read.
    """
    try:
        return dict(_cases(exchange, read, now))
    except Exception as error:  # noqa: BLE001  # a bug over one file must not stop the others
        if len(read) == 1:
            return {read[0][0].path: error}
    return {path: case for one in read for path, case in prepare(exchange, (one,), now).items()}


def decide(exchange: Exchange, case: Case, look: Look) -> SubmissionRecord:
    """Judge all parts of a file and put the decision into one record."""
    arrival, parsed, identity = case.arrival, case.parsed, case.identity
    parts: list[PartRecord] = []
    questions: list[QuestionRecord] = []
    reason = identity.reason or parsed.reason
    if reason is None and identity.unit is not None:
        for index in range(len(parsed.parts)):
            record, asked = _part(exchange, case, index, look)
            questions += [replace(question, part=len(parts)) for question in asked]
            parts.append(record)
        parts += _unchanged(exchange, case, {(part.form, part.stage) for part in parsed.parts})
    if any(part.outcome == "held" for part in parts):
        questions = [*identity.questions, *questions]
    notices = (*parsed.notices, *identity.notices)
    return SubmissionRecord(
        sha256=arrival.sha256,
        name=arrival.name,
        size=arrival.size,
        modified=seconds(arrival),
        folder=arrival.folder,
        subfolder=arrival.subfolder,
        scan=look.scan,
        moment=look.now.isoformat(timespec="seconds"),
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


def seconds(arrival: Arrival) -> float:
    """Return when the file was modified, as records keep it."""
    return arrival.modified_ns / 1e9


def _cases(exchange: Exchange, read: Sequence[Read], now: datetime) -> list[tuple[str, Case]]:
    cases = [_case(exchange, arrival, parsed, now) for arrival, parsed in read]
    said = _contract_notices(exchange, cases)
    return [
        (case.arrival.path, replace(case, contract=own))
        for case, own in zip(cases, said, strict=True)
    ]


def _case(exchange: Exchange, arrival: Arrival, parsed: ParsedFile, now: datetime) -> Case:
    """Find out whose file it is, and put codes in place of pupils before anything is checked."""
    today = now.astimezone(exchange.settings.zone).date()
    identity = identify(arrival, parsed, exchange.registry, exchange.settings, today)
    plans = exchange.plugins.plans
    staged = (stages.with_stage(p, plans[p.form], parsed, arrival.name) for p in parsed.parts)
    parsed = replace(parsed, parts=tuple(staged))
    if exchange.settings.minors == "full":
        return Case(arrival, parsed, identity)
    coder = Coder(exchange.key, identity.unit.code if identity.unit else "")
    veil = Veil([_subject(exchange, part) for part in parsed.parts], coder)
    said = tuple(veil.notice(notice) for notice in parsed.notices)
    return Case(
        replace(arrival, name=veil.text(arrival.name)),
        replace(parsed, parts=veil.parts(), notices=said),
        replace(identity, notices=tuple(veil.notice(notice) for notice in identity.notices)),
    )


def _subject(exchange: Exchange, part: PartColumns) -> Subject:
    form = exchange.plugins.forms[part.form]
    return subject_of(part, exchange.plugins.plans[part.form], form.about().minor_columns)


def _contract_notices(
    exchange: Exchange, cases: Sequence[Case]
) -> list[dict[int, tuple[Notice, ...]]]:
    """Notices of the contracts for each case, by index of the part: one pandera call per form."""
    found: list[dict[int, tuple[Notice, ...]]] = [{} for _ in cases]
    for code, form in exchange.plugins.forms.items():
        places = [
            (own, index, part)
            for own, case in zip(found, cases, strict=True)
            for index, part in enumerate(case.parsed.parts)
            if part.form == code
        ]
        notices = check([part for _own, _index, part in places], form) if places else []
        for (own, index, _part), said in zip(places, notices, strict=True):
            own[index] = said
    return found


def _file_outcome(parts: Sequence[PartRecord], notices: Sequence[Notice]) -> Outcome:
    outcome = judge.worst(part.outcome for part in parts)
    if outcome == "accepted" and any(notice.severity == "remark" for notice in notices):
        return "accepted_with_remarks"
    if outcome.startswith("accepted") and any(notice.severity == "error" for notice in notices):
        return "accepted_partly"
    return outcome


def _part(
    exchange: Exchange, case: Case, index: int, look: Look
) -> tuple[PartRecord, tuple[QuestionRecord, ...]]:
    part = case.parsed.parts[index]
    unit, period = case.identity.unit, case.identity.period
    assert unit is not None
    plan = exchange.plugins.plans[part.form]
    view = CheckView(
        plan=plan,
        unit=unit,
        period=period,
        today=look.now.astimezone(exchange.settings.zone).date(),
        rows=part.rows,
        file_rows={other.form: other.rows for other in case.parsed.parts},
        in_force=lambda form: _rows_in_force(exchange, unit.code, form, period),
        units=exchange.registry.units,
    )
    found = judge.run_checks(exchange.plugins.of_kind("check"), view, exchange.plugins.catalogue)
    open_stage = stages.unknown(part, plan)
    notices = (*case.contract.get(index, ()), *found)
    if open_stage is not None:
        notices = (*notices, open_stage[0])
    record, questions = judge.judge(
        judge.Case(
            part=part,
            plan=plan,
            notices=notices,
            unit=unit.code,
            period=period,
            contract=exchange.plugins.digests[part.form],
            before=_before(exchange, Key(unit.code, part.form, period, part.stage)),
            rival=_rival(exchange, look.scan, Key(unit.code, part.form, period, part.stage)),
            modified=seconds(case.arrival),
            asked=bool(case.identity.questions) or open_stage is not None,
        )
    )
    if open_stage is not None and record.outcome == "held":
        questions = (*questions, open_stage[1])
    return record, questions


def _rows_in_force(exchange: Exchange, unit: str, form: str, period: str) -> tuple[ParsedRow, ...]:
    rows = exchange.store.rows_in_force(period, form, unit)
    return tuple(ParsedRow(row.line, dict(row.values), dict(row.raw)) for row in rows)


def _before(exchange: Exchange, key: Key) -> judge.Before:
    part = exchange.store.in_force(*key)
    if part is None:
        return judge.Before()
    person = exchange.plugins.plans[key.form].person
    rows = exchange.store.rows_in_force(key.period, key.form, key.unit)
    keys = {
        row.key: str(row.values.get(person or "") or "")
        for row in rows
        if row.key and row.stage == key.stage
    }
    return judge.Before(part.number, keys)


def _rival(exchange: Exchange, scan: str, key: Key) -> judge.Rival | None:
    parts = exchange.store.scan_parts(scan, *key)
    accepted = [part for part in parts if part.outcome_now != "rejected"]
    if not accepted:
        return None
    newest = max(accepted, key=lambda part: (part.modified, part.number))
    return judge.Rival(newest.number, newest.modified)


def _unchanged(exchange: Exchange, case: Case, sent: set[tuple[str, str]]) -> list[PartRecord]:
    """«Подтверждаю, изменений нет»: what is in force and was not sent anew is sent again."""
    unit = case.identity.unit
    if unit is None or case.parsed.passport.get("unchanged") is not True:
        return []
    parts = []
    plans, period = exchange.plugins.plans, case.identity.period
    for code, stage in ((code, s) for code, plan in plans.items() for s in plan.stages or ("",)):
        if (code, stage) in sent:
            continue
        if exchange.store.in_force(unit.code, code, period, stage) is None:
            continue
        parts.append(
            PartRecord(
                form=code,
                unit=unit.code,
                period=period,
                outcome="held" if case.identity.questions else "accepted",
                proposed="accepted" if case.identity.questions else None,
                contract=exchange.plugins.digests[code],
                stage=stage,
                mode=plans[code].mode,
                unchanged=True,
                counts={"seen": 0},
            )
        )
    return parts
