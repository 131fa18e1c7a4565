"""The past of a linked account: how far it is read, its brake, and Telegram's export mode for a long one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from crm import accounts, audit, notices
from crm.access import Desk, Power, Room, enter_room
from crm.errors import NotFound
from crm.ports import LinkedDevices
from crm.roads import Roads
from crm.userbots import Book
from storage import userbots
from storage.accounts import Account, UserbotSession
from storage.userbots import Reading

LONG = 20_000  # messages still to be read from which on it is offered: ten minutes, at a page in three seconds
TAKEOUT_DELAYED = "takeout_delayed"  # what the outbox calls this notice


@dataclass(frozen=True, slots=True)
class Past:
    """How the reading stands. `pace`: messages a second since it began on this connection; None while it does not."""

    roads: Roads
    device: UserbotSession
    reading: Reading
    pace: float | None
    waits_until: datetime | None

    @property
    def left(self) -> timedelta | None:
        """How long it still takes at this pace; None where that cannot be said."""
        if not self.pace or self.reading.whole or self.device.reading_paused_at is not None:
            return None
        return timedelta(seconds=max(self.reading.expected - self.reading.read, 0) / self.pace)

    @property
    def is_long(self) -> bool:
        """Whether enough is left for the export mode to be worth its question."""
        return not self.reading.whole and self.reading.expected - self.reading.read >= LONG


async def look(desk: Desk, devices: LinkedDevices, account_id: int) -> Past:
    """How far the past of an account is read. Raises NotFound where nothing is linked to it."""
    desk.need(Power.READ)
    roads = await accounts.roads(desk, devices, account_id)
    if roads.userbot is None:
        raise NotFound("device")
    place = (desk.workspace.id or 0, account_id)
    async with desk.reading() as session:
        reading = await userbots.reading(session, account_id)
    return Past(roads, roads.userbot, reading, devices.pace(*place), devices.waits_until(*place))


async def pause(desk: Desk, devices: LinkedDevices, account_id: int, *, on: bool) -> None:
    """Read nothing older until it is resumed, or go on; what is new comes in all the while. Raises NotFound."""
    async with _changing(desk, account_id, "account.past_paused" if on else "account.past_resumed") as row:
        row.reading_paused_at = desk.installation.clock.now() if on else None
    await devices.replan(desk.workspace.id or 0, account_id)


async def take_out(desk: Desk, devices: LinkedDevices, account_id: int, *, on: bool) -> None:
    """Ask Telegram for its export mode, or no longer. Raises NotFound."""
    async with _changing(desk, account_id, "account.takeout_asked" if on else "account.takeout_dropped") as row:
        row.takeout_from = desk.installation.clock.now() if on else None
    await devices.replan(desk.workspace.id or 0, account_id)


async def takeout_begun(book: Book, takeout_id: int) -> None:
    """Telegram has opened the export."""
    async with _keeping(book) as (_room, _session, row):
        row.takeout_id = takeout_id


async def takeout_delayed(book: Book, until: datetime) -> None:
    """Telegram wants some time to pass first: the owner is told when it begins by itself."""
    async with _keeping(book) as (room, session, row):
        row.takeout_from = until
        account = await session.get_one(Account, book.account_id)
        facts = {"name": account.name, "begins_at": until.isoformat()}
        await notices.tell_owner(room, session, TAKEOUT_DELAYED, f"{book.account_id}:{facts['begins_at']}", **facts)


async def takeout_lost(book: Book) -> None:
    """Telegram no longer knows the export: it is begun anew."""
    async with _keeping(book) as (_room, _session, row):
        row.takeout_id = None


async def takeout_ended(book: Book) -> None:
    """The history has been read, or there is no export to be had."""
    async with _keeping(book) as (_room, _session, row):
        row.takeout_id = row.takeout_from = None


@asynccontextmanager
async def _changing(desk: Desk, account_id: int, act: str) -> AsyncIterator[UserbotSession]:
    desk.need(Power.MANAGE)
    async with desk.transaction() as session:
        row = await userbots.linked(session, account_id)
        if row is None:
            raise NotFound("device")
        yield row
        audit.record(desk, session, act, f"account:{account_id}")


@asynccontextmanager
async def _keeping(book: Book) -> AsyncIterator[tuple[Room, AsyncSession, UserbotSession]]:
    """What the device has to write down. Raises NotFound where it is no more."""
    async with enter_room(book.installation, book.workspace_id) as room, room.transaction() as session:
        row = await userbots.linked(session, book.account_id)
        if row is None:
            raise NotFound("userbot")
        yield room, session, row
