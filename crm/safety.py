"""How a linked device stands with Telegram: what its owner sees of it, and the brakes that are in his hands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crm import audit, past
from crm.access import Desk, Power, enter_room
from crm.errors import NotFound
from crm.notices import tell_owner
from crm.past import Past
from crm.ports import DeviceFacts, LinkedDevices
from crm.roads import Roads
from crm.userbots import Book
from storage import floods, userbots
from storage.accounts import Account
from storage.floods import FloodDay

LATELY = timedelta(days=7)
FROZEN = "userbot_frozen"  # what the outbox calls this notice


@dataclass(frozen=True, slots=True)
class Safety:
    """One account's device. `facts` is what Telegram says of it now; None where it cannot be asked."""

    roads: Roads
    past: Past
    floods: Sequence[FloodDay]
    facts: DeviceFacts | None


async def look(desk: Desk, devices: LinkedDevices, account_id: int) -> Safety:
    """How the device of an account stands. Raises NotFound where it never had one."""
    desk.need(Power.MANAGE)
    how = await past.look(desk, devices, account_id)
    place = (desk.workspace.id or 0, account_id)
    async with desk.reading() as session:
        lately = await floods.since(session, account_id, (desk.installation.clock.now() - LATELY).date())
    return Safety(how.roads, how, lately, await devices.inspect(*place))


async def pause(desk: Desk, devices: LinkedDevices, account_id: int) -> None:
    """Let the device hang up and stay linked, also over a restart. Raises NotFound."""
    await _set(desk, account_id, "account.paused", paused_at=desk.installation.clock.now())
    await devices.pause(desk.workspace.id or 0, account_id)


async def resume(desk: Desk, devices: LinkedDevices, account_id: int) -> None:
    """Let it connect again; it reads what it has missed. Raises NotFound."""
    await _set(desk, account_id, "account.resumed", paused_at=None)
    await devices.resume(desk.workspace.id or 0)


async def end_others(desk: Desk, devices: LinkedDevices, account_id: int) -> None:
    """Log every other device of the account out, phones included.

    Raises NotFound, NotNow("offline") and NotNow("too_fresh") where Telegram does not let so young a device do it.
    """
    desk.need(Power.MANAGE)
    async with desk.reading() as session:
        if await userbots.linked(session, account_id) is None:
            raise NotFound("device")
    await devices.end_others(desk.workspace.id or 0, account_id)
    async with desk.transaction() as session:
        audit.record(desk, session, "account.others_logged_out", f"account:{account_id}")


async def flooded(book: Book, seconds: int) -> None:
    """Take note that Telegram asked the device to wait."""
    async with enter_room(book.installation, book.workspace_id) as room, room.transaction() as session:
        await floods.add(session, book.account_id, book.installation.clock.now().date(), seconds)


async def frozen(book: Book, reason: str) -> None:
    """Take note that Telegram froze the account: the device pauses until its owner resumes it, and he is told."""
    now = book.installation.clock.now()
    async with enter_room(book.installation, book.workspace_id) as room, room.transaction() as session:
        row = await userbots.linked(session, book.account_id)
        if row is None:
            return
        row.paused_at, row.reason, row.changed_at = now, reason, now
        account = await session.get_one(Account, book.account_id)
        await tell_owner(room, session, FROZEN, f"{book.account_id}:{now.isoformat()}", name=account.name)


async def _set(desk: Desk, account_id: int, act: str, *, paused_at: datetime | None) -> None:
    desk.need(Power.MANAGE)
    async with desk.transaction() as session:
        row = await userbots.linked(session, account_id)
        if row is None:
            raise NotFound("device")
        row.paused_at, row.reason, row.changed_at = paused_at, None, desk.installation.clock.now()
        audit.record(desk, session, act, f"account:{account_id}")
