"""What the userbot of an account remembers between its connections: queries over its session, peers and reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, update
from sqlalchemy import select as sql_select
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import bulk
from storage.accounts import Backfill, Peer, UserbotSession
from storage.columns import Json, as_stored
from storage.gaps import Gap
from storage.groups import MIGRATED, Group
from storage.messages import CHANNELS

LINKED, REVOKED = "linked", "revoked"
UNLINKED = "unlinked"  # the reason of a session that the owner ended himself
KEEP_PLACES = """
    UPDATE backfills SET oldest_id = value ->> 'oldest_id', total = value ->> 'total', read = value ->> 'read',
        done_at = value ->> 'done_at'
    FROM json_each(?) WHERE account_id = value ->> 'account_id' AND peer_id = value ->> 'peer_id'
"""

TAKE_UP = f"""
    INSERT INTO backfills (account_id, peer_id, newest_at, read, until)
    SELECT account_id, peer_id, max(sent_at), 0, :until FROM messages
    WHERE account_id = :account_id AND peer_id > {CHANNELS} AND userbot AND peer_id NOT IN (
        SELECT peer_id FROM groups
        WHERE account_id = :account_id AND ended_at IS NOT NULL AND reason <> '{MIGRATED}')
    GROUP BY peer_id ON CONFLICT DO NOTHING
"""  # noqa: S608  every word is ours


@dataclass(frozen=True, slots=True)
class Reading:
    """How far the history of an account has been read, in chats and in messages as the server counts them.

    The server counts a chat when its first page is asked for. `messages`: as many as it has counted by then.
    """

    chats: int
    chats_done: int
    messages: int
    listed: bool  # whether the number of chats is final
    read: int = 0  # messages; of a chat that is done, all
    counted: int = 0  # chats whose messages the server has counted
    uncounted: int = 0  # chats still to be read of which it has not

    @property
    def whole(self) -> bool:
        """Whether nothing is left to be read."""
        return self.listed and self.chats == self.chats_done

    @property
    def expected(self) -> int:
        """How many messages there may be in all: a chat that is not counted yet is taken for one like the others."""
        return self.messages + (self.uncounted * self.messages // self.counted if self.counted else self.uncounted)

    @property
    def share(self) -> float:
        """How much of it is read, of one."""
        if self.whole:
            return 1.0
        return min(self.read / self.expected, 0.99) if self.expected else 0.0


async def linked(session: AsyncSession, account_id: int) -> UserbotSession | None:
    """The account's session, where it is still of use."""
    row = await session.get(UserbotSession, account_id)
    return row if row is not None and row.state == LINKED else None


async def all_sessions(session: AsyncSession) -> list[UserbotSession]:
    """Every session of the workspace, ended ones included."""
    return list(await session.exec(select(UserbotSession)))


async def peers(session: AsyncSession, account_id: int) -> dict[int, int]:
    """The access hash of everybody this account's device has met."""
    query = select(Peer.peer_id, Peer.access_hash).where(col(Peer.account_id) == account_id)
    return dict((await session.exec(query)).all())


async def keep_peers(session: AsyncSession, met: Sequence[Json]) -> None:
    """Remember how to speak of people; the newest access hash and names count."""
    await bulk.insert(session, Peer, met, update=("access_hash", "username", "phone", "name"))


async def unread_chats(session: AsyncSession, account_id: int) -> list[Backfill]:
    """The chats whose history is not read to its end, those with the newest messages first."""
    here = (col(Backfill.account_id) == account_id, col(Backfill.done_at).is_(None))
    return list(await session.exec(select(Backfill).where(*here).order_by(col(Backfill.newest_at).desc())))


async def add_chats(session: AsyncSession, found: Sequence[Json]) -> None:
    """Take chats into the reading; one that is known stays as far as it was read."""
    await bulk.insert(session, Backfill, found, update=("newest_at",))


async def add_chat(session: AsyncSession, account_id: int, peer_id: int, *, at: datetime) -> None:
    """Take one chat into the reading, from its newest message on."""
    await add_chats(
        session, [{"account_id": account_id, "peer_id": peer_id, "newest_at": at, "oldest_id": None, "read": 0}]
    )


async def keep_places(session: AsyncSession, places: Sequence[Json]) -> None:
    """Write down how far chats were read: account_id and peer_id, with oldest_id, total, read and done_at."""
    await bulk.run(session, KEEP_PLACES, places)


async def read_again(session: AsyncSession, account_id: int, *, until: datetime) -> None:
    """Let every chat be read anew that is in the account's own count, newest first.

    Back to a time, or to its end where that was not reached before. Nor was it where the chat has a gap of its own: the
    reading ended there in a refusal. A chat that began while the device listened was never read: it is now, for where
    somebody deletes all of it, no list shows it any more. Groups that are mirrored no more are left.
    """
    over = (col(Group.account_id) == account_id, col(Group.ended_at).is_not(None), col(Group.reason) != MIGRATED)
    here = (col(Backfill.account_id) == account_id, col(Backfill.peer_id).not_in(select(Group.peer_id).where(*over)))
    counted = (*here, col(Backfill.peer_id) > CHANNELS)  # the others count their events themselves
    await session.exec(update(Backfill).where(*counted).values(**_anew(account_id, until)))
    facts = {"account_id": account_id, "until": as_stored(until)}
    await (await session.connection()).exec_driver_sql(TAKE_UP, facts)


async def read_chat_again(session: AsyncSession, account_id: int, peer_id: int, *, until: datetime) -> None:
    """The same for one chat."""
    one = (col(Backfill.account_id) == account_id, col(Backfill.peer_id) == peer_id)
    await session.exec(update(Backfill).where(*one).values(**_anew(account_id, until)))


def _anew(account_id: int, until: datetime) -> Json:
    lacking = select(Gap.peer_id).where(col(Gap.account_id) == account_id, col(Gap.closed_at).is_(None))
    broken = col(Backfill.done_at).is_(None) | col(Backfill.peer_id).in_(lacking.where(col(Gap.peer_id).is_not(None)))
    return {"until": case((broken, col(Backfill.until)), else_=until), "oldest_id": None, "read": 0, "done_at": None}


async def reading(session: AsyncSession, account_id: int) -> Reading:
    """How far the history of an account has been read."""
    done, total = col(Backfill.done_at), col(Backfill.total)
    query = sql_select(
        *(func.count(), func.count(done), func.coalesce(func.sum(total), 0)),
        func.coalesce(func.sum(case((done.is_(None), col(Backfill.read)), else_=total)), 0),
        func.count(total),
        func.count().filter(done.is_(None), total.is_(None)),
    )
    connection = await session.connection()
    row = (await connection.execute(query.where(col(Backfill.account_id) == account_id))).one()
    chats, chats_done, messages, read, counted, uncounted = row
    device = await session.get(UserbotSession, account_id)
    listed = device is not None and device.dialogs_listed_at is not None
    return Reading(chats, chats_done, messages, listed=listed, read=read, counted=counted, uncounted=uncounted)
