"""One part of a file on its way to be without minors.

Cells are looked at by distinct value: a column in which nothing is hidden stays the same column.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from contracts.plan import LIST_SEPARATOR
from pipeline.acceptance.pseudonyms import (
    HIDDEN,
    NOBODY,
    Pseudonymiser,
    PseudonymKey,
    RowNames,
    lost,
)
from pipeline.acceptance.row_privacy import PartPrivacy
from pipeline.model import Notice, PartColumns, Scalar

_CONTACT_TYPES = ("contacts", "phone", "email")
_NO_COLUMNS: frozenset[str] = frozenset()


def pseudonymiser(parts: Sequence[PartPrivacy], key: PseudonymKey) -> Pseudonymiser:
    """Return what hides the minors of a file, whom its parts name."""
    minors = {name for part in parts for name in part.all_names(minors=True)}
    adults = {name for part in parts for name in part.all_names(minors=False)}
    return Pseudonymiser(minors, adults, key)


def without_minors(parts: Iterable[PartPrivacy], names: Pseudonymiser) -> tuple[PartColumns, ...]:
    """Return the parts without minors; a notice of each says how many rows were changed."""
    return tuple(_PartWork(part, names).done() for part in parts)


class _PartWork:
    """One part on its way to be without minors: its columns one by one, then its notices."""

    def __init__(self, privacy: PartPrivacy, names: Pseudonymiser) -> None:
        self._privacy, self._part, self._names = privacy, privacy.part, names
        # What the rows say of minors, each answer once.
        self._kinds = set(privacy.minors)
        self._rows: dict[int, RowNames] = {}
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
        sheet = self._names.label(part.sheet)
        hidden = sum(1 for index in self._changed if privacy.minors[index])
        if hidden:
            said.append(Notice("minor_hidden", "info", sheet=sheet, params={"count": str(hidden)}))
        return replace(part, sheet=sheet, values=values, raw=raw, notices=tuple(said))

    def _column(self, name: str, column: Sequence[Scalar]) -> Sequence[Scalar]:
        """The column with what is left of its texts; the very same one where that is all."""
        type_, minors = self._privacy.types[name], self._privacy.minors
        theirs = any(name in kind for kind in self._kinds)
        changed: dict[int, Scalar] = {}
        if name in self._privacy.naming:
            for index, value in enumerate(column) if theirs else ():
                if isinstance(value, str) and name in minors[index]:
                    codes = map(self._names.code, value.split(LIST_SEPARATOR))
                    changed[index] = LIST_SEPARATOR.join(codes)
        elif type_ in _CONTACT_TYPES:
            raw = self._part.raw.get(name, {})
            naming = self._names.naming(raw.values())
            named = {
                index
                for index, text in (raw.items() if naming else ())
                if text in naming and self._names.names(text, self._row(index))
            }
            for index, value in enumerate(column) if theirs or named else ():
                if isinstance(value, str) and (name in minors[index] or index in named):
                    changed[index] = None
        else:
            free = self._privacy.is_free(name)
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
        for index, text in cells.items() if hiding else ():
            if not isinstance(text, str) or text not in hiding:
                continue
            row = self._row(index) if names.depends_on_row(text) else NOBODY
            shown = names.scrub(text, row=row, contacts=free and minors[index] in theirs)
            if shown != text:
                yield index, shown

    def _row(self, index: int) -> RowNames:
        if index not in self._rows:
            self._rows[index] = RowNames(
                frozenset(self._privacy.names(index)), frozenset(self._privacy.adults(index))
            )
        return self._rows[index]

    def _notice(self, notice: Notice, index: int | None) -> Notice:
        """Return a notice of a part; of a minor's own cell only the place is left."""
        minors = _NO_COLUMNS if index is None else self._privacy.minors[index]
        about = self._privacy.plan.person in minors
        if notice.who and about:
            notice = replace(notice, who=self._names.code(notice.who))
        if notice.column in minors:
            words = {**notice.params, "stored": HIDDEN, "left": HIDDEN}
            return self._names.notice(replace(notice, value=HIDDEN, params=words), contacts=True)
        row = NOBODY if index is None else self._row(index)
        own = index is not None and not about
        return self._names.notice(notice, row, contacts=about, own=own)

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
                    said = self._said(before, str(after), self._row(index))
                    found += [(index, replace(n, row=lines[index], column=name)) for n in said]
        found.sort(key=lambda place: place[0])
        return [notice for _index, notice in found]

    def _said(self, before: str, after: str, row: RowNames) -> Iterator[Notice]:
        if self._names.is_doubtful(before, row):
            yield Notice("text_not_kept", "remark")
            return
        for what in lost(before, after):
            yield Notice("text_holds_contact", "remark", params={"found": what})
