"""How the ledger of gaps is kept: what opens a gap and what closes it, in the transaction that brought the change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from crm.access import enter_room
from crm.installation import Installation
from crm.seen import Source
from storage import gaps, settings, userbots, workspaces
from storage.accounts import BusinessConnection
from storage.columns import Json
from storage.gaps import Gap

KEPT = timedelta(hours=24)  # Bot API: for so long Telegram keeps updates that nobody fetches
AWAKE = "awake_at"  # setting: when this vault's mirror was last known to run
HISTORY, CHECK = "history", "check"  # what closes a gap


class Why(StrEnum):
    """What made a gap."""

    TOO_LONG = "too_long"  # Telegram no longer told a linked device what had happened
    UNLINKED = "unlinked"  # the device was logged out, and linked again
    DISCONNECTED = "disconnected"  # the Business connection was taken off, and made again
    DOWNTIME = "downtime"  # nothing ran for longer than Telegram keeps updates
    REFUSED = "refused"  # Telegram does not give the history of a chat
    UNREACHABLE = "unreachable"  # the device does not know how to speak of this person to Telegram
    UNPICKED = "unpicked"  # the owner did not want this group for a time
    UNTOLD = "untold"  # something happened of which no update told; a comparison found it


def missed(
    session: AsyncSession,
    account_id: int,
    source: Source,
    why: Why,
    *,
    since: datetime | None,
    until: datetime | None,
    peer_id: int | None = None,
    facts: Json | None = None,
) -> Gap:
    """Write down that something was not heard. Without `until` it goes on."""
    gap = Gap(
        account_id=account_id,
        peer_id=peer_id,
        source=source,
        why=why,
        begun_at=since,
        ended_at=until,
        facts=facts or {},
    )
    session.add(gap)
    return gap


async def histories_ended(
    session: AsyncSession, account_id: int, read: Sequence[int], refused: dict[int, Json], *, at: datetime
) -> None:
    """Chats whose reading has come to its end: read as far as was asked, or refused (peer id → the refusal)."""
    if refused:
        known = {(gap.peer_id, gap.why) for gap in await gaps.open_of(session, [account_id])}
        for peer_id, facts in refused.items():
            why = Why.REFUSED if facts else Why.UNREACHABLE
            if (peer_id, why) not in known:
                missed(session, account_id, Source.USERBOT, why, since=None, until=None, peer_id=peer_id, facts=facts)
    if read:
        await gaps.close_chats(session, account_id, read, by=HISTORY, at=at)
    if read or refused:
        await chats_read(session, account_id, at=at)


async def chats_read(session: AsyncSession, account_id: int, *, at: datetime) -> None:
    """There may be no chat left that is still to be read: its history was, or nobody wants it any more."""
    await session.flush()
    await gaps.close_read(session, account_id, by=HISTORY, at=at)


async def connected_again(session: AsyncSession, account_id: int, *, off_since: datetime, now: datetime) -> None:
    """A Business connection that was taken off is there again; a linked device will have heard what it did not."""
    if await userbots.linked(session, account_id) is None:
        missed(session, account_id, Source.BUSINESS, Why.DISCONNECTED, since=off_since, until=now)


async def awake(installation: Installation, workspace_id: int, *, was_deaf: bool) -> None:
    """Take note that the mirror hears. Where it did not before: also of what Telegram has dropped meanwhile.

    Nothing is heard while nothing runs, the machine sleeps, or the Bot API is out of reach.

    A linked device asks for what it missed itself, and Telegram tells it where it no longer can.
    """
    now = installation.clock.now()
    async with enter_room(installation, workspace_id) as room, room.transaction() as session:
        before = await settings.read(session, AWAKE, default="")
        await settings.write(session, AWAKE, now.isoformat())
        asleep_since = datetime.fromisoformat(before) if before else now
        if not was_deaf or room.workspace.state != workspaces.ACTIVE or asleep_since >= now - KEPT:
            return
        for connection in await session.exec(select(BusinessConnection).where(col(BusinessConnection.enabled))):
            account_id = connection.account_id
            if await userbots.linked(session, account_id) is None:
                missed(session, account_id, Source.BUSINESS, Why.DOWNTIME, since=asleep_since, until=now - KEPT)
