"""Asking a bot from any chat (@bot words), its answer, and the result that is chosen and sent there."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sandbox.world.clock import Clock
from sandbox.world.ephemeral import Ephemeral
from sandbox.world.events import InlineAsked
from sandbox.world.messages import Entity, Message
from sandbox.world.refused import Refused

INLINE_TIME = timedelta(seconds=15)  # then a client stops waiting


@dataclass(frozen=True, slots=True)
class InlineResult:
    """What a bot offers: a title and a line below, and the text that is sent where it is chosen."""

    id: str
    title: str
    description: str
    text: str = field(repr=False)
    entities: Sequence[Entity] = ()


@dataclass(slots=True, eq=False)
class InlineQuery:
    """One question; `answered` ends with what the bot offers. `kept` is how many seconds Telegram may keep that."""

    id: str
    person_id: int
    bot_id: int
    text: str = field(repr=False)
    answered: asyncio.Future[Sequence[InlineResult]] = field(repr=False)
    kept: int = 0
    personal: bool = False


class Inline(Ephemeral):
    """The questions that wait for their bot; none is answered from what another person was offered."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.inline_queries: dict[str, InlineQuery] = {}

    def ask_inline(self, person_id: int, bot_id: int, text: str) -> InlineQuery:
        """Write @bot and some words into any chat. Refuses where it is no bot."""
        if not self.person(bot_id).is_bot:
            raise Refused.bad_request("BOT_INVALID")
        answered: asyncio.Future[Sequence[InlineResult]] = asyncio.get_running_loop().create_future()
        number = str((person_id << 32) + len(self.inline_queries) + 1)
        query = self.inline_queries[number] = InlineQuery(number, person_id, bot_id, text, answered)
        self.emit(InlineAsked((bot_id,), query))
        return query

    def answer_inline(
        self, query_id: str, results: Sequence[InlineResult], *, by: int, kept: int, personal: bool
    ) -> None:
        """Let a bot answer. Refuses an id that it does not know."""
        query = self.inline_queries.get(query_id)
        if query is None or query.bot_id != by:
            raise Refused.bad_request("query is too old and response timeout expired or query ID is invalid")
        query.kept, query.personal = kept, personal
        if not query.answered.done():
            query.answered.set_result(results)

    def choose_inline(self, query_id: str, result_id: str, *, by: int, peer_id: int) -> Message:
        """Send a result into a chat, in one's own name. Refuses what was not offered to this person."""
        query = self.inline_queries.get(query_id)
        done = query is not None and query.person_id == by and query.answered.done()
        offered = {one.id: one for one in query.answered.result()} if query is not None and done else {}
        if result_id not in offered:
            raise Refused.bad_request("RESULT_ID_INVALID")
        chosen = offered[result_id]
        return self.send(by, peer_id, chosen.text, entities=chosen.entities)
