"""Where an update goes: what an owner's own chats tell to the mirror, everything else to who has a screen for it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.types import Update

from bot.budgets import Budgets
from bot.routing import content, group_of, is_mirrored
from crm.access import enter_room
from crm.errors import CrmError
from crm.installation import Installation
from crm.team_groups import workspace_of
from handlers import business, team_groups

TELLS_OF_GROUP = frozenset({"my_chat_member", "chat_member"})


class Updates:
    """Hands updates on, as the inbox gives them out."""

    def __init__(self, installation: Installation, bot: Bot, dispatcher: Dispatcher, budgets: Budgets) -> None:
        self._installation = installation
        self._budgets = budgets
        self._bot = bot
        self._dispatcher = dispatcher

    async def hand_on(self, updates: Sequence[dict[str, Any]], workspace_id: int | None, attempt: int) -> None:
        """Have them worked off; there are several only of what tells of messages. Raises what that raises."""
        parsed = [Update.model_validate(update, context={"bot": self._bot}) for update in updates]
        if is_mirrored(updates[0]):
            if workspace_id is not None:  # else it is nobody's, and nothing of it is kept
                await self._mirror(parsed, workspace_id)
            return
        if workspace_id is not None and await self._is_of_team(updates[0]):
            async with enter_room(self._installation, workspace_id, updates[0]["update_id"]) as room:
                await team_groups.heard(parsed[0], room, self._bot)
            return
        if (group_id := group_of(updates[0])) is not None:
            self._budgets.group(group_id).hear()
        for one in parsed:
            await self._dispatcher.feed_update(
                self._bot, one, workspace_id=workspace_id, update_id=one.update_id, attempt=attempt
            )

    async def _is_of_team(self, update: dict[str, Any]) -> bool:
        """Whether it tells what became of a group in which a team works, or of those who are in it."""
        group_id = group_of(update)
        tells = not TELLS_OF_GROUP.isdisjoint(update) or "migrate_to_chat_id" in content(update)
        return tells and group_id is not None and await workspace_of(self._installation, group_id) is not None

    async def _mirror(self, updates: Sequence[Update], workspace_id: int) -> None:
        with suppress(CrmError):  # the workspace is gone, or may not have this account: nothing of it is kept
            async with enter_room(self._installation, workspace_id, *(one.update_id for one in updates)) as room:
                connection = updates[0].business_connection
                if connection is not None:
                    await business.connection_changed(connection, room)
                else:
                    await business.take(updates, room, self._bot)
