"""Writing small files so that a crash leaves either the old one or the new one, whole."""

from __future__ import annotations

import os
from pathlib import Path


def write(path: Path, data: bytes) -> None:
    """Put a file in place at once, readable by its owner alone, on the disk before this returns."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make names that were added to or removed from a folder last."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_and_wipe(path: Path, data: bytes) -> None:
    """Put a file in place and overwrite the bytes of the one before it.

    Overwriting reaches what a plain disk kept; a copy-on-write or flash disk may hold older blocks, which only the
    encryption of that disk covers.
    """
    with path.open("r+b") as before:
        length = os.fstat(before.fileno()).st_size
        write(path, data)
        before.write(bytes(length))
        before.flush()
        os.fsync(before.fileno())
