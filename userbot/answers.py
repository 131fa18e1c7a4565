"""Answers that are read when there is time for it, which is while the server looks for the next.

Telethon reads an answer in the moment in which it comes, before anything else can be asked, and takes twice as long.
"""

from __future__ import annotations

from struct import Struct
from typing import Any

from telethon.extensions.binaryreader import BinaryReader
from telethon.tl.alltlobjects import tlobjects

from userbot.tl import types

_INT, _UNSIGNED = Struct("<i").unpack_from, Struct("<I").unpack_from
_LONG, _UNSIGNED_LONG = Struct("<q").unpack_from, Struct("<Q").unpack_from
_LONG_TEXT = 254  # in place of a length of one byte: three bytes of length follow


def unread(request: Any) -> Any:
    """The same request, with the bytes of the answer for its answer."""
    request.read_result = BinaryReader.get_bytes  # Telethon asks the request to read its answer
    return request


def read(answer: bytes) -> Any:
    """What such an answer says. Whom it shows is not met yet."""
    return _Reader(answer).tgread_object()  # type: ignore[no-untyped-call]  # Telethon has no types


class _Message(types.Message):  # type: ignore[misc]  # Telethon has no types
    """A message with all that was sent of it, and nothing that Telethon's own methods need."""

    def __init__(self, **facts: Any) -> None:
        self.__dict__ = facts


_KINDS: dict[int, Any] = {**tlobjects, _Message.CONSTRUCTOR_ID: _Message}


class _Reader(BinaryReader):
    """Telethon's reader, with what every message consists of in fewer steps."""

    stream: bytes
    position: int

    def read_int(self, signed: bool = True) -> int:
        at = self.position
        self.position = at + 4
        number: int = (_INT if signed else _UNSIGNED)(self.stream, at)[0]
        return number

    def read_long(self, signed: bool = True) -> int:
        at = self.position
        self.position = at + 8
        number: int = (_LONG if signed else _UNSIGNED_LONG)(self.stream, at)[0]
        return number

    def tgread_bytes(self) -> bytes:
        stream, begin = self.stream, self.position + 1
        length = stream[begin - 1]
        if length == _LONG_TEXT:
            length, begin = int.from_bytes(stream[begin : begin + 3], "little"), begin + 3
        end = begin + length
        if end > len(stream):
            raise BufferError("an answer ends too early")
        self.position = end + -end % 4  # everything begins at a multiple of four
        return stream[begin:end]

    def tgread_string(self) -> str:
        return self.tgread_bytes().decode(errors="replace")

    def tgread_object(self) -> Any:
        at = self.position
        kind = _KINDS.get(_UNSIGNED(self.stream, at)[0])
        if kind is None:
            return super().tgread_object()  # type: ignore[no-untyped-call]  # Telethon has no types
        self.position = at + 4
        return kind.from_reader(self)
