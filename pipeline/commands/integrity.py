"""`verify` and `rebuild`: what was recorded compared with what is there, and put back.

Witnesses are asked beside ledger, archive and index: the note beside the key, every package that
was made, and, given by hand, the copy of a package that its receiver has.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pipeline import system
from pipeline.acceptance.children import workers
from pipeline.answers.write import receipt_path, write_answer
from pipeline.errors import UsageError, VerificationError
from pipeline.packages.drafts import package_path
from pipeline.packages.evidence import Evidence, evidence_of
from pipeline.store.records import PackageRecord
from pipeline.workspace.exchange import Exchange
from pipeline.workspace.settings import STATE_FOLDER
from pipeline.workspace.witness import Head, note_head, witnessed

Data = dict[str, Any]
Place = Literal["archive", "ledger", "index", "outbox", "witness"]
# Names of each place that are told; more help nobody.
_SHOWN = 5
_WORDS: dict[Place, tuple[str, str]] = {
    "archive": (
        "в архиве нет или повреждено",
        f"Верните файлы папки {STATE_FOLDER}/archive из резервной копии, затем nastavnik rebuild.",
    ),
    "ledger": (
        "в журнале повреждены строки",
        "nastavnik rebuild вернёт то, что помнит база; остальное верните из резервной копии "
        f"({STATE_FOLDER}/ledger.jsonl).",
    ),
    "index": (
        "база (index) отличается от записанного",
        "Соберите базу заново: nastavnik rebuild.",
    ),
    "outbox": (
        "в исходящих нет или изменено",
        "nastavnik rebuild напишет эти файлы заново.",
    ),
    "witness": (
        "в журнале нет факта, который был",
        "Журнал укорочен или заменён, либо с тем же ключом работала копия этой папки. Верните "
        f"папку {STATE_FOLDER} из более новой копии; если журнал верен: nastavnik rebuild.",
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was recorded; `name` is a sha256, a number or a file of ours."""

    place: Place
    name: str


def verify(exchange: Exchange) -> Data:
    """Compare all that is kept with what was recorded; damage is an error."""
    found = list(_damage(exchange))
    if found:
        raise VerificationError(f"Не сошлось: {len(found)}. {_told(found)}")
    return {"facts": exchange.store.head.seq, "damage": []}


def verify_package(exchange: Exchange, path: Path) -> Data:
    """Compare a package, as its receiver has it, with what was recorded here.

    Raises:
        UsageError: the file is no package.
        VerificationError: it was not made here, was changed, or knows facts that are not here.
    """
    found = evidence_of(path)
    if found is None:
        raise UsageError(f"Файл «{path.name}» – не пакет этой программы или не читается.")
    if found.changed:
        names = ", ".join(found.changed[:_SHOWN])
        raise VerificationError(f"Пакет изменён после выпуска: {names}.")
    record = _made_here(exchange, found)
    if found.head is not None and not _remembers(exchange, found.head):
        raise VerificationError(
            f"Пакет {record.name} знает факт № {found.head.seq}, которого в журнале нет. "
            f"{_WORDS['witness'][1]}"
        )
    return {
        "package": record.name,
        "number": record.number,
        "from_facts_up_to": found.head.seq if found.head else record.ledger_seq,
    }


def rebuild(exchange: Exchange, now: datetime) -> Data:
    """Make the index anew, put back what can be put back; what is still missing is an error."""
    store = exchange.store
    before = store.digest()
    lost = witnessed(exchange.workspace, exchange.settings)
    exchange.keep_grounds()
    healed = _heal_packages(exchange)
    store.rebuild()
    healed += _heal_answers(exchange, now)
    forgotten = lost is not None and not _remembers(exchange, lost)
    note_head(exchange.workspace, exchange.settings, Head(store.head.seq, store.head.hash))
    said = [f"Строк журнала возвращено по базе: {store.healed}."] if store.healed else []
    said += [f"Файлов возвращено: {healed}."] if healed else []
    left = list(_damage(exchange))
    if left:
        raise VerificationError(" ".join([*said, f"Не вернуть: {_told(left)}"]))
    if forgotten and lost is not None:
        said.append(f"Фактов после № {store.head.seq} больше нет, а было не меньше {lost.seq}.")
    after = store.digest()
    if before != after:
        said.append("База отличалась от записанных фактов.")
    return {"digest": after, "facts": store.head.seq, "healed": said}


def _damage(exchange: Exchange) -> Iterator[Finding]:
    store = exchange.store
    told = set[str]()
    readable = True
    for one in store.verify():
        told.add(one.name)
        readable = readable and one.place == "archive"
        yield Finding(one.place, one.name)
    if not readable:
        return
    for sha256 in store.named():
        if sha256 not in told and not exchange.archive.has(sha256):
            yield Finding("archive", sha256)
    noted = witnessed(exchange.workspace, exchange.settings)
    if noted is not None and not _remembers(exchange, noted):
        yield Finding("witness", f"№ {noted.seq}")
    yield from _packages(exchange, told)
    for submission in store.submissions():
        if not receipt_path(exchange, submission).is_file():
            yield Finding("outbox", f"ответ на приём № {submission.number}")


def _packages(exchange: Exchange, told: set[str]) -> Iterator[Finding]:
    for record in _records(exchange):
        blob = exchange.archive.path(record.sha256)
        if record.sha256 not in told and blob.is_file():
            found = evidence_of(blob)
            if found and found.head and not _remembers(exchange, found.head):
                yield Finding("witness", f"№ {found.head.seq} пакета {record.name}")
    for record in _shown(exchange):
        path = package_path(exchange, record)
        if not path.is_file() or system.sha256_of(path) != record.sha256:
            yield Finding("outbox", record.name)


def _heal_packages(exchange: Exchange) -> int:
    """Put packages back into the archive from the outbox, and into the outbox from the archive."""
    healed = 0
    archive = exchange.archive
    for record in _records(exchange):
        path = package_path(exchange, record)
        if path.is_file() and system.sha256_of(path) == record.sha256:
            healed += not archive.has(record.sha256)
            archive.put(path.read_bytes())
    for record in _shown(exchange):
        path = package_path(exchange, record)
        lacking = not path.is_file() or system.sha256_of(path) != record.sha256
        if lacking and archive.has(record.sha256):
            system.write_whole(path, archive.get(record.sha256))
            healed += 1
    return healed


def _heal_answers(exchange: Exchange, now: datetime) -> int:
    lacking = [
        one for one in exchange.store.submissions() if not receipt_path(exchange, one).is_file()
    ]
    if not lacking:
        return 0
    with workers(exchange.plugins, exchange.settings, now) as pool:
        for one in lacking:
            whole = exchange.store.submission(one.number)
            if whole is not None:
                write_answer(exchange, pool, whole)
    return len(lacking)


def _made_here(exchange: Exchange, found: Evidence) -> PackageRecord:
    for record in _records(exchange):
        if record.id == found.id and record.digest == found.digest:
            return record
    raise VerificationError(
        "Такого пакета здесь не выпускали: журнал укорочен, заменён, или пакет не отсюда."
    )


def _records(exchange: Exchange) -> list[PackageRecord]:
    return [one.record for one in exchange.store.packages()]


def _shown(exchange: Exchange) -> list[PackageRecord]:
    """Packages that lie in the outbox: those that were delivered, and the newest of each kind."""
    made = _records(exchange)
    newest = {(one.recipient, one.period): one for one in made}
    delivered = (one for one in made if exchange.store.deliveries(one.id))
    return list({one.id: one for one in (*delivered, *newest.values())}.values())


def _remembers(exchange: Exchange, head: Head) -> bool:
    return head.seq == 0 or exchange.store.fact_hash(head.seq) == head.hash


def _told(found: list[Finding]) -> str:
    sentences = []
    for place, (what, remedy) in _WORDS.items():
        names = [one.name for one in found if one.place == place]
        if names:
            shown = [name for name in names[:_SHOWN] if name]
            more = f" и ещё {len(names) - _SHOWN}" if len(names) > _SHOWN else ""
            listed = f": {', '.join(shown)}{more}" if shown else ""
            sentences.append(f"{what[0].upper()}{what[1:]}{listed}. {remedy}")
    return " ".join(sentences)
