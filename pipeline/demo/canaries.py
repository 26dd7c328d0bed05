"""Values planted in the demo data so that a leak is unmistakable wherever it surfaces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contracts.vocabularies import PUPIL as PUPIL_ROLE
from contracts.vocabularies import TEACHER as TEACHER_ROLE

UNIT = "oo-120"


@dataclass(frozen=True, slots=True)
class Canary:
    """One planted value.

    `value` is as the school typed it, `needles` the spellings to search for, `unit` and `place`
    where it stands. `minor` values may be nowhere but in the original in the archive and in the
    copy of it that goes back to the unit; the others also in the unit's own rows and receipts and
    in the municipality's bases. None may be in a log, a package or a file name.
    """

    value: str
    needles: tuple[str, ...]
    place: str
    minor: bool
    unit: str = UNIT


_PARENT = "F05 «Контактные данные для связи (данные представителя)»"
_TEACHER = "F04 «Контактные данные для связи»"
PUPIL = Canary("Канарейцев", ("Канарейцев", "канарейцев"), "F05, F04: фамилия ученика", minor=True)
PARENT_PHONE = Canary("+7 999 000-98-76", ("9990009876", "999 000-98-76"), _PARENT, minor=True)
PARENT_EMAIL = Canary("mama-kanareyki@example.org", ("mama-kanareyki",), _PARENT, minor=True)
TEACHER = Canary(
    "Клестовитова", ("Клестовитов", "клестовитов"), "F04, F05: фамилия учителя", minor=False
)
TEACHER_PHONE = Canary("+7 999 000-98-54", ("9990009854", "999 000-98-54"), _TEACHER, minor=False)
TEACHER_EMAIL = Canary("klest-uchitel@example.org", ("klest-uchitel",), _TEACHER, minor=False)
# The series 000 is never issued; no form of ours asks for the number, so it is kept nowhere.
SNILS = Canary(
    "000-987-654 32",
    ("000-987-654", "00098765432"),
    "F04, лишний столбец «СНИЛС»",
    minor=True,
    unit="oo-112",
)
PLANTED = (PUPIL, PARENT_PHONE, PARENT_EMAIL, TEACHER, TEACHER_PHONE, TEACHER_EMAIL, SNILS)
CANARIES: tuple[str, ...] = tuple(needle for canary in PLANTED for needle in canary.needles)

_Rows = Mapping[str, Sequence[Mapping[str, str]]]


def planted(rows: _Rows) -> dict[str, tuple[dict[str, str], ...]]:
    """Return *rows* with the canaries in the place of a teacher and of a pupil who have a pair."""
    teacher = next(r for r in rows["F04"] if r["mentor_role"] == TEACHER_ROLE)["mentor_fio"]
    pupil = next(r for r in rows["F05"] if r.get("mentee_role") == PUPIL_ROLE)["mentee_fio"]
    names = {teacher: f"{TEACHER.value} Инна Павловна", pupil: f"{PUPIL.value} Лев Олегович"}
    contacts = {
        teacher: {"contacts": f"{TEACHER_PHONE.value}, {TEACHER_EMAIL.value}"},
        pupil: {"contacts_rep": f"{PARENT_PHONE.value}, {PARENT_EMAIL.value}"},
    }
    people = {"F04": "mentor_fio", "F05": "mentee_fio"}

    def renamed(text: str) -> str:
        for old, new in names.items():
            text = text.replace(old, new)
        return text

    return {
        code: tuple(
            {name: renamed(text) for name, text in row.items()}
            | contacts.get(row.get(people.get(code, ""), ""), {})
            for row in some
        )
        for code, some in rows.items()
    }
