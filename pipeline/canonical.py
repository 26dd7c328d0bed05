"""The one JSON text of a thing, and its sha256: what is stored, hashed and compared."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import is_dataclass
from typing import Any


def canonical(data: object) -> bytes:
    """Return the one JSON text of *data*: sorted keys, no blanks, UTF-8."""
    return json.dumps(
        data,
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
        allow_nan=False,
        default=fields_of,
    ).encode()


def canonical_with(fields: Mapping[str, object], name: str, written: bytes) -> bytes:
    """Return the JSON text of *fields* and one more, whose JSON text is there already."""
    before = canonical({key: value for key, value in fields.items() if key < name})[1:-1]
    after = canonical({key: value for key, value in fields.items() if key > name})[1:-1]
    own = canonical(name) + b":" + written
    return b"{" + b",".join(piece for piece in (before, own, after) if piece) + b"}"


def fields_of(data: object) -> dict[str, Any]:
    """Fields of a dataclass one level deep: `asdict` copies every value, at five times the cost."""
    if not is_dataclass(data):
        raise TypeError(type(data).__name__)
    return {name: getattr(data, name) for name in data.__dataclass_fields__}


def digest_of(data: object) -> str:
    """Return the sha256 of the canonical JSON of *data*, in hex."""
    return hashlib.sha256(canonical(data)).hexdigest()
