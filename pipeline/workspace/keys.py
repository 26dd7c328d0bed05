"""The key behind pupils’ codes: made once, kept apart from the data it protects."""

from __future__ import annotations

import hmac
import secrets
from pathlib import Path

from pipeline import system
from pipeline.errors import SettingsError
from pipeline.workspace.settings import STATE_FOLDER, Settings

_KEY_BYTES = 32


def keys_folder(workspace: Path, settings: Settings) -> Path:
    """Return where keys and secrets of a workspace lie."""
    return workspace / settings.keys_dir if settings.keys_dir else system.keys_folder()


def workspace_key(workspace: Path, settings: Settings) -> bytes:
    """The key behind pupils' codes: made once, kept apart from the data it protects.

    Its fingerprint stays with the data, because another key would quietly change every code.
    """
    root = workspace / STATE_FOLDER
    name, print_of_key = root / "id", root / "key-fingerprint"
    lived = any((root / trace).exists() for trace in ("ledger.jsonl", "archive"))
    if not name.is_file():
        if lived:
            raise SettingsError(
                f"Нет файла {name}: в нём имя ключа. Верните его из резервной копии."
            )
        system.write_whole(name, secrets.token_hex(8).encode(), private=True)
    folder = keys_folder(workspace, settings)
    path = folder / f"{name.read_text(encoding='ascii', errors='replace')}.key"
    if not path.is_file():
        if lived:
            raise SettingsError(
                f"Нет ключа рабочей папки ({path}). Без него коды обучающихся изменятся: "
                "верните файл из резервной копии."
            )
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        system.clear_leftovers(folder, path.name)
        system.write_whole(path, secrets.token_bytes(_KEY_BYTES), private=True)
    key = path.read_bytes()
    fingerprint = hmac.digest(key, b"nastavnik", "sha256").hex().encode()
    if lived and print_of_key.is_file() and print_of_key.read_bytes() != fingerprint:
        raise SettingsError(
            f"Ключ рабочей папки ({path}) подменён или повреждён, с ним коды обучающихся "
            "изменятся: верните файл из резервной копии."
        )
    system.write_if_changed(print_of_key, fingerprint, private=True)
    return key
