"""A book with names, telephones and addresses in every place where somebody could type."""

from __future__ import annotations

import io
from dataclasses import dataclass

import openpyxl
from openpyxl.comments import Comment

from pipeline.demo.files import passport, plans, table, xlsx
from pipeline.demo.mess import with_column
from tests.support.workspace import school

SNILS = ("000-123-456", "00012345678")


@dataclass(frozen=True)
class Bird:
    """Somebody whose name and contacts are nobody else's."""

    surname: str
    name: str
    phone: str
    email: str

    @property
    def needles(self):
        digits = "".join(c for c in self.phone if c.isdigit())[1:]
        spaced = f"{digits[:3]} {digits[3:6]}-{digits[6:8]}-{digits[8:]}"
        return (self.surname[:-2], self.surname[:-2].lower(), digits, spaced, self.email)

    def sentence(self):
        """What a hurried person types where it does not belong."""
        return f"{self.name}, тел. {self.phone}, {self.email}, СНИЛС {SNILS[0]} 78"


ADULT = Bird(
    "Зябликовская", "Зябликовская Пелагея Фоминична", "+7 999 000-55-11", "zyab@example.org"
)
PUPIL = Bird(
    "Щеглятникова", "Щеглятникова Фёкла Игнатьевна", "+7 999 000-66-22", "m-sh@example.org"
)
_OTHERS = "Ивана Петра Анны Веры Олега Глеба Нины Раисы Тимура Дениса"
_MINOR = "ученик – ученик"
_GROWN = "учитель – учитель"


def _variants(form, good, planted):
    """The good row with the planted words in one column after the other."""
    for place, column in enumerate(plans()[form].kept):
        named = column.name in (plans()[form].person, plans()[form].counterpart)
        if named or column.name == "mentoring_form":
            continue
        person = plans()[form].person
        yield good | {person: _somebody(place, good[person]), column.name: planted}


def _somebody(place, name):
    """Another first name, so that each row speaks of a person of its own."""
    surname, _first, patronymic = name.split()
    return f"{surname} {'АБВГДЕЖЗИК'[place % 10]}вгения{'аоеи'[place // 10 % 4]} {patronymic}"


def mentors():
    """Rows of F04: grown-up mentors, pupils who mentor pupils, and words in every column."""
    rows = school("oo-101").rows["F04"]
    grown = next(row for row in rows if row["mentoring_form"] == _GROWN)
    grown = grown | {"mentor_fio": ADULT.name, "contacts": f"{ADULT.phone}, {ADULT.email}"}
    minor = grown | {
        "mentor_role": "обучающийся",
        "mentoring_form": _MINOR,
        "mentor_fio": PUPIL.name,
        "mentee_fios": f"{PUPIL.name}; Чижова Инна Львовна",
        "contacts": f"{PUPIL.phone}; {PUPIL.email}",
        "birth_year": "2010",
        "experience_years": "",
        "qual_category": "",
        "consent_by": "законный представитель",
    }
    minor["mentee_fios"] = "Чижова Инна Львовна"
    return [
        grown,
        minor,
        minor | {"mentoring_form": "дружба", "mentor_role": ""},
        *_variants("F04", grown, ADULT.sentence()),
        *_variants("F04", grown, PUPIL.sentence()),
        *_variants("F04", minor, PUPIL.sentence()),
    ]


def mentees():
    """Rows of F05: young teachers, pupils, and words in every column."""
    rows = school("oo-101").rows["F05"]
    grown = next(r for r in rows if r["mentoring_form"] == _GROWN and r.get("mentor_fio"))
    grown = grown | {"mentee_fio": ADULT.name, "mentor_fio": ADULT.name.replace("Пелагея", "Анна")}
    minor = next(r for r in rows if r["mentee_role"] == "обучающийся" and r.get("mentor_fio"))
    minor = minor | {"mentee_fio": PUPIL.name, "contacts_rep": f"{PUPIL.phone}, {PUPIL.email}"}
    declined = "Щеглятниковой Фёкле и её маме (9990006622) нужна помощь"
    return [
        grown,
        minor,
        minor | {"mentee_fio": "Щеглятникова Ф.И.", "birth_year": "2009"},
        minor | {"mentee_fio": f"{PUPIL.name} (8 «А»), мама {PUPIL.phone}", "birth_year": "2011"},
        minor | {"mentee_fio": "Чижова Инна Львовна", "request_text": declined},
        *_variants("F05", grown, PUPIL.sentence()),
        *_variants("F05", minor, PUPIL.sentence()),
    ]


def _curators():
    good = school("oo-101").rows["F02"][0]
    good = good | {"fio": ADULT.name, "phone": ADULT.phone, "email": ADULT.email}
    return [good, *_variants("F02", good, PUPIL.sentence())]


def book():
    """«Книга ОО» with all of them: also hidden, in notes, in names of sheets and properties."""
    unit = school("oo-101")
    extra = with_column(table(plans()["F04"], mentors()), "СНИЛС", [f"{SNILS[0]} 78"] * 3)
    extra = with_column(
        extra, f"Телефон мамы, {PUPIL.name}", [PUPIL.phone, PUPIL.email, PUPIL.name]
    )
    grids = [
        passport(unit, filled_by=ADULT.name, filled_phone=ADULT.phone),
        table(plans()["F02"], _curators()),
        extra,
        table(plans()["F05"], mentees()),
    ]
    loaded = openpyxl.load_workbook(io.BytesIO(xlsx(grids)))
    sheet = loaded["5 Наставляемые"]
    sheet.append([99, PUPIL.name, PUPIL.phone, 2011, PUPIL.sentence()])
    sheet.row_dimensions[sheet.max_row].hidden = True
    sheet["B4"].comment = Comment(PUPIL.sentence(), ADULT.name)
    sheet.title = f"5 {PUPIL.name}"[:31]
    loaded["Паспорт"]["A20"] = PUPIL.sentence()
    loaded.create_sheet(f"{PUPIL.surname} скрытый")["A1"] = PUPIL.sentence()
    loaded.worksheets[-1].sheet_state = "hidden"
    loaded.properties.creator = ADULT.name
    loaded.properties.title = PUPIL.sentence()
    saved = io.BytesIO()
    loaded.save(saved)
    return saved.getvalue()
