"""Rows of one invented school: pairs of all five forms of mentoring, and counts that agree."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from contracts.vocabularies import EMPLOYER, PUPIL, STUDENT, TEACHER
from pipeline.demo import canaries
from pipeline.demo.people import Dealer, Person, Sex
from pipeline.demo.words import (
    ACHIEVEMENTS,
    AGE_YEAR,
    COLLEGE,
    END,
    INTERESTS,
    MENTOR_ORDER,
    PAIR_ORDER,
    PARTNERS,
    POSITIONS,
    PUPIL_REQUESTS,
    SKILLS,
    START,
    SUBJECTS,
    TEACHER_REQUESTS,
)
from pipeline.model import Unit

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of what a school has: `young` teachers under 35, `supported` of them in support."""

    young: int
    supported: int
    pupil_pairs: int
    student_pairs: int
    employer_pairs: int
    college_pairs: int
    one_is_mentor: bool


@dataclass(frozen=True, slots=True)
class Young:
    """A teacher under 35 with full years of teaching."""

    person: Person
    birth: int
    experience: int
    subject: str

    @property
    def age(self) -> int:
        """Full years on 1 January inside the school year."""
        return AGE_YEAR - self.birth


class Roster:
    """Fills the rows of one school; `mentors` and `mentees` grow pair by pair."""

    def __init__(self, unit: Unit, dealer: Dealer, rng: random.Random) -> None:
        self.unit = unit
        self.mentors: list[Row] = []
        self.mentees: list[Row] = []
        self.young: list[Young] = []
        self.helped: list[Young] = []
        self._dealer = dealer
        self.rng = rng
        self.number = rng.randrange(20, 180)

    def fill(self, plan: Plan) -> None:
        """Make all pairs of *plan*."""
        self.young = [self._young(index) for index in range(plan.young)]
        self._teachers(plan)
        for _ in range(plan.pupil_pairs):
            self._pupil_pair()
        for _ in range(plan.student_pairs):
            self._student_pair()
        for _ in range(plan.employer_pairs):
            self._employer_pair()
        for _ in range(plan.college_pairs):
            self._college_pair()

    def _teachers(self, plan: Plan) -> None:
        """Give every supported teacher a mentor, a form of support, or a mentee of their own."""
        self.helped = self.young[: plan.supported]
        waiting = self.young[plan.supported :]
        skilled = [young for young in self.helped if young.experience > 3]
        guide = skilled[0] if plan.one_is_mentor and skilled and len(self.helped) > 2 else None
        mentees = [young for young in self.helped if young is not guide]
        alone = mentees[-1:] if len(mentees) > 4 else []
        paired = mentees[: len(mentees) - len(alone)]
        groups = [paired[i : i + 2] for i in range(0, len(paired), 2)]
        for index, group in enumerate(groups):
            self._teacher_pair(group, guide if index == 0 else None)
        for young in alone:
            self._mentee(young, None, support="школа молодого педагога")
        for young in waiting[:1]:
            self._mentee(young, None, support="")

    def _young(self, index: int) -> Young:
        if index % 3 == 2:
            birth = self.rng.randrange(1993, 1997)
            experience = self.rng.randrange(4, 9)
        else:
            birth = self.rng.randrange(1997, 2004)
            experience = self.rng.randrange(0, 3)
        return Young(
            self.person("f" if self.rng.random() < 0.8 else "m"),
            birth,
            experience,
            self.rng.choice(SUBJECTS),
        )

    def _teacher_pair(self, group: list[Young], guide: Young | None) -> None:
        if guide:
            mentor, birth, experience = guide.person, guide.birth, guide.experience
        else:
            mentor = self._planted_teacher() or self.person("f")
            birth = self.rng.randrange(1962, 1988)
            experience = AGE_YEAR - birth - self.rng.randrange(22, 28)
        category = self.rng.choice(("высшая", "первая"))
        subject = guide.subject if guide else self.rng.choice(SUBJECTS)
        self._mentor(
            mentor,
            [young.person.fio for young in group],
            "учитель – учитель",
            contacts=self._contacts(mentor),
            competencies=self.rng.choice(SKILLS),
            achievements=self.rng.choice(ACHIEVEMENTS),
            mentee_age="22–35",
            mentee_place=self.unit.short_name,
            mentor_role=TEACHER,
            position=f"учитель, {subject}",
            experience_years=str(experience),
            qual_category=category,
            birth_year=str(birth),
            kpk_done="да",
            kpk_year=self.rng.choice(("2024", "2025", "2026")),
            tk3518_consent="да",
            extra_agreement=f"№ {self.number % 40 + len(self.mentors) + 1} от {START}",
        )
        for young in group:
            self._mentee(young, mentor.fio, support=self.rng.choice(("", "", "КПК")))

    def _mentor(self, mentor: Person, mentees: list[str], form: str, **more: str) -> None:
        row = {
            "row_no": str(len(self.mentors) + 1),
            "mentor_fio": mentor.fio,
            "workplace": self.unit.short_name,
            "interests": self.rng.choice(INTERESTS),
            "time_resource": self.rng.choice(("1 ч в неделю", "2 ч в неделю", "3 ч в неделю")),
            "entry_date": self.rng.choice(("09.09.2026", "10.09.2026", "14.09.2026")),
            "mentee_fios": "; ".join(mentees),
            "mentoring_form": form,
            "end_date": END,
            "order": f"№ {self.number}-А от {MENTOR_ORDER}",
            "consent_processing": "да",
            "consent_date": START,
            "consent_by": "сам",
            "consent_distribution": "нет",
            "status": "активен",
        }
        self.mentors.append(row | more)

    def _mentee(self, young: Young, mentor: str | None, *, support: str) -> None:
        request, category = self.rng.choice(TEACHER_REQUESTS)
        self._mentee_row(
            young.person,
            mentor,
            "учитель – учитель",
            contacts_rep=self._contacts(young.person),
            birth_year=str(young.birth),
            request_text=request,
            request_category=category,
            mentor_place=self.unit.short_name if mentor else "",
            mentee_role="молодой педагог" if young.experience < 3 else TEACHER,
            position="учитель",
            subject=young.subject,
            experience_years=str(young.experience),
            main_job="да",
            support_forms=support,
            consent_by="сам",
        )

    def _mentee_row(self, mentee: Person, mentor: str | None, form: str, **more: str) -> None:
        row = {
            "row_no": str(len(self.mentees) + 1),
            "mentee_fio": mentee.fio,
            "mentoring_form": form,
            "completion_mark": "в процессе" if mentor else "не начата",
            "consent_processing": "да",
            "consent_date": START,
        }
        if mentor:
            row |= {
                "mentor_fio": mentor,
                "entry_date": self.rng.choice(("15.09.2026", "16.09.2026", "21.09.2026")),
                "end_date": END,
                "mutual_consent": PAIR_ORDER,
                "order": f"№ {self.number + 1}-А от {PAIR_ORDER}",
            }
        self.mentees.append(row | more)

    def _pupil_pair(self) -> None:
        mentor, grade = self.person(self.sex()), self.rng.randrange(9, 12)
        mentee = self._pupil(mentor, "ученик – ученик", self.unit.short_name)
        self._mentor(
            mentor,
            [mentee],
            "ученик – ученик",
            competencies="помощь в учёбе, организация дел класса",
            mentee_age="10–14",
            mentee_place=self.unit.short_name,
            mentor_role=PUPIL,
            birth_year=str(AGE_YEAR - grade - 6),
            consent_by="законный представитель",
        )

    def _student_pair(self) -> None:
        mentor, birth = self.person(self.sex()), self.rng.randrange(2005, 2008)
        mentee = self._pupil(mentor, "студент – ученик", COLLEGE)
        self._mentor(
            mentor,
            [mentee],
            "студент – ученик",
            contacts=mentor.phone,
            workplace=COLLEGE,
            competencies="проекты, робототехника",
            mentee_age="12–17",
            mentee_place=self.unit.short_name,
            mentor_role=STUDENT,
            position=f"студент {self.rng.randrange(1, 4)} курса",
            birth_year=str(birth),
        )

    def _employer_pair(self) -> None:
        mentor, place = self.person(self.sex()), self.rng.choice(PARTNERS)
        mentee = self._pupil(mentor, "работодатель – ученик", place)
        self._employer(mentor, place, [mentee], "работодатель – ученик", self.unit.short_name)

    def _college_pair(self) -> None:
        mentor, place = self.person("m"), self.rng.choice(PARTNERS)
        student = self.person(self.sex())
        self._employer(mentor, place, [student.fio], "работодатель – студент", COLLEGE)
        self._mentee_row(
            student,
            mentor.fio,
            "работодатель – студент",
            contacts_rep=student.phone,
            birth_year=str(self.rng.randrange(2005, 2008)),
            request_text="узнать производство перед практикой",
            request_category="профориентация",
            mentor_place=place,
            mentee_role=STUDENT,
            consent_by="сам",
        )

    def _employer(
        self, mentor: Person, place: str, mentees: list[str], form: str, mentee_place: str
    ) -> None:
        self._mentor(
            mentor,
            mentees,
            form,
            contacts=mentor.phone,
            workplace=place,
            competencies="знание производства, наставничество на рабочем месте",
            mentee_age="14–20",
            mentee_place=mentee_place,
            mentor_role=EMPLOYER,
            position=self.rng.choice(POSITIONS),
            birth_year=str(self.rng.randrange(1970, 1992)),
        )

    def _pupil(self, mentor: Person, form: str, place: str) -> str:
        """Add a pupil to F05 and return the name that stands in the mentor's row."""
        pupil, parent = self._planted_pupil() or self.person(self.sex()), self.person("f")
        grade, letter = self.rng.randrange(5, 9), self.rng.choice("АБВ")
        request, category = self.rng.choice(PUPIL_REQUESTS)
        self._mentee_row(
            pupil,
            mentor.fio,
            form,
            contacts_rep=self._parent_contacts(pupil, parent),
            birth_year=str(AGE_YEAR - grade - 6),
            request_text=request,
            request_category=category,
            mentor_place=place,
            mentee_role=PUPIL,
            class_label=f"{grade}{letter}",
            consent_by="законный представитель",
        )
        return pupil.fio

    def _parent_contacts(self, pupil: Person, parent: Person) -> str:
        if pupil.surname == canaries.PUPIL.value:
            return f"{canaries.PARENT_PHONE.value}, {canaries.PARENT_EMAIL.value}"
        return self.rng.choice(("", parent.phone))

    def _contacts(self, person: Person) -> str:
        both = person.surname == canaries.TEACHER.value or self.rng.random() < 0.3
        return f"{person.phone}, {person.email}" if both else person.phone

    def _planted_teacher(self) -> Person | None:
        canary = canaries.TEACHER
        if canary.unit != self.unit.code or self.mentors:
            return None
        return replace(
            self.person("f"),
            surname=canary.value,
            phone=canaries.TEACHER_PHONE.value,
            email=canaries.TEACHER_EMAIL.value,
        )

    def _planted_pupil(self) -> Person | None:
        canary = canaries.PUPIL
        planted = any(row["mentee_fio"].startswith(canary.value) for row in self.mentees)
        if canary.unit != self.unit.code or planted:
            return None
        return replace(self.person("m"), surname=canary.value)

    def person(self, sex: Sex) -> Person:
        """Return somebody new."""
        return self._dealer.person(sex)

    def sex(self) -> Sex:
        """Return one of the two, each as likely."""
        return "f" if self.rng.random() < 0.5 else "m"
