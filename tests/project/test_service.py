"""The service page says what can be run."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

from pipeline.cli import cli

PAGE = Path(__file__).parents[2] / "docs" / "service.md"


def test_the_unit_of_systemd_is_one_and_starts_a_command_that_is_there():
    (text,) = re.findall(r"```ini\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    unit = configparser.ConfigParser()
    unit.optionxform = str
    unit.read_string(text)
    assert set(unit) == {"DEFAULT", "Unit", "Service", "Install"}
    program, option, _, command = unit["Service"]["ExecStart"].split()
    assert (Path(program).name, option) == ("nastavnik", "-C")
    assert command in cli.commands
