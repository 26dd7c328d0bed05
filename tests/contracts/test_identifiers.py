"""Check digits: published numbers are right, and any single slip is noticed."""

from __future__ import annotations

import pytest

from contracts.identifiers import inn_valid, ogrn_valid, snils_valid

# Numbers of authorities and examples that stand in the rules themselves, and the demo's invented.
RIGHT = [
    (inn_valid, "7707329152"),
    (inn_valid, "0042000010"),
    (inn_valid, "500100732259"),
    (ogrn_valid, "1047707030513"),
    (ogrn_valid, "1022200525819"),
    (ogrn_valid, "385768585948949"),
    (snils_valid, "11223344595"),
    (snils_valid, "08765430300"),
]


@pytest.mark.parametrize(("valid", "digits"), RIGHT)
def test_a_right_number_is_right_and_any_wrong_digit_is_noticed(valid, digits):
    assert valid(digits)
    for place, digit in enumerate(digits):
        other = str((int(digit) + 1) % 10)
        assert not valid(digits[:place] + other + digits[place + 1 :]), place


@pytest.mark.parametrize("text", ["", "12", "004200001А", "٠٠٤٢٠٠٠٠١٠", "²042000010"])
@pytest.mark.parametrize("valid", [inn_valid, ogrn_valid, snils_valid])
def test_what_is_no_number_of_the_length_is_none_and_raises_nothing(valid, text):
    assert not valid(text)


def test_a_snils_of_the_first_million_has_no_check_digits():
    assert snils_valid("00100199800")
    assert not snils_valid("00100199900")
