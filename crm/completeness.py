"""What the vault has of each conversation, what it lacks and since when: only what can be proved, and the rest named.

Why deletions before the first sight are not counted: docs/decisions/0007-what-completeness-may-say.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from crm import pages
from crm.access import Desk, Power
from crm.gaps import Why
from crm.pages import Page
from storage import accounts, contacts, gaps, groups, masks, userbots
from storage.accounts import Account, Backfill, BusinessConnection, UserbotSession
from storage.contacts import Contact
from storage.conversations import Conversation
from storage.gaps import Gap
from storage.groups import REMOVED, Group
from storage.userbots import LINKED, Reading


class Extent(Enum):
    """How far back a conversation is known."""

    WHOLE = auto()  # to the beginning of what Telegram still had
    READING = auto()  # a linked device is on its way there
    BROKEN = auto()  # a linked device did not get there: the chat has a gap that says why
    CONNECTED = auto()  # from the moment of the Business connection on
    SILENT = auto()  # no road leads to the account any more
    UNPICKED = auto()  # a group that its owner lets be mirrored no more
    REMOVED = auto()  # a group that the account is not in any more


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is known of one conversation. `since`: when it began to be heard, or stopped to be where it is silent."""

    extent: Extent
    since: datetime
    gaps: Sequence[Gap] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """One account as a whole; the reading counts where a device was ever linked."""

    account: Account
    extent: Extent
    since: datetime
    reading: Reading


@dataclass(frozen=True, slots=True)
class Lack:
    """One gap, with the account and, where it is of one chat alone, the person."""

    gap: Gap
    account: Account
    contact: Contact | None


@dataclass(frozen=True, slots=True)
class Ledger:
    """The accounts, and one page of all gaps: those that are open first."""

    heard: Sequence[Heard]
    lacks: Page[Lack]


async def of_threads(session: AsyncSession, contact: Contact, threads: Sequence[Conversation]) -> dict[int, Coverage]:
    """What is known of a contact's conversations, by their ids, in a constant number of queries."""
    ids = [thread.account_id for thread in threads]
    roads = {account.id: (account, *rest) for account, *rest in await accounts.with_roads(session)}
    peer_id = await contacts.number_at_telegram(session, contact.id or 0)
    picked = await groups.of_peer(session, peer_id, ids) if contact.is_group else {}
    query = select(Backfill).where(col(Backfill.peer_id) == peer_id, col(Backfill.account_id).in_(ids))
    read = {row.account_id: row for row in await session.exec(query)}
    lacking = [gap for gap in await gaps.open_of(session, ids) if gap.peer_id in {None, peer_id}]
    found: dict[int, Coverage] = {}
    for thread in threads:
        own = [gap for gap in lacking if gap.account_id == thread.account_id]
        group = picked.get(thread.account_id)
        extent, since = _heard(*roads[thread.account_id], group=group)  # type: ignore[arg-type]  # what was unpacked above
        if extent is Extent.WHOLE:
            extent = _read(read.get(thread.account_id), roads[thread.account_id][2], own)  # type: ignore[arg-type]  # as above
        found[thread.id or 0] = Coverage(extent, since, own)
    return found


async def ledger(desk: Desk, *, page: int = 0) -> Ledger:
    """What /status leads to: how each account is heard, and every gap."""
    desk.need(Power.READ)
    async with desk.reading() as session:
        roads = await accounts.with_roads(session)
        heard = [Heard(road[0], *_heard(*road), await userbots.reading(session, road[0].id)) for road in roads]
        here: Page[Lack] = pages.place(page, await gaps.count(session))
        shown = await gaps.page(session, offset=here.offset, limit=pages.SIZE)
        peers = [gap.peer_id for gap in shown if gap.peer_id is not None]
        known = select(Contact.telegram_id, Contact).where(col(Contact.telegram_id).in_(peers))
        by_peer: dict[int | None, Contact] = dict((await session.exec(known, execution_options=masks.BARE)).all())
        by_id = {road[0].id: road[0] for road in roads}
        return Ledger(
            heard, here.with_items([Lack(gap, by_id[gap.account_id], by_peer.get(gap.peer_id)) for gap in shown])
        )


def _heard(
    account: Account,
    business: BusinessConnection | None,
    userbot: UserbotSession | None,
    *,
    group: Group | None = None,
) -> tuple[Extent, datetime]:
    """How an account, or one group of it, is heard, and since when; the linked device counts more: it knows the past.

    A group is heard by it alone, from when it was picked until it was dropped or left.
    """
    if group is not None:
        if group.ended_at is not None:
            return Extent.REMOVED if group.reason == REMOVED else Extent.UNPICKED, group.ended_at
        business = None
    if userbot is not None and userbot.state == LINKED:
        return Extent.WHOLE, max(userbot.linked_at, group.picked_at) if group is not None else userbot.linked_at
    if business is not None and business.enabled:
        return Extent.CONNECTED, business.connected_at
    ended = [road.changed_at for road in (business, userbot) if road is not None]
    return Extent.SILENT, max(ended, default=account.connected_at)


def _read(reading: Backfill | None, userbot: UserbotSession, lacking: Sequence[Gap]) -> Extent:
    """How far a linked device has read one chat. One that is not in its list began after the list was made."""
    if any(gap.why in {Why.REFUSED, Why.UNREACHABLE} for gap in lacking):
        return Extent.BROKEN
    read = userbot.dialogs_listed_at is not None if reading is None else reading.done_at is not None
    return Extent.WHOLE if read else Extent.READING
