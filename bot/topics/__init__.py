"""Speaks into the team's groups: what each topic lacks, the most urgent first, as fast as Telegram lets it speak.

Nothing of it is queued. Whenever something has happened, the vault is compared with what was posted; whatever cannot
be said now is still lacking the next time.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
)
from aiogram.types import ReactionTypeEmoji

from bot.budgets import Budgets, is_temporary
from bot.topics.saying import Saying
from crm import replies, team_groups
from crm.access import Room, enter_room
from crm.errors import CrmError
from crm.installation import Installation
from crm.ports import Tasks
from crm.queues import Status
from crm.replies import correcting
from crm.topics import looks, scanning, telling
from crm.topics.looks import Face
from handlers.screens import topics as words
from handlers.screens.team_groups import look
from storage import outbox
from storage import team_groups as stored
from storage import topics as stored_topics
from storage.errors import StorageError
from storage.outbox import OutboxRow
from storage.team_groups import TeamGroup

logger = logging.getLogger(__name__)
ROOM = 2  # calls of a minute that are left to what members ask for, where one was heard in it
AMPLE = 8  # that must be left before anything is done for looks, and when each message has been told alone
AGAIN = timedelta(seconds=30)
SIGNS = {outbox.DUE: "👀", outbox.SENDING: "👀", outbox.SENT: "👍", outbox.REFUSED: "👎", outbox.UNCERTAIN: "🤔"}


class Step(NamedTuple):
    """One thing to be said, and how many calls must be left in this minute before it is."""

    take: Callable[[], Awaitable[None]]
    room: int


class Topics:
    """One speaker for each workspace; its groups one after the other."""

    def __init__(
        self, installation: Installation, tasks: Tasks, bot: Bot, budgets: Budgets, *, told: Callable[[int], None]
    ) -> None:
        self._installation = installation
        self._tasks = tasks
        self._told = told
        self._bot = bot
        self._budgets = budgets
        self._saying = Saying(installation, bot)
        self._asked: set[int] = set()
        self._busy: set[int] = set()
        self._later: dict[int, datetime] = {}
        self._stopping = False
        self.idle = asyncio.Event()
        self.idle.set()

    async def recover(self, workspace_id: int) -> None:
        """Take up what the last run left."""
        async with enter_room(self._installation, workspace_id) as room:
            await telling.recover(room)
        self.wake(workspace_id)

    def wake(self, workspace_id: int) -> None:
        """Look for what its groups lack. Cheap where it has none."""
        if self._stopping:
            return
        self._asked.add(workspace_id)
        if workspace_id not in self._busy:
            self._busy.add(workspace_id)
            self.idle.clear()
            self._tasks.start("topics", self._drain(workspace_id))

    def wake_late(self) -> None:
        """Look again where something had to wait for its turn."""
        now = self._installation.clock.now()
        for workspace_id in [one for one, due_at in self._later.items() if due_at <= now]:
            self.wake(workspace_id)

    async def stop(self) -> None:
        """Let what has begun come to its end."""
        self._stopping = True
        await self.idle.wait()

    async def told(self, row: OutboxRow, state: str) -> None:
        """Put the fate of an answer under the words with which a member wrote it in a topic."""
        if row.what not in {replies.KIND, correcting.KIND}:
            return
        self.wake(row.facts["workspace"])  # it may wait for nothing more
        try:
            async with enter_room(self._installation, row.facts["workspace"]) as room:
                await self._show_fate(room, row, state)
        except (TelegramAPIError, CrmError, StorageError) as trouble:
            logger.warning("the fate of an answer is not shown in its topic: %s", type(trouble).__name__)

    async def _show_fate(self, room: Room, row: OutboxRow, state: str) -> None:
        async with room.reading() as session:
            post = await stored_topics.of_reply(session, row.facts["reply"])
            group = await session.get(TeamGroup, post.chat_id) if post is not None else None
        if post is None or post.message_id is None or group is None:
            return
        sign = ReactionTypeEmoji(emoji=SIGNS[state])
        await self._bot.set_message_reaction(post.chat_id, post.message_id, [sign])
        if row.what == correcting.KIND and state in {outbox.REFUSED, outbox.UNCERTAIN}:
            await self._saying.not_corrected(room, group, post)

    async def _drain(self, workspace_id: int) -> None:
        self._later.pop(workspace_id, None)
        try:
            while workspace_id in self._asked and not self._stopping:
                self._asked.discard(workspace_id)
                async with enter_room(self._installation, workspace_id) as room:
                    async with room.reading() as session:
                        groups = await stored.working(session)
                    for group in groups:
                        await self._work(room, group.chat_id)
                if groups:
                    self._told(workspace_id)  # what the owner is to hear of them
        except (StorageError, CrmError) as error:
            logger.warning("the topics of workspace %s wait: %s", workspace_id, type(error).__name__)
            self._later[workspace_id] = self._installation.clock.now() + AGAIN
        finally:
            self._busy.discard(workspace_id)
            if not self._busy:
                self.idle.set()

    async def _work(self, room: Room, chat_id: int) -> None:
        """Everything that a group lacks, as far as the minute allows."""
        window = self._budgets.group(chat_id)
        while not self._stopping:
            await scanning.scan(room, chat_id)
            left, kept = window.left, ROOM if window.is_lively else 0
            step = await self._next(room, chat_id, left)
            if step is None:
                return
            if left < step.room + kept:
                self._wait(room, window.free_at(step.room + kept))
                return
            if not await self._taken(room, chat_id, step):
                return

    def _wait(self, room: Room, due_at: datetime) -> None:
        here = room.workspace.id or 0
        self._later[here] = min(due_at, self._later.get(here, due_at))

    async def _taken(self, room: Room, chat_id: int, step: Step) -> bool:
        """Make one step. False where the group must rest."""
        here = room.workspace.id or 0
        try:
            await step.take()
        except TelegramMigrateToChat as moved:
            await team_groups.moved(room, chat_id, moved.migrate_to_chat_id)
            self.wake(here)
            return False
        except (TelegramForbiddenError, TelegramBadRequest) as refusal:
            logger.warning("group %s of workspace %s refuses: %s", chat_id, here, type(refusal).__name__)
            await self._attend(room, chat_id)
            self._wait(room, self._installation.clock.now() + AGAIN)
            return False
        except TelegramAPIError as trouble:
            if not is_temporary(trouble):
                raise
            self._wait(room, self._installation.clock.now() + AGAIN)
            return False
        return True

    async def _attend(self, room: Room, chat_id: int) -> None:
        """Something was refused: look whether the bot is still there, and may still do what it needs."""
        try:
            standing = await look(self._bot, chat_id)
        except (TelegramForbiddenError, TelegramBadRequest):
            await team_groups.ended(room, chat_id)
        else:
            await team_groups.seen(room, standing)

    async def _next(self, room: Room, chat_id: int, left: int) -> Step | None:
        """The most urgent thing that is lacking; how it looks is asked only where there is room for that."""
        async with room.reading() as session:
            group = await session.get(TeamGroup, chat_id)
        if group is None or not group.works:
            return None
        say = self._saying
        with say.speaking(room, group):
            rules = words.rules(group)
            if group.rules_drawn != rules.text:
                return Step(partial(say.post_own, room, group, "rules", rules), 2)
            told = await telling.untold(room, chat_id, alone=left - AMPLE)
            if told is not None:
                opening = told.topic.thread_id is None  # nobody is to stand before an empty topic
                return Step(partial(say.tell, room, told), max(1, len(words.album(told))) + opening)
            changed = await telling.dirty(room, chat_id)
            if changed is not None:
                return Step(partial(say.redraw, room, *changed), 1)
            waiting = await scanning.newcomers(room, chat_id)
            crowd = words.newcomers(waiting)
            if crowd.text != (group.people_drawn or "") and (waiting or group.people_post):
                return Step(partial(say.post_people, room, group, crowd), 2)
            return await self._look_to(room, group) if left >= AMPLE else Step(say.nothing, AMPLE)

    async def _look_to(self, room: Room, group: TeamGroup) -> Step | None:
        """Names, cards, old topics and the board: nothing that anybody waits for."""
        say = self._saying
        for face in await looks.faces(room, group.chat_id):
            if (take := self._look_at(room, face)) is not None:
                return Step(take, AMPLE)
        if (old := await looks.old(room, group.chat_id)) is not None:
            return Step(partial(say.remove, room, old), AMPLE)
        board = words.board(await looks.waiting(room, group.language))
        if group.board_drawn != board.text:
            return Step(partial(say.post_own, room, group, "board", board), AMPLE)
        return None

    def _look_at(self, room: Room, face: Face) -> Callable[[], Awaitable[None]] | None:
        """What one topic lacks, in an order in which nothing is said in a closed one."""
        say, topic, shut = self._saying, face.topic, face.status is Status.CLOSED
        name, card = words.topic_name(face), words.card(face)
        if topic.closed and not shut:
            return partial(say.set_closed, room, topic, closed=False)
        if topic.card_id is None or topic.card_drawn != repr(card):
            return partial(say.draw_card, room, topic, card)
        if topic.name != name:
            return partial(say.name, room, topic, name)
        return partial(say.set_closed, room, topic, closed=True) if shut and not topic.closed else None
