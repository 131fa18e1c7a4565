"""A small town with an MTProto server, and unmodified Telethon clients for whoever lives there."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import telethon as _telethon

from sandbox.mtproto import MTProto
from sandbox.world import Message, Person, World

telethon: Any = _telethon  # it carries no types that hold
errors: Any = telethon.errors
events: Any = telethon.events
functions: Any = telethon.functions
types: Any = telethon.types

PAST_ANY_WAIT = 10  # seconds after which a test that waits for an event has failed


@dataclass
class Town:
    """Olga has the account that is looked at; Anna and Chen write to her."""

    world: World
    server: MTProto
    olga: Person
    anna: Person
    chen: Person
    clients: list[Any] = field(default_factory=list)

    async def client(self, session: Any = None, **options: Any) -> Any:
        """Give a connected client, on a fresh session unless one is given."""
        if session is None:
            session = telethon.sessions.MemorySession()
            session.set_dc(self.server.dc_id, self.server.host, self.server.port)
        options = {"retry_delay": 0, "flood_sleep_threshold": 0, "device_model": "Test bench"} | options
        client = telethon.TelegramClient(session, 1, "hash", **options)
        self.clients.append(client)
        await client.connect()
        return client

    async def signed_in(self, person: Person | None = None, **options: Any) -> Any:
        """Give a client that has signed in with a code; Olga's unless another's is asked for."""
        client = await self.client(**options)
        await self.sign_in(client, person or self.olga)
        return client

    async def sign_in(self, client: Any, person: Person) -> None:
        await client.send_code_request(person.phone)
        await client.sign_in(person.phone, self.server.codes[person.phone or ""])

    def anna_writes(self, *texts: str) -> list[Message]:
        return [self.world.send(self.anna.id, self.olga.id, text) for text in texts]


class Heard:
    """The events that a client is given, to be waited for in order."""

    def __init__(self, client: Any, *kinds: Any) -> None:
        self._queue: asyncio.Queue[Any] = asyncio.Queue()
        for kind in kinds or (events.Raw,):
            client.add_event_handler(self._queue.put, kind)

    async def next(self) -> Any:
        return await asyncio.wait_for(self._queue.get(), PAST_ANY_WAIT)

    @property
    def nothing_more(self) -> bool:
        return self._queue.empty()
