"""D02: annexes to the order on the register of schools and the list of curators."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import compress, count
from typing import Any, BinaryIO

from pipeline.hookspecs import Document, hookimpl
from pipeline.publication.documents import About, Page, files_of, to_xlsx
from pipeline.render.rows import RUNNING, Value, row_streams, row_writer, selected
from pipeline.render.values import TableColumn, phones_text
from pipeline.views import Piece, Pieces, PublishView

_FORMS = ("F01", "F02")
ANNEX = (
    "Приложение № {number}",
    "к приказу ______________________",
    "от «____» __________ 20___ г. № ______",
)
SCHOOLS_TITLE = "Реестр образовательных организаций, внедряющих целевую модель наставничества"
CURATORS_TITLE = (
    "Список кураторов внедрения целевой модели наставничества в образовательных организациях"
)
SCHOOLS = (
    TableColumn("№", 5, "center"),
    TableColumn("Наименование ОО (краткое по уставу)", 26),
    TableColumn("ИНН", 13),
    TableColumn("Адрес, сайт", 36),
    TableColumn("Руководитель", 26),
    TableColumn("Формы наставничества", 26),
    TableColumn("Дата начала внедрения", 14),
    TableColumn("Приказ ОО (№, дата)", 22),
)
CURATORS = (
    TableColumn("№", 5, "center"),
    TableColumn("ОО", 26),
    TableColumn("ФИО куратора", 30),
    TableColumn("Должность", 26),
    TableColumn("Телефон (служебный)", 20),
    TableColumn("E-mail", 26),
    TableColumn("Приказ о назначении", 22),
    TableColumn("КПК (да/нет, год)", 14),
)
NOT_YET = "Не внедряют по карточке ОО: {names}."
NO_CARD = "Карточку ОО не подали: {names}."
NO_CURATOR = "Действующий куратор не назван: {names}."


@hookimpl
def register_documents() -> Sequence[Document]:
    """Register the register of schools and the list of curators as one file."""
    title = "Реестр ОО и список кураторов"
    return (Document("D02", title, "municipality", "xlsx", pieces=pieces, join=join),)


def pieces(view: PublishView) -> Mapping[str, Piece]:
    """Return a unit's line of the register, if it implements the model, and its curators."""
    cards = view.base_rows("F01")
    curators = view.base_rows("F02")
    return {
        "schools": row_writer(SCHOOLS).piece(
            _school_rows(cards),
            given=[row["unit"] for row in cards],
            idle=[row["short_name"] for row in cards if row["implements"] is not True],
            files=files_of(view, _FORMS),
        ),
        "curators": row_writer(CURATORS).piece(
            _curator_rows(view, curators),
            until=[row["until"] and row["until"].isoformat() for row in curators],
            units=[row["unit"] for row in curators],
        ),
    }


def join(view: PublishView, pieces: Pieces, target: BinaryIO) -> None:
    """Write both annexes: the register, and the curators of the day."""
    files: set[int] = set()
    carded: set[str] = set()
    guided: set[str] = set()
    idle: list[str] = []
    with row_streams(2) as (schools, curators):
        for _unit, made in pieces:
            schools.add(made["schools"], count(schools.count + 1))
            facts = made["schools"].facts
            files.update(facts["files"])
            carded.update(facts["given"])
            idle += facts["idle"]
            facts = made["curators"].facts
            today = [not last or last >= view.today.isoformat() for last in facts["until"]]
            curators.add(selected(made["curators"], today), count(curators.count + 1))
            guided.update(compress(facts["units"], today))
        cards = [*_listed(NOT_YET, idle), *_listed(NO_CARD, _without(view, carded))]
        vacant = _listed(NO_CURATOR, _without(view, guided))
        pages = (
            Page("Приложение № 1", SCHOOLS_TITLE, SCHOOLS, schools, cards, _annex(1), 2),
            Page("Приложение № 2", CURATORS_TITLE, CURATORS, curators, vacant, _annex(2), 2),
        )
        counts = {"ОО в реестре": schools.count, "Кураторов": curators.count}
        to_xlsx(view, pages, target, About(_FORMS, len(files), counts))


def _school_rows(cards: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Value, ...]]:
    """Lines of the register: schools whose card says that they implement the model."""
    for row in cards:
        if row["implements"] is True:
            yield (
                RUNNING,
                row["short_name"],
                row["inn"],
                _lines(row["address"], row["site"]),
                _lines(row["head_fio"], row["head_position"]),
                row["mentoring_forms"],
                row["start_date"],
                row["order"],
            )


def _curator_rows(
    view: PublishView, curators: Iterable[Mapping[str, Any]]
) -> Iterator[tuple[Value, ...]]:
    """All curators; who is one on the day, the join knows."""
    for row in curators:
        yield (
            RUNNING,
            view.unit_name(row["unit"]),
            row["fio"],
            row["position"],
            phones_text(row["phone"] or ""),
            row["email"],
            row["order"],
            _courses(row),
        )


def _annex(number: int) -> tuple[str, ...]:
    return tuple(line.format(number=number) for line in ANNEX)


def _courses(row: Mapping[str, Any]) -> str | None:
    if not row["kpk_done"]:
        return None if row["kpk_done"] is None else "нет"
    return f"да, {row['kpk_year']}" if row["kpk_year"] else "да"


def _without(view: PublishView, given: Container[str]) -> list[str]:
    """Schools of the day that are not among the *given*."""
    return [unit.short_name for unit in view.reporting_units() if unit.code not in given]


def _listed(template: str, names: Sequence[str]) -> list[str]:
    return [template.format(names=", ".join(names))] if names else []


def _lines(*texts: str | None) -> str | None:
    return "\n".join(text for text in texts if text) or None
