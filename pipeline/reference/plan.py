"""The table of the district's plan in both READMEs: form, base, document and state of each row.

`python -m pipeline.reference.plan .` writes it again after a contract or a document was added. What
each row needs stands in `docs/plan.toml`; what exists is asked of the program.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline import system

SOURCE = "docs/plan.toml"
BLOCK = re.compile(r"(<!-- plan: `make docs` -->\n).*?(<!-- end of plan -->)", re.DOTALL)
# Written by acceptance with every answer, so that no plugin offers it.
RECEIPT = "D16"


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One row of the plan: the forms it takes, the base they make, the documents it gives."""

    number: str
    title: str
    forms: tuple[str, ...]
    base: str
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """What the table says in the language of its page; «{codes}» are those that are not there."""

    heads: tuple[str, ...]
    ready: str
    partly: str
    nothing: str


PAGES: Mapping[str, Words] = {
    "README.md": Words(
        ("row", "what the plan asks", "form", "base", "document", "state"),
        "works",
        "partly, without {codes}",
        "not yet",
    ),
    "README.ru.md": Words(
        ("№", "Мероприятие", "Форма", "База", "Документ", "Состояние"),
        "работает",
        "частично, нет {codes}",
        "пока нет",
    ),
}


def load(root: Path) -> tuple[Sequence[PlanRow], Mapping[str, str]]:
    """Return the rows of the plan in its order, and the titles of forms and documents by code."""
    told = tomllib.loads((root / SOURCE).read_text(encoding="utf-8"))
    rows = tuple(
        PlanRow(number, row["title"], tuple(row["forms"]), row["base"], tuple(row["documents"]))
        for number, row in told["rows"].items()
    )
    return rows, {**told["forms"], **told["documents"]}


def table(
    rows: Sequence[PlanRow], titles: Mapping[str, str], built: Collection[str], words: Words
) -> str:
    """Return the table in Markdown; *built* are the codes of forms and documents that exist."""
    return "\n".join(
        _line(cells)
        for cells in (
            words.heads,
            ("---",) * len(words.heads),
            *(tuple(_cells(row, titles, built, words)) for row in rows),
        )
    )


def _cells(
    row: PlanRow, titles: Mapping[str, str], built: Collection[str], words: Words
) -> Iterator[str]:
    needed = (*row.forms, *row.documents)
    missing = [code for code in needed if code not in built]
    yield row.number
    yield row.title
    yield "<br>".join(f"{_form(code, built)} {titles[code]}" for code in row.forms)
    yield row.base
    yield "<br>".join(f"{code} {titles[code]}" for code in row.documents)
    if not missing:
        yield words.ready
    elif any(code in built for code in row.documents):
        yield words.partly.format(codes=", ".join(missing))
    else:
        yield words.nothing


def _form(code: str, built: Collection[str]) -> str:
    return f"[{code}](docs/forms/{code}.md)" if code in built else code


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def built_codes() -> frozenset[str]:
    """Return the codes of the forms and documents that the program has."""
    from pipeline.workspace.plugin_loader import Loader  # noqa: PLC0415  # opens pandas

    known = Loader().describe()
    return frozenset({*known.plans, *known.documents, RECEIPT})


def page(text: str, made: str) -> str:
    """Return a page with its table replaced; `ValueError` where it has no place for one."""
    if not BLOCK.search(text):
        raise ValueError("the page has no block for the plan")
    return BLOCK.sub(lambda found: f"{found[1]}\n{made}\n\n{found[2]}", text)


def main(folder: str) -> int:
    """Write the tables of the READMEs in *folder*; return how many changed."""
    root = Path(folder)
    rows, titles = load(root)
    built = built_codes()
    changed = 0
    for name, words in PAGES.items():
        text = (root / name).read_text(encoding="utf-8")
        made = page(text, table(rows, titles, built, words))
        changed += system.write_if_changed(root / name, made.encode())
    return changed


if __name__ == "__main__":
    main(sys.argv[1])
