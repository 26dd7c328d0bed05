"""Makes the files of `fixtures/messy`: messy books opened and saved again by LibreOffice.

`python tests/make_messy_fixtures.py` needs `soffice`; the tests need only what it made.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from messy_saved import FOLDER, SAVED

_SECONDS = 180


def main() -> None:
    """Save every book again in its other format."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, messy in SAVED.items():
        with tempfile.TemporaryDirectory() as folder:
            _save(Path(folder), messy.make(), Path(messy.name).suffix, Path(name))


def _save(folder: Path, data: bytes, kind: str, name: Path) -> None:
    source = folder / f"{name.stem}{kind}"
    source.write_bytes(data)
    out = folder / "out"
    profile = (folder / "profile").as_uri()
    kind = ("--convert-to", name.suffix[1:], "--outdir", str(out), str(source))
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", *kind]
    subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS)
    (FOLDER / name.name).write_bytes((out / name.name).read_bytes())


if __name__ == "__main__":
    main()
