"""Lays the rows of two workbooks side by side, so that one row more does not shift all below it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from difflib import SequenceMatcher

Places = Mapping[str, str]
_ROW = re.compile(r"(?P<sheet>.*)(?P<column>![A-Z]{1,3}| row )(?P<row>\d+)(?P<what> \w+)?")


def aligned(old: Places, new: Places) -> dict[str, str]:
    """Return *new* with its rows numbered as the same rows of *old*; a row of its own is «+5»."""
    numbers = _numbers(old, new)
    found = {}
    for place, text in new.items():
        match = _ROW.fullmatch(place)
        row = numbers.get((match["sheet"], int(match["row"]))) if match else None
        there = f"{match['sheet']}{match['column']}{row}{match['what'] or ''}" if match else place
        found[there if row else place] = text
    return found


def _numbers(old: Places, new: Places) -> dict[tuple[str, int], str]:
    before, after = _rows(old), _rows(new)
    found = {}
    for sheet in before.keys() & after.keys():
        a, b = list(before[sheet].items()), list(after[sheet].items())
        matcher = SequenceMatcher(None, [v for _, v in a], [v for _, v in b], autojunk=False)
        for _, i, i_end, j, j_end in matcher.get_opcodes():
            for offset in range(j_end - j):
                number = b[j + offset][0]
                same = i + offset < i_end
                found[sheet, number] = str(a[i + offset][0]) if same else f"+{number}"
    return found


def _rows(places: Places) -> dict[str, dict[int, str]]:
    """What tells the rows of each sheet apart: their values, without the number in front."""
    values: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for place, text in places.items():
        match = _ROW.fullmatch(place)
        if not match:
            continue
        # Rows without a value have their place among the others too.
        cells = values[match["sheet"]][int(match["row"])]
        if match["column"] != " row " and not match["what"]:
            numbering = match["column"] == "!A" and text.endswith("(int)")
            cells.append("" if numbering else text)
    return {
        sheet: {number: "\t".join(cells) for number, cells in sorted(rows.items())}
        for sheet, rows in values.items()
    }
