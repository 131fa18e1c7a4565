"""Userbots as the product knows them: which accounts have one, what each may write, and how one ends."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from crm import conversations, gaps, mirror, reactions
from crm.access import enter_room
from crm.accounts import ACCOUNT
from crm.errors import Leaving, NotFound
from crm.gaps import Why
from crm.installation import Installation
from crm.seen import Gone, Reacted, Read, Seen, Source
from storage import media, messages, userbots, workspaces
from storage.accounts import Backfill, UserbotSession
from storage.columns import Json
from storage.errors import StorageError
from storage.messages import COMMON, Stretch, box_of
from storage.routes import Route
from storage.workspaces import Workspace

EDIT_WINDOW = timedelta(hours=48)  # Telegram: how long after sending a message in a private chat can be changed
PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Key:
    """What makes a device one of an account's own."""

    dc_id: int
    address: str
    port: int
    auth_key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class UpdateState:
    """How far the account's updates have been heard, in the server's counts. A `pts` of 0: not at all."""

    pts: int = 0
    qts: int = 0
    date: datetime | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """How the past is to be read: when Telegram's export mode may begin, where it is wished for, and the one open."""

    paused: bool = False
    takeout_from: datetime | None = None
    takeout_id: int | None = None


@dataclass(frozen=True, slots=True)
class Memory:
    """All that a device needs to go on where it stopped."""

    key: Key
    state: UpdateState
    access_hashes: dict[int, int]
    chats_listed: bool
    plan: Plan


@dataclass(frozen=True, slots=True)
class Met:
    """Somebody whom the device has met: how to speak of him to Telegram."""

    peer_id: int
    access_hash: int
    username: str | None
    phone: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class Chat:
    """A conversation that Telegram lists, by its newest message."""

    peer_id: int
    newest_at: datetime
    newest_id: int


@dataclass(frozen=True, slots=True)
class Place:
    """How far the history of one chat has been read. `refused`: Telegram's word for it, or nothing where not asked."""

    peer_id: int
    oldest_id: int | None
    total: int | None
    done: bool
    read: int = 0
    refused: Json | None = None


@dataclass(frozen=True, slots=True)
class Book:
    """One account's page in its vault: each write of its device is one transaction."""

    installation: Installation
    workspace_id: int
    account_id: int

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[tuple[AsyncSession, UserbotSession]]:
        """Raises Leaving where mirroring has stopped for the workspace, NotFound where the session is no more."""
        async with enter_room(self.installation, self.workspace_id) as room:
            if room.workspace.state != workspaces.ACTIVE:
                raise Leaving
            async with room.transaction() as session:
                row = await userbots.linked(session, self.account_id)
                if row is None:
                    raise NotFound("userbot")
                yield session, row

    @asynccontextmanager
    async def writing(self, met: Sequence[Met]) -> AsyncIterator[AsyncSession]:
        """One transaction of the device for what is not `record`, with whom it met. Raises Leaving, NotFound."""
        async with self._writing() as (session, _row):
            await userbots.keep_peers(session, self.rows_of(met))
            yield session

    async def memory(self) -> Memory:
        """What the device remembers. Raises NotFound where the session is no more."""
        async with enter_room(self.installation, self.workspace_id) as room, room.reading() as session:
            row = await userbots.linked(session, self.account_id)
            if row is None:
                raise NotFound("userbot")
            return Memory(
                Key(row.dc_id, row.server_address, row.port, row.auth_key),
                UpdateState(row.pts, row.qts, row.date),
                await userbots.peers(session, self.account_id),
                chats_listed=row.dialogs_listed_at is not None,
                plan=Plan(row.reading_paused_at is not None, row.takeout_from, row.takeout_id),
            )

    async def record(
        self,
        seen: Sequence[Seen] = (),
        gone: Sequence[int] = (),
        *,
        reacted: Sequence[Reacted] = (),
        read: Sequence[Read] = (),
        met: Sequence[Met] = (),
        state: UpdateState | None = None,
        places: Sequence[Place] = (),
        shown: Sequence[Stretch] = (),
    ) -> None:
        """Take in what the device saw, together with how far it has come by it.

        What the vault holds in a stretch that was shown, and was not shown with it, is deleted.
        """
        now = self.installation.clock.now()
        async with self._writing() as (session, row):
            await userbots.keep_peers(session, self.rows_of(met))
            await mirror.record(session, seen, heard_at=now)
            for box, numbers in (await self._not_shown(session, shown, gone)).items():
                await mirror.record_gone(session, Gone(Source.USERBOT, self.account_id, tuple(numbers), now, box))
            if reacted:
                await reactions.record(session, self.account_id, reacted)
            await conversations.read(session, self.account_id, read)
            if state is not None:
                row.pts, row.qts, row.date = state.pts, state.qts, state.date
            await userbots.keep_places(session, [self._row(place, now) for place in places])
            ended = [place.peer_id for place in places if place.done and place.refused is None]
            refused = {place.peer_id: place.refused for place in places if place.refused is not None}
            await gaps.histories_ended(session, self.account_id, ended, refused, at=now)

    async def _not_shown(
        self, session: AsyncSession, shown: Sequence[Stretch], gone: Sequence[int]
    ) -> dict[int, list[int]]:
        """What is deleted, by box: what was told of the common one, and what is missing where a stretch was shown."""
        boxes: dict[int, list[int]] = {COMMON: [*gone]} if gone else {}
        for stretch in shown:
            missing = await messages.not_shown(session, self.account_id, [stretch])
            if missing:
                boxes.setdefault(box_of(stretch.peer_id), []).extend(missing)
        return boxes

    async def list_chats(
        self, found: Sequence[Chat], newest: Sequence[Seen], read: Sequence[Read], met: Sequence[Met], *, complete: bool
    ) -> None:
        """Take chats into the reading, with the newest message of each, so that the desk is of use at once."""
        now = self.installation.clock.now()
        async with self._writing() as (session, row):
            await userbots.keep_peers(session, self.rows_of(met))
            await mirror.record(session, newest, heard_at=now)
            await conversations.read(session, self.account_id, read)
            await userbots.add_chats(session, [self._listed(chat) for chat in found])
            if complete:
                row.dialogs_listed_at = now

    async def unread_chats(self) -> list[Backfill]:
        """The chats that are still to be read, in the order of reading."""
        async with enter_room(self.installation, self.workspace_id) as room, room.reading() as session:
            return await userbots.unread_chats(session, self.account_id)

    async def newest_known(self, peer_id: int) -> int:
        """The highest message id that the vault holds of the box in which a peer is."""
        async with enter_room(self.installation, self.workspace_id) as room, room.reading() as session:
            return await messages.newest_id(session, self.account_id, box_of(peer_id))

    async def read_again(self, state: UpdateState, *, missed_since: datetime) -> None:
        """Go on from a later state of the server that does not tell what happened before it.

        All that was written since, and all that could be changed since, is to be read from the chats themselves.
        """
        now = self.installation.clock.now()
        async with self._writing() as (session, row):
            gaps.missed(session, self.account_id, Source.USERBOT, Why.TOO_LONG, since=missed_since, until=now)
            await userbots.read_again(session, self.account_id, until=missed_since - EDIT_WINDOW)
            row.pts, row.qts, row.date, row.dialogs_listed_at = state.pts, state.qts, state.date, None

    async def renew_handle(self, message: int, handle: Json) -> None:
        """Keep the handle under which Telegram gives a message's file now, or go without where that cannot be."""
        with suppress(Leaving, NotFound, StorageError):
            async with self.writing(()) as session:
                await media.renew(session, message, handle)

    def rows_of(self, met: Sequence[Met]) -> list[dict[str, Any]]:
        """What the table of peers takes."""
        return [{"account_id": self.account_id, **{name: getattr(one, name) for name in Met.__slots__}} for one in met]

    def _listed(self, chat: Chat) -> dict[str, Any]:
        return {
            "account_id": self.account_id,
            "peer_id": chat.peer_id,
            "newest_at": chat.newest_at,
            "oldest_id": chat.newest_id,
            "read": 0,
        }

    def _row(self, place: Place, now: datetime) -> dict[str, Any]:
        return {
            "account_id": self.account_id,
            "peer_id": place.peer_id,
            "oldest_id": place.oldest_id,
            "total": place.total,
            "read": place.read,
            "done_at": now if place.done else None,
        }


async def devices(installation: Installation, workspace_id: int | None = None) -> list[tuple[Book, str]]:
    """Every userbot of the active workspaces, or of one, with the state of its session: linked, paused or revoked."""
    query = select(Workspace.id).where(col(Workspace.state) == workspaces.ACTIVE)
    query = query if workspace_id is None else query.where(col(Workspace.id) == workspace_id)
    routed = select(Route.workspace_id).where(col(Route.kind) == ACCOUNT)
    async with installation.registry.reading() as session:
        active = list(await session.exec(query.where(col(Workspace.id).in_(routed)).order_by(col(Workspace.id))))
    found: list[tuple[Book, str]] = []
    for number in active:
        async with enter_room(installation, number or 0) as room, room.reading() as session:
            rows = [row for row in await userbots.all_sessions(session) if row.reason != userbots.UNLINKED]
        found += [(Book(installation, number or 0, row.account_id), _standing(row)) for row in rows]
    return found


def _standing(row: UserbotSession) -> str:
    return PAUSED if row.state == userbots.LINKED and row.paused_at is not None else row.state
