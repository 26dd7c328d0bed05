"""Codes in place of pupils' names, before anything of a file is stored.

Cells are looked at by distinct value: a column in which nothing is hidden stays the same column.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice
from typing import Any

from contracts.plan import LIST_SEPARATOR, FormPlan
from pipeline.acceptance import spellings
from pipeline.model import Notice, PartColumns, Scalar
from pipeline.text import CONTACTS, SNILS, is_pupil_code, person_key

HIDDEN = "скрыто"
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
# Two letters for each ten bits.
_PAIRS = [one + other for other in _ALPHABET for one in _ALPHABET]
_NAMES = ("fio", "fio_list")
_CONTACT_TYPES = ("contacts", "phone", "email")
# Types whose values are words of the person who typed them, or may carry such words along.
_FREE = ("text", "enum", "multi", "class")
# No contact and no СНИЛС is without one of these.
_OF_CONTACTS = re.compile(r"[\d@]")

MinorColumns = Callable[[Mapping[str, Any]], frozenset[str]]
_NOBODY: frozenset[str] = frozenset()


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
class PartPrivacy:
    """A part of a file with what its contract says of each row: which cells speak of a minor.

    `types` are the field types of the plan's columns by name; `minors[i]` names the columns of row
    *i* that speak of a minor.
    """

    part: PartColumns
    plan: FormPlan
    types: Mapping[str, str]
    minors: Sequence[frozenset[str]]

    @property
    def naming(self) -> list[str]:
        """Columns that hold names, in the order of the alphabet."""
        return sorted(n for n in self.part.values if self.types.get(n) in _NAMES)

    def names(self, index: int) -> list[str]:
        """Return the names of minors in a row."""
        cells = [self.part.values[n][index] for n in self.naming if n in self.minors[index]]
        return [name for cell in cells if cell for name in str(cell).split(LIST_SEPARATOR)]

    def all_names(self) -> set[str]:
        """Return the names of minors in all rows."""
        cells = {
            value
            for name in self.naming
            for value, minors in zip(self.part.values[name], self.minors, strict=True)
            if value and name in minors
        }
        return {name for cell in cells for name in str(cell).split(LIST_SEPARATOR)}

    def is_free(self, column: str) -> bool:
        """Whether anything at all may stand in a cell of this column."""
        return self.types[column] in _FREE


def part_privacy(
    part: PartColumns, plan: FormPlan, minor_columns: MinorColumns | None
) -> PartPrivacy:
    """Ask the contract which cells of a part speak of minors, once for rows that are alike."""
    types = {column.name: column.type for column in plan.columns}
    if minor_columns is None:
        return PartPrivacy(part, plan, types, (_NOBODY,) * len(part))
    return PartPrivacy(part, plan, types, _minors(part, minor_columns))


def _minors(part: PartColumns, minor_columns: MinorColumns) -> list[frozenset[str]]:
    """Rows that agree in all that the contract looks at get the same answer."""
    found: list[frozenset[str]] = []
    looked_at: tuple[str, ...] = ()
    while len(found) < len(part):
        known: dict[tuple[Scalar, ...], frozenset[str]] = {}
        start, columns = len(found), [part.values[name] for name in looked_at]
        rows = zip(*columns, strict=True) if columns else [()] * len(part)
        for index, key in enumerate(islice(rows, start, None), start):
            minors = known.get(key)
            if minors is None:
                row = _WatchedRow(part, index, set(looked_at))
                minors = known[key] = minor_columns(row)
                if len(row.looked_at) > len(looked_at):
                    # The answer may hang on more than was compared until now.
                    looked_at = tuple(row.looked_at)
                    found.append(minors)
                    break
            found.append(minors)
    return found


class _WatchedRow(Mapping[str, Any]):
    """Values of a row, and the columns that were asked for."""

    def __init__(self, part: PartColumns, index: int, looked_at: set[str]) -> None:
        self._values, self._index = part.values, index
        self.looked_at = looked_at

    def __getitem__(self, name: str) -> Scalar:
        column = self._values[name]
        self.looked_at.add(name)
        return column[self._index]

    def __iter__(self) -> Iterator[str]:
        self.looked_at.update(self._values)
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


class Pseudonymiser:
    """Hides the minors of one file: in their own cells, and wherever else the file names them.

    Names become codes, contacts of their cells and all СНИЛС are dropped, raw text and the words
    of notices too.
    """

    def __init__(self, parts: Iterable[PartPrivacy], key: PseudonymKey) -> None:
        self._parts = tuple(parts)
        self._code = cache(key.code)
        found = {name for part in self._parts for name in part.all_names() if name.strip()}
        self._full = spellings.Roots(filter(spellings.is_full, found))
        self._surnames = spellings.Roots(spellings.surnames(found))
        self._patterns: dict[str, tuple[re.Pattern[str], str]] = {}
        self._coded: dict[str, str] = {}
        self._scrubbed: dict[tuple[str, bool], str] = {}

    def parts(self) -> tuple[PartColumns, ...]:
        """Return the parts without minors; a notice of each says how many rows were changed."""
        return tuple(_PartWork(part, self).done() for part in self._parts)

    def code(self, name: str) -> str:
        """Return the code that stands for a minor of the file's unit."""
        return self._code(name)

    def text(self, text: str) -> str:
        """Return *text* with codes for the minors that the file names."""
        coded = self._coded.get(text)
        if coded is None:
            coded = self._coded[text] = self._with_codes(text)
        return coded

    def _with_codes(self, text: str) -> str:
        for name in self._full.within(text):
            pattern, code = self._pattern(name)
            text = spellings.replaced(pattern, text, code)
        return text

    def _pattern(self, name: str) -> tuple[re.Pattern[str], str]:
        """Compiled when a text first holds such a word: few of a school's names are asked for."""
        if name not in self._patterns:
            self._patterns[name] = spellings.pattern_of(name), self.code(name)
        return self._patterns[name]

    def bare_surnames(self, text: str) -> list[str]:
        """Return the surnames of minors of the file that may stand alone in *text*."""
        return self._surnames.within(text)

    def not_plain(self, cells: Iterable[Scalar], *, free: bool, contacts: bool) -> set[str]:
        """Return the texts among *cells* in which something is hidden, in one row or another.

        *contacts* says that some row speaks of a minor. Mostly there are none, and one look at all
        of them says so.
        """
        texts = {cell for cell in set(cells) if isinstance(cell, str)}
        joined = "\n".join(texts)
        words = set(spellings.words_of(joined))
        named = self._full.are_among(words) or (contacts and self._surnames.are_among(words))
        free = free and without_contacts(joined, contacts=contacts) != joined
        if not named and not free:
            return set()
        return {
            text
            for text in texts
            if (free and without_contacts(text, contacts=contacts) != text)
            or (named and (self._full.within(text) or self._surnames.within(text)))
        }

    def naming(self, texts: Iterable[str]) -> set[str]:
        """Return those of *texts* that name a minor of the file."""
        texts = set(texts)
        if not self._full.are_among(spellings.words_of("\n".join(texts))):
            return set()
        return {text for text in texts if self.names(text)}

    def names(self, text: str) -> bool:
        """Whether *text* names a minor of the file: then contacts in it are not kept either."""
        return self.text(text) != text

    def scrub(self, text: str, *, contacts: bool = False) -> str:
        """Return *text* without minors and СНИЛС, and without contacts where it may be theirs."""
        key = (text, contacts)
        scrubbed = self._scrubbed.get(key)
        if scrubbed is None:
            coded = self.text(text)
            # Contacts beside a minor's name are not kept either.
            scrubbed = without_contacts(coded, contacts=contacts or coded != text)
            self._scrubbed[key] = scrubbed
        return scrubbed

    def notice(self, notice: Notice, *, contacts: bool = False) -> Notice:
        """Return a notice without the names of minors, and with *contacts* without those too."""
        contacts = contacts or self.names(notice.value or "")

        def hide(text: str | None) -> str | None:
            return self.scrub(text, contacts=contacts) if text else text

        params = {key: hide(word) or "" for key, word in notice.params.items()}
        sheet = self.text(notice.sheet) if notice.sheet else notice.sheet
        value, who = hide(notice.value), hide(notice.who)
        if (sheet, value, who) == (notice.sheet, notice.value, notice.who):
            return notice if params == notice.params else replace(notice, params=params)
        return replace(notice, sheet=sheet, value=value, who=who, params=params)


class _PartWork:
    """One part on its way to be without minors: its columns one by one, then its notices."""

    def __init__(self, privacy: PartPrivacy, names: Pseudonymiser) -> None:
        self._privacy, self._part, self._names = privacy, privacy.part, names
        # What the rows say of minors, each answer once.
        self._kinds = set(privacy.minors)
        self._own: dict[int, set[str]] = {}
        self._changed: set[int] = set()

    def done(self) -> PartColumns:
        """Return the part without minors."""
        part, privacy = self._part, self._privacy
        wordy = {column.name for column in privacy.plan.kept if column.storage == "str"}
        values = {
            name: self._column(name, column) if name in wordy else column
            for name, column in part.values.items()
        }
        raw = {name: self._raw(name, texts) for name, texts in part.raw.items()}
        by_line = {line: index for index, line in enumerate(part.lines)}
        said = [
            self._notice(n, by_line.get(n.row or 0))
            for n in part.notices
            if not self._says_nothing(n, by_line.get(n.row or 0))
        ]
        said += self._dropped(values)
        sheet = self._names.text(part.sheet)
        hidden = sum(1 for index in self._changed if privacy.minors[index])
        if hidden:
            said.append(Notice("minor_hidden", "info", sheet=sheet, params={"count": str(hidden)}))
        return replace(part, sheet=sheet, values=values, raw=raw, notices=tuple(said))

    def _column(self, name: str, column: Sequence[Scalar]) -> Sequence[Scalar]:
        """The column with what is left of its texts; the very same one where that is all."""
        type_, minors = self._privacy.types[name], self._privacy.minors
        theirs = any(name in kind for kind in self._kinds)
        changed: dict[int, Scalar] = {}
        if type_ in _NAMES:
            for index, value in enumerate(column) if theirs else ():
                if isinstance(value, str) and name in minors[index]:
                    codes = map(self._names.code, value.split(LIST_SEPARATOR))
                    changed[index] = LIST_SEPARATOR.join(codes)
        elif type_ in _CONTACT_TYPES:
            raw = self._part.raw.get(name, {})
            naming = self._names.naming(raw.values())
            named = {index for index, text in raw.items() if text in naming} if naming else ()
            for index, value in enumerate(column) if theirs or named else ():
                if isinstance(value, str) and (name in minors[index] or index in named):
                    changed[index] = None
        else:
            free = type_ in _FREE
            changed.update(self._texts(name, dict(enumerate(column)), free=free))
        changed = {index: value for index, value in changed.items() if value != column[index]}
        if not changed:
            return column
        self._changed.update(changed)
        return [changed.get(index, value) for index, value in enumerate(column)]

    def _raw(self, name: str, texts: Mapping[int, str]) -> dict[int, str]:
        minors = self._privacy.minors
        left = {index: text for index, text in texts.items() if name not in minors[index]}
        shown = dict(self._texts(name, left, free=True))
        left.update(shown)
        if shown or len(left) < len(texts):
            self._changed.update(i for i, text in texts.items() if left.get(i) != text)
        return left

    def _texts(
        self, name: str, cells: Mapping[int, Scalar], *, free: bool
    ) -> Iterator[tuple[int, str]]:
        """What is shown of texts, by row, where it may be another than they were."""
        names, minors, person = self._names, self._privacy.minors, self._privacy.plan.person
        kinds = self._kinds if len(cells) == len(minors) else {minors[index] for index in cells}
        theirs = {kind for kind in kinds if person in kind or name in kind}
        hiding = names.not_plain(cells.values(), free=free, contacts=bool(theirs))
        known: dict[tuple[str, bool], tuple[str, list[str]]] = {}
        for index, text in cells.items() if hiding else ():
            if not isinstance(text, str) or text not in hiding:
                continue
            private = minors[index] in theirs
            found = known.get((text, private))
            if found is None:
                shown = names.scrub(text, contacts=private) if free else names.text(text)
                surnames = names.bare_surnames(shown) if private else []
                found = known[text, private] = shown, surnames
            shown, surnames = found
            if surnames:
                shown = self._without_own(index, shown, surnames)
            if shown is not text:
                yield index, shown

    def _without_own(self, index: int, text: str, surnames: Sequence[str]) -> str:
        """*text* of a row without those *surnames* that the minors have whom the row speaks of."""
        if index not in self._own:
            self._own[index] = spellings.surnames(self._privacy.names(index))
        own = self._own[index].intersection(surnames)
        return spellings.replaced(spellings.any_of(own), text, HIDDEN) if own else text

    def _notice(self, notice: Notice, index: int | None) -> Notice:
        """Return a notice of a part; of a minor's own cell only the place is left."""
        minors = _NOBODY if index is None else self._privacy.minors[index]
        about = self._privacy.plan.person in minors
        if notice.who and about:
            notice = replace(notice, who=self._names.code(notice.who))
        if notice.column in minors:
            words = {**notice.params, "stored": HIDDEN, "left": HIDDEN}
            return self._names.notice(replace(notice, value=HIDDEN, params=words), contacts=True)
        return self._names.notice(notice, contacts=about)

    def _says_nothing(self, notice: Notice, index: int | None) -> bool:
        """Whether a note on what we changed is left without a word: «скрыто» became «скрыто»."""
        own = index is not None and notice.column in self._privacy.minors[index]
        return own and notice.severity == "info"

    def _dropped(self, values: Mapping[str, Sequence[Scalar]]) -> list[Notice]:
        """Say in which texts something stood that is not kept, row by row."""
        lines, found = self._part.lines, []
        for name, column in self._part.values.items():
            if values[name] is column or not self._privacy.is_free(name):
                continue
            for index, (before, after) in enumerate(zip(column, values[name], strict=True)):
                if before != after and isinstance(before, str):
                    found += [(index, name, what) for what in _lost(before, str(after))]
        found.sort(key=lambda place: place[0])
        return [
            Notice(
                "text_holds_contact", "remark", row=lines[i], column=name, params={"found": what}
            )
            for i, name, what in found
        ]


def without_contacts(text: str, *, contacts: bool) -> str:
    """Return *text* without СНИЛС, and with *contacts* without telephones and addresses too."""
    if not _OF_CONTACTS.search(text):
        return text
    for what, pattern in CONTACTS.items():
        if contacts or what == SNILS:
            text = pattern.sub(HIDDEN, text)
    return text


def _lost(before: str, after: str) -> Iterator[str]:
    if _OF_CONTACTS.search(before):
        for what, pattern in CONTACTS.items():
            if pattern.search(before) and not pattern.search(after):
                yield what
