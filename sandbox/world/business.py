"""Telegram Business: an owner lets a bot read and answer in his private chats."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b

from sandbox.world.accounts import Accounts
from sandbox.world.chats import Chat, Group
from sandbox.world.clock import Clock
from sandbox.world.events import BusinessChanged
from sandbox.world.refused import Refused

ANSWER_WINDOW = timedelta(hours=24)  # Bot API: can_reply covers chats that had incoming messages in the last 24 hours


@dataclass(frozen=True, slots=True)
class BusinessConnection:
    """The state of one connection; every edit makes a new one with a new id. Rights in the Bot API's names."""

    id: str
    user_id: int
    bot_id: int
    user_chat_id: int
    date: datetime
    rights: frozenset[str]
    enabled: bool = True
    chats: frozenset[int] | None = None  # None: all private chats

    def covers(self, peer_id: int) -> bool:
        return self.chats is None or peer_id in self.chats


class Business(Accounts):
    """Who has connected which bot. One bot per account, as in Telegram."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock = clock
        self._connections: dict[int, BusinessConnection] = {}
        self._by_connection_id: dict[str, BusinessConnection] = {}
        self._made = 0

    def connect_business(
        self,
        owner_id: int,
        bot_id: int,
        *,
        rights: frozenset[str] | set[str] = frozenset({"can_reply", "can_read_messages"}),
        chats: frozenset[int] | set[int] | None = None,
        since: datetime | None = None,
    ) -> BusinessConnection:
        """Connect a bot to an account, now or before now, in place of an earlier one.

        Refuses a bot without Secretary Mode.
        """
        if not self.person(bot_id).secretary_mode:
            raise Refused.bad_request("BOT_BUSINESS_MISSING")
        earlier = self._connections.get(owner_id)
        if earlier and earlier.enabled and earlier.bot_id != bot_id:
            self.disconnect_business(owner_id)
        covered = None if chats is None else frozenset(chats)
        made = (since or self.clock.now()).replace(microsecond=0)
        return self._set(BusinessConnection("", owner_id, bot_id, owner_id, made, frozenset(rights), chats=covered))

    def edit_business(
        self,
        owner_id: int,
        *,
        rights: frozenset[str] | set[str] | None = None,
        chats: frozenset[int] | set[int] | None = None,
    ) -> BusinessConnection:
        """Change the rights or the chats of a connection. The old id is dead from now on."""
        old = self._connection_of(owner_id)
        return self._set(
            replace(
                old,
                rights=old.rights if rights is None else frozenset(rights),
                chats=old.chats if chats is None else frozenset(chats),
            )
        )

    def disconnect_business(self, owner_id: int) -> BusinessConnection:
        """Take the bot off the account: it is told under the id that it knows."""
        connection = replace(self._connection_of(owner_id), enabled=False)
        self._keep(connection)
        return connection

    def _connection_of(self, owner_id: int) -> BusinessConnection:
        connection = self.business_of(owner_id)
        if connection is None:
            raise Refused.bad_request("business connection not found")
        return connection

    def _set(self, connection: BusinessConnection) -> BusinessConnection:
        self._made += 1
        name = blake2b(f"{connection.user_id} {connection.bot_id} {self._made}".encode(), digest_size=13).hexdigest()
        if old := self._connections.get(connection.user_id):
            self._by_connection_id.pop(old.id, None)
        connection = replace(connection, id=name)
        self._keep(connection)
        return connection

    def _keep(self, connection: BusinessConnection) -> None:
        self._connections[connection.user_id] = self._by_connection_id[connection.id] = connection
        self.emit(BusinessChanged((connection.user_id, connection.bot_id), connection))

    def business(self, connection_id: str) -> BusinessConnection | None:
        """Find a connection by its id of today; ids from before an edit are gone."""
        return self._by_connection_id.get(connection_id)

    def business_of(self, owner_id: int) -> BusinessConnection | None:
        """Give the connection that an account has now, if one is switched on."""
        connection = self._connections.get(owner_id)
        return connection if connection and connection.enabled else None

    def business_views(self, chat: Chat) -> list[BusinessConnection]:
        """List the connections whose bots are told about a chat: people's private chats, save those with bots."""
        if (
            isinstance(chat, Group)
            or len(chat.members) == 1
            or any(self.person(member).is_bot for member in chat.members)
        ):
            return []
        connections = [self.business_of(member) for member in chat.members]
        return [found for found in connections if found and found.covers(chat.peer_of(found.user_id))]

    def check_business_send(self, owner_id: int, bot_id: int, peer_id: int) -> BusinessConnection:
        """Let a bot write for an owner where it may. Refuses where connection, right, or a recent word is missing."""
        connection = self.business_of(owner_id)
        if connection is None or connection.bot_id != bot_id:
            raise Refused.bad_request("BUSINESS_CONNECTION_INVALID")
        if "can_reply" not in connection.rights:
            raise Refused.forbidden("BOT_ACCESS_FORBIDDEN")
        if not connection.covers(peer_id) or self.person(peer_id).is_bot:
            raise Refused.bad_request("BUSINESS_PEER_INVALID")
        box = self.account(owner_id).boxes.get(peer_id)
        if box is None or box.last_incoming is None or self.clock.now() - box.last_incoming > ANSWER_WINDOW:
            raise Refused.bad_request("BUSINESS_PEER_USAGE_MISSING")
        return connection
