"""Codes in place of pupils' names, before anything of a file is stored (`design.md` §6, minors)."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from contracts.plan import LIST_SEPARATOR, FormPlan
from pipeline.model import Notice, ParsedPart, ParsedRow, Scalar
from pipeline.text import person_key

CODE = re.compile(r"^Н-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{2}$")
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_NAMES = ("fio", "fio_list")
_CONTACTS = ("contacts", "phone", "email")
_HIDDEN = "скрыто"
_FULL_NAME_WORDS = 2

MinorColumns = Callable[[Mapping[str, Any]], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Coder:
    """Gives the code that stands for a pupil of one unit: HMAC under the workspace's key.

    It is a pseudonym, not anonymity: whoever holds the key can find the name again.
    """

    key: bytes
    unit: str

    def code(self, name: str) -> str:
        """Return the code of a person; a code that was typed stays what it is."""
        if CODE.match(name):
            return name
        text = f"{self.unit}|{person_key(name)}".encode()
        number = int.from_bytes(hmac.new(self.key, text, hashlib.sha256).digest()[:4])
        letters = "".join(_ALPHABET[(number >> shift) & 31] for shift in range(0, 30, 5))
        return f"Н-{letters[:4]}-{letters[4:]}"


def pseudonymise(
    part: ParsedPart, plan: FormPlan, minor_columns: MinorColumns, coder: Coder
) -> tuple[ParsedPart, int]:
    """Return the part without pupils' names and contacts, and how many rows held any.

    Names become codes, contacts are dropped, raw text and the words of notices of those cells
    too, and the names are blotted out of every other text of the part.
    """
    speaks = {row.row: minor_columns(row.values) for row in part.rows}
    if not any(speaks.values()):
        return part, 0
    blot = _Blot(_names(part, plan, speaks), coder)
    rows = tuple(_row(row, plan, speaks[row.row], blot) for row in part.rows)
    notices = tuple(
        _notice(n, speaks.get(n.row or 0, frozenset()), plan, blot) for n in part.notices
    )
    hidden = sum(1 for before, after in zip(part.rows, rows, strict=True) if before != after)
    return replace(part, rows=rows, notices=notices), hidden


class _Blot:
    """Replaces known names of minors in free text by their codes."""

    def __init__(self, names: frozenset[str], coder: Coder) -> None:
        self.coder = coder
        self._codes = {person_key(name): coder.code(name) for name in names}
        spellings = sorted({_spelling(name) for name in names if _spelling(name)}, key=len)
        self._any = re.compile("|".join(reversed(spellings)), re.IGNORECASE) if spellings else None

    def text(self, text: str) -> str:
        if self._any is None:
            return text
        return self._any.sub(lambda match: self._code(match.group()), text)

    def _code(self, found: str) -> str:
        key = person_key(found)
        for name, code in self._codes.items():
            if name == key or name.startswith(f"{key} "):
                return code
        return _HIDDEN

    def value(self, value: Scalar) -> Scalar:
        return self.text(value) if isinstance(value, str) else value


def _spelling(name: str) -> str:
    """Pattern of «Фамилия Имя [Отчество]», with any blanks and ё as е."""
    words = name.split()
    if len(words) < _FULL_NAME_WORDS or CODE.match(name):
        return ""
    first, second, *rest = (re.escape(w).replace("ё", "[её]").replace("Ё", "[ЕЁ]") for w in words)
    return rf"{first}\s+{second}" + "".join(rf"(?:\s+{word})?" for word in rest)


def _names(
    part: ParsedPart, plan: FormPlan, speaks: Mapping[int, frozenset[str]]
) -> frozenset[str]:
    found: set[str] = set()
    for row in part.rows:
        for name in speaks[row.row]:
            value = row.values.get(name)
            if value and plan.column(name).type in _NAMES:
                found.update(str(value).split(LIST_SEPARATOR))
    return frozenset(found)


def _row(row: ParsedRow, plan: FormPlan, minors: frozenset[str], blot: _Blot) -> ParsedRow:
    values: dict[str, Scalar] = {}
    for name, value in row.values.items():
        type_ = plan.column(name).type
        if name not in minors or value is None:
            values[name] = blot.value(value) if type_ not in _NAMES else value
        elif type_ in _NAMES:
            codes = (blot.coder.code(person) for person in str(value).split(LIST_SEPARATOR))
            values[name] = LIST_SEPARATOR.join(codes)
        else:
            values[name] = None if type_ in _CONTACTS else blot.value(value)
    raw = {name: blot.text(text) for name, text in row.raw.items() if name not in minors}
    return replace(row, values=values, raw=raw)


def _notice(notice: Notice, minors: frozenset[str], plan: FormPlan, blot: _Blot) -> Notice:
    who = notice.who
    if who and (plan.person in minors or blot.text(who) != who):
        who = blot.coder.code(who)
    if notice.column in minors:
        params = {k: v for k, v in notice.params.items() if k not in ("stored", "left", "columns")}
        return replace(notice, value=_HIDDEN, who=who, params={**params, "stored": _HIDDEN})
    value = blot.text(notice.value) if notice.value else notice.value
    params = {k: blot.text(v) for k, v in notice.params.items()}
    return replace(notice, value=value, who=who, params=params)
