"""To which workspace an update belongs, and behind which other updates it must wait, read from its JSON alone."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from crm import accounts, team_groups
from crm.installation import Installation
from storage.inbox import mirror_lane
from storage.memberships import Membership
from storage.people import Person
from storage.routes import Route

AskOwner = Callable[[str], Awaitable[int | None]]
FOR_GROUPS = frozenset({"my_chat_member", "chat_member", "edited_message"})  # in a chat with a person: nothing to us
MINUTE = timedelta(minutes=1)
REMEMBERED = 1024  # connections; beyond, Telegram is asked anew about the one that was silent longest


@dataclass(frozen=True, slots=True)
class Place:
    """A workspace (None: no one's yet) and a lane, within which order is kept."""

    workspace_id: int | None
    lane: str


@dataclass(slots=True)
class _Said:
    """Whose a connection is by Telegram's word (None: nobody's that it knows), and until when that is believed."""

    owner: int | None = None
    until: datetime | None = None
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)


class Routing:
    """Looks updates' places up in the registry.

    `ask_owner` asks Telegram whose an unknown connection is: once a minute, however many updates come under it.
    """

    def __init__(self, installation: Installation, ask_owner: AskOwner) -> None:
        self._installation = installation
        self._ask_owner = ask_owner
        self._said: OrderedDict[str, _Said] = OrderedDict()

    async def place(self, update: dict[str, Any]) -> Place | None:
        """The place of one update as it stands now; None for what is no concern of ours, such as talk in any group."""
        body = content(update)
        if "business_connection" in update:
            self._said.pop(body["id"], None)  # what was said of it before is no longer so
            return await self._of_account(body["user"]["id"])
        if "business_connection_id" in body:
            return await self._of_connection(body["business_connection_id"])
        group_id = group_of(update)
        if group_id is not None:
            return await self._of_group(group_id, update)
        if not FOR_GROUPS.isdisjoint(update):
            return None
        person_id = body.get("from", {}).get("id")
        return Place(await self._desk_of(person_id), f"person:{person_id}")

    async def _of_group(self, group_id: int, update: dict[str, Any]) -> Place | None:
        """A team's group belongs to its workspace; in any other only what may make it one concerns us."""
        lane = f"team:{group_id}"
        workspace_id = await team_groups.workspace_of(self._installation, group_id)
        if workspace_id is None and not _may_bind(update):
            return None
        return Place(workspace_id or await self._desk_of(content(update).get("from", {}).get("id")), lane)

    async def _of_connection(self, connection_id: str) -> Place:
        route = await self._installation.registry.recall(Route, (accounts.BUSINESS, connection_id))
        if route is not None:
            return _mirror(route.workspace_id)
        owner = await self._owner_of(connection_id)
        return Place(None, f"connection:{connection_id}") if owner is None else await self._of_account(owner)

    async def _owner_of(self, connection_id: str) -> int | None:
        said = self._said.setdefault(connection_id, _Said())
        self._said.move_to_end(connection_id)
        if len(self._said) > REMEMBERED:
            self._said.popitem(last=False)
        async with said.asking:
            now = self._installation.clock.now()
            if said.until is None or now >= said.until:
                said.owner = await self._ask_owner(connection_id)
                said.until = now + MINUTE
        return said.owner

    async def _of_account(self, account_id: int) -> Place:
        workspace_id = await accounts.workspace_for(self._installation, account_id) or await self._desk_of(account_id)
        return Place(None, f"account:{account_id}") if workspace_id is None else _mirror(workspace_id)

    async def _desk_of(self, person_id: int | None) -> int | None:
        """The workspace on a member's desk."""
        registry = self._installation.registry
        person = await registry.recall(Person, person_id) if person_id else None
        if person is None or person.workspace_id is None:
            return None
        seat = await registry.recall(Membership, (person.workspace_id, person.id))
        return seat.workspace_id if seat else None


def content(update: dict[str, Any]) -> dict[str, Any]:
    """What happened, whatever its kind."""
    return next((body for name, body in update.items() if name != "update_id"), {})


def group_of(update: dict[str, Any]) -> int | None:
    """The group in which it happened; None where that was no group."""
    body = content(update)
    chat = body.get("chat") or body.get("message", {}).get("chat") or {}
    return chat["id"] if chat.get("id", 0) < 0 else None


def _may_bind(update: dict[str, Any]) -> bool:
    """Whether it tells that the bot came, asks it to, presses what it offers, or that the group became another chat."""
    body = content(update)
    asks = body.get("text", "").startswith("/") or "migrate_from_chat_id" in body
    return "my_chat_member" in update or "callback_query" in update or asks


def is_mirrored(update: dict[str, Any]) -> bool:
    """Whether it tells of an owner's own chats, and not of a chat with the bot."""
    return "business_connection" in update or tells_of_messages(update)


def tells_of_messages(update: dict[str, Any]) -> bool:
    """Whether it tells what was written, changed or deleted in such a chat."""
    return "business_connection_id" in content(update)


def _mirror(workspace_id: int) -> Place:
    return Place(workspace_id, mirror_lane(workspace_id))
