"""The version of this program, for records and documents."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def program_version() -> str:
    """Return the version of the installed distribution; «?» where it runs uninstalled."""
    try:
        return version("nastavnik")
    except PackageNotFoundError:
        return "?"
