"""File ids: opaque words that name a file for one bot alone, and unique ids that are the same for all."""

from __future__ import annotations

import base64
import binascii
import struct

from sandbox.world import File, Refused, World, secret_number

_KINDS = ("photo", "document", "voice", "video", "video_note", "sticker", "audio", "animation")
_SHAPE = struct.Struct(">BQQ")


def file_id(file: File, bot_id: int) -> str:
    """Make the word by which one bot names a file."""
    packed = _SHAPE.pack(_KINDS.index(file.kind), file.id, _seal(file, bot_id))
    return "AgAC" + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def file_unique_id(file: File) -> str:
    """Make the word that is the same for every bot and cannot be used to get the file."""
    return "AQAD" + base64.urlsafe_b64encode(struct.pack(">Q", file.id)).decode().rstrip("=")


def file_by_id(world: World, word: str, bot_id: int) -> File:
    """Find the file that a bot names. Refuses a word that was not made for it."""
    try:
        packed = base64.urlsafe_b64decode(word.removeprefix("AgAC") + "==")
        _, number, seal = _SHAPE.unpack(packed)
    except (binascii.Error, struct.error, ValueError):
        raise Refused.bad_request("wrong file identifier/HTTP URL specified") from None
    file = world.file(number)
    if file is None or seal != _seal(file, bot_id):
        raise Refused.bad_request("wrong file identifier/HTTP URL specified")
    return file


def _seal(file: File, bot_id: int) -> int:
    return secret_number("file id", file.access_hash, bot_id)
