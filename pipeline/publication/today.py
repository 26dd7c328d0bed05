"""The page «Сегодня» of a workspace, written when somebody asks and after every whole cycle."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from pipeline import system
from pipeline.publication.build import Publication, build
from pipeline.publication.today_page import PackageLine, Question, RecentFile, page_of, render
from pipeline.store.records import PackageRecord
from pipeline.store.rows import QuestionInfo, SubmissionInfo
from pipeline.words import staged
from pipeline.workspace.asked import question_text
from pipeline.workspace.dropped import lying_aside
from pipeline.workspace.exchange import POST_FOLDER, Exchange
from pipeline.workspace.faults import told_faults
from pipeline.workspace.schedule import LastRun, missed, read_last_run
from pipeline.workspace.settings import STATE_FOLDER

PAGE = "Сегодня.html"


def write_today(exchange: Exchange, now: datetime, publication: Publication | None = None) -> Path:
    """Write the page as of *now* into the outbox; return its path.

    A *publication* of this very run need not be computed twice.
    """
    local = now.astimezone(exchange.settings.zone)
    publication = publication or build(exchange, now)
    last = read_last_run(exchange.workspace / STATE_FOLDER)
    page = page_of(
        publication.view,
        local,
        questions=tuple(_question(exchange, q) for q in exchange.store.open_questions()),
        came=tuple(_came(exchange, s) for s in _since(exchange, now - timedelta(days=1))),
        packages=tuple(_packages(exchange)),
        last_run=_moment(exchange, last.done.isoformat()) if last and last.done else None,
        run_late=_late(exchange, last, now),
        letters=len(list((exchange.outbox / POST_FOLDER).glob("*/*.eml"))),
        aside=tuple(one.sentence for one in lying_aside(exchange.inbox, exchange.workspace)),
        failed=(
            *_missing(publication),
            *_faulty(exchange, publication),
            *((f"Последний прогон не закончен ({last.error}).",) if last and last.error else ()),
        ),
    )
    path = exchange.outbox / PAGE
    system.write_if_changed(path, render(page))
    return path


def _missing(publication: Publication) -> Iterator[str]:
    for one in publication.failed:
        why = ": ".join(words for words in (one.plugin, one.said) if words)
        yield f"Не выпущено: {one.what}" + (f" ({why})." if why else "")


def _faulty(exchange: Exchange, publication: Publication) -> Iterator[str]:
    """What else of the plugins does not work."""
    missing = {(one.plugin, one.what) for one in publication.failed}
    for told in told_faults(exchange):
        if (told.fault.plugin, told.fault.name) not in missing:
            yield told.fault.sentence


def _late(exchange: Exchange, last: LastRun | None, now: datetime) -> bool:
    settings = exchange.settings
    return bool(last and missed(settings.cron, settings.zone, last.moment, now))


def _question(exchange: Exchange, question: QuestionInfo) -> Question:
    submission = exchange.store.submission(question.submission)
    return Question(
        id=question.id,
        unit=_name(exchange, question.unit, submission),
        text=question_text(exchange, question),
        choices=tuple(question.choices.values()),
        since=_moment(exchange, submission.moment) if submission else None,
    )


def _since(exchange: Exchange, moment: datetime) -> list[SubmissionInfo]:
    return [s for s in exchange.store.submissions() if datetime.fromisoformat(s.moment) >= moment]


def _came(exchange: Exchange, submission: SubmissionInfo) -> RecentFile:
    plans = exchange.plugins.plans
    forms = tuple(
        staged(plans[p.form].title if p.form in plans else p.form, p.stage)
        for p in submission.parts
    )
    return RecentFile(
        number=submission.number,
        unit=_name(exchange, submission.unit, submission),
        forms=forms,
        outcome=submission.outcome_now,
        moment=_moment(exchange, submission.moment),
    )


def _packages(exchange: Exchange) -> list[PackageLine]:
    """The newest package of each recipient: older ones are replaced."""
    newest = sorted(exchange.store.newest_packages(), key=lambda record: record.recipient)
    return [_package(exchange, record) for record in newest]


def _package(exchange: Exchange, record: PackageRecord) -> PackageLine:
    names = {r.code: r.name for r in exchange.settings.recipients}
    recipient = names.get(record.recipient, record.recipient)
    sent = exchange.store.deliveries(record.id)
    approved = exchange.store.approvals(record.id)
    if sent:
        return PackageLine(record.name, recipient, "sent", _moment(exchange, sent[-1].at))
    if approved:
        return PackageLine(record.name, recipient, "approved", _moment(exchange, approved[-1].at))
    return PackageLine(record.name, recipient, "draft", _moment(exchange, record.moment))


def _name(exchange: Exchange, code: str | None, submission: SubmissionInfo | None) -> str:
    """Name of the unit; of an unknown one where its file lay, so that it can be found."""
    unit = exchange.registry.units.get(code or "")
    if unit:
        return unit.short_name
    folder = submission.folder if submission else ""
    return f"не опознана, папка «{folder}»" if folder else "не опознана, не в папке школы"


def _moment(exchange: Exchange, moment: str) -> datetime:
    return datetime.fromisoformat(moment).astimezone(exchange.settings.zone)
