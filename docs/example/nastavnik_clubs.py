"""Clubs of mentors: a form, a rule, an indicator and a document of one municipality."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from contracts.columns import column
from contracts.form import About, Form
from pipeline import hookimpl
from pipeline.hookspecs import Document, Indicator, Stage
from pipeline.model import Notice
from pipeline.notices.kind import NoticeKind
from pipeline.render.workbook import TableColumn, XlsxWriter
from pipeline.views import CheckView, IndicatorResult, IndicatorUnit, PublishView


class Clubs(Form):
    """Клубы наставников школы."""

    _about = About(
        code="K01",
        name="clubs",
        title="Клубы наставников",
        sheet="Клубы",
        help="Клубы наставников школы, по строке на клуб.",
        key=("club",),
        person="leader_fio",
        titles="клубы наставников | список клубов",
        due="11-15",
    )

    club = column(
        "Название клуба",
        "text",
        required="error",
        help="Как в приказе.",
        example="Мастерская молодого учителя",
        leave="agg",
        width=34,
    )
    leader_fio = column(
        "ФИО руководителя клуба", "fio", required="error", example="Петрова Анна Сергеевна"
    )
    members = column(
        "Участников",
        "int",
        required="remark",
        help="Сколько человек ходит в клуб.",
        example="12",
        minimum=1,
        leave="agg",
    )
    since = column("Работает с", "date", example="01.09.2025")

    # How else schools head these columns.
    _spelled = """
        club: клуб | наименование клуба
        leader_fio: руководитель клуба
    """


@hookimpl
def register_contracts() -> Sequence[type[Form]]:
    """A form: its blank, recognition, checks, base and dictionary page follow by themselves."""
    return (Clubs,)


UNKNOWN_LEADER = NoticeKind(
    "club_leader_unknown",
    "remark",
    "Руководителя клуба нет в базе наставников школы.",
    "Добавьте его в форму «База наставников» или исправьте ФИО.",
    "{example}",
)


@hookimpl
def register_stages() -> Sequence[Stage]:
    """A rule with a notice of its own."""
    return (
        Stage(
            name="clubs_leaders",
            help="руководитель клуба – наставник этой школы",
            kind="check",
            run=check_leaders,
            forms=("K01",),
            notices=(UNKNOWN_LEADER,),
        ),
    )


def check_leaders(view: CheckView) -> Iterator[Notice]:
    """Name each club whose leader is no mentor of this school; silent where none are known."""
    mentors = {row.values.get("mentor_fio") for row in view.other("F04")}
    for row in view.rows:
        leader = row.values.get("leader_fio")
        if mentors and leader and leader not in mentors:
            yield Notice("club_leader_unknown", "remark", row=row.row, column="leader_fio")


@hookimpl
def register_indicators() -> Sequence[Indicator]:
    """A figure that is computed and never typed in."""
    return (
        Indicator(
            code="CLUBS",
            title="Доля наставников, которые ведут клуб",
            unit="%",
            compute=share_of_leaders,
            target=0.1,
            source="план муниципалитета",
        ),
    )


def share_of_leaders(view: PublishView) -> IndicatorResult:
    """Count mentors who lead a club, of all mentors, over the schools that sent both forms."""
    mentors, clubs = view.base("F04"), view.base("K01")
    lines = []
    for unit in view.reporting_units():
        if {(unit.code, "F04"), (unit.code, "K01")} <= set(view.submitted):
            known = set(mentors.loc[mentors["unit"] == unit.code, "mentor_fio"])
            leaders = set(clubs.loc[clubs["unit"] == unit.code, "leader_fio"]) & known
            lines.append(IndicatorUnit(unit.code, len(leaders), len(leaders), len(known)))
    count = sum(line.numerator_low or 0 for line in lines)
    total = sum(line.denominator or 0 for line in lines)
    return IndicatorResult(
        code="CLUBS",
        numerator_low=count,
        numerator_high=count,
        denominator=total,
        units_counted=len(lines),
        units_total=len(view.reporting_units()),
        breakdown=tuple(lines),
        target=0.1,
        missing=max(0, -(-total // 10) - count),
        title="Доля наставников, которые ведут клуб",
        source="план муниципалитета",
    )


@hookimpl
def register_documents() -> Sequence[Document]:
    """A workbook for the municipality; it names people, so it must not go to the region."""
    return (
        Document(
            code="K10",
            title="Клубы наставников",
            audience="municipality",
            suffix="xlsx",
            write=write_clubs,
        ),
    )


def write_clubs(view: PublishView) -> bytes:
    """Return the list of all clubs; the same data give the same bytes."""
    names = {unit.code: unit.short_name for unit in view.units}
    base = view.base("K01").sort_values(["unit", "club"])
    rows = [
        (names[unit], club, leader, members)
        for unit, club, leader, members in zip(
            base["unit"],
            base["club"],
            base["leader_fio"],
            base["members"].astype(object).where(base["members"].notna(), None),
            strict=True,
        )
    ]
    writer = XlsxWriter("Клубы наставников", as_of=view.as_of)
    heads = (
        TableColumn("Организация", 30),
        TableColumn("Клуб", 34),
        TableColumn("Руководитель", 34),
        TableColumn("Участников"),
    )
    writer.table("Клубы", heads, rows, heading=("Клубы наставников", view.period))
    return writer.data()
