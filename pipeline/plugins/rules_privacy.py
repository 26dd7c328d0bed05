"""Consents, and what should not stand in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from contracts.minors import mentors_minors
from contracts.roles import Side, grown_by, is_pupil
from pipeline.hookspecs import Stage, hookimpl
from pipeline.model import Notice, Scalar
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
_PARENT = "законный представитель"


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
    part, side = view.columns, _side(view)
    asked, given = part.asked("consent_processing"), part.column("consent_processing")
    names = ("consent_by", "birth_year", "mentoring_form", f"{side}_role")
    columns = (part.column(name) for name in names)
    said = enumerate(zip(part.lines, asked, given, *columns, strict=True))
    for index, (row, was_asked, consent, by, born, form, role) in said:
        if not was_asked:
            continue
        if consent is False:
            yield Notice("consent_missing", "remark", row=row, column="consent_processing")
        elif (
            consent is True
            and by != _PARENT
            and not _of_age(view, born)
            and _is_pupil(form, role, side)
            and not grown_by({name: column[index] for name, column in part.values.items()})
        ):
            yield Notice("consent_of_parent_missing", "remark", row=row, column="consent_by")


def check_contacts(view: CheckView) -> Iterator[Notice]:
    """An adult can be reached by phone or mail; contacts of minors were not kept."""
    part, mentors = view.columns, view.plan.code == "F04"
    names = ("phone", "email") if view.plan.code == "F02" else ("contacts",)
    read = (part.column(name) for name in names)
    failed = {index for name in names for index in part.failed.get(name, ())}
    for index, contacts in enumerate(zip(*read, strict=True)):
        if any(contacts) or index in failed or not part.cell(index, names[0]):
            continue
        values = {name: column[index] for name, column in part.values.items()}
        if not (mentors and names[0] in mentors_minors(values)):
            yield Notice("contacts_missing", "remark", row=part.lines[index], column=names[0])


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


def _of_age(view: CheckView, born: Scalar) -> bool:
    """Who came of age this year needs no parent."""
    return isinstance(born, int) and view.today.year - born > 18


@lru_cache(maxsize=_REMEMBERED)
def _is_pupil(form: Scalar, role: Scalar, side: Side) -> bool:
    return is_pupil({"mentoring_form": form, f"{side}_role": role}, side)


def _side(view: CheckView) -> Side:
    return "mentor" if view.plan.code == "F04" else "mentee"
