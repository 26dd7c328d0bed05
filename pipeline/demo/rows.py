"""What one invented school reports: its pairs, and every form that speaks of them."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

from contracts.vocabularies import EMPLOYER, MENTORING_FORMS, PUPIL, STUDENT, TEACHER
from pipeline.demo import canaries
from pipeline.demo.generator import AGE_YEAR, Maker, Row, plans, vocabularies
from pipeline.demo.people import Dealer, Person, Sex, words
from pipeline.model import Unit
from pipeline.words import STAGES

TEACHERS = "учитель – учитель"
_YOUNG_SCHOOL = "школа молодого педагога"
_ABOUT_UNIT = ("F01", "F02", "F08")


@dataclass(frozen=True, slots=True)
class Size:
    """How much of what a school has: `young` teachers under 35, `supported` of them in support.

    `pairs` are the other pairs by form of mentoring; `one_is_mentor`: a young teacher guides.
    """

    young: int
    supported: int
    pairs: Mapping[str, int]
    one_is_mentor: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody of a pair, with what their age and role make likely."""

    person: Person
    role: str
    birth: int
    place: str = ""
    position: str = ""
    subject: str = ""
    experience: int | None = None

    @property
    def age(self) -> int:
        """Full years on 1 January inside the school year."""
        return AGE_YEAR - self.birth


@dataclass(frozen=True, slots=True)
class Pair:
    """A mentor with mentees; without a mentor they wait, or have another form of `support`."""

    form: str
    mentor: Actor | None
    mentees: tuple[Actor, ...]
    support: str = ""


def school_rows(
    unit: Unit, kind: str, size: Size, dealer: Dealer, rng: random.Random
) -> dict[str, tuple[Row, ...]]:
    """Return the true rows of every built-in form, by its code, as a curator would type them."""
    cast = _Cast(unit, kind, dealer, rng)
    cast.fill(size)
    rows = {code: tuple(cast.rows(code)) for code in plans()}
    return canaries.planted(rows) if unit.code == canaries.UNIT else rows


class _Cast:
    """Casts the pairs of one school and lets them speak in its forms."""

    def __init__(self, unit: Unit, kind: str, dealer: Dealer, rng: random.Random) -> None:
        self.unit, self.kind, self.rng = unit, kind, rng
        self.deal = dealer.person
        self.number = rng.randrange(20, 180)
        self.make = Maker(unit, rng, lambda: self.deal("f"), vocabularies())
        self.young: list[Actor] = []
        self.helped: list[Actor] = []
        self.pairs: list[Pair] = []

    def fill(self, size: Size) -> None:
        """Cast all pairs of *size*: every supported teacher a mentor, support, or a mentee."""
        self.young = [self._young(index) for index in range(size.young)]
        self.helped = self.young[: size.supported]
        skilled = [y for y in self.helped if (y.experience or 0) > 3 and len(self.helped) > 2]
        guide = skilled[0] if skilled and size.one_is_mentor else None
        mentees = [young for young in self.helped if young is not guide]
        alone = mentees[-1:] if len(mentees) > 4 else []
        paired = mentees[: len(mentees) - len(alone)]
        for i in range(0, len(paired), 2):
            mentor = guide if guide and i == 0 else self._actor(TEACHER, mentors=True)
            self.pairs.append(Pair(TEACHERS, mentor, tuple(paired[i : i + 2])))
        self.pairs += [Pair(TEACHERS, None, (one,), _YOUNG_SCHOOL) for one in alone]
        self.pairs += [Pair(TEACHERS, None, (one,)) for one in self.young[size.supported :][:1]]
        for form in chain.from_iterable([form] * n for form, n in size.pairs.items()):
            roles = MENTORING_FORMS[form]
            mentee = self._actor(roles.mentee, mentors=False)
            self.pairs.append(Pair(form, self._actor(roles.mentor, mentors=True), (mentee,)))

    def rows(self, code: str) -> list[Row]:
        """Return the rows of one form; one that is not known here gets a row for each pair."""
        plan = plans()[code]
        if code in _ABOUT_UNIT:
            known = {"F01": self._card, "F02": self._curator, "F08": self._summary}[code]()
            return [self.make.row(plan, {"row_no": "1", **known}, self.deal("f"))]
        led = [(pair, pair.mentor) for pair in self.pairs if pair.mentor]
        mentees = [(pair, one) for pair in self.pairs for one in pair.mentees]
        if code in ("F04", "F05"):
            tell, each = (self._mentor, led) if code == "F04" else (self._mentee, mentees)
            return [
                self.make.row(plan, {"row_no": str(n), **tell(*one)}, None, one[1].role)
                for n, one in enumerate(each, start=1)
            ]
        # The column of a form with stages says which measurement of the year its rows are.
        stage = {"stage": STAGES[plan.stages[0]]} if plan.stages else {}
        if plan.layout == "matrix":
            given = (dict(zip(plan.labels, labels, strict=True)) for labels in plan.rows)
            return self.make.rows(plan, [{**labels, **stage} for labels in given])
        if plan.layout == "card":
            return [self.make.row(plan, stage)]
        facts = [
            {**self._mentor(*one), **self._mentee(one[0], one[0].mentees[0]), **stage}
            for one in led
        ]
        return self.make.rows(plan, facts)

    def _young(self, index: int) -> Actor:
        born, worked = ((1993, 1997), (4, 9)) if index % 3 == 2 else ((1997, 2004), (0, 3))
        return Actor(
            self.deal(self._sex(0.8)),
            TEACHER,
            self.rng.randrange(*born),
            self.unit.short_name,
            "учитель",
            self.rng.choice(words()["lists"]["subjects"]),
            self.rng.randrange(*worked),
        )

    def _sex(self, women: float) -> Sex:
        return "f" if self.rng.random() < women else "m"

    def _actor(self, role: str, *, mentors: bool) -> Actor:
        rng, lists = self.rng, words()["lists"]
        person = self.deal("f" if role == TEACHER else self._sex(0.5))
        if role == PUPIL:
            grade = rng.randrange(9, 12) if mentors else rng.randrange(5, 9)
            return Actor(person, role, AGE_YEAR - grade - 6, self.unit.short_name)
        if role == STUDENT:
            year = f"студент {rng.randrange(1, 4)} курса" if mentors else ""
            return Actor(person, role, rng.randrange(2005, 2008), lists["college"][0], year)
        if role == EMPLOYER:
            position = self.make.phrase(words()[EMPLOYER]["position"])
            born = rng.randrange(1970, 1992)
            return Actor(person, role, born, rng.choice(lists["partners"]), position)
        birth, subject = rng.randrange(1962, 1988), rng.choice(lists["subjects"])
        worked = AGE_YEAR - birth - rng.randrange(22, 28)
        return Actor(person, role, birth, self.unit.short_name, "учитель", subject, worked)

    def _mentor(self, pair: Pair, mentor: Actor) -> Row:
        contacts = "" if mentor.role == PUPIL else self._contacts(mentor)
        return {
            "mentor_fio": mentor.person.fio,
            "contacts": contacts,
            "workplace": mentor.place,
            "entry_date": self.rng.choice(("09.09.2026", "10.09.2026", "14.09.2026")),
            "mentee_fios": "; ".join(one.person.fio for one in pair.mentees),
            "mentoring_form": pair.form,
            "mentee_place": pair.mentees[0].place,
            "mentor_role": mentor.role,
            "position": ", ".join(filter(None, (mentor.position, mentor.subject))),
            "experience_years": "" if mentor.experience is None else str(mentor.experience),
            "birth_year": str(mentor.birth),
            "order": f"№ {self.number}-А от 08.09.2026",
        }

    def _mentee(self, pair: Pair, mentee: Actor) -> Row:
        lines = words()["lists"][f"запрос: {mentee.role}"]
        request, category = self.make.phrase(lines).split(" | ")
        pupil, new = mentee.role == PUPIL, mentee.role == TEACHER and (mentee.experience or 0) < 3
        known = {
            "mentee_fio": mentee.person.fio,
            "contacts_rep": self.rng.choice(("", self.deal("f").phone))
            if pupil
            else self._contacts(mentee),
            "birth_year": str(mentee.birth),
            "request_text": request,
            "request_category": category,
            "mentoring_form": pair.form,
            "mentee_role": "молодой педагог" if new else mentee.role,
            "position": mentee.position,
            "subject": mentee.subject,
            "experience_years": "" if mentee.experience is None else str(mentee.experience),
            "class_label": f"{mentee.age - 6}{self.rng.choice('АБВ')}" if pupil else "",
        }
        if pair.mentor:
            return known | {
                "mentor_fio": pair.mentor.person.fio,
                "mentor_place": pair.mentor.place,
                "entry_date": self.rng.choice(("15.09.2026", "16.09.2026", "21.09.2026")),
                "completion_mark": "в процессе",
                "mutual_consent": "15.09.2026",
                "order": f"№ {self.number + 1}-А от 15.09.2026",
            }
        without = "mentor_fio mentor_place entry_date end_date mutual_consent order"
        known |= {"completion_mark": "не начата", "support_forms": pair.support}
        return known | dict.fromkeys(without.split(), "")

    def _contacts(self, actor: Actor) -> str:
        person = actor.person
        both = actor.role == TEACHER and self.rng.random() < 0.3
        return f"{person.phone}, {person.email}" if both else person.phone

    def _curator(self) -> Row:
        return {
            "email": f"kurator-{self.unit.code}@example.org",
            "order": f"№ {self.number}-ОД от 01.09.2025",
            "since": "01.09.2025",
        }

    def _card(self) -> Row:
        forms = dict.fromkeys(pair.form for pair in self.pairs)
        number = self.unit.code[3:]
        return {
            "kind": self.kind,
            "address": f"г. Примерный, ул. Школьная, д. {number}",
            "email": self.unit.email,
            "mentoring_forms": "; ".join(forms) or TEACHERS,
            "order": f"№ {self.number + 3}-ОД от 30.08.2022",
        }

    def _summary(self) -> Row:
        """Count what the pairs hold, and what only the school's staff list would."""
        older, pupils = self.rng.randrange(14, 34), self.rng.randrange(18, 90) * 10
        ages = [young.age for young in self.young]
        fresh = [young for young in self.young if (young.experience or 0) < 3]
        teens = pupils * 6 // 10
        employers = {p.mentor.place for p in self.pairs if p.mentor and p.mentor.role == EMPLOYER}
        counts = {
            "ped_total": older + len(ages),
            "ped_lt25": sum(age < 25 for age in ages),
            "ped_25_29": sum(25 <= age < 30 for age in ages),
            "ped_30_34": sum(age >= 30 for age in ages),
            "ped_lt35": len(ages),
            "ped_exp_lt3": len(fresh) + self.rng.randrange(2),
            "ped_lt35_exp_lt3": len(fresh),
            "ped_lt35_supported": len(self.helped),
            "ped_lt35_exp_lt3_supported": sum(young in fresh for young in self.helped),
            "pupils_total": pupils,
            "pupils_10_19": teens,
            "pupils_15_19": teens // 3,
            "enterprises_partner": len(employers),
            "young_hired": sum(young.experience == 0 for young in self.young),
            "young_left": self.rng.randrange(2),
        }
        return {name: str(count) for name, count in counts.items()}
