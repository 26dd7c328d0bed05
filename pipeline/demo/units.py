"""Invented organisations: names no town has, and ИНН, КПП, ОГРН of a region that does not exist."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from pipeline.model import Unit

STORY_UNITS = 24
# Short name, «Тип ОО» and full name of those that are no «СОШ».
_SPECIAL = {
    19: ("Гимназия № 119", "гимназия", "Гимназия № 119"),
    20: ("Лицей № 120", "лицей", "Лицей № 120"),
    21: ("ООШ № 121", "ООШ", "Основная общеобразовательная школа № 121"),
    22: ("Дворец творчества", "допобразование", "Дворец творчества"),
    23: ("НОШ № 123", "НОШ", "Начальная общеобразовательная школа № 123"),
    24: ("Школа-интернат № 124", "интернат", "Школа-интернат № 124"),
}
_SCHOOL = "Муниципальное бюджетное общеобразовательное учреждение"
_ART = "Муниципальное бюджетное учреждение дополнительного образования"
# Numbers from here on are nobody's in the district, whatever its size.
_OUTSIDE = 4_300_000


def inn_of(number: int) -> str:
    """Return a ten-digit ИНН of region 00 with the right check digit."""
    body = f"{number:09}"
    weights = (2, 4, 10, 3, 5, 9, 4, 6, 8)
    check = sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11 % 10
    return f"{body}{check}"


def ogrn_of(number: int) -> str:
    """Return a thirteen-digit ОГРН of region 00 with the right check digit."""
    body = f"10200{number:07}"
    return f"{body}{int(body) % 11 % 10}"


def school_kind(index: int) -> str:
    """Return «Тип ОО» of the *index*-th school."""
    return _SPECIAL[index][1] if index in _SPECIAL else "СОШ"


def school(index: int) -> Unit:
    """Return the *index*-th school of the district, counted from 1."""
    number = 100 + index
    usual = (f"СОШ № {number}", "", f"Средняя общеобразовательная школа № {number}")
    short, _, full = _SPECIAL.get(index, usual)
    art = index == 22  # the one institution of additional education
    legal, brief = (_ART, "МБУ ДО") if art else (_SCHOOL, "МБОУ")
    made = _unit(f"oo-{number}", 4_200_000 + index, f"{brief} «{short}»", f"{legal} «{full}»")
    return replace(
        made,
        aliases=(short,) if art else (short.replace(" № ", " "), short.replace("№ ", "№")),
        # A third of the folders has the name people use instead of the code.
        folder=short.replace(" № ", " ") if index % 3 == 2 else made.code,
    )


def registry_extras() -> tuple[Unit, ...]:
    """Return who else is in `units.csv`: the centre, the office, a closed school."""
    town = "Примерного городского округа"
    full = f"Муниципальный центр наставничества {town}"
    centre = _unit("mcn", _OUTSIDE + 1, f"МЦН {town}", full)
    full = f"Управление образования администрации {town}"
    office = _unit("uo", _OUTSIDE + 2, f"Управление образования {town}", full)
    closed = _unit("oo-100", _OUTSIDE + 3, "МБОУ «ООШ № 100»", f"{_SCHOOL} «Основная школа № 100»")
    may = ("oo-121", "oo-122")
    return (
        replace(centre, kind="МЦН", aliases=("МЦН", "МНЦ"), may_report_for=may),
        replace(office, kind="УО", aliases=("УО",)),
        replace(closed, aliases=("ООШ 100",), until=date(2025, 8, 31)),
    )


def outsiders() -> tuple[Unit, Unit]:
    """Return two schools that are not in `units.csv`: a neighbour's, and one nobody knows."""
    full = f"{_SCHOOL} «Заречная школа № 201»"
    neighbour = _unit("oo-201", _OUTSIDE + 4, "МБОУ «Заречная СОШ № 201»", full)
    full = "Частное общеобразовательное учреждение «Школа Колокольчик»"
    return neighbour, _unit("oo-301", _OUTSIDE + 5, "ЧОУ «Школа Колокольчик»", full)


def _unit(code: str, number: int, short_name: str, full_name: str) -> Unit:
    inn = inn_of(number)
    return Unit(
        code=code,
        kind="ОО",
        short_name=short_name,
        full_name=full_name,
        inn=inn,
        kpp=f"{inn[:4]}01001",
        ogrn=ogrn_of(number),
        email=f"{code}@example.org",
        addressee=f"Руководителю {short_name}",
        folder=code,
        since=date(2020, 9, 1),
    )
