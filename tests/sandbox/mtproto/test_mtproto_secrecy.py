"""What the protocol's cryptography is there for: nothing that was tampered with is accepted."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.mtproto.envelope import BadEnvelopeError, open_envelope
from sandbox.mtproto.handshake import Handshake, HandshakeError
from sandbox.mtproto.numbers import server_key
from sandbox.mtproto.tl import read
from tests.sandbox.mtproto.town import functions, telethon

KEY = os.urandom(256)


def a_sealed_ping() -> bytes:
    state = telethon.network.mtprotostate.MTProtoState(
        telethon.crypto.AuthKey(KEY), loggers={"telethon.network.mtprotostate": logging.getLogger(__name__)}
    )
    body = bytes(functions.PingRequest(7))
    sealed: bytes = state.encrypt_message_data(bytes(12) + len(body).to_bytes(4, "little") + body)
    return sealed


def test_what_a_client_seals_is_opened() -> None:
    letter = open_envelope(KEY, a_sealed_ping())

    assert read(letter.body).ping_id == 7


@given(st.integers(min_value=8 * 8))
def test_no_bit_of_a_packet_can_be_changed(at: int) -> None:
    packet = bytearray(a_sealed_ping())
    at = 64 + at % (len(packet) * 8 - 64)  # behind the id of the key
    packet[at // 8] ^= 1 << at % 8

    with pytest.raises(BadEnvelopeError):
        open_envelope(KEY, bytes(packet))


def test_another_key_opens_nothing() -> None:
    with pytest.raises(BadEnvelopeError):
        open_envelope(os.urandom(256), a_sealed_ping())


class Wire:
    """Carries Telethon's own key exchange to a handshake, past someone who may change what is carried."""

    def __init__(self, meddle: Callable[[Any], None] = lambda _: None, *, taken: int = 0) -> None:
        self.keys: list[bytes] = []
        self._taken = taken
        self._meddle = meddle
        self._handshake = Handshake(server_key(), self._keep)
        telethon.crypto.rsa.add_key(server_key().pem, old=False)

    async def send(self, request: Any) -> Any:
        self._meddle(request)
        return read(bytes(self._handshake.answer(bytes(request))))

    async def agree(self) -> bytes:
        key, _ = await telethon.network.authenticator.do_authentication(self)
        agreed: bytes = key.key
        return agreed

    async def agree_at_last(self) -> bytes:
        """As Telethon itself does it: once more where the key is not to be had, as one in 256 is not."""
        while True:
            with suppress(AssertionError):
                return await self.agree()

    def _keep(self, key: bytes, _salt: int) -> bool:
        if self._taken:
            self._taken -= 1
            return False
        self.keys.append(key)
        return True


async def test_both_sides_agree_on_one_key() -> None:
    wire = Wire()

    assert [await wire.agree_at_last()] == wire.keys


async def test_a_key_whose_id_is_taken_is_drawn_anew() -> None:
    wire = Wire(taken=1)

    with pytest.raises(AssertionError, match="DhGenRetry"):  # Telethon's way to say: once more
        await wire.agree()
    assert [await wire.agree_at_last()] == wire.keys


def other_nonce(request: Any) -> None:
    if not isinstance(request, functions.ReqPqMultiRequest):
        request.nonce ^= 1


def other_server_nonce(request: Any) -> None:
    if not isinstance(request, functions.ReqPqMultiRequest):
        request.server_nonce ^= 1


def other_prime(request: Any) -> None:
    if isinstance(request, functions.ReqDHParamsRequest):
        request.p = request.q


def other_key(request: Any) -> None:
    if isinstance(request, functions.ReqDHParamsRequest):
        request.public_key_fingerprint ^= 1


def other_secret(request: Any) -> None:
    if isinstance(request, functions.ReqDHParamsRequest):
        request.encrypted_data = bytes(256)


def other_power(request: Any) -> None:
    if isinstance(request, functions.SetClientDHParamsRequest):
        request.encrypted_data = bytes(len(request.encrypted_data))


@pytest.mark.parametrize("meddle", [other_nonce, other_server_nonce, other_prime, other_key, other_secret, other_power])
async def test_an_exchange_that_someone_meddled_with_comes_to_nothing(meddle: Callable[[Any], None]) -> None:
    wire = Wire(meddle)

    with pytest.raises(HandshakeError):
        await wire.agree()
    assert wire.keys == []
