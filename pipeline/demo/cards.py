"""What a school says of itself: its card, its curator, its counts of teachers and pupils."""

from __future__ import annotations

from pipeline.demo.rows import Roster, Row
from pipeline.demo.words import PARTNERS


def curator(roster: Roster) -> Row:
    """Return the row of F02."""
    person = roster.person("f")
    year = roster.rng.choice(("2024", "2025", "2026"))
    return {
        "row_no": "1",
        "fio": person.fio,
        "position": roster.rng.choice(("зам. директора по УВР", "методист", "педагог-психолог")),
        "phone": person.phone,
        "email": f"kurator-{roster.unit.code}@example.org",
        "order": f"№ {roster.number}-ОД от 01.09.2025",
        "since": "01.09.2025",
        "kpk_done": "да",
        "kpk_year": year,
        "kpk_hours": roster.rng.choice(("16", "36", "72")),
        "share_region": roster.rng.choice(("да", "нет")),
    }


def card(roster: Roster, kind: str, level: str) -> Row:
    """Return the card F01; the forms named in it are those of the pairs."""
    head, site = roster.person(roster.sex()), f"https://{roster.unit.code}.example.org"
    forms = dict.fromkeys(row["mentoring_form"] for row in roster.mentees)
    return {
        "full_name": roster.unit.full_name,
        "short_name": roster.unit.short_name,
        "inn": roster.unit.inn,
        "kpp": roster.unit.kpp,
        "ogrn": roster.unit.ogrn,
        "kind": kind,
        "address": f"г. Примерный, ул. Школьная, д. {roster.unit.code[3:]}",
        "site": site,
        "email": roster.unit.email,
        "phone": head.phone,
        "head_fio": head.fio,
        "head_position": "директор",
        "implements": "да",
        "start_date": roster.rng.choice(("01.09.2020", "01.09.2021", "01.09.2022")),
        "mentoring_forms": "; ".join(forms) or "учитель – учитель",
        "order": f"№ {roster.number + 3}-ОД от 30.08.2022",
        "result_level": level,
        "mentoring_page": f"{site}/nastavnichestvo",
    }


def summary(roster: Roster) -> Row:
    """Return the card F08; what it says of teachers under 35 is what the bases say."""
    older, pupils = roster.rng.randrange(14, 34), roster.rng.randrange(18, 90) * 10
    fresh = [y for y in roster.young if y.experience < 3]
    helped = [y for y in roster.helped if y.experience < 3]
    teens = pupils * 6 // 10
    counts = {
        "ped_total": older + len(roster.young),
        "ped_lt25": sum(y.age < 25 for y in roster.young),
        "ped_25_29": sum(25 <= y.age < 30 for y in roster.young),
        "ped_30_34": sum(y.age >= 30 for y in roster.young),
        "ped_lt35": len(roster.young),
        "ped_exp_lt3": len(fresh) + roster.rng.randrange(2),
        "ped_lt35_exp_lt3": len(fresh),
        "ped_lt35_supported": len(roster.helped),
        "ped_lt35_exp_lt3_supported": len(helped),
        "pupils_total": pupils,
        "pupils_10_19": teens,
        "pupils_15_19": teens // 3,
        "enterprises_partner": len({r["workplace"] for r in roster.mentors} & set(PARTNERS)),
        "young_hired": sum(y.experience == 0 for y in roster.young),
        "young_left": roster.rng.randrange(2),
    }
    return {name: str(count) for name, count in counts.items()}
