"""A contract changes its content only together with its version.

Decisions and packages name the digest of the contract they were made by, and a blank names its
version: what they name must not change under them. Whoever means to change a contract raises its
`version` and writes the new line into plan_digests.json, leaving the old one.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contracts.passport import PASSPORT
from pipeline.workspace.plugin_loader import Loader

KNOWN = json.loads(Path(__file__).with_name("plan_digests.json").read_text(encoding="utf-8"))
PLANS = (*Loader().describe().plans.values(), PASSPORT)


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.code)
def test_a_contract_of_a_known_version_has_its_known_content(plan):
    name = f"{plan.code}@{plan.version}"
    assert {name: KNOWN.get(name)} == {name: plan.digest}


def test_no_known_contract_is_gone():
    assert {name.split("@")[0] for name in KNOWN} == {plan.code for plan in PLANS}
