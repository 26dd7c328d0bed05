"""The pages of `docs/` that are written by the program itself: its commands and its hooks.

`python -m pipeline.reference.program docs` writes them again after a command, a hook or an
example changed.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import click

from pipeline import hookspecs, system
from pipeline.commands.russian import click_in_russian

EXAMPLE = "example"
_CLI_HEAD = """\
# Команды

<!-- Страница создана по самой программе: `make docs`. -->

Общий вид: `nastavnik [-C ПАПКА] [--json] КОМАНДА …`. `-C` указывает рабочую папку (без него –
текущая), `--json` печатает ответ для программ ([ключи](json.md)). Оба параметра пишут до команды.

Коды выхода: 0 – наша работа сделана, какими бы ни были файлы; 1 – только у `check`: в файле есть
ошибки; 2 – команда написана неверно; 10 – настройки или реестр; 20 – пакет не доставлен; 30 –
сверка не сошлась; 70 – ошибка программы; 74 – диск, база или сеть этой машины; 75 – рабочая папка
занята другим прогоном.
"""
_HOOKS_HEAD = """\
# Hooks

<!-- Written by the program from pipeline/hookspecs.py and docs/example: `make docs`. -->

A plugin is a module (or an object) with functions marked `@hookimpl`; [plugins.md](plugins.md)
builds one step by step. Hooks named `register_…` return *descriptors*, which the program runs in a
known order, one at a time, each contained; events are told one plugin at a time and their answers
are ignored. The order in which plugins are registered never changes a result. Two descriptors of
one name are a settings error (exit 10) that names both plugins.

Examples are taken from [example/](example/), an installable distribution that the tests load.
"""
_DESCRIPTORS = {
    "register_readers": hookspecs.Reader,
    "register_stages": hookspecs.Stage,
    "register_indicators": hookspecs.Indicator,
    "register_documents": hookspecs.Document,
    "register_transports": hookspecs.Transport,
}


def pages(cli: click.Group, examples: Mapping[str, str]) -> dict[str, str]:
    """Return the text of each page by its path below `docs/`.

    *examples* are the sources of the example plugin by file name.
    """
    return {"cli.md": cli_page(cli), "hooks.md": hooks_page(examples)}


def cli_page(cli: click.Group) -> str:
    """Return the help of every command, as the program prints it."""
    said = [_CLI_HEAD]
    for name in sorted(cli.commands):
        context = click.Context(
            cli.commands[name],
            info_name=name,
            parent=click.Context(cli, info_name="nastavnik", **cli.context_settings),
            max_content_width=80,
            terminal_width=80,
        )
        with click_in_russian():
            said.append(f"## {name}\n\n```\n{cli.commands[name].get_help(context)}\n```\n")
    return "\n".join(said)


def hooks_page(examples: Mapping[str, str]) -> str:
    """Return signature, meaning, descriptor and example of every hook."""
    return "\n".join((_HOOKS_HEAD, *(_hook(name, examples) for name in hook_names())))


def hook_names() -> tuple[str, ...]:
    """Return the names of all hooks in the order they are declared."""
    return tuple(name for name in vars(hookspecs.Specs) if not name.startswith("_"))


def _hook(name: str, examples: Mapping[str, str]) -> str:
    function = getattr(hookspecs.Specs, name)
    parameters = [
        p.replace(annotation=_plain(p.annotation))
        for p in inspect.signature(function).parameters.values()
        if p.name != "self"
    ]
    answer = _plain(inspect.signature(function).return_annotation)
    words = ", ".join(f"{p.name}: {p.annotation}" for p in parameters)
    said = [f"## {name}({words}) -> {answer}", "", inspect.getdoc(function) or "", ""]
    if name in _DESCRIPTORS:
        said += _descriptor(_DESCRIPTORS[name])
    for file, source in examples.items():
        code = excerpt(source, name)
        if code:
            said += [
                f"From [{EXAMPLE}/{file}]({EXAMPLE}/{file}):",
                "",
                "```python",
                code,
                "```",
                "",
            ]
    return "\n".join(said)


def _plain(annotation: Any) -> str:
    return annotation if isinstance(annotation, str) else getattr(annotation, "__name__", "None")


def _descriptor(kind: type[Any]) -> list[str]:
    lines = [f"    {f.name}: {_plain(f.type)}" for f in fields(kind)]
    text = (inspect.getdoc(kind) or "").replace("\n", "\n    ")
    return [
        "```python",
        f"class {kind.__name__}:",
        f'    """{text}',
        '    """',
        "",
        *lines,
        "```",
        "",
    ]


def excerpt(source: str, name: str) -> str:
    """Return function *name* of *source* with all of its module that it needs; «» without it.

    Imports are left out: the file itself shows them.
    """
    tree = ast.parse(source)
    places = {defined: node for node in tree.body for defined in _defines(node)}
    if name not in places:
        return ""
    needed = _reachable(name, places)
    nodes = [node for node in tree.body if any(d in needed for d in _defines(node))]
    return "\n\n\n".join("\n".join(_lines(source, node)) for node in nodes)


def _defines(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Assign):
        yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def _reachable(name: str, places: Mapping[str, ast.stmt]) -> set[str]:
    found: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current in found or current not in places:
            continue
        found.add(current)
        used = (n.id for n in ast.walk(places[current]) if isinstance(n, ast.Name))
        waiting.extend(used)
    return found


def _lines(source: str, node: ast.stmt) -> list[str]:
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(d.lineno for d in decorators)])
    return source.splitlines()[first - 1 : node.end_lineno]


def example_sources(docs: Path) -> dict[str, str]:
    """Return the modules of the example plugin by file name."""
    return {p.name: p.read_text(encoding="utf-8") for p in sorted((docs / EXAMPLE).glob("*.py"))}


def full_cli() -> click.Group:
    """Return the command line as `nastavnik` starts it, with the commands of installed plugins."""
    from pipeline.cli import cli  # noqa: PLC0415  # the pages alone do not need it
    from pipeline.workspace.plugin_loader import Loader  # noqa: PLC0415  # as above

    Loader().commands(cli)
    return cli


def main(folder: str) -> int:
    """Write the pages below *folder*; return how many changed."""
    made = pages(full_cli(), example_sources(Path(folder)))
    return sum(
        system.write_if_changed(Path(folder) / name, text.encode()) for name, text in made.items()
    )


if __name__ == "__main__":
    main(sys.argv[1])
