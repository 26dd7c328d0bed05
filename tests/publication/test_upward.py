"""What leaves for the next level: codes of persons, other for each recipient and unit."""

from __future__ import annotations

import hmac
from base64 import b32encode
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from pipeline.publication.upward import Gate
from pipeline.text import person_key
from pipeline.workspace.settings import Recipient
from tests.support.views import PLANS

KEY = bytes(range(32))
ANNA = "Петрова Анна Сергеевна"


def code(name, *, unit="101", recipient="r", key=KEY):
    """The code of a mentor as it stands in the table."""
    gate = Gate(Recipient(recipient, ""), "mcn", key, {})
    plan = replace(PLANS["F08"], person="fio")
    rows = [{"unit": unit, "fio": name}]
    return gate.lines(plan, unit, rows).decode().split(",")[2]


@given(st.text(min_size=1, max_size=30).filter(person_key), st.binary(min_size=1, max_size=40))
def test_a_code_is_base32_of_a_keyed_hash(name, key):
    name = name.replace("; ", " ")
    text = f"r|101|{person_key(name)}".encode(errors="surrogatepass")
    mac = hmac.digest(key, text, "sha256")
    assert code(name, key=key) == b32encode(mac)[:12].decode()


def test_it_is_another_one_for_another_recipient_unit_or_key():
    others = [code(ANNA, recipient="s"), code(ANNA, unit="102"), code(ANNA, key=b"other")]
    assert len({code(ANNA), *others}) == 4


def test_spelling_does_not_change_it_and_nobody_has_none():
    assert code("петрова  анна сергеевна") == code(ANNA)
    assert code(None) == ""
