"""Check digits of ИНН, ОГРН and СНИЛС: whether a number can have been given to anybody.

Plain arithmetic of our own: python-stdnum knows no СНИЛС, and its import brings sockets and TLS
into the child process that reads strangers' files.
"""

from __future__ import annotations

from collections.abc import Iterable

_INN = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_OF_PERSON = ((7, *_INN), (3, 7, *_INN))
# СНИЛС up to this number were given without check digits.
_LAST_UNCHECKED_SNILS = 1_001_998


def inn_valid(digits: str) -> bool:
    """Return whether *digits* are an ИНН: 10 of an organisation or 12 of a person."""
    if not _are_digits(digits, (10, 12)):
        return False
    if len(digits) == 10:
        return _control(digits, _INN) == int(digits[9])
    first, second = (_control(digits, weights) for weights in _INN_OF_PERSON)
    return (first, second) == (int(digits[10]), int(digits[11]))


def ogrn_valid(digits: str) -> bool:
    """Return whether *digits* are an ОГРН of 13 digits, or an ОГРНИП of 15."""
    if not _are_digits(digits, (13, 15)):
        return False
    return int(digits[:-1]) % (len(digits) - 2) % 10 == int(digits[-1])


def snils_valid(digits: str) -> bool:
    """Return whether the 11 *digits* are a СНИЛС."""
    if not _are_digits(digits, (11,)):
        return False
    if int(digits[:9]) <= _LAST_UNCHECKED_SNILS:
        return True
    return _sum(digits, range(9, 0, -1)) % 101 % 100 == int(digits[9:])


def _are_digits(text: str, lengths: Iterable[int]) -> bool:
    return len(text) in lengths and text.isascii() and text.isdigit()


def _control(digits: str, weights: Iterable[int]) -> int:
    return _sum(digits, weights) % 11 % 10


def _sum(digits: str, weights: Iterable[int]) -> int:
    return sum(int(d) * w for d, w in zip(digits, weights, strict=False))
