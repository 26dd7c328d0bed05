"""Invented people: names dealt from lists of plain words, so that nobody real can be meant."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

Sex = Literal["f", "m"]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# Surnames made of things in a classroom, a garden and a kitchen; a woman's adds «а».
SURNAMES = _words(
    "Азбукин Алфавитов Апельсинов Арбузиков Барабанов Бантиков Берёзкин Блокнотов Ботинкин "
    "Бубликов Букварёв Бумажкин Варежкин Василисков Ватрушкин Ведёркин Венчиков Верёвкин "
    "Вишенкин Воробушкин Георгинов Глобусов Горошинкин Грибочкин Гудочков Дневников Дождиков "
    "Дробинкин Дубочков Желудёв Журнальцев Задачкин Запятов Зарядкин Звонков Зонтиков "
    "Каёмкин Календарёв Калошин Карандашов Картинкин Кастрюлькин Квадратов Кедринкин "
    "Кисточкин Клеточкин Клумбин Ключиков Кнопочкин Корабликов Корзинкин Крупинкин Кубиков "
    "Кувшинов Кульков Ладошкин Ландышев Лестницын Линейкин Листиков Ложечкин Лопаткин "
    "Лукошкин Малинкин Мелков Мишуткин Молоточкин Морковкин Мостиков Мячиков Незабудкин "
    "Ниточкин Облаков Огоньков Одуванчиков Окошкин Орешкин Палитрин Панамкин Папкин "
    "Парусов Пеналов Переменкин Пескарёв Пирожков Подснежников Подсолнухов Помидоров "
    "Портфельев Пуговкин Радугин Расписаньев Ромашкин Рубанков Ручейков Рюкзаков Самоваров "
    "Скобкин Скрепкин Смородинов Снежинкин Солнышкин Сосенкин Стаканов Страничкин Сугробов "
    "Тарелкин Тетрадкин Тополев Тропинкин Тюльпанов Уголков Указкин Фиалкин Фонариков "
    "Хлебушкин Циркулев Чайников Чашечкин Черничкин Шишкин Шкатулкин Шнурков Щёткин Яблонев"
)
FIRST_NAMES: dict[Sex, tuple[str, ...]] = {
    "f": _words(
        "Алевтина Алёна Алина Алла Анастасия Анна Антонина Валентина Валерия Варвара Вера "
        "Виктория Галина Дарья Евгения Екатерина Елена Жанна Зинаида Зоя Инна Ирина Кира "
        "Ксения Лариса Лидия Любовь Людмила Маргарита Марина Мария Надежда Наталья Нина "
        "Оксана Ольга Полина Раиса Светлана София Таисия Тамара Татьяна Ульяна Юлия Яна"
    ),
    "m": _words(
        "Александр Алексей Анатолий Андрей Антон Аркадий Артём Борис Вадим Валерий Василий "
        "Виктор Виталий Владимир Владислав Вячеслав Геннадий Георгий Глеб Григорий Денис "
        "Дмитрий Евгений Егор Иван Игорь Илья Кирилл Константин Лев Леонид Максим Матвей "
        "Михаил Никита Николай Олег Павел Пётр Роман Руслан Семён Сергей Степан Тимофей Юрий"
    ),
}
# Both forms of each patronymic, the woman's first.
PATRONYMICS = tuple(
    tuple(pair.split("/"))
    for pair in _words(
        "Александровна/Александрович Алексеевна/Алексеевич Анатольевна/Анатольевич "
        "Андреевна/Андреевич Антоновна/Антонович Аркадьевна/Аркадьевич Борисовна/Борисович "
        "Вадимовна/Вадимович Валерьевна/Валерьевич Васильевна/Васильевич Викторовна/Викторович "
        "Витальевна/Витальевич Владимировна/Владимирович Геннадьевна/Геннадьевич "
        "Георгиевна/Георгиевич Григорьевна/Григорьевич Денисовна/Денисович Дмитриевна/Дмитриевич "
        "Евгеньевна/Евгеньевич Ивановна/Иванович Игоревна/Игоревич Константиновна/Константинович "
        "Леонидовна/Леонидович Максимовна/Максимович Михайловна/Михайлович Николаевна/Николаевич "
        "Олеговна/Олегович Павловна/Павлович Петровна/Петрович Романовна/Романович "
        "Семёновна/Семёнович Сергеевна/Сергеевич Степановна/Степанович Юрьевна/Юрьевич"
    )
)
PHONES = 9800  # +7 999 000-00-00 … 000-97-99; the numbers above them are canaries


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

    @property
    def initials(self) -> str:
        """«Фамилия И. О.», as many lists write it."""
        return f"{self.surname} {self.first[0]}. {self.patronymic[0]}."


def seeded(*words: object) -> random.Random:
    """Return a generator of random numbers that depends on *words* only."""
    return random.Random(":".join(map(str, words)))  # noqa: S311  # sample data, no secret


class Dealer:
    """Deals people of one district; no two of them share a name."""

    def __init__(self, seed: int, count: int) -> None:
        rng = seeded(seed, "names")
        self._left: dict[Sex, list[int]] = {}
        for sex in ("f", "m"):
            names = len(SURNAMES) * len(FIRST_NAMES[sex]) * len(PATRONYMICS)
            self._left[sex] = rng.sample(range(names), min(count, names))
        self._phone = rng.randrange(PHONES)
        self._dealt = 0

    def person(self, sex: Sex) -> Person:
        """Return somebody new."""
        index, surname = divmod(self._left[sex].pop(), len(SURNAMES))
        patronymic, first = divmod(index, len(FIRST_NAMES[sex]))
        self._dealt += 1
        self._phone = (self._phone + 7) % PHONES
        return Person(
            surname=SURNAMES[surname] + ("а" if sex == "f" else ""),
            first=FIRST_NAMES[sex][first],
            patronymic=PATRONYMICS[patronymic]["fm".index(sex)],
            sex=sex,
            phone=f"+7 999 000-{self._phone // 100:02}-{self._phone % 100:02}",
            email=f"chelovek{self._dealt}@example.org",
        )
