"""What the server keeps about one bot: its updates, how they are delivered, its budget, names and commands."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.bot_api.limits import FloodControl
from sandbox.bot_api.queue import UpdateQueue
from sandbox.world import Clock, File, Person


@dataclass(slots=True)
class WebhookSettings:
    """Where updates are posted to, and what went wrong last."""

    url: str
    secret_token: str | None
    max_connections: int
    connections: asyncio.Semaphore = field(init=False)
    last_error_date: datetime | None = None
    last_error_message: str | None = None

    def __post_init__(self) -> None:
        self.connections = asyncio.Semaphore(self.max_connections)


@dataclass(slots=True, eq=False)
class ServedBot:
    """One bot as the server sees it."""

    person: Person
    queue: UpdateQueue
    flood: FloodControl | None
    webhook: WebhookSettings | None = None
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    downloads: dict[str, File] = field(default_factory=dict)

    @classmethod
    def serve(cls, person: Person, clock: Clock, *, limited: bool, kept_for: timedelta) -> ServedBot:
        return cls(person, UpdateQueue(clock, person.id, kept_for), FloodControl(clock) if limited else None)

    @property
    def id(self) -> int:
        return self.person.id

    def spend(self, chat_id: int, count: int = 1) -> None:
        """Count sends against the bot's budget. Refuses with 429."""
        if self.flood:
            self.flood.spend(chat_id, count)
