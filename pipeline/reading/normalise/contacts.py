"""Telephones, e-mail and web addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from contracts.plan import LIST_SEPARATOR
from pipeline.reading.normalise.characters import collapse, plain_dashes, scripts_mixed, seen_text
from pipeline.reading.normalise.reading import CellInput, CellNote, CellResult, fail, leftover_note

_EXTENSION = re.compile(
    r"[(, ]{0,3}(?:добавочный|доб|внутренний|внутр|вн|ext)\.? ?:? ?(?P<digits>[0-9]{1,6})\)?", re.I
)
_MARK = "†"  # stands for «доб.» while the cell is taken apart: letters end a number
_TOKEN = re.compile(
    rf"(?P<plus>\+ ?)?\(?[0-9][0-9 ().-]{{2,30}}[0-9](?: ?{_MARK}(?P<ext>[0-9]{{1,6}}))?"
)
# One number of the country as most people write it: there is nothing to take apart.
USUAL = re.compile(r"\+?[78][ -]?\(?([0-9]{3})\)?[ -]?([0-9]{3})[ -]?([0-9]{2})[ -]?([0-9]{2})")
# A number that passed through a program as a fraction: «79990000001.0».
_WHOLE = re.compile(r"(?P<number>\+?[78]?[0-9]{10})[.,]0{1,6}")
_NUMBERING = re.compile(r"^[0-9]{1,2}[.)] (?=[+(0-9])", re.M)
_FLOAT = re.compile(r"(?P<first>[0-9])[.,](?P<rest>[0-9]{9,10})[eе]\+?(?P<power>1?[0-9])", re.I)
# A number that a program cut short for the screen: «7,99911E+10», «7.99911·10^10».
_CUT_SHORT = re.compile(
    r"(?<![0-9])[0-9]{1,3}(?:[.,][0-9]{1,12})? ?(?:[eе]|[*·x×] ?10 ?(?:\^|\*\*)) ?\+? ?"
    r"[0-9]{1,2}(?![0-9])",
    re.I,
)
_LABELS = re.compile(
    r"(?<![^\W\d_])(?:телефон[ы]?|тел|т|моб(?:ильный)?|сот(?:овый)?|раб(?:очий)?|дом(?:ашний)?|факс|код"
    r"|и|или|e-?mail|эл|электронная|почта|адрес|mail|п|whats ?app|viber)(?![^\W\d_])",
    re.I,
)
_EMAIL = re.compile(
    r"[^\s@,;:<>()\[\]«»\"“”/\\]{1,64}@(?:[^\W_][\w-]{0,62}\.){1,6}[^\W_][\w-]{1,30}(?![\w@])"
)
_SCHEME_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>[^\s/?#«»\"<>]{1,253})(?P<rest>[/?#][^\s«»\"<>]{0,2000})?", re.I
)
_BARE_URL = re.compile(
    r"(?<![@\w.-])(?P<host>(?:[^\W_][\w-]{0,62}\.){1,6}(?:[a-z]{2,24}|рф|рус|дети|онлайн|сайт|москва|орг))"
    r"(?![@\w-])(?P<rest>[/?#][^\s«»\"<>]{0,2000})?",
    re.I,
)
_HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W_][\w-]{0,60}[^\W_](?::[0-9]{1,5})?")
_FILES = ("doc", "docx", "pdf", "xls", "xlsx", "ppt", "pptx", "jpg", "jpeg", "png", "txt", "zip")


@dataclass(slots=True)
class _Found:
    """What a cell for contacts holds, in the order of the cell."""

    phones: list[str] = field(default_factory=list)
    local: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    bad: list[str] = field(default_factory=list)
    words: str = ""
    cleaned: bool = False


def read_phone(given: CellInput) -> CellResult:
    """Read one or several telephones; the value is «+7XXXXXXXXXX[ доб. N]», joined."""
    found = _take_apart(given)
    if not found.phones:
        return _none(found, "phone_unreadable")
    left = [(email, leftover_note(email)) for email in found.emails]
    left += [(piece, leftover_note(piece)) for piece in found.bad]
    return _read(found, LIST_SEPARATOR.join(found.phones), tuple(left))


def read_contacts(given: CellInput) -> CellResult:
    """Read telephones and e-mail addresses that stand together; telephones come first."""
    found = _take_apart(given)
    values = [*found.phones, *found.emails]
    if not values:
        return fail("phone_unreadable")
    return _read(
        found, LIST_SEPARATOR.join(values), tuple((p, leftover_note(p)) for p in found.bad)
    )


def read_email(given: CellInput) -> CellResult:
    """Read one e-mail address, in lower case."""
    found = _take_apart(given)
    if not found.emails:
        return _none(found, "email_unreadable")
    others = [*found.emails[1:], *found.phones, *found.bad]
    return CellResult(
        found.emails[0], leftover=tuple((piece, leftover_note(piece)) for piece in others)
    )


def read_url(given: CellInput) -> CellResult:
    """Read one web address; without a scheme it gets https."""
    match = _SCHEME_URL.search(given.text) or _BARE_URL.search(given.text)
    address = _address(match) if match else None
    if match is None or address is None:
        return fail("url_unreadable")
    rest = collapse(given.text[: match.start()] + " " + given.text[match.end() :]).strip(
        " .,;:()–—-"
    )
    left = ((rest, leftover_note(rest)),) if re.search(r"[^\W_]", rest) else ()
    return CellResult(address, leftover=left)


def _address(match: re.Match[str]) -> str | None:
    host = match["host"].lower().rstrip(".,;:)")
    rest = (match["rest"] or "").rstrip(".,;:)»\"'")
    scheme = match.groupdict().get("scheme")
    if not _HOST.fullmatch(host) or scripts_mixed(host) or host.rpartition(".")[2].isdigit():
        return None
    if not scheme and not rest and host.rpartition(".")[2] in _FILES:
        return None
    return f"{(scheme or 'https').lower()}://{host}{rest}"


def _read(found: _Found, value: str, left: tuple[tuple[str, CellNote], ...]) -> CellResult:
    stored = {"stored": value}
    notes = (
        [CellNote("phone_local", {"stored": LIST_SEPARATOR.join(found.local)})]
        if found.local
        else []
    )
    if found.cleaned or (found.words and found.phones):
        notes.append(CellNote("phone_cleaned", stored))
    return CellResult(value, tuple(notes), leftover=left)


def _none(found: _Found, code: str) -> CellResult:
    """Return a failure, unless another column can take what the cell holds instead."""
    pieces = [*found.phones, *found.emails]
    failure = fail(code)
    return CellResult(
        notes=failure.notes, failed=True, leftover=tuple((p, failure.notes[0]) for p in pieces)
    )


def _take_apart(given: CellInput) -> _Found:
    found = _Found()
    whole = _WHOLE.fullmatch(given.text)
    text = whole["number"] if whole else given.text
    if given.number is None and (usual := USUAL.fullmatch(text)):
        found.phones.append("+7" + "".join(usual.groups()))
        return found
    if given.number is not None:
        text, found.cleaned = seen_text(given.number), isinstance(given.cell, float)
    elif match := _FLOAT.fullmatch(text.strip()):
        if len(match["rest"]) != int(match["power"]):
            found.bad.append(text)
            return found
        text, found.cleaned = match["first"] + match["rest"], True
    if cut := _CUT_SHORT.findall(text):
        found.bad += cut
        text = _CUT_SHORT.sub(" ; ", text)
    text = _take_emails(re.sub(r" ?@ ?", "@", plain_dashes(text)), found)
    _take_phones(text, found, given.area_code)
    return found


def _take_emails(text: str, found: _Found) -> str:
    for match in _EMAIL.finditer(text):
        address = match.group().lower().strip(".'`-").removeprefix("mailto:")
        (found.bad if scripts_mixed(address) else found.emails).append(address)
    found.emails = list(dict.fromkeys(found.emails))
    return _EMAIL.sub(" ; ", text)


def _take_phones(text: str, found: _Found, area_code: str) -> None:
    plain = _EXTENSION.sub(rf" {_MARK}\g<digits>", _NUMBERING.sub("", text))
    for token in _TOKEN.finditer(plain):
        _take_token(token, found, area_code)
    if _take_whole(plain, found):
        return
    words = _LABELS.sub(" ", _TOKEN.sub(" ", plain))
    found.words = collapse(re.sub(r"[^\w@]+", " ", words)).strip("_ ")
    found.phones = list(dict.fromkeys(found.phones))


def _take_token(token: re.Match[str], found: _Found, area_code: str) -> None:
    digits = re.sub(r"[^0-9]", "", token.group().partition(_MARK)[0])
    extension = f" доб. {token['ext']}" if token["ext"] else ""
    bracketed = token.group().startswith("(")
    numbers = _national(digits, abroad=bool(token["plus"]), bracketed=bracketed)
    if numbers:
        found.phones += [*numbers[:-1], numbers[-1] + extension]
    elif local := _like_the_last(digits, found.phones):
        found.phones.append(local + extension)
        found.cleaned = True
    elif local := _with_area(digits, area_code):
        found.phones.append(local + extension)
        found.local.append(local + extension)
    else:
        found.bad.append(token.group().replace(_MARK, "доб. "))


def _take_whole(plain: str, found: _Found) -> bool:
    """Take «8-999-000/00/01» as one number, where its pieces made no sense."""
    whole = _national(re.sub(r"[^0-9]", "", plain), abroad=False)
    other = found.phones or found.emails or re.search(rf"[^\W\d_]|{_MARK}", plain)
    if other or len(whole) != 1:
        return False
    found.phones, found.bad = whole, []
    return True


def _national(digits: str, *, abroad: bool, bracketed: bool = False) -> list[str]:
    if len(digits) == 11 and digits[0] in "78":
        return ["+7" + digits[1:]]
    # Ten digits that begin as eleven do have lost one, unless the code stands in brackets.
    if len(digits) == 10 and not abroad and (digits[0] not in "78" or bracketed):
        return ["+7" + digits]
    if len(digits) == 22 and digits[0] in "78" and digits[11] in "78":
        return ["+7" + digits[1:11], "+7" + digits[12:]]
    if abroad and 11 <= len(digits) <= 15 and digits[0] not in "78":
        return ["+" + digits]
    return []


def _like_the_last(digits: str, before: list[str]) -> str | None:
    """Complete «7-51-45» behind «8(30-261) 23-9-83»: one code is written for both."""
    last = before[-1] if before else ""
    if not 5 <= len(digits) <= 7 or not last.startswith("+7") or last[2] == "9":
        return None
    return last[: 12 - len(digits)] + digits


def _with_area(digits: str, area_code: str) -> str | None:
    """Complete a local number by the town's code."""
    fits = 5 <= len(digits) <= 7 and len(area_code) + len(digits) == 10
    return f"+7{area_code}{digits}" if fits else None
