"""What an answer of a plugin must be: each function lets it through or says what is wrong with it.

The clauses name codes and columns of the plugin's own, never a value of a cell.
"""

from __future__ import annotations

import io
import json
import math
import operator
import re
import zipfile
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, BinaryIO, get_args

from contracts.plan import FormPlan
from pipeline.hookspecs import Document, Indicator, Stage
from pipeline.model import Notice, Severity
from pipeline.notices.catalogue import Catalogue
from pipeline.views import (
    PROVENANCE,
    IndicatorPerson,
    IndicatorResult,
    IndicatorUnit,
    PublishView,
    Remark,
)
from pipeline.workspace.containment import WrongAnswerError, listed, named

if TYPE_CHECKING:
    import pandas as pd

_SHA256 = re.compile(r"[0-9a-f]{64}")
# What a file of a kind begins with; a kind that is not listed may hold anything.
_BEGINNINGS = {"pdf": b"%PDF", "png": b"\x89PNG", "rtf": b"{\\rtf", "xls": b"\xd0\xcf\x11\xe0"}
_ARCHIVES = ("docx", "odp", "ods", "odt", "pptx", "xlsx", "zip")
_TEXTS = ("csv", "htm", "html", "json", "md", "svg", "txt", "xml")


def notices(
    answer: object, plan: FormPlan, lines: Collection[int], catalogue: Catalogue
) -> tuple[Notice, ...]:
    """Return the notices of a check stage about a part whose rows stand in *lines*."""
    found = []
    for notice in _listed(answer, Notice):
        checked = _notice(notice, plan, catalogue, get_args(Severity))
        if checked.row is not None and checked.row not in lines:
            raise WrongAnswerError(
                f"замечание «{named(notice.code)}» к строке, которой в форме нет"
            )
        found.append(checked)
    return tuple(found)


def remarks(answer: object, view: PublishView, catalogue: Catalogue) -> tuple[Remark, ...]:
    """Return the remarks of a remark stage: of units, forms and rows that are in force."""
    known: dict[str, Mapping[str, str]] = {}
    found = []
    for remark in _listed(answer, Remark):
        plan = view.plans.get(_text(remark.form, "форма"))
        if plan is None:
            raise WrongAnswerError(f"уточнение к форме, которой нет: {listed([remark.form])}")
        if plan.code not in known:
            rows = view.rows[plan.code]
            known[plan.code] = dict(zip(rows["row_id"], rows["unit"], strict=True))
        if type(remark.notice) is not Notice:
            raise WrongAnswerError("уточнение без замечания")
        # The file was answered long ago: nothing may be returned any more.
        notice = _notice(remark.notice, plan, catalogue, ("remark", "info"))
        if known[plan.code].get(_text(remark.row_id, "строка")) != remark.unit:
            raise WrongAnswerError(
                f"уточнение «{notice.code}» к строке, которой у этой организации нет"
            )
        found.append(replace(remark, notice=notice))
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


def merged(answer: object, view: PublishView, form: str) -> pd.DataFrame:
    """Return the base of a merge stage: rows in force, none twice, each with its origin."""
    rows = view.rows[form]
    base = _base(answer, view.plans[form], rows)
    owners = dict(zip(rows["row_id"], rows["unit"], strict=True))
    seen: set[str] = set()
    for row_id, unit in zip(base["row_id"], base["unit"], strict=True):
        if owners.get(row_id) != unit:
            raise WrongAnswerError(f"в базе {form} строка, которой среди действующих нет")
        if row_id in seen:
            raise WrongAnswerError(f"в базе {form} строка стоит дважды")
        seen.add(row_id)
    return base


def enriched(answer: object, view: PublishView, stage: Stage) -> dict[str, pd.DataFrame]:
    """Return the bases that an enrich stage changed: the same rows, of its own forms."""
    if not isinstance(answer, Mapping):
        raise WrongAnswerError(f"нужен словарь баз, а не {_kind(answer)}")
    found = {}
    for form, base in answer.items():
        if form not in view.plans or form not in stage.forms:
            raise WrongAnswerError(f"база формы, которой у этапа нет: {listed([form])}")
        found[form] = _base(base, view.plans[form], view.rows[form])
        before, now = (_places(one) for one in (view.bases[form], found[form]))
        if before - now:
            raise WrongAnswerError(f"из базы {form} пропали строки")
        if now - before:
            raise WrongAnswerError(f"в базе {form} стало больше строк")
    return found


def _places(base: pd.DataFrame) -> Counter[tuple[str, str]]:
    return Counter(zip(base["row_id"], base["unit"], strict=True))


def _base(answer: object, plan: FormPlan, like: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415  # who publishes has it already

    if not isinstance(answer, pd.DataFrame):
        raise WrongAnswerError(f"нужна таблица DataFrame, а не {_kind(answer)}")
    if not answer.columns.is_unique:
        raise WrongAnswerError(f"в базе {plan.code} колонка стоит дважды")
    missing = [name for name in (*plan.names, *PROVENANCE) if name not in answer.columns]
    if missing:
        raise WrongAnswerError(f"в базе {plan.code} нет колонок: {listed(missing)}")
    if not (isinstance(answer.index, pd.RangeIndex) and answer.index.equals(_range(answer))):
        raise WrongAnswerError(f"строки базы {plan.code} не пронумерованы подряд от 0")
    # A copy: what the plugin does with its own table afterwards is nobody's concern.
    return _typed(answer.copy(deep=False), plan, like)


def _typed(base: pd.DataFrame, plan: FormPlan, like: pd.DataFrame) -> pd.DataFrame:
    """Columns of another type than the rows have would fail in the documents of others."""
    for name in (*plan.names, *PROVENANCE):
        if base[name].dtype != like[name].dtype:
            try:
                base[name] = base[name].astype(like[name].dtype)
            except (TypeError, ValueError):
                raise WrongAnswerError(
                    f"в базе {plan.code} колонка {named(name)} другого типа"
                ) from None
    return base


def _range(table: pd.DataFrame) -> pd.RangeIndex:
    import pandas as pd  # noqa: PLC0415  # as above

    return pd.RangeIndex(len(table))


def indicator(answer: object, view: PublishView, asked: Indicator) -> IndicatorResult:
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
    known = {unit.code for unit in view.units}.union(*_units_of_rows(view))
    return replace(
        answer,
        **numbers,
        control=_count_or_none(answer.control, "control"),
        notes=tuple(_text(note, "notes") for note in answer.notes),
        breakdown=tuple(_share(one, known) for one in answer.breakdown),
        persons=tuple(_person(one, known, view.plans) for one in answer.persons),
    )


def _units_of_rows(view: PublishView) -> list[set[str]]:
    return [set(view.rows[form]["unit"]) for form in view.rows]


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


def _listed(answer: object, kind: type[Any]) -> list[Any]:
    if isinstance(answer, str | bytes | Mapping) or not hasattr(answer, "__iter__"):
        raise WrongAnswerError(f"нужны {kind.__name__} по одному, а не {_kind(answer)}")
    found = list(answer)
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
