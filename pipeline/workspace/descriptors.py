"""What a descriptor must be before it is registered: a wrong one is refused with its plugin."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from contracts.plan import FormPlan, Term, Vocabulary
from pipeline.hookspecs import Document, Indicator, Reader, Scope, Stage, StageKind, Transport
from pipeline.model import Notice, Severity
from pipeline.notices.catalogue import Catalogue
from pipeline.notices.kind import NoticeKind
from pipeline.workspace.containment import WrongAnswerError, listed, named

if TYPE_CHECKING:
    import click

# A name must do on the disks of Windows and Linux: 255 bytes, a few of them for our own marks.
_NAME_LETTERS, _NAME_BYTES = 180, 240
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f\ud800-\udfff<>:"/\\|?*]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])\s*(\..*)?", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+-]*")
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,60}")
_PLAIN = re.compile(r"[A-Za-z0-9]{1,12}")


def file_name(document: Document) -> str:
    """Return the name under which a document appears."""
    return f"{document.code} {document.title}.{document.suffix}"


def is_file_name(name: str) -> bool:
    """Whether a file can be called so in any folder of any system, and stays in that folder."""
    return not (
        not name
        or name != name.strip(" .")
        or _FORBIDDEN.search(name)
        or _RESERVED.fullmatch(name)
        or len(name) > _NAME_LETTERS
        or len(name.encode("utf-8", "replace")) > _NAME_BYTES
    )


def added_commands(
    cli: click.Group, before: Mapping[str, click.Command], _answer: object
) -> list[str]:
    """Return the names of the commands that a plugin added to *cli*; it may replace none."""
    import click  # noqa: PLC0415  # only the command line has commands

    changed = [name for name, one in before.items() if cli.commands.get(name) is not one]
    if changed:
        raise WrongAnswerError(f"заменяет команду {listed(changed)}")
    added = [name for name in cli.commands if name not in before]
    if not all(isinstance(cli.commands[name], click.Command) for name in added):
        raise WrongAnswerError("добавляет не команду")
    return added


def contract(form: object, vocabularies: Collection[str]) -> str:
    """Return the code of a contract that can be used: it has its plan and its vocabularies."""
    plan = form.plan() if hasattr(form, "plan") else None
    if not isinstance(plan, FormPlan):
        raise WrongAnswerError(f"нужен контракт формы, а не {named(type(form).__name__)}")
    for column in plan.columns:
        if column.vocabulary is not None and column.vocabulary not in vocabularies:
            raise WrongAnswerError(f"форме {plan.code} нужен словарь «{column.vocabulary}»")
    return plan.code


def vocabulary(item: object) -> str:
    """Return the name of a vocabulary that can be used."""
    _is(item, Vocabulary)
    assert isinstance(item, Vocabulary)
    _texts(item, "name", "title")
    if not all(isinstance(term, Term) and isinstance(term.value, str) for term in item.terms):
        raise WrongAnswerError(f"словарь «{named(item.name)}»: terms – нужны Term")
    return item.name


def reader(item: object) -> str:
    """Return the name of a reader whose functions a child process can import."""
    _is(item, Reader)
    assert isinstance(item, Reader)
    _texts(item, "name", "help")
    _calls(item, ("sniff", "read"))
    for function in (item.sniff, item.read):
        module, name = (getattr(function, a, "") for a in ("__module__", "__qualname__"))
        if not module or not str(name).isidentifier():
            raise WrongAnswerError(
                f"программа чтения «{named(item.name)}»: её функции должны стоять на верхнем"
                " уровне модуля"
            )
    return item.name


def stage(item: object) -> str:
    """Return the name of a stage that can be run."""
    _is(item, Stage)
    assert isinstance(item, Stage)
    _texts(item, "name", "help")
    where = f"этап «{named(item.name)}»"
    for name, choices in (("kind", get_args(StageKind)), ("scope", get_args(Scope))):
        if getattr(item, name) not in choices:
            raise WrongAnswerError(f"{where}: {name} – {', '.join(choices)}")
    _calls(item, ("run",), *([("contribute", "conclude")] if item.kind == "remark" else []))
    for name in ("forms", "after", "before"):
        value = getattr(item, name)
        if not isinstance(value, tuple) or not all(isinstance(one, str) for one in value):
            raise WrongAnswerError(f"{where}: {name} – нужен кортеж текстов")
    if not isinstance(item.notices, tuple):
        raise WrongAnswerError(f"{where}: notices – нужен кортеж NoticeKind")
    for kind in item.notices:
        _notice_kind(kind, where)
    return item.name


def _notice_kind(kind: object, where: str) -> None:
    _is(kind, NoticeKind)
    assert isinstance(kind, NoticeKind)
    _texts(kind, "code", "what")
    if not _CODE.fullmatch(kind.code) or kind.severity not in get_args(Severity):
        raise WrongAnswerError(f"{where}: код или строгость замечания «{named(kind.code)}»")
    # A template that cannot be filled would be found when a school is answered.
    catalogue, notice = Catalogue([kind]), Notice(kind.code, kind.severity)
    try:
        for fill in (catalogue.what, catalogue.fix, catalogue.example):
            fill(notice)
    except (ValueError, LookupError, AttributeError, TypeError):
        raise WrongAnswerError(
            f"{where}: предложения замечания «{kind.code}» не складываются"
        ) from None


def indicator(item: object) -> str:
    """Return the code of an indicator that can be computed."""
    _is(item, Indicator)
    assert isinstance(item, Indicator)
    _texts(item, "code", "title", "unit", "source")
    _calls(item, ("compute",), ("per_unit", "total"))
    target = item.target
    if target is not None and not (isinstance(target, int | float) and math.isfinite(target)):
        raise WrongAnswerError(f"показатель «{named(item.code)}»: target – доля от 0 до 1")
    return item.code


def document(item: object) -> str:
    """Return the code of a document whose file can be called by its title."""
    _is(item, Document)
    assert isinstance(item, Document)
    _texts(item, "code", "title", "suffix")
    _calls(item, ("write",), ("pieces", "join"))
    audiences = get_args(get_type_hints(Document)["audience"])
    if item.audience not in audiences:
        raise WrongAnswerError(f"документ «{named(item.code)}»: audience – {', '.join(audiences)}")
    if not _PLAIN.fullmatch(item.suffix) or not is_file_name(file_name(item)):
        raise WrongAnswerError(
            f"документ «{named(item.code)}»: файл нельзя так назвать (code, title, suffix)"
        )
    return item.code


def transport(item: object) -> str:
    """Return the scheme of a transport."""
    _is(item, Transport)
    assert isinstance(item, Transport)
    _texts(item, "scheme", "help")
    _calls(item, ("deliver",))
    if not _SCHEME.fullmatch(item.scheme):
        raise WrongAnswerError("доставка: scheme – строчные латинские буквы")
    return item.scheme


def named_items(answer: object, name_of: Callable[[Any], str]) -> list[tuple[str, Any]]:
    """Return what a `register_…` hook gave, each with its name; no name twice."""
    if answer is None:
        raise WrongAnswerError("ответа нет (None), а нужен список, хотя бы пустой")
    if isinstance(answer, str | bytes | Mapping) or not isinstance(answer, Iterable):
        raise WrongAnswerError(f"нужен список, а не {named(type(answer).__name__) or 'другое'}")
    found = [(name_of(item), item) for item in answer]
    names = [name for name, _item in found]
    for name in names:
        if names.count(name) > 1:
            raise WrongAnswerError(f"«{named(name)}» объявлено дважды")
    return found


def _is(item: object, kind: type) -> None:
    if not isinstance(item, kind):
        found = named(type(item).__name__) or "другое"
        raise WrongAnswerError(f"нужен {kind.__name__}, а не {found}")


def _texts(item: object, first: str, *names: str) -> None:
    for name in (first, *names):
        value = getattr(item, name)
        if not isinstance(value, str) or (name == first and not value.strip()):
            raise WrongAnswerError(f"{type(item).__name__}: {name} – нужен текст")


def _calls(item: object, *ways: tuple[str, ...]) -> None:
    """Where a descriptor offers several ways, exactly one is taken and the others are None."""
    kind = type(item).__name__
    taken = [way for way in ways if any(getattr(item, name) is not None for name in way)]
    if len(taken) > 1:
        raise WrongAnswerError(f"{kind}: {', '.join(way[0] for way in taken)} – нужно одно из них")
    for name in (taken or ways)[0]:
        if not callable(getattr(item, name)):
            raise WrongAnswerError(f"{kind}: {name} – нужна функция")
