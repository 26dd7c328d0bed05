"""Parsing XML of strangers: expat that refuses document types, seen by local names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NoReturn
from xml.parsers import expat

from pipeline.errors import FileRefusedError

Attributes = dict[str, str]
MAX_DEPTH = 256


def parse(
    xml: bytes,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> None:
    """Run *xml* through the handlers; element names come without their prefixes.

    Readers go by local names too, so that a foreign prefix hides nothing from us either.

    Raises:
        FileRefusedError: the XML is broken, too deep, or defines a document type.
    """
    depth = 0

    def on_start(name: str, attributes: Attributes) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise FileRefusedError("file_suspicious", found="слишком глубокий XML")
        start(name.rpartition(":")[2], attributes)

    def on_end(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(name.rpartition(":")[2])

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.StartElementHandler = on_start
    parser.EndElementHandler = on_end
    parser.CharacterDataHandler = text
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise FileRefusedError("file_damaged") from error


def elements(xml: bytes, names: Iterable[str]) -> dict[str, list[Attributes]]:
    """Return the attributes of every element of these *names*, in order."""
    found: dict[str, list[Attributes]] = {name: [] for name in names}

    def start(name: str, attributes: Attributes) -> None:
        if name in found:
            found[name].append(attributes)

    parse(xml, start, lambda _name: None, lambda _data: None)
    return found


def _refuse(*_declaration: object) -> NoReturn:
    raise FileRefusedError("file_suspicious", found="в XML есть DOCTYPE")
