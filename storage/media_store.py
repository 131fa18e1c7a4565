"""The files that a workspace keeps: each encrypted in a file of its own beside the vault, under a key of the vault."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag

from storage import durable
from storage.errors import MediaDamaged, StorageFull, StorageUnavailable

PIECE = 256 * 1024
RESERVE = 512 * 1024 * 1024  # bytes that stay free: messages need them more than files


class MediaStore:
    """Blocks, so it belongs on a worker thread. A name is 32 hexadecimal digits and tells nothing."""

    def __init__(self, folder: Path, key: bytes, digest_key: bytes, workspace_id: int) -> None:
        self.folder = folder
        self._key = key
        self._digest_key = digest_key
        self._workspace_id = workspace_id

    @property
    def has_room(self) -> bool:
        """Whether another file may be taken: the disk is not as good as full."""
        return shutil.disk_usage(self.folder.parent).free > RESERVE

    def draft(self) -> Draft:
        """A new file, still without a place. Raises StorageFull, StorageUnavailable."""
        with self._explained(self.folder):
            self.folder.mkdir(mode=0o700, exist_ok=True)
            return Draft(self, secrets.token_hex(16))

    def read(self, name: str) -> Iterator[bytes]:
        """The file in pieces. Raises MediaDamaged, at the latest at its end, where it is not whole as it was kept."""
        path = self.folder / name
        decryptor = Cobblestone256Decryptor(self._key, self._context(name))
        try:
            with path.open("rb") as file:
                while piece := file.read(PIECE):
                    yield decryptor.update(piece)
            yield decryptor.finalize()
        except (InvalidTag, FileNotFoundError):
            raise MediaDamaged(path, workspace_id=self._workspace_id) from None

    def remove(self, name: str) -> None:
        """Take a file away; it may be gone already."""
        (self.folder / name).unlink(missing_ok=True)

    def ages(self) -> dict[str, float]:
        """Every file that lies there, drafts included, with the time of its last change in Unix seconds."""
        if not self.folder.is_dir():
            return {}
        return {entry.name: entry.stat().st_mtime for entry in os.scandir(self.folder)}

    def _context(self, name: str) -> bytes:
        """What binds the bytes to this workspace and this name: a file that was put in another's place is refused."""
        return f"wysper media {self._workspace_id} {name}".encode()

    @contextmanager
    def _explained(self, path: Path) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            kind = StorageFull if error.errno in {errno.ENOSPC, errno.EDQUOT} else StorageUnavailable
            raise kind(path, workspace_id=self._workspace_id) from error


class Draft:
    """A file while it comes in; it has its place once it is whole and on the disk, and no other trace before."""

    def __init__(self, store: MediaStore, name: str) -> None:
        self.name = name
        self.size = 0
        self._store = store
        self._path = store.folder / f"{name}.new"
        self._encryptor = Cobblestone256Encryptor(store._key, store._context(name))  # noqa: SLF001  two halves of one thing
        self._digest = hashlib.blake2b(key=store._digest_key, digest_size=32)  # noqa: SLF001
        self._file = os.fdopen(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")

    @property
    def digest(self) -> str:
        """The same for the same content in this workspace; without the vault's key it tells of no content."""
        return self._digest.hexdigest()

    def write(self, piece: bytes) -> None:
        """Take a piece. Raises StorageFull, StorageUnavailable."""
        self._digest.update(piece)
        self.size += len(piece)
        self._put(self._encryptor.update(piece))

    def keep(self) -> None:
        """Give the file its place; it is on the disk when this returns. Raises StorageFull, StorageUnavailable."""
        self._put(self._encryptor.finalize())
        with self._store._explained(self._path):  # noqa: SLF001
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._path.rename(self._path.with_suffix(""))
            durable.sync_folder(self._path.parent)

    def drop(self) -> None:
        """Leave nothing of it."""
        self._file.close()
        self._path.unlink(missing_ok=True)

    def _put(self, piece: bytes) -> None:
        with self._store._explained(self._path):  # noqa: SLF001
            self._file.write(piece)
