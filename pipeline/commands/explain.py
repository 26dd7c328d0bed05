"""Where a number, a row, a file or a package comes from, as plain data."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pipeline.errors import UsageError
from pipeline.model import Notice
from pipeline.publication.build import build
from pipeline.store.records import NotRun, PackageRecord
from pipeline.store.rows import QuestionInfo, RowInfo, SubmissionInfo
from pipeline.views import IndicatorResult
from pipeline.workspace.asked import question_text
from pipeline.workspace.exchange import Exchange
from pipeline.workspace.plugin_loader import Plugins

Data = dict[str, Any]


def explain(exchange: Exchange, now: datetime, ident: str) -> Data:
    """Return where a row, a submission, an indicator or a package comes from."""
    if ident in exchange.plugins.indicators:
        result = build(exchange, now).view.indicators.get(ident)
        if result is None:
            raise UsageError(f"Показатель «{ident}» сейчас не вычисляется: см. nastavnik publish.")
        return indicator_data(exchange, result)
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
            **package_data(exchange, record),
            "id": record.id,
            "digest": record.digest,
            "sha256": record.sha256,
            "made": _local(exchange, record.moment),
            "from_facts_up_to": record.ledger_seq,
            "supersedes": record.supersedes,
        }
    raise UsageError(
        f"Не знаю, что такое «{ident}». Можно: номер приёма (17), строка (17.0.3), "
        "показатель (KPI70-A), пакет."
    )


def indicator_data(exchange: Exchange, result: IndicatorResult) -> Data:
    """Return an indicator with its numbers, units and the persons behind."""
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
        "reader": submission.reader,
        "program": submission.program,
        "parts": [
            {
                "part": f"{part.number}.{part.index}",
                "form": part.form,
                "contract": part.contract,
                "sheet": part.sheet,
                "outcome": part.outcome,
                "outcome_now": part.outcome_now,
                "counts": dict(part.counts),
                "notices": [notice_data(exchange.plugins, n) for n in part.notices],
                "not_run": not_run_data(part.not_run),
            }
            for part in submission.parts
        ],
        "notices": [notice_data(exchange.plugins, n) for n in submission.notices],
        "questions": [question_data(exchange, q) for q in submission.questions],
    }


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
        "fate": row.status,
        "kept_from_before": row.prior,
        "submission": row.submission,
        "sha256": submission.sha256 if submission else None,
        "values": {name: value for name, value in row.values.items() if value is not None},
        "raw": dict(row.raw),
        "titles": {name: titles.get(name, name) for name in row.values},
        "versions": [
            {"row": other.row_id, "state": other.state, "fate": other.status}
            for other in exchange.store.history(row.row_id)
        ],
    }


def _local(exchange: Exchange, moment: str) -> str:
    """A recorded moment by the clock of the settings."""
    return datetime.fromisoformat(moment).astimezone(exchange.settings.zone).isoformat()


def not_run_data(rules: Iterable[NotRun]) -> list[Data]:
    """Return the rules without which a part was judged, and what was wrong with each."""
    return [
        {"plugin": one.plugin, "rule": one.rule, "error": one.error, "reason": one.reason}
        for one in rules
    ]


def notice_data(plugins: Plugins, notice: Notice) -> Data:
    """Return a notice with its sentences, as `--json` shows it."""
    return {
        "code": notice.code,
        "severity": notice.severity,
        "form": notice.form,
        "sheet": notice.sheet,
        "cell": notice.cell,
        "row": notice.row,
        "value": notice.value,
        **plugins.catalogue.sentences(notice, plugins.speaking_plans)._asdict(),
    }


def package_data(exchange: Exchange, record: PackageRecord) -> Data:
    """A package: its name, for whom, whether a person let it go and it arrived."""
    return {
        "package": record.name,
        "recipient": record.recipient,
        "approved": bool(exchange.store.approvals(record.id)),
        "delivered": bool(exchange.store.deliveries(record.id)),
    }


def question_data(exchange: Exchange, question: QuestionInfo) -> Data:
    """A question with its text and choices."""
    return {
        "id": question.id,
        "kind": question.kind,
        "submission": question.submission,
        "unit": question.unit,
        "name": unit_name(exchange, question.unit),
        "text": question_text(exchange, question),
        "choices": dict(question.choices),
    }


def unit_name(exchange: Exchange, code: str | None) -> str:
    """Return the short name of a unit, empty where nobody is known by the code."""
    unit = exchange.registry.units.get(code or "")
    return unit.short_name if unit else ""
