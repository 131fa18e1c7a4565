"""What is sent along: photos, documents, voice notes, kept once however often they are sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Literal

from sandbox.world.images import image_size

FileKind = Literal["photo", "document", "voice", "video", "video_note", "sticker", "audio", "animation"]


@dataclass(slots=True, eq=False)
class File:
    """The bytes and what Telegram says about them; width and height in pixels, duration in seconds."""

    id: int
    access_hash: int
    kind: FileKind
    data: bytes = field(repr=False)
    name: str | None
    mime: str
    width: int | None = None
    height: int | None = None
    duration: int | None = None
    emoji: str | None = None
    title: str | None = None
    performer: str | None = None


def secret_number(*what: object) -> int:
    """Make the access hash of a thing: 63 bits that nobody guesses from the id, the same in each run."""
    return int.from_bytes(blake2b(repr(what).encode(), digest_size=8).digest()) >> 1


class Files:
    """The store of all files of the world."""

    def __init__(self) -> None:
        super().__init__()
        self._files: dict[int, File] = {}

    def store_file(
        self,
        data: bytes,
        kind: FileKind = "document",
        *,
        name: str | None = None,
        mime: str = "application/octet-stream",
        width: int | None = None,
        height: int | None = None,
        duration: int | None = None,
        emoji: str | None = None,
        title: str | None = None,
        performer: str | None = None,
    ) -> File:
        """Keep a file; the size of an image is read from its header where it is not given."""
        if width is None and kind in {"photo", "sticker"} and (size := image_size(data)):
            width, height = size
        number = 0x5A00_0000_0000 + len(self._files) + 1
        file = File(
            number, secret_number("file", number), kind, data, name, mime,
            width, height, duration, emoji, title, performer,
        )  # fmt: skip
        self._files[number] = file
        return file

    def file(self, file_id: int) -> File | None:
        return self._files.get(file_id)
