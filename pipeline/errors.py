"""Trouble of ours, never of a school: each class has the exit code that an operator acts on."""

from __future__ import annotations


class NastavnikError(Exception):
    """A broken world, said in one Russian sentence; shown without a traceback."""

    exit_code = 70


class UsageError(NastavnikError):
    """The command was called with words that do not fit."""

    exit_code = 2


class SettingsError(NastavnikError):
    """The settings, the registry or a plugin cannot be used as they are."""

    exit_code = 10


class DeliveryError(NastavnikError):
    """A package did not reach its recipient; *temporary* when trying again may heal it."""

    exit_code = 20

    def __init__(self, message: str, *, temporary: bool = False) -> None:
        super().__init__(message)
        self.temporary = temporary


class VerificationError(NastavnikError):
    """What is stored is not what was recorded."""

    exit_code = 30


class ConservationError(NastavnikError):
    """Rows got lost on our way: a bug, so the submission or publication is withheld."""

    exit_code = 70


class StorageError(NastavnikError):
    """The disk, the database or the network of this machine failed."""

    exit_code = 74


class SourceError(StorageError):
    """A file of somebody else cannot be read; the disk that we write to is well."""


class BusyError(NastavnikError):
    """Another run holds the workspace."""

    exit_code = 75


class FileRefusedError(Exception):
    """A file that cannot be taken: a notice code of the catalogue and the words it needs.

    Guard and readers raise it; it becomes a notice for the school, never an exit code.
    """

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
