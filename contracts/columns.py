"""How a contract declares its columns: a few words each, the rest is usual of the type.

Plain Python: pandera fields are made of these specs by `contracts.form`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TypedDict, Unpack

from contracts.plan import Column, Leave, Need, Privacy, Vocabulary
from contracts.vocabularies import CONSENT_BY
from contracts.vocabularies import STAGE as STAGES

SPELLINGS_SEPARATOR = "|"
_LINE_OF_COLUMN = re.compile(r"([a-z_0-9]+):(.*)")


class Words(TypedDict, total=False):
    """What may be said of a column beside title, type and number: fields of `plan.Column`."""

    required: Need
    aliases: tuple[str, ...]
    help: str
    example: str
    privacy: Privacy
    minor_privacy: Privacy | None
    leave: Leave
    full_name: bool
    minimum: int | None
    maximum: int | None
    max_length: int | None
    spill: tuple[str, ...]
    ignored: bool
    width: int | None


# What is usual of each type. The width is that of a table's column; lines of a card have none.
USUAL: Mapping[str, Words] = MappingProxyType(
    {
        "text": {"privacy": "B", "width": 28},
        "fio": {"help": "Фамилия, имя и отчество полностью.", "privacy": "B", "width": 34},
        "fio_list": {"help": "Одно или несколько через «;».", "privacy": "B", "width": 34},
        "date": {"help": "День, месяц, год.", "leave": "agg", "width": 14},
        "year": {"help": "Четыре цифры.", "width": 10},
        "int": {"minimum": 0, "width": 12},
        "decimal": {"minimum": 0, "width": 12},
        "percent": {"minimum": 0, "maximum": 100, "width": 12},
        "bool": {"help": "«да» или «нет».", "width": 16},
        "enum": {"help": "Выберите из списка.", "leave": "agg", "width": 18},
        "multi": {"help": "Одна или несколько через «;».", "leave": "agg", "width": 24},
        "phone": {"privacy": "B", "width": 20},
        "email": {"privacy": "B", "width": 26},
        "contacts": {"privacy": "C", "width": 24},
        "url": {"help": "Адрес страницы.", "width": 28},
        "inn": {"help": "10 цифр.", "width": 14},
        "ogrn": {"help": "13 цифр.", "width": 16},
        "kpp": {"help": "9 знаков; у филиала свой.", "width": 12},
        "class": {"help": "Для обучающихся.", "privacy": "D", "width": 10},
        "order_ref": {"help": "Номер и дата приказа школы.", "width": 24},
        "age_range": {"help": "«22–35», «от 14», «любой».", "leave": "agg", "width": 16},
    }
)


@dataclass(frozen=True, slots=True)
class Spec:
    """A column as a contract says it; the name is that of the class attribute it stands in."""

    title: str
    type: str
    official: int | None
    words: Words
    vocabulary: Vocabulary | None = None

    def but(self, *, title: str = "", official: int | None = None, **words: Unpack[Words]) -> Spec:
        """Return the same column with other words, for a form that needs it otherwise."""
        return replace(
            self,
            title=title or self.title,
            official=official or self.official,
            words={**self.words, **words},
        )

    def column(self, name: str, *, spellings: tuple[str, ...] = (), card: bool = False) -> Column:
        """Return the whole column: what is said of it, over what is usual of its type."""
        said: Words = {**USUAL.get(self.type, {})}
        if card:
            said["width"] = None
        said |= self.words
        if spellings:
            said["aliases"] = spellings
        return Column(
            name=name,
            title=self.title,
            type=self.type,
            official=self.official,
            vocabulary=self.vocabulary.name if self.vocabulary else None,
            **said,
        )


@dataclass(frozen=True, slots=True)
class Group:
    """Columns that stand together in several forms; as an attribute it becomes all of them."""

    specs: Mapping[str, Spec]

    def but(self, **words: Words) -> Group:
        """Return the same columns, some of them with other words."""
        changed = {name: self.specs[name].but(**more) for name, more in words.items()}
        return Group({**self.specs, **changed})


def column(title: str, type_: str, official: int | None = None, **words: Unpack[Words]) -> Spec:
    """Declare a column: its header, its type (a key of `STORAGE`), its official number."""
    return Spec(title, type_, official, words)


def choice(
    vocabulary: Vocabulary,
    official: int | None = None,
    *,
    title: str = "",
    many: bool = False,
    **words: Unpack[Words],
) -> Spec:
    """Declare a column whose values are those of a vocabulary, which also heads it."""
    kind = "multi" if many else "enum"
    return Spec(title or vocabulary.title, kind, official, words, vocabulary)


def spellings(block: str) -> dict[str, tuple[str, ...]]:
    """Read a block of spellings: «column: one | another», a long line goes on after «|»."""
    found: dict[str, str] = {}
    name = ""
    for line in filter(None, map(str.strip, block.splitlines())):
        begun = _LINE_OF_COLUMN.fullmatch(line)
        if begun and begun[1] in found:
            raise TypeError(f"spellings of {begun[1]} stand twice")
        if begun:
            name = begun[1]
            found[name] = begun[2]
        elif name and line.startswith(SPELLINGS_SEPARATOR):
            found[name] += line
        else:
            raise TypeError(f"no line of spellings: {line!r}")
    return {name: listed(text) for name, text in found.items()}


def listed(text: str) -> tuple[str, ...]:
    """Return the words of a text between «|»."""
    return tuple(word for part in text.split(SPELLINGS_SEPARATOR) if (word := part.strip()))


ROW_NUMBER = column(
    "№ п/п", "int", aliases=("№", "N", "п/п"), example="1", ignored=True, minimum=None, width=6
)
ENTRY_DATE = column(
    "Дата вхождения в программу",
    "date",
    aliases=listed(
        "дата начала | дата вхождения | срок программы | сроки программы"
        " | срок реализации программы | сроки реализации программы"
        " | период реализации программы | начало программы | начало"
    ),
    spill=("end_date",),
    example="01.09.2026",
)
END_DATE = column(
    "Дата завершения программы",
    "date",
    aliases=("дата окончания", "дата завершения", "окончание программы", "окончание"),
    example="31.05.2027",
)
# Which measurement of the year a form with stages is; said by the sheet's name as a rule.
STAGE = choice(
    STAGES,
    aliases=("этап мониторинга", "срез", "замер"),
    help="Можно не заполнять, если этап назван в заголовке листа.",
    example="входящий",
)
CONSENT = Group(
    {
        "consent_processing": column(
            "Согласие на обработку ПДн",
            "bool",
            required="remark",
            aliases=("согласие на обработку персональных данных", "согласие"),
            help="«да», если бумага есть у вас. Без неё имя не войдёт в списки.",
            example="да",
            privacy="C",
            minor_privacy="D",
            spill=("consent_date", "consent_by"),
        ),
        "consent_date": column(
            "Дата согласия",
            "date",
            aliases=("дата согласия на обработку",),
            example="01.09.2026",
            privacy="C",
            minor_privacy="D",
            leave="no",
        ),
        "consent_by": choice(
            CONSENT_BY,
            aliases=("кем дано",),
            help="Сам или законный представитель.",
            example="сам",
            privacy="C",
            minor_privacy="D",
            leave="no",
        ),
    }
)
