"""Invented organisations: names no town has, and ИНН, КПП, ОГРН of a region that does not exist."""

from __future__ import annotations

from datetime import date

from pipeline.model import Unit, UnitKind

STORY_UNITS = 24
_SPECIAL = {
    19: ("Гимназия № 119", "гимназия", "Гимназия № 119"),
    20: ("Лицей № 120", "лицей", "Лицей № 120"),
    21: ("ООШ № 121", "ООШ", "Основная общеобразовательная школа № 121"),
    22: ("Дворец творчества", "допобразование", "Дворец творчества"),
    23: ("НОШ № 123", "НОШ", "Начальная общеобразовательная школа № 123"),
    24: ("Школа-интернат № 124", "интернат", "Школа-интернат № 124"),
}
_BUDGET = "Муниципальное бюджетное"
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
    short, _, full = _SPECIAL.get(
        index, (f"СОШ № {number}", "", f"Средняя общеобразовательная школа № {number}")
    )
    art = index == 22  # the one institution of additional education
    legal = "учреждение дополнительного образования" if art else "общеобразовательное учреждение"
    return _unit(
        f"oo-{number}",
        4_200_000 + index,
        "ОО",
        short_name=f"{'МБУ ДО' if art else 'МБОУ'} «{short}»",
        full_name=f"{_BUDGET} {legal} «{full}»",
        aliases=(short.replace(" № ", " "), short.replace("№ ", "№")) if not art else (short,),
        # A third of the folders has the name people use instead of the code.
        folder=short.replace(" № ", " ") if index % 3 == 2 else f"oo-{number}",
    )


def registry_extras() -> tuple[Unit, ...]:
    """Return who else is in `units.csv`: the centre, the office, a closed school."""
    centre = _unit(
        "mcn",
        _OUTSIDE + 1,
        "МЦН",
        short_name="МЦН Примерного городского округа",
        full_name="Муниципальный центр наставничества Примерного городского округа",
        aliases=("МЦН", "МНЦ"),
        may_report_for=("oo-121", "oo-122"),
    )
    office = _unit(
        "uo",
        _OUTSIDE + 2,
        "УО",
        short_name="Управление образования Примерного городского округа",
        full_name="Управление образования администрации Примерного городского округа",
        aliases=("УО",),
    )
    closed = _unit(
        "oo-100",
        _OUTSIDE + 3,
        "ОО",
        short_name="МБОУ «ООШ № 100»",
        full_name=f"{_BUDGET} общеобразовательное учреждение «Основная школа № 100»",
        aliases=("ООШ 100",),
        until=date(2025, 8, 31),
    )
    return (centre, office, closed)


def outsiders() -> tuple[Unit, Unit]:
    """Return two schools that are not in `units.csv`: a neighbour's, and one nobody knows."""
    neighbour = _unit(
        "oo-201",
        _OUTSIDE + 4,
        "ОО",
        short_name="МБОУ «Заречная СОШ № 201»",
        full_name=f"{_BUDGET} общеобразовательное учреждение «Заречная школа № 201»",
    )
    unknown = _unit(
        "oo-301",
        _OUTSIDE + 5,
        "ОО",
        short_name="ЧОУ «Школа Колокольчик»",
        full_name="Частное общеобразовательное учреждение «Школа Колокольчик»",
    )
    return neighbour, unknown


def _unit(  # noqa: PLR0913  # a line of units.csv has that many fields
    code: str,
    number: int,
    kind: UnitKind,
    *,
    short_name: str,
    full_name: str,
    aliases: tuple[str, ...] = (),
    folder: str = "",
    may_report_for: tuple[str, ...] = (),
    until: date | None = None,
) -> Unit:
    inn = inn_of(number)
    return Unit(
        code=code,
        kind=kind,
        short_name=short_name,
        full_name=full_name,
        inn=inn,
        kpp=f"{inn[:4]}01001",
        ogrn=ogrn_of(number),
        aliases=aliases,
        email=f"{code}@example.org",
        addressee=f"Руководителю {short_name}",
        folder=folder or code,
        may_report_for=may_report_for,
        since=date(2020, 9, 1),
        until=until,
    )
