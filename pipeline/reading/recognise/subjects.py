"""Of whom a header speaks, and what its words share whatever their endings."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import fuzz

# Answers that a child remembers from file to file: headers and the words of lists repeat.
REMEMBERED = 4096
LIKE_WORD = 80.0
# Of whom a header speaks, by the beginning of the word. «ФИО наставника» and «ФИО наставляемого»
# are near to each other in letters only.
_SUBJECTS = (
    ("наставник", "наставника"),
    ("наставляем", "наставляемого"),
    ("куратор", "куратора"),
    ("координатор", "куратора"),
    ("родител", "родителя"),
    ("законн", "родителя"),
    ("представител", "родителя"),
    ("мать", "родителя"),
    ("матер", "родителя"),
    ("отец", "родителя"),
    ("отца", "родителя"),
    ("ребен", "ребенка"),
    ("руководител", "руководителя"),
    ("директор", "руководителя"),
    ("ученик", "обучающегося"),
    ("обучающ", "обучающегося"),
    ("учащ", "обучающегося"),
)
PAIR = frozenset(("наставника", "наставляемого"))
_PAIR_WORDS = (
    ("наставник", "наставника"),
    ("наставника", "наставника"),
    ("наставников", "наставника"),
    ("наставляемый", "наставляемого"),
    ("наставляемого", "наставляемого"),
    ("наставляемых", "наставляемого"),
)
_ENDING = re.compile(
    r"(?:ами|ями|ого|его|ому|ему|ыми|ими|ов|ев|ей|ой|ый|ий|ая|ое|ые|ых|их|ом|ем|ам|ям|ах|ях|ую"
    r"|а|у|е|ы|и|о|я|ю|ь|й)$"
)


@lru_cache(maxsize=REMEMBERED)
def subjects_of(key: str) -> frozenset[str]:
    """Return of whom a header speaks, in the genitive; empty where it names nobody."""
    return frozenset(subject for word in key.split() if (subject := _subject(word)))


def _subject(word: str) -> str:
    for beginning, subject in _SUBJECTS:
        if word.startswith(beginning):
            return subject
    if not word.startswith("нас") or word.startswith("наставнич"):
        return ""
    score, subject = max((fuzz.ratio(word, form), subject) for form, subject in _PAIR_WORDS)
    return subject if score >= LIKE_WORD else ""


@lru_cache(maxsize=REMEMBERED)
def stem(word: str) -> str:
    """Return a word without its ending."""
    return _ENDING.sub("", word) if len(word) > 3 else word
