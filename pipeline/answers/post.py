"""«К отправке»: for each unit its answers in one zip, and a letter with it that is ready to send.

For municipalities without shared folders. Whoever has sent a letter removes its folder; it comes
back when there is something new to send.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime
from email import policy
from email.header import Header
from email.message import EmailMessage
from pathlib import Path

from pipeline import system
from pipeline.model import Unit
from pipeline.render import html
from pipeline.store.rows import Newest
from pipeline.words import STATES
from pipeline.workspace.exchange import POST_FOLDER, Exchange

ZIP_FILE = "Ответы – {unit}.zip"
LETTER_FILE = "Письмо – {unit}.eml"
LINE = "приём № {number}: {outcome}"
SUBJECT = "Наставничество: ответы на ваши файлы, {unit}"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
_ADDRESS = re.compile(r"[^\s@<>,;]{1,64}@[^\s@<>,;]{1,255}")
_LONGEST = 60


def pack_post(
    exchange: Exchange, unit: Unit, given: Sequence[Newest], files: Sequence[Path]
) -> None:
    """Write the zip and the letter of a unit anew where *files* differ from what was packed."""
    named = post_folder(exchange, unit)
    if not given or not files:
        return
    data = _zipped(files)
    name = file_title(unit.short_name)
    packed = named / ZIP_FILE.format(unit=name)
    system.write_if_changed(packed, data)
    letter = _letter(exchange, unit, given, packed)
    system.write_if_changed(named / LETTER_FILE.format(unit=name), letter)


def post_folder(exchange: Exchange, unit: Unit) -> Path:
    """Return where the letter to a unit lies, named as people name the unit."""
    return exchange.outbox / POST_FOLDER / file_title(unit.short_name)


def file_title(name: str) -> str:
    """Return the name of a unit as a file may be called on any system."""
    return " ".join(_NOT_IN_NAMES.sub(" ", name).split())[:_LONGEST].strip(" .") or "организация"


def _zipped(files: Sequence[Path]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for path in files:
            archive.writestr(zipfile.ZipInfo(path.name, _EPOCH), path.read_bytes())
    return target.getvalue()


def _letter(exchange: Exchange, unit: Unit, given: Sequence[Newest], packed: Path) -> bytes:
    """A letter that opens as a draft; whoever sends it is asked for nothing but the button."""
    settings, newest = exchange.settings, given[-1]
    letter = EmailMessage(policy=policy.SMTP)
    letter["X-Unsent"] = "1"
    if _ADDRESS.fullmatch(unit.email):
        letter["To"] = unit.email
    letter["Date"] = datetime.fromisoformat(newest.moment)
    words = html.render(
        "post.txt.j2",
        unit=unit.short_name,
        lines=[LINE.format(number=one.number, outcome=_words(one)) for one in given],
        centre=settings.centre,
        coordinator=settings.coordinator,
        phone=settings.phone,
    )
    letter.set_content(words.decode())
    letter.add_attachment(
        packed.read_bytes(), maintype="application", subtype="zip", filename=packed.name
    )
    # The boundary is else a number by chance, and the letter new each time.
    letter.set_boundary(f"----nastavnik-{newest.number:06d}")
    # Python folds a long subject between encoded words and loses the blank that stood there.
    subject = Header(SUBJECT.format(unit=unit.short_name), "utf-8", header_name="Subject")
    return b"Subject: " + subject.encode(linesep="\r\n").encode() + b"\r\n" + letter.as_bytes()


def _words(one: Newest) -> str:
    words = STATES[one.outcome].heading
    return words[:1].lower() + words[1:]
