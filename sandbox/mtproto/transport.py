"""How packets are cut from a TCP stream: the three plain transports that a client can choose by its first bytes."""

from __future__ import annotations

import struct
from typing import Protocol
from zlib import crc32

MAX_PACKET = 1 << 24
_WORD = 4
_LONG = 0x7F  # in the abridged transport: the length stands in the next three bytes
_FULL_FRAME = 12  # what the full transport puts around a packet


class BrokenStreamError(Exception):
    """The bytes are no packets of the chosen transport: the connection is of no further use."""


class Transport(Protocol):
    """Cuts packets off a buffer and wraps packets for the way back."""

    def take(self, buffer: bytearray) -> bytes | None:
        """Take one packet off the front of `buffer`; None while it is incomplete."""

    def wrap(self, packet: bytes) -> bytes: ...


class Abridged:
    """One length byte in words, or three after 0x7f."""

    def take(self, buffer: bytearray) -> bytes | None:
        if not buffer:
            return None
        if buffer[0] < _LONG:
            return _cut(buffer, 1, buffer[0] * 4)
        if len(buffer) < _WORD:
            return None
        return _cut(buffer, 4, int.from_bytes(buffer[1:4], "little") * 4)

    def wrap(self, packet: bytes) -> bytes:
        words = len(packet) >> 2
        head = bytes((words,)) if words < _LONG else b"\x7f" + words.to_bytes(3, "little")
        return head + packet


class Intermediate:
    """Four bytes of length."""

    def take(self, buffer: bytearray) -> bytes | None:
        if len(buffer) < _WORD:
            return None
        return _cut(buffer, 4, int.from_bytes(buffer[:4], "little"))

    def wrap(self, packet: bytes) -> bytes:
        return len(packet).to_bytes(4, "little") + packet


class Full:
    """Length and running number in front, a checksum behind."""

    def __init__(self) -> None:
        self._received = 0
        self._sent = 0

    def take(self, buffer: bytearray) -> bytes | None:
        if len(buffer) < _WORD:
            return None
        length = int.from_bytes(buffer[:4], "little")
        if length < _FULL_FRAME:
            raise BrokenStreamError
        frame = _cut(buffer, 0, length)
        if frame is None:
            return None
        if frame[4:8] != self._received.to_bytes(4, "little") or frame[-4:] != struct.pack("<I", crc32(frame[:-4])):
            raise BrokenStreamError
        self._received += 1
        return frame[8:-4]

    def wrap(self, packet: bytes) -> bytes:
        frame = struct.pack("<II", len(packet) + 12, self._sent) + packet
        self._sent += 1
        return frame + struct.pack("<I", crc32(frame))


def chosen(buffer: bytearray) -> Transport | None:
    """Tell the transport from the first bytes of a connection and take its tag off; None while they are too few."""
    if buffer[:1] == b"\xef":
        del buffer[:1]
        return Abridged()
    if len(buffer) < _WORD:
        return None
    if buffer[:4] == b"\xee\xee\xee\xee":
        del buffer[:4]
        return Intermediate()
    return Full()


def _cut(buffer: bytearray, start: int, length: int) -> bytes | None:
    if length > MAX_PACKET:
        raise BrokenStreamError
    end = start + length
    if len(buffer) < end:
        return None
    packet = bytes(buffer[start:end])
    del buffer[:end]
    return packet
