"""Contracts as plain data, kept between runs: making them anew takes most of a short command.

They are kept under a digest of the program, of all plugins and of whoever gives contracts; what
is kept may be deleted at any time. The contracts themselves are then opened only where rows are
checked.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contracts.plan import FormPlan, Vocabulary, form_plan_from_json, vocabulary_from_json
from pipeline import system
from pipeline.canonical import canonical, digest_of
from pipeline.workspace.fingerprint import program_files

if TYPE_CHECKING:
    from contracts.form import Form

_FILE = "contracts.json"


@dataclass(frozen=True, slots=True)
class Compiled:
    """What contracts come to: plans and their digests by code, vocabularies by name."""

    plans: Mapping[str, FormPlan]
    digests: Mapping[str, str]
    vocabularies: Mapping[str, Vocabulary]

    @classmethod
    def of(cls, plans: Mapping[str, FormPlan], vocabularies: Mapping[str, Vocabulary]) -> Compiled:
        """Return *plans* with their digests."""
        return cls(plans, {code: plan.digest for code, plan in plans.items()}, vocabularies)


class LazyForms(Mapping[str, "type[Form]"]):
    """The contracts by code, opened at the first question for one; any thread may ask."""

    def __init__(self, codes: Sequence[str], load: Callable[[], Mapping[str, type[Form]]]) -> None:
        self._codes = tuple(codes)
        self._load = load
        self._lock = threading.Lock()
        self._forms: Mapping[str, type[Form]] | None = None

    def open(self) -> Mapping[str, type[Form]]:
        """Open the contracts unless they are."""
        with self._lock:
            if self._forms is None:
                self._forms = self._load()
            return self._forms

    def __getitem__(self, code: str) -> type[Form]:
        return self.open()[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._codes)

    def __len__(self) -> int:
        return len(self._codes)


def open_meanwhile(forms: Mapping[str, type[Form]]) -> None:
    """Begin to open contracts beside what this thread does; whoever needs one waits for it."""
    if isinstance(forms, LazyForms):
        threading.Thread(target=_open, args=(forms,), daemon=True).start()


def _open(forms: LazyForms) -> None:
    # Whoever needs a contract opens it again and hears why it cannot be had.
    with contextlib.suppress(Exception):
        forms.open()


def fingerprint(givers: Sequence[str]) -> str:
    """Return a digest of what plans hang on; *givers* are the plugins that were loaded."""
    return digest_of([*givers, *program_files()])


def kept(folder: Path, key: str) -> Compiled | None:
    """Return what was kept under *key*; None where there is nothing, or not what was written."""
    try:
        said = json.loads((folder / _FILE).read_bytes())
        data = said["data"]
        if said["key"] != key or said["sha256"] != digest_of(data):
            return None
        plans = map(form_plan_from_json, data["plans"])
        vocabularies = map(vocabulary_from_json, data["vocabularies"])
        return Compiled(
            {plan.code: plan for plan in plans},
            data["digests"],
            {vocabulary.name: vocabulary for vocabulary in vocabularies},
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep(folder: Path, key: str, compiled: Compiled) -> None:
    """Keep plans and vocabularies for the next run."""
    data: dict[str, Any] = {
        "plans": [asdict(plan) for plan in compiled.plans.values()],
        "digests": dict(compiled.digests),
        "vocabularies": [asdict(one) for one in compiled.vocabularies.values()],
    }
    text = canonical({"key": key, "sha256": digest_of(data), "data": data})
    # Whoever only looks may not be able to write.
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        system.write_whole(folder / _FILE, text, durable=False, private=True)


def forget(folder: Path) -> None:
    """Let the next run open the contracts."""
    (folder / _FILE).unlink(missing_ok=True)
