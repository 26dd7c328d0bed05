"""What a commit said, kept in one file together with the corpus that it was said of.

With the corpus inside, a later tree is compared over the same files even when the program that drew
them has changed.
"""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

from bench.compare.collect import Content, from_data, to_data

_CONTENT = "content.json"
_CORPUS = "corpus/"


def save(file: Path, content: Content, corpus: Path) -> None:
    """Write content and corpus into *file*, a zip."""
    file.parent.mkdir(parents=True, exist_ok=True)
    times = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        for path in sorted(corpus.rglob("*")):
            name = path.relative_to(corpus).as_posix()
            if path.is_dir():
                parts.writestr(zipfile.ZipInfo(f"{_CORPUS}{name}/"), b"")
            else:
                times[name] = path.stat().st_mtime_ns
                parts.write(path, f"{_CORPUS}{name}")
        data = {"times": times, **to_data(content)}
        parts.writestr(_CONTENT, json.dumps(data, ensure_ascii=False))


def load(file: Path, corpus: Path) -> Content:
    """Return the content of *file* and unfold its corpus into the folder *corpus*."""
    with zipfile.ZipFile(file) as parts:
        data = json.loads(parts.read(_CONTENT))
        for name in parts.namelist():
            if not name.startswith(_CORPUS):
                continue
            path = corpus / name.removeprefix(_CORPUS)
            if name.endswith("/"):
                path.mkdir(parents=True, exist_ok=True)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(parts.read(name))
        for name, modified in data["times"].items():
            os.utime(corpus / name, ns=(modified, modified))
    return from_data(data)
