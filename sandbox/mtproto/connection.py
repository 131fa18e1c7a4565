"""One TCP connection: bytes in, packets out, and whose packets they are."""

from __future__ import annotations

import asyncio
import logging
import struct
import time
from typing import TYPE_CHECKING

from sandbox.mtproto.envelope import BadEnvelopeError, open_envelope
from sandbox.mtproto.handshake import Handshake, HandshakeError
from sandbox.mtproto.session import Session
from sandbox.mtproto.transport import BrokenStreamError, Transport, chosen

if TYPE_CHECKING:
    from sandbox.mtproto.authorization import Authorization
    from sandbox.mtproto.server import MTProto

_log = logging.getLogger(__name__)
_NO_KEY = bytes(8)
_UNKNOWN_KEY = struct.pack("<i", -404)


class Connection(asyncio.Protocol):
    """Answers within the call that brings the bytes: nothing here waits, so no task is needed."""

    def __init__(self, server: MTProto) -> None:
        self._server = server
        self._buffer = bytearray()
        self._framing: Transport | None = None
        self._handshake: Handshake | None = None
        self._socket: asyncio.Transport | None = None
        self._sessions: set[Session] = set()
        self._breaks_off = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  tells the type; create_server makes no other
        self._socket = transport
        if self._server.world.faults.take("mtproto_refused"):
            transport.abort()
        else:
            self._server.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._socket = None
        self._server.connections.discard(self)
        for session in self._sessions:
            session.close(self)

    def cut(self) -> None:
        """Close at once, as a failing network does."""
        if self._socket:
            self._socket.abort()

    def break_off(self) -> None:
        """Send half of the next packet, and close."""
        self._breaks_off = True

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._framing = self._framing or chosen(self._buffer)
        try:
            while self._socket and self._framing and (packet := self._framing.take(self._buffer)) is not None:
                self._receive(packet)
        except (BrokenStreamError, struct.error):
            self.cut()

    def send(self, packet: bytes) -> None:
        if self._socket is None or self._framing is None:
            return
        framed = self._framing.wrap(packet)
        if self._breaks_off:
            self._socket.write(framed[: len(framed) // 2])
            self._socket.close()
            self._socket = None
        else:
            self._socket.write(framed)

    def _receive(self, packet: bytes) -> None:
        if packet[:8] == _NO_KEY:
            self._shake_hands(packet)
            return
        authorization = self._server.authorizations.get(packet[:8])
        if authorization is None:
            self._refuse()
            return
        try:
            letter = open_envelope(authorization.key, packet)
        except BadEnvelopeError:
            self._refuse()
            return
        self._session(authorization, letter.session_id, letter.message_id).receive(letter)

    def _session(self, authorization: Authorization, session_id: int, message_id: int) -> Session:
        session = authorization.sessions.get(session_id)
        if session is None:
            session = authorization.sessions[session_id] = Session(self._server, authorization, session_id, message_id)
        session.connection = self
        self._sessions.add(session)
        return session

    def _shake_hands(self, packet: bytes) -> None:
        if self._handshake is None:
            self._handshake = Handshake(self._server.key, self._server.keep_key)
        _, _, length = struct.unpack_from("<qqi", packet)
        try:
            answer = bytes(self._handshake.answer(packet[20 : 20 + length]))
        except HandshakeError:
            _log.debug("a client broke the key exchange")
            self._refuse()
            return
        message_id = int(time.time() * (1 << 32)) & -4 | 1
        self.send(struct.pack("<qqi", 0, message_id, len(answer)) + answer)

    def _refuse(self) -> None:
        self.send(_UNKNOWN_KEY)
        if self._socket:
            self._socket.close()
