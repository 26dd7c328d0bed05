"""Codes in place of pupils' names, in every text of a file, before anything of it is stored."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache

from pipeline.acceptance import spellings
from pipeline.acceptance.mentions import Mention, People
from pipeline.model import Notice, Scalar
from pipeline.text import CONTACTS, SNILS, is_pupil_code, person_key

HIDDEN = "скрыто"
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
# Two letters for each ten bits.
_PAIRS = [one + other for other in _ALPHABET for one in _ALPHABET]
# No contact and no СНИЛС is without one of these.
_OF_CONTACTS = re.compile(r"[\d@]")
# Beside a name also the number of a telephone at home; a school year or a date is none.
_NUMBER = re.compile(r"(?<![\d.])\d(?:[ ()–-]{0,2}\d){4,}(?![\d.])")
_YEARS = re.compile(r"(?:19|20)\d\d(?:[ –-]{1,3}(?:20)?\d\d)?|\d{4}-\d\d-\d\d|\d\d-\d\d-\d{4}")
_NUMBERS_NAME = "телефон"


@dataclass(frozen=True, slots=True)
class PseudonymKey:
    """Gives the code that stands for a pupil of one unit: HMAC under the workspace's key.

    It is a pseudonym, not anonymity: whoever holds the key can find the name again.
    """

    key: bytes = field(repr=False)
    unit: str

    def code(self, name: str) -> str:
        """Return the code of a person; a code that was typed stays what it is."""
        if is_pupil_code(name):
            return name
        text = f"{self.unit}|{person_key(name)}".encode()
        number = int.from_bytes(hmac.digest(self.key, text, "sha256")[:4])
        first, second, third = (_PAIRS[number >> shift & 1023] for shift in (0, 10, 20))
        return f"Н-{first}{second}-{third}"


@dataclass(frozen=True, slots=True)
class RowNames:
    """Who stands in the row around a text: of two people with a surname it means the row's own."""

    minors: frozenset[str] = frozenset()
    adults: frozenset[str] = frozenset()


NOBODY = RowNames()


class Pseudonymiser:
    """Hides the minors of one file wherever its texts name them.

    Names become codes, contacts beside them and all СНИЛС are dropped. A text of which nobody can
    say whether it names a pupil is hidden whole.
    """

    def __init__(self, minors: Iterable[str], adults: Iterable[str], key: PseudonymKey) -> None:
        self._people = People(minors, adults)
        self._code = cache(key.code)
        self._scrubbed: dict[tuple[str, bool, RowNames], str] = {}

    def code(self, name: str) -> str:
        """Return the code that stands for a minor of the file's unit."""
        return self._code(name)

    def label(self, text: str) -> str:
        """Return the name of a file, folder or sheet without any who may be a minor."""
        return self._shown(text, NOBODY)[0]

    def depends_on_row(self, text: str) -> bool:
        """Whether it hangs on the row around it whom a text means."""
        return any(one.kind != "pupil" for one in self._people.mentions(text))

    def is_doubtful(self, text: str, row: RowNames) -> bool:
        """Whether *text* may name a pupil and may not: then it is not kept at all."""
        return self._shown(text, row)[1]

    def names(self, text: str, row: RowNames = NOBODY) -> bool:
        """Whether *text* names a minor, for sure or perhaps: contacts in it are not kept."""
        shown, doubtful = self._shown(text, row)
        return doubtful or shown != text

    def scrub(self, text: str, *, row: RowNames = NOBODY, contacts: bool = False) -> str:
        """Return *text* without minors and СНИЛС, and without contacts where it may be theirs."""
        key = (text, contacts, row)
        scrubbed = self._scrubbed.get(key)
        if scrubbed is None:
            scrubbed = self._scrubbed[key] = self._scrub(text, row, contacts=contacts)
        return scrubbed

    def notice(
        self, notice: Notice, row: RowNames = NOBODY, *, contacts: bool = False, own: bool = False
    ) -> Notice:
        """Return a notice without the names of minors, and with *contacts* without those too.

        *own* says that whom it is about is a grown-up, whose name stays as it is.
        """
        contacts = contacts or self.names(notice.value or "", row)

        def hide(text: str | None) -> str | None:
            return self.scrub(text, row=row, contacts=contacts) if text else text

        params = {key: hide(word) or "" for key, word in notice.params.items()}
        sheet = self.label(notice.sheet) if notice.sheet else notice.sheet
        value, who = hide(notice.value), notice.who if own else hide(notice.who)
        if (sheet, value, who) == (notice.sheet, notice.value, notice.who):
            return notice if params == notice.params else replace(notice, params=params)
        return replace(notice, sheet=sheet, value=value, who=who, params=params)

    def not_plain(self, cells: Iterable[Scalar], *, free: bool, contacts: bool) -> set[str]:
        """Return the texts among *cells* in which something is hidden, in one row or another.

        *contacts* says that some row speaks of a minor. Mostly there are none, and one look at all
        of them says so.
        """
        texts = sorted({cell for cell in cells if isinstance(cell, str)})
        joined = "\n".join(texts)
        named = self._people.may_be_among(spellings.words_of(joined))
        free = free and without_contacts(joined, contacts=contacts) != joined
        if not named and not free:
            return set()
        return {
            text
            for text in texts
            if (free and without_contacts(text, contacts=contacts) != text)
            or (named and self._people.mentions(text))
        }

    def naming(self, texts: Iterable[str]) -> set[str]:
        """Return those of *texts* that may name a minor of the file."""
        texts = sorted(set(texts))
        if not self._people.may_be_among(spellings.words_of("\n".join(texts))):
            return set()
        return {text for text in texts if self._people.mentions(text)}

    def _scrub(self, text: str, row: RowNames, *, contacts: bool) -> str:
        shown, doubtful = self._shown(text, row)
        if doubtful:
            return HIDDEN
        named = shown != text
        shown = without_contacts(shown, contacts=contacts or named)
        return _NUMBER.sub(_hidden_number, shown) if named else shown

    def _shown(self, text: str, row: RowNames) -> tuple[str, bool]:
        """The text without those whom it may name, and whether it is open whom."""
        kept, end, doubtful = "", 0, False
        for one in self._people.mentions(text):
            open_ = one.kind != "pupil" and not one.minors & row.minors
            if open_ and (one.adults & row.adults or (one.kind == "alone" and not one.capital)):
                continue
            doubtful = doubtful or open_
            kept += text[end : one.start] + self._instead(one)
            end = one.end
        return (kept + text[end:], doubtful) if end else (text, False)

    def _instead(self, mention: Mention) -> str:
        if mention.kind == "pupil" and len(mention.minors) == 1:
            return self.code(*mention.minors)
        return HIDDEN


def without_contacts(text: str, *, contacts: bool) -> str:
    """Return *text* without СНИЛС, and with *contacts* without telephones and addresses too."""
    if not _OF_CONTACTS.search(text):
        return text
    for what, pattern in CONTACTS.items():
        if contacts or what == SNILS:
            text = pattern.sub(HIDDEN, text)
    return text


def lost(before: str, after: str) -> Iterator[str]:
    """Name the kinds of contacts that stood in a text and do not any more."""
    if not _OF_CONTACTS.search(before):
        return
    found = [what for what, pattern in CONTACTS.items() if pattern.search(before)]
    yield from (what for what in found if not CONTACTS[what].search(after))
    numbers = {_hidden_number(number) for number in _NUMBER.finditer(before)}
    if _NUMBERS_NAME not in found and HIDDEN in numbers and not _NUMBER.search(after):
        yield _NUMBERS_NAME


def _hidden_number(found: re.Match[str]) -> str:
    return found.group() if _YEARS.fullmatch(found.group()) else HIDDEN
