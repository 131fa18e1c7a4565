"""The files that a workspace keeps: each encrypted in a file of its own beside the vault, under keys of the vault.

Such a file is a row of pieces, each encrypted alone and bound to workspace, name and place. So one that came half is
good up to its last whole piece and can be gone on with, after a crash too. The last piece is the one that is not full:
where it is missing, the file is not whole.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag

from storage import durable
from storage.errors import MediaDamaged, StorageFull, StorageUnavailable

PIECE = 512 * 1024  # bytes of content
HALF = ".new"  # what ends the name of a file that is not whole yet
RESERVE = 512 * 1024 * 1024  # bytes that stay free: messages need them more than files


@cache
def sealed_bytes() -> int:
    """What a whole piece takes on the disk."""
    encryptor = Cobblestone256Encryptor(bytes(32), b"")
    return len(encryptor.update(bytes(PIECE)) + encryptor.finalize())


class MediaStore:
    """Blocks, so it belongs on a worker thread. A name is 32 hexadecimal digits and tells nothing."""

    def __init__(self, folder: Path, key: bytes, digest_key: bytes, workspace_id: int) -> None:
        self.folder = folder
        self._key = key
        self._digest_key = digest_key
        self._workspace_id = workspace_id

    @property
    def room(self) -> int:
        """The bytes that files may still take; negative where the disk is as good as full."""
        return shutil.disk_usage(self.folder.parent).free - RESERVE

    def draft(self, name: str | None = None) -> Draft:
        """A file that is coming in: a new one, or one that was left half. Raises StorageFull, StorageUnavailable."""
        with self.explained(self.folder):
            self.folder.mkdir(mode=0o700, exist_ok=True)
            return Draft(self, name or secrets.token_hex(16))

    def read(self, name: str) -> Iterator[bytes]:
        """The file in pieces. Raises MediaDamaged, at the latest at its end, where it is not whole as it was kept."""
        path = self.folder / name
        try:
            with path.open("rb") as file:
                place, more = 0, True
                while more:
                    sealed = file.read(sealed_bytes())
                    yield self.unseal(sealed, name, place)
                    place, more = place + 1, len(sealed) == sealed_bytes()
        except (InvalidTag, FileNotFoundError):
            raise MediaDamaged(path, workspace_id=self._workspace_id) from None

    def remove(self, name: str) -> None:
        """Take a file away, or the half of one; it may be gone already."""
        for ending in ("", HALF):
            (self.folder / f"{name}{ending}").unlink(missing_ok=True)

    def ages(self) -> dict[str, float]:
        """Every file that lies there, by its name, halves included; the time of its last change in Unix seconds."""
        if not self.folder.is_dir():
            return {}
        return {entry.name.removesuffix(HALF): entry.stat().st_mtime for entry in os.scandir(self.folder)}

    # for drafts

    def encryptor(self, name: str, place: int) -> Cobblestone256Encryptor:
        """For the piece at this place."""
        return Cobblestone256Encryptor(self._key, self._context(name, place))

    def unseal(self, sealed: bytes, name: str, place: int) -> bytes:
        """What a piece holds. Raises InvalidTag."""
        decryptor = Cobblestone256Decryptor(self._key, self._context(name, place))
        return decryptor.update(sealed) + decryptor.finalize()

    def digest(self) -> hashlib.blake2b:
        """What the same content makes the same in this workspace; without the vault's key it tells of no content."""
        return hashlib.blake2b(key=self._digest_key, digest_size=32)

    @contextmanager
    def explained(self, path: Path) -> Iterator[None]:
        """Raise what the disk does not do as StorageFull or StorageUnavailable."""
        try:
            yield
        except OSError as error:
            kind = StorageFull if error.errno in {errno.ENOSPC, errno.EDQUOT} else StorageUnavailable
            raise kind(path, workspace_id=self._workspace_id) from error

    def _context(self, name: str, place: int) -> bytes:
        """What binds a piece to its workspace, file and place: in another's place it is refused."""
        return f"wysper media {self._workspace_id} {name} {place}".encode()


class Draft:
    """A file while it comes in; it has its place once it is whole and on the disk, and is a half one before.

    First of all comes `begun`; what is written then goes on from there.
    """

    def __init__(self, store: MediaStore, name: str) -> None:
        self.name = name
        self.size = 0
        self._store = store
        self._path = store.folder / f"{name}{HALF}"
        self._digest = store.digest()
        self._piece: Cobblestone256Encryptor | None = None  # that is being written
        self._file = os.fdopen(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")

    @property
    def digest(self) -> str:
        """Of all that came in; see `MediaStore.digest`."""
        return self._digest.hexdigest()

    @property
    def lasts(self) -> bool:
        """Whether there is anything to go on from another time."""
        return self.size >= PIECE

    def begun(self) -> Iterator[bytes]:
        """The whole pieces that an earlier draft of this name has left; what follows on them is cut off."""
        whole = 0
        while len(sealed := self._file.read(sealed_bytes())) == sealed_bytes():
            try:
                content = self._store.unseal(sealed, self.name, self.size // PIECE)
            except InvalidTag:  # it did not reach the disk whole before the power went
                break
            whole += len(sealed)
            self._count(content)
            yield content
        with self._store.explained(self._path):
            self._file.seek(whole)
            self._file.truncate()

    def write(self, content: bytes) -> None:
        """Take what follows. Raises StorageFull, StorageUnavailable."""
        rest = memoryview(content)
        with self._store.explained(self._path):
            while rest:
                part, rest = self._part(rest)
                piece = self._piece or self._open_piece()
                self._file.write(piece.update(part))
                self._count(part)
                if self.size % PIECE == 0:
                    self._close_piece()

    def keep(self) -> None:
        """Give the file its place; it is on the disk when this returns. Raises StorageFull, StorageUnavailable."""
        with self._store.explained(self._path):
            self._piece = self._piece or self._open_piece()
            self._close_piece()
            os.fsync(self._file.fileno())
            self._file.close()
            self._path.rename(self._path.with_suffix(""))
            durable.sync_folder(self._path.parent)

    def leave(self) -> None:
        """Go on another time: the whole pieces stay."""
        self._file.close()
        if not self.lasts:
            self.drop()

    def drop(self) -> None:
        """Leave nothing of it."""
        self._file.close()
        self._path.unlink(missing_ok=True)

    def _part(self, content: memoryview) -> tuple[memoryview, memoryview]:
        """What belongs into the piece that is being written, and what does not."""
        left = PIECE - self.size % PIECE
        return content[:left], content[left:]

    def _open_piece(self) -> Cobblestone256Encryptor:
        if self._store.room < PIECE:
            raise OSError(errno.ENOSPC, "what is left is for messages")
        self._piece = self._store.encryptor(self.name, self.size // PIECE)
        return self._piece

    def _close_piece(self) -> None:
        if self._piece is not None:
            self._file.write(self._piece.finalize())
            self._file.flush()
            self._piece = None

    def _count(self, content: bytes | memoryview) -> None:
        self._digest.update(content)
        self.size += len(content)
