"""Values planted in the demo data so that a leak is unmistakable wherever it surfaces."""

from __future__ import annotations

from dataclasses import dataclass


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
    unit: str
    place: str
    minor: bool


PUPIL = Canary(
    "Канарейцев",
    ("Канарейцев", "канарейцев"),
    "oo-120",
    "F05 «ФИО наставляемого», F04 «ФИО наставляемого (наставляемых)»: фамилия ученика",
    minor=True,
)
PARENT_PHONE = Canary(
    "+7 999 000-98-76",
    ("9990009876", "999 000-98-76"),
    "oo-120",
    "F05 «Контактные данные для связи (данные представителя)»: телефон родителя",
    minor=True,
)
PARENT_EMAIL = Canary(
    "mama-kanareyki@example.org",
    ("mama-kanareyki",),
    "oo-120",
    "F05 «Контактные данные для связи (данные представителя)»: почта родителя",
    minor=True,
)
TEACHER = Canary(
    "Клестовитова",
    ("Клестовитов", "клестовитов"),
    "oo-120",
    "F04 «ФИО наставника», F05 «ФИО наставника»: фамилия учителя",
    minor=False,
)
TEACHER_PHONE = Canary(
    "+7 999 000-98-54",
    ("9990009854", "999 000-98-54"),
    "oo-120",
    "F04 «Контактные данные для связи»: телефон учителя",
    minor=False,
)
TEACHER_EMAIL = Canary(
    "klest-uchitel@example.org",
    ("klest-uchitel",),
    "oo-120",
    "F04 «Контактные данные для связи»: почта учителя",
    minor=False,
)
# The series 000 is never issued; no form of ours asks for the number, so it is kept nowhere.
SNILS = Canary(
    "000-987-654 32",
    ("000-987-654", "00098765432"),
    "oo-112",
    "F04, лишний столбец «СНИЛС»",
    minor=True,
)

PLANTED: tuple[Canary, ...] = (
    PUPIL,
    PARENT_PHONE,
    PARENT_EMAIL,
    TEACHER,
    TEACHER_PHONE,
    TEACHER_EMAIL,
    SNILS,
)
CANARIES: tuple[str, ...] = tuple(needle for canary in PLANTED for needle in canary.needles)
