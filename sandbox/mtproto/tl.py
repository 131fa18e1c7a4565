"""Telethon's classes of the TL language, through one door: they carry no types that hold."""

from __future__ import annotations

import struct
import zlib
from typing import Any

from telethon.crypto.aes import AES
from telethon.errors.common import TypeNotFoundError
from telethon.extensions.binaryreader import BinaryReader
from telethon.helpers import generate_key_data_from_nonce
from telethon.tl import functions as _functions
from telethon.tl import types as _types
from telethon.tl.tlobject import TLRequest

functions: Any = _functions
types: Any = _types
aes: Any = AES
temporary_key: Any = generate_key_data_from_nonce

BOOL_TRUE = bytes.fromhex("b5757299")
BOOL_FALSE = bytes.fromhex("379779bc")
# What Telethon raises for bytes that are no object: its own errors, and those of struct, gzip and plain Python
_NO_OBJECT = (
    TypeNotFoundError,
    BufferError,
    RuntimeError,
    LookupError,
    AttributeError,
    TypeError,
    OSError,
    EOFError,
    struct.error,
    zlib.error,
)
VECTOR = bytes.fromhex("15c4b51c")


class Packed:
    """An object in its serialised form, to be put wherever Telethon would serialise one of its own."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data = data

    def _bytes(self) -> bytes:
        return self.data

    __bytes__ = _bytes


def read(data: bytes) -> Any:
    """Read one object. Raises `ValueError` for bytes that are none that this layer knows."""
    try:
        return BinaryReader(data).tgread_object()  # type: ignore[no-untyped-call]  # Telethon has no types
    except _NO_OBJECT as error:
        raise ValueError("not an object of this layer") from error


def write(value: Any) -> bytes:
    """Serialise an object, a truth value, or a list of objects."""
    if isinstance(value, bool):
        return BOOL_TRUE if value else BOOL_FALSE
    if isinstance(value, list):
        return VECTOR + len(value).to_bytes(4, "little") + b"".join(map(write, value))
    return bytes(value)


def method_name(request: type) -> str:
    """Give the name of a request as Telegram's documents write it: `messages.getHistory`."""
    space = request.__module__.rpartition(".")[2]
    plain = request.__name__.removesuffix("Request")
    name = plain[0].lower() + plain[1:]
    return name if space == "functions" else f"{space}.{name}"


__all__ = ["Packed", "TLRequest", "aes", "functions", "method_name", "read", "temporary_key", "types", "write"]
