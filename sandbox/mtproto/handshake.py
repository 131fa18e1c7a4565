"""The exchange in which client and server agree on an authorisation key (https://core.telegram.org/mtproto/auth_key)."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha1
from typing import Any

from sandbox.mtproto.numbers import (
    BLOCK,
    GENERATOR,
    PRIME,
    PRIME_BYTES,
    ServerKey,
    is_safe_power,
    secret_exponent,
    shortest_bytes,
    two_primes,
)
from sandbox.mtproto.tl import aes, functions, read, temporary_key, types


class HandshakeError(Exception):
    """The client broke the exchange: Telegram answers with -404."""


@dataclass(slots=True)
class Handshake:
    """One exchange on one connection. `keep` takes the agreed key and the first salt; False means the key is taken."""

    server_key: ServerKey
    keep: Callable[[bytes, int], bool]
    nonce: int = 0
    new_nonce: int = 0
    server_nonce: int = field(default_factory=lambda: _signed(secrets.token_bytes(16)))
    primes: tuple[int, int] = field(default_factory=two_primes)
    secret: int = field(default_factory=secret_exponent)

    def answer(self, body: bytes) -> Any:
        """Take the client's next step and give the server's."""
        try:
            request = read(body)
        except ValueError:
            raise HandshakeError from None
        if isinstance(request, functions.ReqPqMultiRequest | functions.ReqPqRequest):
            return self._begin(request)
        if getattr(request, "nonce", None) != self.nonce or request.server_nonce != self.server_nonce:
            raise HandshakeError
        if isinstance(request, functions.ReqDHParamsRequest):
            return self._offer(request)
        if isinstance(request, functions.SetClientDHParamsRequest) and self.new_nonce:
            return self._agree(request)
        raise HandshakeError

    def _begin(self, request: Any) -> Any:
        self.nonce = request.nonce
        p, q = self.primes
        return types.ResPQ(self.nonce, self.server_nonce, shortest_bytes(p * q), [self.server_key.fingerprint])

    def _offer(self, request: Any) -> Any:
        inner = self._inner(request)
        p, q = (shortest_bytes(prime) for prime in self.primes)
        if (request.p, request.q, inner.p, inner.q) != (p, q, p, q):
            raise HandshakeError
        if inner.nonce != self.nonce or inner.server_nonce != self.server_nonce:
            raise HandshakeError
        self.new_nonce = inner.new_nonce
        g_a = pow(GENERATOR, self.secret, PRIME).to_bytes(256)
        offer = bytes(
            types.ServerDHInnerData(self.nonce, self.server_nonce, GENERATOR, PRIME_BYTES, g_a, int(time.time()))
        )
        hashed = _sha1(offer) + offer
        padded = hashed + secrets.token_bytes(-len(hashed) % 16)
        return types.ServerDHParamsOk(self.nonce, self.server_nonce, aes.encrypt_ige(padded, *self._aes()))

    def _inner(self, request: Any) -> Any:
        if request.public_key_fingerprint != self.server_key.fingerprint or len(request.encrypted_data) != BLOCK:
            raise HandshakeError
        return _checked(self.server_key.decrypt(request.encrypted_data), types.PQInnerData, types.PQInnerDataDc)

    def _agree(self, request: Any) -> Any:
        if len(request.encrypted_data) % 16:
            raise HandshakeError
        inner = _checked(aes.decrypt_ige(request.encrypted_data, *self._aes()), types.ClientDHInnerData)
        g_b = int.from_bytes(inner.g_b)
        if inner.nonce != self.nonce or inner.server_nonce != self.server_nonce or not is_safe_power(g_b):
            raise HandshakeError
        key = pow(g_b, self.secret, PRIME).to_bytes(256)
        new_nonce = self.new_nonce.to_bytes(32, "little", signed=True)
        salt = _signed(bytes(a ^ b for a, b in zip(new_nonce, self._server_nonce_bytes(), strict=False))[:8])
        # Clients that drop leading zeros would work out another key than ours: such a key is drawn anew.
        if key[0] and self.keep(key, salt):
            return types.DhGenOk(self.nonce, self.server_nonce, _nonce_hash(new_nonce, 1, key))
        self.secret = secret_exponent()
        return types.DhGenRetry(self.nonce, self.server_nonce, _nonce_hash(new_nonce, 2, key.lstrip(b"\0")))

    def _aes(self) -> Any:
        return temporary_key(self.server_nonce, self.new_nonce)

    def _server_nonce_bytes(self) -> bytes:
        return self.server_nonce.to_bytes(16, "little", signed=True)


def _checked(hashed: bytes, *kinds: Any) -> Any:
    """Read an object that stands behind its own SHA-1 and in front of padding."""
    try:
        inner = read(hashed[20:])
    except ValueError:
        raise HandshakeError from None
    if not isinstance(inner, kinds) or _sha1(bytes(inner)) != hashed[:20]:
        raise HandshakeError
    return inner


def _nonce_hash(new_nonce: bytes, number: int, key: bytes) -> int:
    return _signed(_sha1(new_nonce + bytes((number,)) + _sha1(key)[:8])[4:])


def _sha1(data: bytes) -> bytes:
    return sha1(data).digest()  # noqa: S324  the protocol's own


def _signed(data: bytes) -> int:
    return int.from_bytes(data, "little", signed=True)
