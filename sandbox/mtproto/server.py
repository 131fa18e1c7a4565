"""The MTProto server of the sandbox: one data centre on loopback for unmodified clients."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta

from sandbox.faults import Fault
from sandbox.mtproto import account, contacts, dialogs, files, history, sign_in, updates, writing
from sandbox.mtproto.authorization import Authorization, key_id
from sandbox.mtproto.calls import Answer, Call, FloodWait
from sandbox.mtproto.codes import Codes
from sandbox.mtproto.connection import Connection
from sandbox.mtproto.files import FileReferences, Uploads
from sandbox.mtproto.index import Index
from sandbox.mtproto.limits import Rate
from sandbox.mtproto.live import Live
from sandbox.mtproto.login_tokens import LoginTokens
from sandbox.mtproto.media import DC_ID
from sandbox.mtproto.numbers import server_key
from sandbox.mtproto.password import Passwords
from sandbox.mtproto.view import View
from sandbox.mtproto.writing import Drafts
from sandbox.world import Message, World

# Importing them enters what they answer into the table of calls.
ANSWERING = (account, contacts, dialogs, files, history, sign_in, updates, writing)


class MTProto:
    """Serves a world. A client adds `public_key` to its keys and `set_dc(dc_id, "127.0.0.1", port)` to its session.

    `history_rate` limits messages.getHistory for each account outside of takeouts; Telegram's own is about
    `Rate(10, 30)`. It is off unless given, and may be set while the server runs.
    """

    dc_id = DC_ID

    def __init__(self, world: World, *, history_rate: Rate | None = None) -> None:
        self.world = world
        self.history_rate = history_rate
        self.key = server_key()
        self.connections: set[Connection] = set()
        self.authorizations: dict[bytes, Authorization] = {}
        self.live = Live(self)
        self.references = FileReferences()
        self.uploads = Uploads()
        self.passwords = Passwords()
        self._codes = Codes(world)
        self.tokens = LoginTokens(world)
        self.host, self.port = "127.0.0.1", 0
        self.drafts = Drafts()
        self.takeout_delay = timedelta()  # how old a login must be for a takeout; Telegram's own is a day
        self.at_risk: set[int] = set()  # accounts that Telegram has marked for their unofficial clients
        self.sent: dict[tuple[int, int], Message] = {}  # by account and the client's random id: sent once is sent
        self.index = Index(world)
        self._views: dict[int, View] = {}
        self._server: asyncio.Server | None = None

    # Running

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; `port` then holds the port that was taken."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Connection(self), host, port)
        self.host, self.port = self._server.sockets[0].getsockname()[:2]
        self.world.subscribe(self.live.hear)
        self.world.subscribe(self._codes.hear)
        self.world.faults.subscribe(self._strike)

    async def stop(self) -> None:
        """Close every connection and stop listening. What clients may come back to is kept."""
        if self._server is None:
            return
        self.world.unsubscribe(self.live.hear)
        self.world.unsubscribe(self._codes.hear)
        self._server.close()
        self.cut()
        await self._server.wait_closed()
        self._server = None

    @property
    def public_key(self) -> str:
        """The server's key as `telethon.crypto.rsa.add_key` takes it."""
        return self.key.pem

    # What tests and the page reach for

    @property
    def codes(self) -> dict[str, str]:
        """The login code that was last sent to each phone, by the phone as the person has it and by its digits."""
        return self._codes.shown

    def accept_login_token(self, token: bytes | str, person_id: int) -> Authorization:
        """Let a person scan a QR code, given as its token or its tg:// address. Refuses what is unknown or too old."""
        authorization = self.tokens.accept(token, self.world.person(person_id))
        self.live.tell_of_token(authorization)
        return authorization

    def newest_login_token(self) -> bytes | None:
        """Give the token of the QR code that was shown last and still waits; None where there is none."""
        return self.tokens.newest()

    def sessions_of(self, person_id: int) -> list[Authorization]:
        """Give the devices on which a person is signed in."""
        return [known for known in self.authorizations.values() if known.person_id == person_id]

    def revoke(self, person_id: int) -> None:
        """Sign a person out on all devices, as from another phone's settings."""
        for authorization in self.sessions_of(person_id):
            authorization.sign_out()

    def cut(self) -> None:
        """Break all connections."""
        for connection in list(self.connections):
            connection.cut()

    def rotate_salts(self) -> None:
        """Let every salt be outdated, as happens each half hour: clients are told the new one and send again."""
        for authorization in self.authorizations.values():
            authorization.salt ^= 0x5A5A5A5A

    def expire_file_references(self) -> None:
        """Let every file reference that was given out be refused from now on."""
        self.references.expire()

    # What the answers use

    def view(self, account_id: int) -> View:
        if account_id not in self._views:
            self._views[account_id] = View(self.world, self.world.person(account_id), self.references)
        return self._views[account_id]

    def views(self) -> Iterator[View]:
        return iter(self._views.values())

    def codes_sent(self) -> Codes:
        return self._codes

    def keep_key(self, key: bytes, salt: int) -> bool:
        """Remember a key that was agreed; False where its short id is taken."""
        if key_id(key) in self.authorizations:
            return False
        now = self.world.clock.now()
        self.authorizations[key_id(key)] = Authorization(key, salt, created=now, active=now)
        return True

    def limit(self, call: Call, answer: Answer) -> None:
        """Refuse a call that comes too often."""
        if self.history_rate and answer.name == "messages.getHistory" and not call.takeout:
            wait = self.history_rate.wait(call.authorization.person_id, self.world.clock.now().timestamp())
            if wait:
                raise FloodWait(wait)

    def _strike(self, fault: Fault) -> None:
        if fault.name == "mtproto_cut" and fault.method is None and self.world.faults.take("mtproto_cut"):
            self.cut()
        if fault.name in {"session_revoked", "session_duplicated", "account_frozen"} and fault.method is None:
            self.cut()  # else a device that is silent would learn of it only with its next word
