"""The encrypted envelope of MTProto 2.0 around one message (https://core.telegram.org/mtproto/description)."""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from hashlib import sha256

from sandbox.mtproto.tl import aes

_HEAD = struct.Struct("<qqqii")  # salt, session, message id, sequence number, length
_FROM_CLIENT, _FROM_SERVER = 0, 8
_LEAST_PADDING, _MOST_PADDING = 12, 1024


class BadEnvelopeError(Exception):
    """The packet was not encrypted with this key, or was changed on its way."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What an envelope holds."""

    salt: int
    session_id: int
    message_id: int
    sequence: int
    body: bytes


def open_envelope(key: bytes, packet: bytes) -> Letter:
    """Decrypt what a client sent; every check of the protocol on key, padding and length is made."""
    message_key, sealed = packet[8:24], packet[24:]
    if not sealed or len(sealed) % 16:
        raise BadEnvelopeError
    plain: bytes = aes.decrypt_ige(sealed, *_aes(key, message_key, _FROM_CLIENT))
    if sha256(key[88:120] + plain).digest()[8:24] != message_key:
        raise BadEnvelopeError
    salt, session_id, message_id, sequence, length = _HEAD.unpack_from(plain)
    padding = len(plain) - _HEAD.size - length
    if length < 0 or length % 4 or not _LEAST_PADDING <= padding <= _MOST_PADDING:
        raise BadEnvelopeError
    return Letter(salt, session_id, message_id, sequence, plain[_HEAD.size : _HEAD.size + length])


def seal(key: bytes, key_id: bytes, letter: Letter) -> bytes:
    """Encrypt a letter to the client who holds `key`."""
    plain = (
        _HEAD.pack(letter.salt, letter.session_id, letter.message_id, letter.sequence, len(letter.body)) + letter.body
    )
    plain += os.urandom(-(len(plain) + 12) % 16 + 12)
    message_key = sha256(key[96:128] + plain).digest()[8:24]
    sealed: bytes = aes.encrypt_ige(plain, *_aes(key, message_key, _FROM_SERVER))
    return key_id + message_key + sealed


def _aes(key: bytes, message_key: bytes, x: int) -> tuple[bytes, bytes]:
    a = sha256(message_key + key[x : x + 36]).digest()
    b = sha256(key[x + 40 : x + 76] + message_key).digest()
    return a[:8] + b[8:24] + a[24:32], b[:8] + a[8:24] + b[24:32]
