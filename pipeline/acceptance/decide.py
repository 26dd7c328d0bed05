"""From a file that was read to the record of its decision: who sent it, what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from pipeline.acceptance import judge, stages
from pipeline.acceptance.contract_checks import check
from pipeline.acceptance.hidden_part import pseudonymiser, without_minors
from pipeline.acceptance.identify import Identity, identify
from pipeline.acceptance.part_views import Circumstances, part_views
from pipeline.acceptance.pseudonyms import PseudonymKey
from pipeline.acceptance.row_privacy import part_privacy
from pipeline.model import Arrival, Notice, ParsedFile, PartColumns, Scalar, Unit
from pipeline.notices.columns import ONCE
from pipeline.reading.asked import REASON
from pipeline.reading.chosen import NOTHING, Chosen
from pipeline.store.earlier import Earlier
from pipeline.store.in_force import Key
from pipeline.store.records import PartRecord, QuestionRecord, SubmissionRecord
from pipeline.system import program_version
from pipeline.workspace.exchange import Exchange
from pipeline.workspace.plugin_loader import Plugins

if TYPE_CHECKING:
    from pipeline.store.store import Store


@dataclass(frozen=True, slots=True)
class PreparedFile:
    """A file between reading and judging: pupils are codes, the contracts were asked.

    `contract` maps the index of a part to the notices of its contract.
    """

    arrival: Arrival
    parsed: ParsedFile
    identity: Identity
    contract: Mapping[int, tuple[Notice, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scan:
    """The scan of the inbox by which a file was first seen: its number and its moment.

    `resumed` says that this was in an earlier run, which was cut off. A file that is judged again
    is seen by its first scan; `earlier` then answers what was in force before it came.
    """

    number: str
    now: datetime
    resumed: bool = False
    earlier: Earlier | None = None


Read = tuple[Arrival, ParsedFile]


def prepare(
    exchange: Exchange, read: Sequence[Read], now: datetime, chosen: Chosen = NOTHING
) -> dict[str, PreparedFile | Exception]:
    """Return by path what is ready to be judged, or the exception of a file that is our bug.

    Files only share the calls of pandera: nothing here depends on what else was read.
    """
    try:
        return {file.arrival.path: file for file in _prepared(exchange, read, now, chosen)}
    except Exception as error:  # noqa: BLE001  # a bug over one file must not stop the others
        if len(read) == 1:
            return {read[0][0].path: error}
    alone = (prepare(exchange, (one,), now, chosen) for one in read)
    return {path: file for one in alone for path, file in one.items()}


def decide(exchange: Exchange, file: PreparedFile, scan: Scan) -> SubmissionRecord:
    """Judge all parts of a file and put the decision into one record."""
    arrival, parsed, identity = file.arrival, file.parsed, file.identity
    parts: list[PartRecord] = []
    questions: list[QuestionRecord] = []
    reason = identity.reason or parsed.reason
    if reason is None and identity.unit is not None:
        for record, asked in _judged(exchange, file, identity.unit, scan):
            questions += [replace(question, part=len(parts)) for question in asked]
            parts.append(record)
        store = scan.earlier or exchange.store
        parts += _unchanged(
            exchange, store, file, {(part.form, part.stage) for part in parsed.parts}
        )
    if parts:
        questions = [*identity.questions, *questions]
    notices = (*parsed.notices, *identity.notices)
    if parsed.reason == REASON:
        notices = (Notice(REASON, "error"),)
    return SubmissionRecord(
        sha256=arrival.sha256,
        name=arrival.name,
        size=arrival.size,
        modified=seconds(arrival),
        folder=arrival.folder,
        subfolder=arrival.subfolder,
        scan=scan.number,
        moment=scan.now.isoformat(timespec="seconds"),
        unit=identity.unit.code if identity.unit else None,
        outcome=judge.file_outcome(parts, notices),
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


def _prepared(
    exchange: Exchange, read: Sequence[Read], now: datetime, chosen: Chosen
) -> list[PreparedFile]:
    today = now.astimezone(exchange.settings.zone).date()
    files = [_prepare(exchange, arrival, parsed, today, chosen) for arrival, parsed in read]
    said = _contract_notices(exchange.plugins, [file.parsed for file in files])
    return [replace(file, contract=own) for file, own in zip(files, said, strict=True)]


def _prepare(
    exchange: Exchange, arrival: Arrival, parsed: ParsedFile, today: date, chosen: Chosen
) -> PreparedFile:
    """Find out whose file it is, and put codes in place of pupils before anything is checked."""
    registry, settings = exchange.registry, exchange.settings
    identity = identify(arrival, parsed, registry, settings, today, chosen=chosen)
    plans = exchange.plugins.plans
    staged = (
        stages.with_stage(part, plans[part.form], parsed, arrival.name, chosen)
        for part in parsed.parts
    )
    parsed = replace(parsed, parts=tuple(staged))
    if exchange.settings.minors == "full":
        return PreparedFile(arrival, parsed, identity)
    key = PseudonymKey(exchange.key, identity.unit.code if identity.unit else "")
    parts = [part_privacy(part, exchange.plugins) for part in parsed.parts]
    names = pseudonymiser(parts, key)
    said = tuple(map(names.notice, parsed.notices))
    asked = (
        replace(one, params={word: names.label(value) for word, value in one.params.items()})
        for one in identity.questions
    )
    return PreparedFile(
        replace(arrival, name=names.label(arrival.name), subfolder=names.label(arrival.subfolder)),
        replace(parsed, parts=without_minors(parts, names), notices=said),
        replace(
            identity,
            notices=tuple(map(names.notice, identity.notices)),
            questions=tuple(asked),
        ),
    )


def _contract_notices(
    plugins: Plugins, files: Sequence[ParsedFile]
) -> list[dict[int, tuple[Notice, ...]]]:
    """Notices of the contracts for each file, by index of the part: one pandera call per form."""
    found: list[dict[int, tuple[Notice, ...]]] = [{} for _ in files]
    for code, form in plugins.forms.items():
        places = [
            (own, index, part)
            for own, file in zip(found, files, strict=True)
            for index, part in enumerate(file.parts)
            if part.form == code
        ]
        notices = check([part for _own, _index, part in places], form) if places else []
        for (own, index, _part), said in zip(places, notices, strict=True):
            own[index] = said
    return found


def _judged(
    exchange: Exchange, file: PreparedFile, unit: Unit, scan: Scan
) -> Iterator[tuple[PartRecord, tuple[QuestionRecord, ...]]]:
    """The record of each part, by what its unit has in force, and the questions about it."""
    store, plugins = scan.earlier or exchange.store, exchange.plugins
    period = file.identity.period
    today = scan.now.astimezone(exchange.settings.zone).date()
    registry = exchange.registry
    given = Circumstances(unit, period, today, registry.units, registry.derived)
    views = part_views(
        file.parsed,
        plugins.plans,
        given,
        lambda form: _columns_in_force(store, unit.code, form, period),
    )
    for index, (part, view) in enumerate(zip(file.parsed.parts, views, strict=True)):
        found, not_run = judge.run_checks(plugins, view)
        notices = (*file.contract.get(index, ()), *found)
        open_stage = stages.unknown(part, view.plan)
        if open_stage is not None:
            notices = (*notices, open_stage[0])
        key = Key(unit.code, part.form, period, part.stage)
        in_force = _in_force(store, key, view.plan.person or "")
        if in_force.number is not None and any(n.code in ONCE for n in part.notices):
            in_force = replace(in_force, told=_told(exchange.store, in_force.number, part.form))
        record, questions = judge.judge(
            part,
            view.plan,
            notices,
            in_force,
            _competitor(store, scan, key),
            judge.Sent(
                unit.code,
                period,
                plugins.digests[part.form],
                seconds(file.arrival),
                asked=bool(file.identity.questions),
                stage_open=open_stage is not None,
                not_run=not_run,
            ),
        )
        if open_stage is not None and record.outcome == "held":
            questions = (*questions, open_stage[1])
        yield record, questions


def _columns_in_force(store: Store | Earlier, unit: str, form: str, period: str) -> PartColumns:
    """The rows a unit has in force, one part after another, as columns without places."""
    lines: list[int] = []
    values: dict[str, list[Scalar]] = {}
    raw: dict[str, dict[int, str]] = {}
    for part in store.parts_in_force(period, form=form, unit=unit):
        before, own = len(lines), part.columns
        lines += [own.lines[i] for i in part.indices]
        for name in {**values, **own.values}:
            column = values.setdefault(name, [None] * before)
            added = own.values.get(name) or (None,) * len(own)
            column += [added[i] for i in part.indices]
        for name, texts in own.raw.items():
            kept = {n: texts[i] for n, i in enumerate(part.indices, before) if i in texts}
            raw.setdefault(name, {}).update(kept)
    return PartColumns(form, "", tuple(lines), values, raw=raw)


def _in_force(store: Store | Earlier, key: Key, person: str) -> judge.InForce:
    part = store.in_force(*key)
    if part is None:
        return judge.InForce()
    keys = {}
    for found in store.parts_in_force(key.period, form=key.form, unit=key.unit):
        if found.stage != key.stage:
            continue
        own = found.columns
        people = own.values.get(person) or (None,) * len(own)
        keys.update({own.keys[i]: str(people[i] or "") for i in found.indices if own.keys[i]})
    return judge.InForce(part.number, keys)


def _told(store: Store, number: int, form: str) -> tuple[Notice, ...]:
    """What was said once of a form when the file that counts came."""
    submission = store.submission(number)
    parts = submission.parts if submission else ()
    return tuple(n for part in parts if part.form == form for n in part.notices if n.code in ONCE)


def _competitor(store: Store | Earlier, scan: Scan, key: Key) -> judge.Competitor | None:
    parts = store.scan_parts(scan.number, *key)
    accepted = [part for part in parts if part.outcome_now != "rejected"]
    if not accepted:
        return None
    newest = max(accepted, key=lambda part: (part.modified, part.number))
    return judge.Competitor(newest.number, newest.modified)


def _unchanged(
    exchange: Exchange, store: Store | Earlier, file: PreparedFile, sent: set[tuple[str, str]]
) -> list[PartRecord]:
    """«Подтверждаю, изменений нет»: what is in force and was not sent anew is sent again."""
    unit = file.identity.unit
    if unit is None or file.parsed.passport.get("unchanged") is not True:
        return []
    parts = []
    plans, period = exchange.plugins.plans, file.identity.period
    for code, stage in ((code, s) for code, plan in plans.items() for s in plan.stages or ("",)):
        if (code, stage) in sent:
            continue
        if store.in_force(unit.code, code, period, stage) is None:
            continue
        parts.append(
            PartRecord(
                form=code,
                unit=unit.code,
                period=period,
                outcome="held" if file.identity.questions else "accepted",
                proposed="accepted" if file.identity.questions else None,
                contract=exchange.plugins.digests[code],
                stage=stage,
                mode=plans[code].mode,
                unchanged=True,
                counts={"seen": 0},
            )
        )
    return parts
