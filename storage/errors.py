"""What can go wrong with a vault, the registry or the keys: one kind each, with the facts as attributes."""
# ruff: noqa: N818  a kind is named by what happened, as its handler reads it

from __future__ import annotations

from pathlib import Path


class StorageError(Exception):
    """The root of them all; `workspace_id` is None where the registry or the keys are meant."""

    says = "storage failed"

    def __init__(self, path: Path | None = None, *, workspace_id: int | None = None) -> None:
        super().__init__()
        self.path = path
        self.workspace_id = workspace_id

    def __str__(self) -> str:
        where = f" ({self.path.name})" if self.path else ""
        return self.says.format_map(vars(self)) + where


class VaultMissing(StorageError):
    says = "the file is missing or empty; a new one is never started in its place"


class VaultExists(StorageError):
    says = "there is a file already; it is never overwritten"


class VaultUnreadable(StorageError):
    """Also where the first page is damaged: the cipher cannot tell that from a wrong key."""

    says = "the key does not fit this file, or its beginning is damaged"


class VaultDamaged(StorageError):
    says = "the file is torn or was changed from outside; restore it from a backup"


class MediaDamaged(StorageError):
    says = "a kept file is missing, torn or was changed from outside"


class VaultTooNew(StorageError):
    """`found` is the file's schema revision, `newest` the newest that this program knows."""

    says = "the file has schema {found}, this program knows up to {newest}; start the newer program"

    def __init__(self, path: Path, *, found: str, newest: str, workspace_id: int | None = None) -> None:
        super().__init__(path, workspace_id=workspace_id)
        self.found, self.newest = found, newest


class VaultRolledBack(StorageError):
    """`expected` and `found` are states of the change counter, see `storage.seals`."""

    says = "the file is older than the one last used (change {found}, expected {expected})"

    def __init__(self, path: Path, *, expected: int, found: int, workspace_id: int | None = None) -> None:
        super().__init__(path, workspace_id=workspace_id)
        self.expected, self.found = expected, found


class MigrationFailed(StorageError):
    """The file is as it was before; `copy` is the safety copy taken first, None where the file held nothing yet."""

    says = "the file could not be brought to schema {newest}; it stands as it was"

    def __init__(self, path: Path, *, newest: str, copy: Path | None, workspace_id: int | None = None) -> None:
        super().__init__(path, workspace_id=workspace_id)
        self.newest, self.copy = newest, copy


class VaultBusy(StorageError):
    says = "another process holds the file; try again"


class VaultClosed(StorageError):
    says = "the file was closed"


class StorageFull(StorageError):
    says = "the disk is full; nothing was changed, and reading goes on"


class StorageUnavailable(StorageError):
    says = "the file cannot be opened, read or written here"


class KeyUnknown(StorageError):
    """Never made, or forgotten for good."""

    says = "the keyring holds no key for this workspace"


class KeyringMissing(StorageError):
    says = "the keyring is missing; without it no vault opens"


class KeyringDamaged(StorageError):
    says = "the keyring is torn or was changed from outside; restore it from its own backup"


class MasterKeyMissing(StorageError):
    says = "the master key file is missing; without it no vault opens"


class MasterKeyDamaged(StorageError):
    says = "the master key is not one: 32 bytes are wanted, in base64 or hexadecimal digits"


class MasterKeyExposed(StorageError):
    says = "others than its owner may read the master key file; run chmod 600 on it"


class MasterKeyWrong(StorageError):
    says = "the master key does not open this keyring"


class MasterSecretMissing(StorageError):
    """`wanted` is "secret" or "passphrase"."""

    says = "the master key file opens only together with its {wanted}"

    def __init__(self, path: Path, *, wanted: str) -> None:
        super().__init__(path)
        self.wanted = wanted
