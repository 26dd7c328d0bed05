"""Codes in place of pupils' names, before anything of a file is stored."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from contracts.plan import LIST_SEPARATOR, FormPlan
from pipeline.model import Notice, ParsedRow, PartColumns, columns_of
from pipeline.text import CONTACTS, SNILS, fold, person_key

CODE = re.compile(r"^Н-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{2}$")
HIDDEN = "скрыто"
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_NAMES = ("fio", "fio_list")
_CONTACT_TYPES = ("contacts", "phone", "email")
# Types whose values are words of the person who typed them, or may carry such words along.
_FREE = ("text", "enum", "multi", "class")
_FULL_NAME_WORDS = 2
_WORD = re.compile(r"[^\W\d_]+")
# No contact and no СНИЛС is without one of these.
_OF_CONTACTS = re.compile(r"[\d@]")
# Russian endings come and go; what is left of a word without them is enough to know it again.
_ENDING = "аяйьоеиыу"
_LEAST_STEM = 4
_REMEMBERED = 4096
_HEAD = 3

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


@dataclass(frozen=True, slots=True)
class Subject:
    """A part of a file with its plan and the contract's word on which cells speak of minors.

    `types` are the field types of the plan's columns by name, `wordy` those that hold words.
    """

    part: PartColumns
    plan: FormPlan
    minor_columns: MinorColumns | None
    types: Mapping[str, str]
    wordy: tuple[str, ...]

    def minors(self, row: ParsedRow) -> frozenset[str]:
        """Return the columns of *row* that speak of a minor."""
        return self.minor_columns(row.values) if self.minor_columns else frozenset()

    def names(self, row: ParsedRow) -> list[str]:
        """Return the names of minors in *row*."""
        named = [n for n in sorted(self.minors(row)) if self.types[n] in _NAMES]
        cells = [row.values.get(name) for name in named]
        return [name for cell in cells if cell for name in str(cell).split(LIST_SEPARATOR)]

    def is_about_minor(self, row: ParsedRow) -> bool:
        """Whether the person of the row is a minor."""
        return self.plan.person in self.minors(row)

    def is_free(self, column: str) -> bool:
        """Whether anything at all may stand in a cell of this column."""
        return self.types[column] in _FREE


def subject_of(part: PartColumns, plan: FormPlan, minor_columns: MinorColumns | None) -> Subject:
    """Return a part as the veil looks at it."""
    types = {column.name: column.type for column in plan.columns}
    wordy = tuple(column.name for column in plan.kept if column.storage == "str")
    return Subject(part, plan, minor_columns, types, wordy)


class Veil:
    """Hides the minors of one file: in their own cells, and wherever else the file names them.

    Names become codes, contacts of their cells and all СНИЛС are dropped, raw text and the words
    of notices too.
    """

    def __init__(self, subjects: Iterable[Subject], coder: Coder) -> None:
        self._coder = coder
        self._subjects = tuple(subjects)
        found = {name for s in self._subjects for row in s.part.rows for name in s.names(row)}
        # Full names by the beginning of their first word, each with the root of that word.
        self._by_head: dict[str, list[tuple[str, str]]] = {}
        for name in sorted(found, key=lambda name: (-len(name), name)):
            for head in _heads(name)[:1] if _is_full(name) else ():
                self._by_head.setdefault(head, []).append((_root(name), name))
        self._patterns: dict[str, tuple[re.Pattern[str], str]] = {}
        self._told: dict[str, str] = {}
        self._freed: dict[tuple[str, bool], str] = {}

    def parts(self) -> tuple[PartColumns, ...]:
        """Return the parts without minors; a notice of each says how many rows were changed."""
        return tuple(self._part(subject) for subject in self._subjects)

    def text(self, text: str) -> str:
        """Return *text* with codes for the minors that the file names."""
        if text not in self._told:
            self._told[text] = self._coded(text)
        return self._told[text]

    def _coded(self, text: str) -> str:
        words = _words(text) if self._by_head else []
        for head in sorted({word[:_HEAD] for word in words} & self._by_head.keys()):
            for root, name in self._by_head[head]:
                if any(word.startswith(root) for word in words):
                    pattern, code = self._pattern(name)
                    text = pattern.sub(code, text)
        return text

    def _pattern(self, name: str) -> tuple[re.Pattern[str], str]:
        """Compiled when a text first holds such a word: few of a school's names are asked for."""
        if name not in self._patterns:
            pattern = re.compile(_spelled(name), re.IGNORECASE)
            self._patterns[name] = pattern, self._coder.code(name)
        return self._patterns[name]

    def names(self, text: str) -> bool:
        """Whether *text* names a minor of the file: then contacts in it are not kept either."""
        return self.text(text) != text

    def free(self, text: str, *, contacts: bool = False) -> str:
        """Return *text* without minors and СНИЛС, and without contacts where it may be theirs."""
        key = (text, contacts)
        if key not in self._freed:
            self._freed[key] = scrubbed(self.text(text), contacts=contacts or self.names(text))
        return self._freed[key]

    def notice(self, notice: Notice, *, contacts: bool = False) -> Notice:
        """Return a notice without the names of minors, and with *contacts* without those too."""
        contacts = contacts or self.names(notice.value or "")

        def hide(text: str | None) -> str | None:
            return self.free(text, contacts=contacts) if text else text

        params = {key: hide(word) or "" for key, word in notice.params.items()}
        sheet = self.text(notice.sheet) if notice.sheet else notice.sheet
        value, who = hide(notice.value), hide(notice.who)
        return replace(notice, sheet=sheet, value=value, who=who, params=params)

    def _part(self, subject: Subject) -> PartColumns:
        part = subject.part
        rows = tuple(self._row(row, subject) for row in part.rows)
        pairs = tuple(zip(part.rows, rows, strict=True))
        by_number = {row.row: row for row in part.rows}
        said = [
            self._said(n, by_number.get(n.row or 0), subject)
            for n in part.notices
            if not _says_nothing(n, by_number.get(n.row or 0), subject)
        ]
        said += [n for before, after in pairs for n in _dropped(before, after, subject)]
        hidden = sum(1 for before, after in pairs if before != after and subject.minors(before))
        if hidden:
            params = {"count": str(hidden)}
            said.append(Notice("minor_hidden", "info", sheet=self.text(part.sheet), params=params))
        return replace(part, sheet=self.text(part.sheet), notices=tuple(said), **columns_of(rows))

    def _row(self, row: ParsedRow, subject: Subject) -> ParsedRow:
        minors, about = subject.minors(row), subject.is_about_minor(row)
        own = _surnames(subject.names(row))

        def hide(name: str, text: str, *, free: bool = True) -> str:
            private = about or name in minors
            shown = self.free(text, contacts=private) if free else self.text(text)
            if private and not own.keys().isdisjoint(_heads(shown)):
                shown = _any_of(own.values()).sub(HIDDEN, shown)
            return shown

        def kept(name: str, value: str) -> str | None:
            type_ = subject.types[name]
            if type_ in _CONTACT_TYPES:
                private = name in minors or self.names(row.raw.get(name, ""))
                return None if private else value
            if type_ not in _NAMES:
                return hide(name, value, free=subject.is_free(name))
            if name not in minors:
                return value
            return LIST_SEPARATOR.join(map(self._coder.code, value.split(LIST_SEPARATOR)))

        values = dict(row.values)
        for name in subject.wordy:
            if isinstance(value := values.get(name), str):
                values[name] = kept(name, value)
        raw = {name: hide(name, text) for name, text in row.raw.items() if name not in minors}
        return replace(row, values=values, raw=raw)

    def _said(self, notice: Notice, row: ParsedRow | None, subject: Subject) -> Notice:
        """Return a notice of a part; of a minor's own cell only the place is left."""
        minors = subject.minors(row) if row else frozenset()
        about = subject.plan.person in minors
        who = self._coder.code(notice.who) if notice.who and about else notice.who
        told = self.notice(replace(notice, who=who), contacts=about)
        if notice.column not in minors:
            return told
        params = {k: v for k, v in told.params.items() if k not in ("stored", "left")}
        return replace(told, value=HIDDEN, params={**params, "stored": HIDDEN, "left": HIDDEN})


def _says_nothing(notice: Notice, row: ParsedRow | None, subject: Subject) -> bool:
    """Whether a note on what we changed is left without a word: «скрыто» became «скрыто»."""
    own = row is not None and notice.column in subject.minors(row)
    return own and notice.severity == "info"


def scrubbed(text: str, *, contacts: bool) -> str:
    """Return *text* without СНИЛС, and with *contacts* without telephones and addresses too."""
    if not _OF_CONTACTS.search(text):
        return text
    for what, pattern in CONTACTS.items():
        if contacts or what == SNILS:
            text = pattern.sub(HIDDEN, text)
    return text


def _dropped(before: ParsedRow, after: ParsedRow, subject: Subject) -> list[Notice]:
    """Say in which texts of a row something stood that is not kept."""
    return [
        Notice("text_holds_contact", "remark", row=before.row, column=name, params={"found": what})
        for name, value in before.values.items()
        if isinstance(value, str) and subject.is_free(name) and _OF_CONTACTS.search(value)
        for what, pattern in CONTACTS.items()
        if pattern.search(value) and not pattern.search(str(after.values[name]))
    ]


def _without_ending(word: str) -> str:
    return word[:-1] if len(word) > _LEAST_STEM and word[-1].lower() in _ENDING else word


def _stem(word: str) -> str:
    return re.sub("[её]", "[её]", re.escape(_without_ending(word)), flags=re.IGNORECASE)


@lru_cache(maxsize=_REMEMBERED)
def _words(text: str) -> list[str]:
    """The words of a text, mended and as typed."""
    mended, typed = fold(text), text.lower().replace("ё", "е")
    return _WORD.findall(mended if mended == typed else f"{mended} {typed}")


def _heads(text: str) -> list[str]:
    """Beginnings of the words of a text: where a name may stand in it."""
    return [word[:_HEAD] for word in _words(text)]


def _root(name: str) -> str:
    """What every spelling of a full name has at the beginning of a word."""
    return (_words(_without_ending(name.split(maxsplit=1)[0])) or [""])[0]


def _is_full(name: str) -> bool:
    return not CODE.match(name) and len(name.split()) >= _FULL_NAME_WORDS


def _spelled(name: str) -> str:
    """Pattern of a full name in any case, turned round, or with initials."""
    words = name.split()
    surname, first, *rest = (rf"{_stem(word)}[а-яё]{{0,3}}" for word in words)
    more = "".join(rf"(?:[\s_]+{word})?" for word in rest)
    initials = rf"{re.escape(words[1][0])}\.\s*(?:[А-ЯЁ]\.)?"
    turned = rf"{first}{more}[\s_]+{surname}"
    return rf"\b(?:{surname}[\s_]+(?:{first}{more}|{initials})|{turned}|{initials}\s*{surname})"


def _surnames(names: Iterable[str]) -> dict[str, list[str]]:
    """Surnames by the beginning of their first word, for texts of the row that speaks of them."""
    found: dict[str, list[str]] = {}
    for word in {name.split()[0] for name in names if not CODE.match(name)}:
        for head in _heads(word)[:1] if len(word) >= _LEAST_STEM else ():
            found.setdefault(head, []).append(word)
    return found


def _any_of(surnames: Iterable[list[str]]) -> re.Pattern[str]:
    stems = sorted(_stem(word) for words in surnames for word in words)
    return re.compile(rf"\b(?:{'|'.join(stems)})[а-яё]{{0,3}}\b", re.IGNORECASE)
