"""Consents, and what should not stand in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from contracts.f04_mentors import minor_columns
from contracts.vocabularies import MENTORING_FORMS, PUPIL
from pipeline.hookspecs import Stage, hookimpl
from pipeline.model import Notice, ParsedRow
from pipeline.text import CONTACTS
from pipeline.views import CheckView

# A person's condition or circumstances, not a topic of work: «работа с ОВЗ» is a topic.
_SENSITIVE = re.compile(
    r"\b(?:диагноз\w*|инвалид\w*|аутизм\w*|дцп|зпр|эпилепси\w*|сирот[аы]\b|опек[аеу]\w*|"
    r"малоимущ\w*|неблагополучн\w*|наркот\w*|судим\w*|на уч[её]те в пдн|состоит на уч[её]те|"
    r"ребенок с овз|ребёнок с овз|имеет овз|тжс|психиатр\w*|суицид\w*)",
    re.IGNORECASE,
)
_REMEMBERED = 16_384


@hookimpl
def register_stages() -> Sequence[Stage]:
    """Register the rules about consents, contacts and texts."""
    return (
        Stage("consents", "согласия отмечены", "check", check_consents, ("F04", "F05")),
        Stage(
            "contacts", "есть как связаться со взрослым", "check", check_contacts, ("F02", "F04")
        ),
        Stage("texts", "в тексте нет чужих сведений", "check", check_texts, ("*",)),
    )


def check_consents(view: CheckView) -> Iterator[Notice]:
    """A row without consent is accepted and left out of lists with names.

    Official lists have no such column; its absence is said once for the file.
    """
    for row in view.rows:
        if "consent_processing" not in row.cells or "consent_processing" in row.failed:
            continue
        if row.values.get("consent_processing") is not True:
            if row.values.get("consent_processing") is False:
                yield Notice("consent_missing", "remark", row=row.row, column="consent_processing")
        elif _minor(view, row) and row.values.get("consent_by") != "законный представитель":
            yield Notice("consent_of_parent_missing", "remark", row=row.row, column="consent_by")


def check_contacts(view: CheckView) -> Iterator[Notice]:
    """An adult can be reached by phone or mail; contacts of minors were not kept."""
    mentors = view.plan.code == "F04"
    columns = ("phone", "email") if view.plan.code == "F02" else ("contacts",)
    for row in view.rows:
        silent = not any(row.values.get(c) for c in columns) and columns[0] in row.cells
        if not silent or set(columns) & set(row.failed):
            continue
        if not (mentors and columns[0] in minor_columns(row.values)):
            yield Notice("contacts_missing", "remark", row=row.row, column=columns[0])


def check_texts(view: CheckView) -> Iterator[Notice]:
    """Contacts and sensitive words stand in no free text."""
    part = view.columns
    for column in (c.name for c in view.plan.kept if c.type == "text"):
        for row, value in zip(part.lines, part.column(column), strict=True):
            contact, word = _found_in(value) if isinstance(value, str) else ("", "")
            if contact:
                words = {"found": contact}
                yield Notice("text_holds_contact", "remark", row=row, column=column, params=words)
            if word:
                words = {"word": word}
                yield Notice("text_sensitive", "remark", row=row, column=column, params=words)


@lru_cache(maxsize=_REMEMBERED)
def _found_in(text: str) -> tuple[str, str]:
    """The first kind of contact and the first sensitive word of a text; «» where there is none."""
    contact = next((what for what, pattern in CONTACTS.items() if pattern.search(text)), "")
    word = _SENSITIVE.search(text)
    return contact, word.group() if word else ""


def _minor(view: CheckView, row: ParsedRow) -> bool:
    """A pupil by role or form; a pupil who came of age this year needs no parent."""
    mentors = view.plan.code == "F04"
    role = row.values.get("mentor_role" if mentors else "mentee_role")
    form = MENTORING_FORMS.get(str(row.values.get("mentoring_form") or ""))
    side = "" if form is None else form.mentor if mentors else form.mentee
    born = row.values.get("birth_year")
    if isinstance(born, int) and view.today.year - born > 18:
        return False
    return role == PUPIL or (role is None and side == PUPIL)
