"""A client's session: which messages are accepted, how answers are numbered, packed and sent."""

from __future__ import annotations

import asyncio
import gzip
import secrets
import struct
import time
from typing import TYPE_CHECKING, Any

from sandbox.mtproto import dispatch, service
from sandbox.mtproto.envelope import Letter, seal
from sandbox.mtproto.tl import TLRequest, read, types, write

if TYPE_CHECKING:
    from sandbox.mtproto.authorization import Authorization
    from sandbox.mtproto.connection import Connection
    from sandbox.mtproto.server import MTProto

CONTAINER = bytes.fromhex("dcf8f173")
GZIPPED = bytes.fromhex("a1cf7230")
RPC_RESULT = bytes.fromhex("016d5cf3")
_SMALL = 2048  # bytes; below, packing costs more than it saves
_OLD, _NEW = 300, 30  # seconds that a client's clock may be behind and ahead
_CLOSE = 1 << 32  # a second, as messages are numbered
_REMEMBERED = 1000

TOO_LOW, TOO_HIGH, BAD_BITS, EVEN_EXPECTED, ODD_EXPECTED, BAD_SALT, BAD_CONTAINER = 16, 17, 18, 34, 35, 48, 64


class Session:
    """Belongs to one authorisation; dies with its connection, for Telethon begins a new one on each."""

    def __init__(self, server: MTProto, authorization: Authorization, session_id: int, first_message: int) -> None:
        self.server = server
        self.authorization = authorization
        self.id = session_id
        self.connection: Connection | None = None
        self.wants_updates = False
        self.pts = 0  # how far this session has been told of its account's log
        self.told: dict[int, int] = {}  # the same of each supergroup's
        self.failed: set[int] = set()  # requests that were refused, for invokeAfterMsg
        self._first_message = first_message
        self._greeted = False
        self._seen: dict[int, None] = {}
        self._last_id = 0
        self._content_sent = 0
        self._hang_up: asyncio.TimerHandle | None = None

    # What comes in

    def receive(self, letter: Letter) -> None:
        """Take one decrypted message: check its salt, number and time, then what it holds."""
        if letter.salt != self.authorization.salt:
            self._note(
                types.BadServerSalt(letter.message_id, letter.sequence, BAD_SALT, self.authorization.salt),
            )
            return
        if not self._greeted:
            self._greeted = True
            self._note(types.NewSessionCreated(self._first_message, secrets.randbits(63), self.authorization.salt))
        if wrong := self._wrong_id(letter.message_id):
            self._note(types.BadMsgNotification(letter.message_id, letter.sequence, wrong))
        elif letter.body[:4] == CONTAINER:
            self._unpack(letter)
        else:
            self._accept(letter.message_id, letter.sequence, letter.body)

    def _unpack(self, letter: Letter) -> None:
        (count,) = struct.unpack_from("<i", letter.body, 4)
        at = 8
        for _ in range(count):
            message_id, sequence, length = struct.unpack_from("<qii", letter.body, at)
            body = letter.body[at + 16 : at + 16 + length]
            at += 16 + length
            if body[:4] == CONTAINER or len(body) != length:
                self._note(types.BadMsgNotification(letter.message_id, letter.sequence, BAD_CONTAINER))
                return
            self._accept(message_id, sequence, body)

    def _accept(self, message_id: int, sequence: int, body: bytes) -> None:
        if message_id in self._seen:  # the client sent it again; what it asked for was done
            self._note(types.MsgsAck([message_id]))
            return
        self._seen[message_id] = None
        if len(self._seen) > _REMEMBERED:
            del self._seen[next(iter(self._seen))]
        try:
            message = read(read(body).data if body[:4] == GZIPPED else body)
        except ValueError:
            dispatch.refuse_unknown(self, message_id)
            return
        wants_answer = isinstance(message, TLRequest)
        if wants_answer != bool(sequence & 1):
            code = ODD_EXPECTED if wants_answer else EVEN_EXPECTED
            self._note(types.BadMsgNotification(message_id, sequence, code))
        elif not service.handled(self, message_id, message) and wants_answer:
            dispatch.carry_out(self, message_id, message)

    def _wrong_id(self, message_id: int) -> int:
        age = self._now() - (message_id >> 32)
        if message_id % 4:
            return BAD_BITS
        if age > _OLD:
            return TOO_LOW
        return TOO_HIGH if age < -_NEW else 0

    # What goes out

    def answer(self, message_id: int, result: Any) -> None:
        """Send the result of a request, packed where that pays."""
        body = result if isinstance(result, bytes) else write(result)
        if len(body) > _SMALL and not isinstance(result, types.upload.File):
            body = GZIPPED + _tl_bytes(gzip.compress(body, 1, mtime=0))
        self._send(RPC_RESULT + struct.pack("<q", message_id) + body, kind=1)

    def reply(self, message: Any) -> None:
        """Send an answer that is no result: a pong, salts, the state of messages."""
        self._send(write(message), kind=1)

    def push(self, updates: bytes) -> None:
        """Send updates that nobody asked for."""
        self._send(updates, kind=3)

    def _note(self, notice: Any) -> None:
        self._send(write(notice), kind=3 if isinstance(notice, types.NewSessionCreated) else 1, content=False)

    def _send(self, body: bytes, *, kind: int, content: bool = True) -> None:
        """`kind` is the last two bits of the message's number: 1 for what answers a message, 3 for the rest."""
        if self.connection is None:
            return
        sequence = self._content_sent * 2 + content
        self._content_sent += content
        letter = Letter(self.authorization.salt, self.id, self._next_id(kind), sequence, body)
        self.connection.send(seal(self.authorization.key, self.authorization.key_id, letter))

    def _next_id(self, kind: int) -> int:
        now = int(self._now() * (1 << 32)) & -4 | kind
        too_soon = self._last_id - _CLOSE < now <= self._last_id  # not where the clock was set back
        self._last_id = (self._last_id & -4) + 4 | kind if too_soon else now
        return self._last_id

    def _now(self) -> float:
        fault = self.server.world.faults.take("mtproto_clock")
        return time.time() + (fault.seconds if fault else 0)

    # How it ends

    def hang_up_after(self, seconds: float) -> None:
        """Close the connection unless the client pings again before (ping_delay_disconnect)."""
        if self._hang_up:
            self._hang_up.cancel()
        if self.connection:
            self._hang_up = asyncio.get_running_loop().call_later(seconds, self.connection.cut)

    def close(self, connection: Connection) -> None:
        """Forget the session with its connection, unless the client took it along to another."""
        if self.connection is connection:
            self.connection = None
            self.authorization.sessions.pop(self.id, None)
            if self._hang_up:
                self._hang_up.cancel()


def _tl_bytes(data: bytes) -> bytes:
    serialised: bytes = types.PeerUser.serialize_bytes(data)
    return serialised
