"""What an answer of a plugin must be: each function lets it through or says what is wrong with it.

The clauses name codes and columns of the plugin's own, never a value of a cell.
"""

from __future__ import annotations

import io
import itertools
import json
import math
import operator
import re
import zipfile
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, BinaryIO, get_args

from contracts.plan import FormPlan
from pipeline.hookspecs import Document, Indicator
from pipeline.model import Notice, Severity
from pipeline.notices.catalogue import Catalogue
from pipeline.views import (
    IndicatorPerson,
    IndicatorResult,
    IndicatorUnit,
    Piece,
    Remark,
    UnitShare,
)
from pipeline.workspace.containment import WrongAnswerError, listed, named

_SHA256 = re.compile(r"[0-9a-f]{64}")
# What a file of a kind begins with; a kind that is not listed may hold anything.
_BEGINNINGS = {"pdf": b"%PDF", "png": b"\x89PNG", "rtf": b"{\\rtf", "xls": b"\xd0\xcf\x11\xe0"}
_ARCHIVES = ("docx", "odp", "ods", "odt", "pptx", "xlsx", "zip")
# A generator without an end would take the run with it: no honest rule says as much.
_NOTICES_OF_A_ROW = 100
_REMARKS = 1_000_000
# More than a cell can hold.
_LETTERS = 40_000
_BYTES = 50_000_000
_TEXTS = ("csv", "htm", "html", "json", "md", "svg", "txt", "xml")


def notices(
    answer: object, plan: FormPlan, lines: Collection[int], catalogue: Catalogue
) -> tuple[Notice, ...]:
    """Return the notices of a check stage about a part whose rows stand in *lines*."""
    found = []
    for notice in _listed(answer, Notice, _NOTICES_OF_A_ROW * (len(lines) + 1)):
        checked = _notice(notice, plan, catalogue, get_args(Severity))
        if checked.row is not None and checked.row not in lines:
            raise WrongAnswerError(
                f"замечание «{named(notice.code)}» к строке, которой в форме нет"
            )
        found.append(checked)
    return tuple(found)


def remarks(
    answer: object,
    plans: Mapping[str, FormPlan],
    catalogue: Catalogue,
    rows_of: Callable[[str, str], Collection[str]],
) -> tuple[Remark, ...]:
    """Return the remarks of a remark stage: of units, forms and rows that are in force.

    *rows_of* gives the ids of the rows of a unit and form; it is asked once for each.
    """
    found = []
    meant: dict[tuple[str, str], dict[str, str]] = {}
    for remark in _listed(answer, Remark, _REMARKS):
        plan = plans.get(_text(remark.form, "форма"))
        if plan is None:
            raise WrongAnswerError(f"уточнение к форме, которой нет: {listed([remark.form])}")
        if type(remark.notice) is not Notice:
            raise WrongAnswerError("уточнение без замечания")
        # The file was answered long ago: nothing may be returned any more.
        notice = _notice(remark.notice, plan, catalogue, ("remark", "info"))
        place = (_text(remark.unit, "организация"), plan.code)
        meant.setdefault(place, {})[_text(remark.row_id, "строка")] = notice.code
        found.append(replace(remark, notice=notice))
    for place, rows in meant.items():
        known = rows_of(*place)
        for row_id, code in rows.items():
            if row_id not in known:
                raise WrongAnswerError(
                    f"уточнение «{code}» к строке, которой у этой организации нет"
                )
    return tuple(found)


def _notice(
    notice: Notice, plan: FormPlan, catalogue: Catalogue, severities: Collection[str]
) -> Notice:
    code = _text(notice.code, "код")
    if code not in catalogue:
        raise WrongAnswerError(f"код замечания неизвестен: {listed([code])}")
    if notice.severity not in severities:
        raise WrongAnswerError(f"замечание «{code}» не может быть такой строгости")
    if notice.form not in (None, plan.code):
        raise WrongAnswerError(f"замечание «{code}» к другой форме")
    if notice.column is not None and notice.column not in {c.name for c in plan.columns}:
        raise WrongAnswerError(f"колонки нет в форме {plan.code}: {listed([notice.column])}")
    for text in (notice.sheet, notice.cell, notice.value, notice.who):
        if text is not None:
            _text(text, f"замечание «{code}»")
    if not isinstance(notice.params, Mapping):
        raise WrongAnswerError(f"слова замечания «{code}» – не словарь")
    params = {
        _text(key, f"слова замечания «{code}»"): _text(value, f"слова замечания «{code}»")
        for key, value in notice.params.items()
    }
    row = None if notice.row is None else _whole(notice.row, f"замечание «{code}»")
    return replace(notice, row=row, params=params)


def contribution(answer: object) -> bytes:
    """Return what a unit gives to a remark stage as JSON: it is kept, and read when asked for."""
    return json_bytes(answer, "contribute")


def share(answer: object, unit: str, plans: Collection[str]) -> UnitShare:
    """Return what a unit gives to an indicator: of itself alone, and plain data beside it."""
    if type(answer) is not UnitShare:
        raise WrongAnswerError(f"нужен UnitShare, а не {_kind(answer)}")
    if not isinstance(answer.more, Mapping):
        raise WrongAnswerError("more – нужен словарь")
    json_bytes(dict(answer.more), "more")
    return UnitShare(
        _share(answer.line, {unit}),
        tuple(_person(one, {unit}, plans) for one in answer.persons),
        MappingProxyType(dict(answer.more)),
    )


def pieces(answer: object) -> Mapping[str, Piece]:
    """Return what a unit adds to a document: pieces by name, with plain data beside their rows."""
    if not isinstance(answer, Mapping):
        raise WrongAnswerError(f"нужен словарь Piece, а не {_kind(answer)}")
    found = {}
    for name, piece in answer.items():
        if not _text(name, "имя Piece") or type(piece) is not Piece:
            raise WrongAnswerError(f"нужны Piece по именам, а не {_kind(piece)}")
        if type(piece.rows) is not bytes or not isinstance(piece.facts, Mapping):
            raise WrongAnswerError("rows – нужны байты, facts – словарь")
        json_bytes(dict(piece.facts), "facts")
        found[str(name)] = replace(piece, count=_count(piece.count, "count"))
    return found


def json_bytes(data: object, what: str) -> bytes:
    """Return plain data as JSON; whatever else could not be read back."""
    try:
        text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        data_bytes = text.encode()
    except (TypeError, ValueError, RecursionError):
        raise WrongAnswerError(f"{what}: нужны простые данные JSON") from None
    if len(data_bytes) > _BYTES:
        raise WrongAnswerError(f"{what}: больше {_BYTES // 1_000_000} МБ")
    return data_bytes


def indicator(
    answer: object, asked: Indicator, known: Collection[str], plans: Collection[str]
) -> IndicatorResult:
    """Return the result of an indicator: whole numbers that can be, of units that are known."""
    if type(answer) is not IndicatorResult:
        raise WrongAnswerError(f"нужен IndicatorResult, а не {_kind(answer)}")
    if answer.code != asked.code:
        raise WrongAnswerError(f"посчитан другой показатель: {listed([answer.code])}")
    counts = ("numerator_low", "numerator_high", "denominator", "units_counted", "units_total")
    numbers: dict[str, Any] = {
        name: _count(getattr(answer, name), name) for name in (*counts, "missing")
    }
    if numbers["numerator_low"] > numbers["numerator_high"]:
        raise WrongAnswerError("numerator_low больше, чем numerator_high")
    if answer.target is not None and not _finite(answer.target):
        raise WrongAnswerError("target – не число")
    for text in (answer.title, answer.source):
        _text(text, "title и source")
    return replace(
        answer,
        **numbers,
        control=_count_or_none(answer.control, "control"),
        notes=tuple(_text(note, "notes") for note in answer.notes),
        breakdown=tuple(_share(one, known) for one in answer.breakdown),
        persons=tuple(_person(one, known, plans) for one in answer.persons),
    )


def _share(one: object, known: Collection[str]) -> IndicatorUnit:
    if type(one) is not IndicatorUnit or one.unit not in known:
        raise WrongAnswerError("в breakdown нужны IndicatorUnit известных организаций")
    names = ("numerator_low", "numerator_high", "denominator", "control")
    numbers: dict[str, Any] = {name: _count_or_none(getattr(one, name), name) for name in names}
    return replace(one, **numbers)


def _person(one: object, known: Collection[str], plans: Collection[str]) -> IndicatorPerson:
    if type(one) is not IndicatorPerson or one.unit not in known or one.form not in plans:
        raise WrongAnswerError("в persons нужны IndicatorPerson известных организаций и форм")
    if one.certainty not in ("proven", "possible"):
        raise WrongAnswerError("certainty – proven или possible")
    for text in (one.row_id, one.name, one.reason):
        _text(text, "persons")
    return one


def document(answer: object, asked: Document) -> bytes:
    """Return the bytes of a document that is not empty and is of the kind it says."""
    if not isinstance(answer, bytes | bytearray | memoryview):
        raise WrongAnswerError(f"нужны байты файла, а не {_kind(answer)}")
    data = bytes(answer)
    document_file(io.BytesIO(data), asked)
    return data


def document_file(target: BinaryIO, asked: Document) -> None:
    """Refuse a document in an open file that is empty or not of the kind it says."""
    suffix = asked.suffix.lower()
    target.seek(0)
    head = target.read(16)
    target.seek(0)
    if not head:
        raise WrongAnswerError("файл пуст")
    good = head.startswith(_BEGINNINGS.get(suffix, b""))
    if suffix in _ARCHIVES:
        good = head.startswith(b"PK") and zipfile.is_zipfile(target)
    elif suffix in _TEXTS:
        good = _is_text(target, suffix)
    target.seek(0)
    if not good:
        raise WrongAnswerError(f"содержимое не похоже на файл {suffix}")


def _is_text(target: BinaryIO, suffix: str) -> bool:
    try:
        text = target.read().decode("utf-8-sig")
        if suffix == "json":
            json.loads(text)
    except ValueError:
        return False
    return True


def digest(answer: object) -> str:
    """Return the sha256 that a transport brought back."""
    if not isinstance(answer, str) or not _SHA256.fullmatch(answer):
        raise WrongAnswerError("нужен sha256 пакета: 64 строчные шестнадцатеричные цифры")
    return answer


def nothing(answer: object) -> None:
    """Ignore an answer nobody asked for."""
    del answer


def _listed(answer: object, kind: type[Any], most: int) -> list[Any]:
    if isinstance(answer, str | bytes | Mapping) or not hasattr(answer, "__iter__"):
        raise WrongAnswerError(f"нужны {kind.__name__} по одному, а не {_kind(answer)}")
    found = list(itertools.islice(answer, most + 1))
    if len(found) > most:
        raise WrongAnswerError(f"ответов {kind.__name__} больше {most}")
    for one in found:
        # A class of its own could hold what no record can keep.
        if type(one) is not kind:
            raise WrongAnswerError(f"среди ответов не {kind.__name__}, а {_kind(one)}")
    return found


def _kind(answer: object) -> str:
    return named(type(answer).__name__) or "другое"


def _text(value: object, what: str) -> str:
    if not isinstance(value, str):
        raise WrongAnswerError(f"{what}: нужен текст, а не {_kind(value)}")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise WrongAnswerError(f"{what}: текст, который нельзя записать") from None
    if len(value) > _LETTERS:
        raise WrongAnswerError(f"{what}: текст длиннее {_LETTERS} знаков")
    return str(value)


def _whole(value: object, what: str) -> int:
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise WrongAnswerError(f"{what}: нужно целое число, а не {_kind(value)}")
    return operator.index(value)


def _count(value: object, what: str) -> int:
    number = _whole(value, what)
    if number < 0:
        raise WrongAnswerError(f"{what} меньше нуля")
    return number


def _count_or_none(value: object, what: str) -> int | None:
    return None if value is None else _count(value, what)


def _finite(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
