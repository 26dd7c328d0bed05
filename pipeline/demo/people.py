"""Invented people: names dealt from lists of plain words, so that nobody real can be meant."""

from __future__ import annotations

import random
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Sex = Literal["f", "m"]
# +7 999 000-00-00 … 000-97-99, then 001-…; the last numbers of each thousand are canaries.
PHONES = 9800
# A prime: steps of it go through all names once, far apart each time.
_STEP = 1_000_003


@cache
def words() -> dict[str, Any]:
    """Return all the words that sample data is made of."""
    return tomllib.loads(files("pipeline.demo").joinpath("words.toml").read_text("utf-8"))


@cache
def names(kind: str) -> tuple[str, ...]:
    """Return the «surnames», the first names «f» and «m», or the «patronymics» in pairs."""
    return tuple(words()["names"][kind].split())


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person; `phone` is written as a curator would."""

    surname: str
    first: str
    patronymic: str
    sex: Sex
    phone: str
    email: str

    @property
    def fio(self) -> str:
        """Фамилия Имя Отчество."""
        return f"{self.surname} {self.first} {self.patronymic}"


def seeded(*said: object) -> random.Random:
    """Return a generator of random numbers that depends on *said* only."""
    return random.Random(":".join(map(str, said)))  # noqa: S311  # sample data, no secret


class Dealer:
    """Deals people of one district from the *start*-th on; no two of them share a name."""

    def __init__(self, seed: int, start: int = 0) -> None:
        rng = seeded(seed, "names")
        self._dealt = start
        self._phone = rng.randrange(PHONES)
        self._name = rng.randrange(_STEP)

    def person(self, sex: Sex) -> Person:
        """Return somebody new."""
        surnames, firsts, pairs = names("surnames"), names(sex), names("patronymics")
        index = (self._name + self._dealt * _STEP) % (len(surnames) * len(firsts) * len(pairs))
        index, surname = divmod(index, len(surnames))
        patronymic, first = divmod(index, len(firsts))
        thousand, phone = divmod(self._dealt, PHONES)
        phone = (self._phone + phone * 11) % PHONES
        self._dealt += 1
        return Person(
            surname=surnames[surname] + ("а" if sex == "f" else ""),
            first=firsts[first],
            patronymic=pairs[patronymic].split("/")["fm".index(sex)],
            sex=sex,
            phone=f"+7 999 {thousand % 1000:03}-{phone // 100:02}-{phone % 100:02}",
            email=f"chelovek{self._dealt}@example.org",
        )
