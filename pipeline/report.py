"""What commands answer with: plain data with English keys, the same for the screen and `--json`."""

from __future__ import annotations

import csv
import io
import platform
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

from contracts.plan import FormPlan
from pipeline import host
from pipeline.accepting import Decided
from pipeline.answering import answer_folder, write_supplement
from pipeline.daily import question_text
from pipeline.delivering import Delivered
from pipeline.errors import UsageError, VerificationError
from pipeline.exchange import STATE_FOLDER, Exchange
from pipeline.frames import row_dicts
from pipeline.model import Notice
from pipeline.publishing import DOCUMENTS_FOLDER, board_of, build
from pipeline.records import DecisionRecord, PackageRecord, WithdrawalRecord
from pipeline.registry import Loader
from pipeline.run import Cycle, Published
from pipeline.schedule import missed, read_last_run
from pipeline.settings import SETTINGS_FILE, load_settings
from pipeline.store import QuestionInfo, RowInfo, SubmissionInfo
from pipeline.version import program_version
from pipeline.views import PROVENANCE, IndicatorResult
from pipeline.workbook import Head, Paper, answer_text

Data = dict[str, Any]


def status(exchange: Exchange, now: datetime) -> Data:
    """Return units × forms with their states, and what waits for a person."""
    lines = board_of(exchange, now)
    units: dict[str, Data] = {}
    for line in lines:
        unit = exchange.registry.units.get(line.unit)
        entry = units.setdefault(
            line.unit, {"unit": line.unit, "name": unit.short_name if unit else "", "forms": {}}
        )
        entry["forms"][line.form] = {
            "state": line.state,
            "submission": line.number,
            "in_force": line.in_force,
            "due": line.due.isoformat() if line.due else None,
            "late": line.late,
            "rows": line.rows,
            "errors": line.errors,
            "remarks": line.remarks,
        }
    newest = {made.record.recipient: made.record for made in exchange.store.packages()}
    return {
        "period": exchange.settings.period,
        "units": list(units.values()),
        "questions": len(exchange.store.open_questions()),
        "packages": [_package(exchange, record) for record in newest.values()],
        **last_run(exchange, now),
    }


def last_run(exchange: Exchange, now: datetime) -> Data:
    """Return when the whole cycle last ran, what stopped it, and since when one is missed."""
    last = read_last_run(exchange.workspace / STATE_FOLDER)
    settings = exchange.settings
    since = missed(settings.cron, settings.zone, last.moment if last else None, now)
    return {
        "last_run": last.moment.isoformat() if last else None,
        "last_run_error": last.error if last else "",
        "missed_run": since.isoformat() if since else None,
    }


def _package(exchange: Exchange, record: PackageRecord) -> Data:
    return {
        "package": record.name,
        "recipient": record.recipient,
        "approved": bool(exchange.store.approvals(record.id)),
        "delivered": bool(exchange.store.deliveries(record.id)),
    }


def questions(exchange: Exchange) -> Data:
    """Return the open questions with their choices."""
    return {"questions": [_question(exchange, q) for q in exchange.store.open_questions()]}


def _question(exchange: Exchange, question: QuestionInfo) -> Data:
    return {
        "id": question.id,
        "kind": question.kind,
        "submission": question.submission,
        "unit": question.unit,
        "name": _unit_name(exchange, question.unit),
        "text": question_text(exchange, question),
        "choices": dict(question.choices),
    }


def decide(
    exchange: Exchange, now: datetime, *, question: str, choice: str | None, who: str, note: str
) -> int:
    """Record the answer to a question (None takes it back); return the number of the fact."""
    known = exchange.store.question(question)
    if known is None:
        raise UsageError(f"Вопроса «{question}» нет. Список: nastavnik questions.")
    if choice is not None and choice not in known.choices:
        raise UsageError(f"Ответ – один из: {', '.join(known.choices)}.")
    moment = now.isoformat(timespec="seconds")
    return exchange.store.append(DecisionRecord(question, choice, who, moment, note), moment)


def withdraw(exchange: Exchange, now: datetime, *, place: str, who: str, reason: str) -> int:
    """Record that a part «<submission>.<index>» no longer counts, and tell its unit.

    Return the fact's number.
    """
    number, _, index = place.partition(".")
    if not (number.isdigit() and index.isdigit()):
        raise UsageError("Укажите форму в файле как «17.0»: номер приёма и номер формы в нём.")
    submission = exchange.store.submission(int(number))
    if submission is None or int(index) >= len(submission.parts):
        raise UsageError(f"Формы «{place}» нет.")
    moment = now.isoformat(timespec="seconds")
    record = WithdrawalRecord(int(number), int(index), who, moment, reason)
    fact = exchange.store.append(record, moment)
    write_supplement(exchange, int(number), fact)
    return fact


def explain(exchange: Exchange, now: datetime, ident: str) -> Data:
    """Return where a row, a submission, an indicator or a package comes from."""
    if ident in exchange.plugins.indicators:
        result = build(exchange, now).view.indicators.get(ident)
        if result is None:
            raise UsageError(f"Показатель «{ident}» сейчас не вычисляется: см. nastavnik publish.")
        return _indicator(exchange, result)
    if ident.isdigit():
        submission = exchange.store.submission(int(ident))
        if submission is not None:
            return _submission(exchange, submission)
    row = exchange.store.row(ident)
    if row is not None:
        return _row(exchange, row)
    for package in exchange.store.packages():
        record = package.record
        if ident not in (record.name, record.name.removesuffix(".zip"), record.id):
            continue
        return {
            **_package(exchange, record),
            "id": record.id,
            "digest": record.digest,
            "sha256": record.sha256,
            "made": _local(exchange, record.moment),
            "from_facts_up_to": record.upto,
            "supersedes": record.supersedes,
        }
    raise UsageError(
        f"Не знаю, что такое «{ident}». Можно: номер приёма (17), строка (17.0.3), "
        "показатель (KPI70-A), пакет."
    )


def _indicator(exchange: Exchange, result: IndicatorResult) -> Data:
    indicator = exchange.plugins.indicators[result.code]
    return {
        "indicator": result.code,
        "title": indicator.title,
        "source": indicator.source,
        "target": result.target,
        "numerator_proven": result.numerator_low,
        "numerator_possible": result.numerator_high,
        "denominator": result.denominator,
        "share_proven": result.low,
        "share_possible": result.high,
        "control": result.control,
        "missing": result.missing,
        "units_counted": result.units_counted,
        "units_total": result.units_total,
        "notes": list(result.notes),
        "units": [
            {
                "unit": unit.unit,
                "proven": unit.numerator_low,
                "possible": unit.numerator_high,
                "denominator": unit.denominator,
                "control": unit.control,
            }
            for unit in result.breakdown
        ],
        "persons": [
            {
                "unit": person.unit,
                "row": person.row_id,
                "form": person.form,
                "name": person.name,
                "certainty": person.certainty,
                "reason": person.reason,
            }
            for person in result.persons
        ],
    }


def _submission(exchange: Exchange, submission: SubmissionInfo) -> Data:
    return {
        "submission": submission.number,
        "unit": submission.unit,
        "moment": _local(exchange, submission.moment),
        "sha256": submission.sha256,
        "outcome": submission.outcome,
        "outcome_now": submission.outcome_now,
        "reason": submission.reason,
        "parts": [
            {
                "part": f"{part.number}.{part.index}",
                "form": part.form,
                "sheet": part.sheet,
                "outcome": part.outcome,
                "outcome_now": part.outcome_now,
                "counts": dict(part.counts),
                "notices": [notice_data(exchange, n) for n in part.notices],
            }
            for part in submission.parts
        ],
        "notices": [notice_data(exchange, n) for n in submission.notices],
        "questions": [_question(exchange, q) for q in submission.questions],
    }


def notice_data(exchange: Exchange, notice: Notice) -> Data:
    """Return a notice with its sentences, as `--json` shows it."""
    plan = exchange.plugins.speaking_plans.get(notice.form or "")
    return notice_words(exchange.plugins.catalogue, plan, notice)


def notice_words(catalogue: Any, plan: FormPlan | None, notice: Notice) -> Data:
    """Return a notice with the sentences of *catalogue*."""
    column = next((c for c in plan.columns if c.name == notice.column), None) if plan else None
    words = {"title": column.title, "example": column.example} if column else {}
    return {
        "code": notice.code,
        "severity": notice.severity,
        "form": notice.form,
        "sheet": notice.sheet,
        "cell": notice.cell,
        "row": notice.row,
        "value": notice.value,
        "what": catalogue.what(notice, **words),
        "fix": catalogue.fix(notice, **words),
        "example": catalogue.example(notice, **words),
    }


def _local(exchange: Exchange, moment: str) -> str:
    """A recorded moment by the clock of the settings."""
    return datetime.fromisoformat(moment).astimezone(exchange.settings.zone).isoformat()


def _row(exchange: Exchange, row: RowInfo) -> Data:
    submission = exchange.store.submission(row.submission)
    plan = exchange.plugins.plans.get(row.form)
    titles = {column.name: column.title for column in plan.columns} if plan else {}
    return {
        "row": row.row_id,
        "unit": row.unit,
        "form": row.form,
        "sheet": row.sheet,
        "line": row.line,
        "state": row.state,
        "fate": row.fate,
        "kept_from_before": row.prior,
        "submission": row.submission,
        "sha256": submission.sha256 if submission else None,
        "values": {name: value for name, value in row.values.items() if value is not None},
        "raw": dict(row.raw),
        "titles": {name: titles.get(name, name) for name in row.values},
        "versions": [
            {"row": other.row_id, "state": other.state, "fate": other.fate}
            for other in exchange.store.history(row.row_id)
        ],
    }


def export_csv(exchange: Exchange, now: datetime, form: str) -> bytes:
    """Return the base of a form as csv for programs: names of columns, ISO dates, provenance."""
    plan, rows = _base(exchange, now, form)
    text = io.StringIO(newline="")
    names = [*PROVENANCE, *plan.names]
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_plain(row.get(name)) for name in names] for row in rows)
    return text.getvalue().encode()


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else value


def export_xlsx(exchange: Exchange, now: datetime, form: str) -> bytes:
    """Return the base of a form as a workbook for people: Russian headers, where rows come from."""
    plan, rows = _base(exchange, now, form)
    paper = Paper(plan.title)
    heads = [Head(title, width) for title, width in (("ОО", 14), ("Строка", 14))]
    heads += [Head(c.title, c.width or 20) for c in plan.kept]
    lines = [[row["unit"], row["row_id"], *_typed(plan, row)] for row in rows]
    paper.table(plan.title, heads, lines, heading=(f"{plan.title}: единая база",), frozen=3)
    return paper.data()


def _typed(plan: FormPlan, row: Mapping[str, Any]) -> Iterable[Any]:
    for column in plan.kept:
        value = row.get(column.name)
        yield answer_text(column, value.isoformat() if isinstance(value, date) else value)


def _base(exchange: Exchange, now: datetime, form: str) -> tuple[FormPlan, list[Data]]:
    code = form.upper()
    if code not in exchange.plugins.plans:
        raise UsageError(f"Формы «{form}» нет. Есть: {', '.join(exchange.plugins.plans)}.")
    view = build(exchange, now).view
    return exchange.plugins.plans[code], row_dicts(view.bases[code])


def export(exchange: Exchange, now: datetime, form: str, file: Path) -> None:
    """Write the base of a form to *file*, in the kind that its ending names."""
    makers = {".csv": export_csv, ".xlsx": export_xlsx}
    make = makers.get(file.suffix.lower())
    if make is None:
        raise UsageError("Имя файла должно кончаться на .csv или .xlsx.")
    data = make(exchange, now, form)
    with host.storage_trouble(f"Не удалось записать {file.name}"):
        host.write_whole(file, data)


def answer(
    exchange: Exchange, now: datetime, *, question: str, choice: str | None, who: str, note: str
) -> Data:
    """Record the answer to a question, and give the unit a supplement to its receipt."""
    fact = decide(exchange, now, question=question, choice=choice, who=who, note=note)
    number = int(question.partition(".")[0])
    write_supplement(exchange, number, fact)
    submission = exchange.store.submission(number)
    return {
        "question": question,
        "choice": choice,
        "fact": fact,
        "outcome_now": submission.outcome_now if submission else None,
    }


def decided(exchange: Exchange, files: Sequence[Decided]) -> Data:
    """Return what a run decided about each file."""
    return {
        "files": [
            {
                "submission": one.number,
                "unit": one.unit,
                "name": _unit_name(exchange, one.unit),
                "outcome": one.outcome,
                "forms": _forms(exchange, one.number),
                "repeated": one.repeated,
                "answers": str(answer_folder(exchange, one.unit)),
            }
            for one in files
        ]
    }


def _forms(exchange: Exchange, number: int) -> dict[str, str]:
    """First outcomes of the forms of a file: one bad form does not hold back the others."""
    submission = exchange.store.submission(number)
    return {part.form: part.outcome for part in submission.parts} if submission else {}


def _unit_name(exchange: Exchange, code: str | None) -> str:
    unit = exchange.registry.units.get(code or "")
    return unit.short_name if unit else ""


def published(exchange: Exchange, done: Published) -> Data:
    """Return what a publication gave."""
    view = done.publication.view
    return {
        "period": view.period,
        "bases": {code: len(base) for code, base in view.bases.items()},
        # Without persons: this answer ends up in logs of schedulers; `explain` names them.
        "indicators": [
            {key: value for key, value in _indicator(exchange, result).items() if key != "persons"}
            for result in view.indicators.values()
        ],
        "remarks": len(view.remarks),
        "documents": str(exchange.outbox / DOCUMENTS_FOLDER / view.period),
        "packages": [
            {
                "package": draft.name,
                "file": str(draft.path),
                "new": draft.new,
                "approved": draft.approved,
                "changed": list(draft.changed),
            }
            for draft in done.drafts
        ],
        "failed": [
            {"what": failed.what, "error": failed.error} for failed in done.publication.failed
        ],
    }


def delivered(packages: Sequence[Delivered]) -> Data:
    """Return what became of each recipient's package."""
    return {
        "packages": [
            {"recipient": one.recipient, "package": one.package, "state": one.state}
            for one in packages
        ]
    }


def cycle(exchange: Exchange, done: Cycle) -> Data:
    """Return what a whole cycle did."""
    return {
        **decided(exchange, done.decided),
        "published": published(exchange, done.published),
        "delivered": delivered(done.delivered)["packages"],
        "questions": len(exchange.store.open_questions()),
    }


def rebuild(exchange: Exchange) -> Data:
    """Build the index anew from the recorded facts; an index that differs is an error."""
    before = exchange.store.digest()
    exchange.store.rebuild()
    after = exchange.store.digest()
    if before != after:
        raise VerificationError("База отличалась от записанных фактов и собрана заново.")
    return {"digest": after, "facts": exchange.store.head.seq}


def verify(exchange: Exchange) -> Data:
    """Compare archive, ledger and index with what was recorded; damage is an error."""
    damage = exchange.store.verify()
    if damage:
        places = "; ".join(f"{one.place} {one.name}" for one in damage[:5])
        raise VerificationError(f"Повреждено записей: {len(damage)} ({places}).")
    return {"facts": exchange.store.head.seq, "damage": []}


def plugins(workspace: Path) -> Data:
    """Return all plugins: what each brings, and why one was not loaded."""
    known = (workspace / SETTINGS_FILE).is_file()
    loader = Loader(load_settings(workspace).disabled if known else ())
    described = loader.describe()
    return {
        "plugins": [
            {
                "name": info.name,
                "origin": info.origin,
                "version": info.version,
                "hooks": list(info.hooks),
                "error": info.error,
            }
            for info in described.infos
        ],
        "forms": list(described.plans),
        "stages": [
            {"name": s.name, "kind": s.kind, "forms": list(s.forms)} for s in described.stages
        ],
        "indicators": list(described.indicators),
        "documents": list(described.documents),
        "transports": list(described.transports),
    }


def doctor() -> Data:
    """Return what of this machine is not as it should be."""
    owners = packages_distributions()
    foreign = {
        name: sorted(set(owners.get(name, ())) - {"nastavnik"})
        for name in ("pipeline", "contracts", "flows")
    }
    return {
        "version": program_version(),
        "foreign_owners": {name: found for name, found in foreign.items() if found},
        "limits_of_readers": host.LIMITS_PROCESSES,
        "python": platform.python_version(),
    }
