"""Names of people: full, with initials, or a pupil's code."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from contracts.plan import LIST_SEPARATOR
from pipeline.reading.normalise.characters import (
    collapse,
    has_cyrillic,
    is_blank,
    latin_code,
    plain_dashes,
    russian_word,
    scripts_mixed,
)
from pipeline.text import fold

# Names come again in the lists of both sides of a pair, and parts of names in most files.
_REMEMBERED = 8192
_LONGEST = 500
Kind = Literal["full", "short", "initials", "code", "bad", "nobody"]

_CODE = re.compile(r"(?P<mark>[НHN])-(?P<first>[0-9A-Z]{4})-(?P<last>[0-9A-Z]{2})")
_LETTER = "[A-Za-zÀ-ÖØ-Þà-öø-ÿ\u0400-\u052f]"
CAPITAL = "[А-ЯЁ][а-яё]{1,39}"
_NAME = re.compile(rf"{_LETTER}{{1,40}}(?:[-'’]{_LETTER}{{1,40}}){{0,4}}")
_NUMBERING = re.compile(r"^(?:(?:№ ?)?[0-9]{1,3} ?[.)] ?|(?:а )?(?:также|ещ[её]) )")
_BRACKETS = re.compile(r"\(([^()]{0,200})\)")
_SPACED_DASH = re.compile(r" - ?|- ")
_CLASS_TAIL = re.compile(
    r"(?P<name>[^\W\d_]+(?: [^\W\d_]+| [^\W\d_]\.){1,4}) (?P<class>[0-9]{1,2} ?"
    r"(?:[-«\"]? ?[А-Яа-яA-Za-z][»\"]?(?: ?кл[а-я]{0,4}\.?)?|кл[а-я]{0,4}\.?))"
)
_PATRONYMIC = re.compile(r"(?:овна|евна|ична|ович|евич|ьич)$", re.I)
_INITIALS = re.compile(r"(?<![^\W\d_])[^\W\d_]\. ?[^\W\d_](?:\.|(?![^\W\d_]))")
_PARTICLES = frozenset(("оглы", "оглу", "кызы", "гызы", "кизи", "угли", "улы", "уулу"))
_JOBS = frozenset(
    (
        *("зам", "заместитель", "директор", "учитель", "учительница", "педагог", "преподаватель"),
        *("методист", "воспитатель", "заведующий", "заведующая", "тьютор", "психолог", "логопед"),
        *("дефектолог", "социальный", "старший", "вожатый", "вожатая", "тренер", "инструктор"),
        *("специалист", "начальник", "руководитель", "студент", "студентка", "ученик", "ученица"),
        *("обучающийся", "обучающаяся", "наставник", "куратор"),
    )
)
# Words for many at once: whoever they are, none of them is named.
_MANY = frozenset(
    (
        *("все", "всех", "весь", "вся", "несколько", "разные", "коллектив", "педколлектив"),
        *("команда", "группа", "группы", "класс", "класса", "классы", "учителя", "учителей"),
        *("педагоги", "педагогов", "преподаватели", "воспитатели", "обучающиеся", "обучающихся"),
        *("учащиеся", "учащихся", "ученики", "учеников", "школьники", "школьников", "студенты"),
        *("дети", "детей", "ребята", "родители", "сотрудники", "волонтеры", "участники", "человек"),
        *("всего", "итого", "среднем", "среднее", "пара", "пары", "пар", "семья", "супруги"),
        *("чел", "выпускники", "молодые", "специалисты", "наставники", "наставляемые", "кураторы"),
    )
)
_NOBODY = re.compile(
    r"(?:пока |еще )?(?:не (?:определен|назначен|закреплен|выбран|подобран)[аоы]?|подбирается"
    r"|ожидает подбора|вакансия|вакантно|в процессе подбора|нет наставник[а-я]{1,2}"
    r"|нет наставляем[а-я]{2,3})"
)
# «Фамилия Имя Отчество» as it should be: there is nothing to mend in it, to turn or to tell.
_CANONICAL = re.compile(
    rf"(?!(?:Пока|Ещ[её]|Нет?|Итого|Всего) |Вакан|Подбир|Ожида)({CAPITAL}) ({CAPITAL})"
    r" [А-ЯЁ][а-яё]{0,35}(?:овна|евна|ична|ович|евич|ьич)"
)


@dataclass(frozen=True, slots=True)
class Person:
    """One name as it was understood.

    `job` is what stood behind a comma, a dash or in brackets, `other` a second person there;
    `turned` whether the words were put into the order surname, name, patronymic.
    """

    value: str
    kind: Kind
    job: str = ""
    other: str = ""
    turned: bool = False


@lru_cache(maxsize=_REMEMBERED)
def is_full_name(text: str) -> bool:
    """Whether *text* is a name in full and in order, written as it is kept."""
    match = _CANONICAL.fullmatch(text)
    if match is None:
        return False
    surname, first = match.groups()
    return not (_is_no_name(surname) or _is_no_name(first))


def _is_no_name(word: str) -> bool:
    plain = word.lower().replace("ё", "е")
    return plain in _JOBS or plain in _PARTICLES


def are_full_names(text: str) -> bool:
    """Whether *text* is a list of different names, each as it is kept."""
    people = text.split(LIST_SEPARATOR) if len(text) <= _LONGEST else [""]
    return len(set(people)) == len(people) and all(map(is_full_name, people))


@lru_cache(maxsize=_REMEMBERED)
def parse_person(text: str) -> Person:
    """Return what *text* says as one name."""
    plain = _NUMBERING.sub("", plain_dashes(text).strip(" /\\«»\"',;:.-"))
    if is_blank(plain) or _NOBODY.match(fold(plain)):
        return Person("", "nobody")
    if code := _pupil_code(plain):
        return Person(code, "code")
    if _of_many(plain):
        return Person("", "bad")
    name, job = _without_job(plain)
    person = _ordered(_words(name))
    if is_surely_one(job):
        return replace(person, other=job)
    return replace(person, job=job)


def _of_many(text: str) -> bool:
    """Whether words for many stand where a name would: «все учителя», «5 А класс»."""
    words = re.findall(r"[^\W\d_]+", fold(text))[:4]
    return not _MANY.isdisjoint(words[:2]) and not any(map(_patronymic, words))


def _pupil_code(text: str) -> str:
    match = _CODE.fullmatch(latin_code(text.replace(" ", "")).replace("Н", "H"))
    return f"Н-{match['first']}-{match['last']}" if match else ""


def _without_job(text: str) -> tuple[str, str]:
    """Split a name from the job or class behind it."""
    pieces = [found.strip() for found in _BRACKETS.findall(text)]
    name = collapse(_BRACKETS.sub(" ", text))
    for separator in (re.compile(r" ?, ?"), _SPACED_DASH):
        head, *tail = separator.split(name, maxsplit=1)
        if not tail:
            continue
        if len(re.findall(r"[^\W\d_]+", head)) >= 2 and not is_job(head.split()[0]):
            name, pieces = head, [*pieces, tail[0].strip()]
        else:
            name = (
                f"{head} {tail[0].replace(',', ' ')}"
                if separator is not _SPACED_DASH
                else f"{head}-{tail[0]}"
            )
    if tail_match := _CLASS_TAIL.fullmatch(name):
        name, pieces = tail_match["name"], [*pieces, tail_match["class"]]
    name, job = _without_job_words(name.split())
    return name, LIST_SEPARATOR.join(piece for piece in (job, *pieces) if piece)


def _without_job_words(words: list[str]) -> tuple[str, str]:
    for place, word in enumerate(words[2:], start=2):
        if is_job(word):
            return " ".join(words[:place]), " ".join(words[place:])
    if words and is_job(words[0]):
        start = max(1, len(words) - 3)
        name = " ".join(words[start:])
        return (name, " ".join(words[:start])) if name != name.lower() else ("", "")
    return " ".join(words), ""


@lru_cache(maxsize=_REMEMBERED)
def is_job(word: str) -> bool:
    """Whether a word is that of a job, and so no part of a name."""
    return len(word) > 1 and fold(word).removesuffix(".") in _JOBS


def _words(name: str) -> list[str]:
    words = name.replace(".", ". ").split()
    if has_cyrillic(name):
        words = [russian_word(word) for word in words]
    return [piece for word in words for piece in _pair_of_initials(word, words)]


def _pair_of_initials(word: str, words: list[str]) -> list[str]:
    """Split «ИО» in «Фамилия ИО»; «ЛИ» in a name that is all capitals stays a word."""
    bare = word.rstrip(".")
    may_be = len(bare) == 2 and bare.isupper() and bare.isalpha()
    if may_be and any(other != word and not other.isupper() for other in words):
        return [bare[0], bare[1]]
    return [bare] if bare else []


def _ordered(words: list[str]) -> Person:
    initials = [word for word in words if len(word) == 1]
    names = [word for word in words if len(word) > 1]
    sound = all(_NAME.fullmatch(word) and not scripts_mixed(word) for word in words)
    real = [word for word in names if word.lower() not in _PARTICLES and not is_job(word)]
    if not sound or not real or len(real) > 4 or len(names) - len(real) > 2:
        return Person("", "bad")
    if initials:
        return _with_initials(names, initials, words)
    cased = [_title(word) for word in names]
    if len(real) == 1:
        return Person(" ".join(cased), "short")
    if (
        len(names) == 3
        and _patronymic(names[1])
        and not any(map(_patronymic, (names[0], names[2])))
    ):
        return Person(" ".join((cased[2], cased[0], cased[1])), "full", turned=True)
    return Person(" ".join(cased), "full")


def _with_initials(names: list[str], initials: list[str], words: list[str]) -> Person:
    letters = "".join(f"{letter.upper()}." for letter in initials)
    if len(names) == 1 and len(initials) <= 2:
        return Person(f"{_title(names[0])} {letters}", "initials")
    if len(names) == 2 and len(initials) == 1 and len(words[-1]) == 1:
        return Person(f"{_title(names[0])} {_title(names[1])} {letters}", "initials")
    return Person("", "bad")


def _patronymic(word: str) -> bool:
    return _PATRONYMIC.search(word) is not None


def _title(word: str) -> str:
    return "-".join(_title_piece(piece) for piece in word.split("-"))


def _title_piece(piece: str) -> str:
    lower = piece.lower()
    if lower in _PARTICLES:
        return lower
    if len(lower) > 2 and lower[1] in "'’":
        return lower[0].upper() + "'" + lower[2:3].upper() + lower[3:]
    return lower[:1].upper() + lower[1:]


def has_patronymic(text: str) -> bool:
    """Whether a word of *text* ends as patronymics do."""
    return any(map(_patronymic, re.findall(r"[^\W\d_]+", text)))


def is_surely_one(text: str) -> bool:
    """Whether *text* is surely a person: initials or a patronymic stand in it."""
    if not text or is_job(text.split(maxsplit=1)[0]):
        return False
    certain = _INITIALS.search(text) or has_patronymic(text)
    return bool(certain) and _ordered(_words(text)).kind in ("full", "initials")
