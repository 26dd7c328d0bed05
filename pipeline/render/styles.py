"""How cells look: the named styles of every xlsx file for people, and which of them rows use."""

from __future__ import annotations

from typing import Any

from pipeline.render.values import TONES

# Liberation Sans has the measures of Arial, so a sheet is as wide without Windows as with it.
FONT = {"font_name": "Arial", "font_size": 10}
DATE, MOMENT, SHARE = "dd.mm.yyyy", "dd.mm.yyyy hh:mm", r"0.0\ %"
INK, QUIET, ACCENT, LINE = "#1F2933", "#52606D", "#DCE6F1", "#B8C2CC"
_BOXED = {"valign": "top", "border": 1, "border_color": LINE}
_TEXT = {**_BOXED, "text_wrap": True}
# What cells in rows of a table look like. A style's place is its number in every file, so that
# ready rows fit into any: a new one is added at the end.
ROW_STYLES: dict[str, dict[str, Any]] = {
    "text": _TEXT,
    "center": {**_BOXED, "align": "center"},
    "number": {**_BOXED, "num_format": "0"},
    "fraction": _BOXED,
    "date": {**_BOXED, "num_format": DATE, "align": "center"},
    "moment": {**_BOXED, "num_format": MOMENT, "align": "center"},
    "share": {**_BOXED, "num_format": SHARE},
    "share in words": {**_BOXED, "num_format": SHARE, "align": "right"},
    **{tone: {**_TEXT, "align": "center", "bg_color": color} for tone, color in TONES.items()},
}
STYLES: dict[str, dict[str, Any]] = {
    **ROW_STYLES,
    "plain": {"valign": "top"},
    "title": {
        "bold": True,
        "font_size": 13,
        "font_color": INK,
        "valign": "vcenter",
        "text_wrap": True,
    },
    "heading": {"text_wrap": True, "valign": "top", "font_color": INK},
    "step": {"text_wrap": True, "valign": "vcenter", "font_color": INK},
    "note": {"text_wrap": True, "valign": "top", "font_color": QUIET, "italic": True},
    "header": {
        **_BOXED,
        "bold": True,
        "text_wrap": True,
        "valign": "vcenter",
        "align": "center",
        "bg_color": ACCENT,
    },
    "annex": {"align": "right", "font_color": INK},
    "column number": {
        **_BOXED,
        "align": "center",
        "font_size": 8,
        "font_color": QUIET,
        "bg_color": ACCENT,
    },
}
