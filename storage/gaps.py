"""The ledger of what a mirror lacks: each stretch of time in which an account or a chat was not heard whole."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import JSON, func, or_, update
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.accounts import Backfill, UserbotSession
from storage.columns import Json, TelegramId, VaultTable


class Gap(VaultTable, table=True):
    """One gap. Its beginning is unknown where nothing was ever heard before it; it goes on while it has no end."""

    __tablename__ = "gaps"

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(sa_type=TelegramId, foreign_key="accounts.id", ondelete="CASCADE", index=True)
    peer_id: int | None = Field(default=None, sa_type=TelegramId)  # None: every chat of the account
    source: str  # business or userbot: which of the two did not hear
    why: str  # see crm.gaps.Why
    begun_at: datetime | None = None
    ended_at: datetime | None = None
    closed_at: datetime | None = None  # when what it lacked was fetched
    closed_by: str | None = None  # history (its chats were read again) or check (a comparison with the account)
    facts: Json = Field(
        default_factory=dict, sa_type=JSON
    )  # counts of what was found, or Telegram's word for a refusal


async def open_of(session: AsyncSession, account_ids: Sequence[int]) -> Sequence[Gap]:
    """The gaps of these accounts that nothing has closed, the newest first."""
    query = select(Gap).where(col(Gap.account_id).in_(list(account_ids)), col(Gap.closed_at).is_(None))
    return (await session.exec(query.order_by(col(Gap.id).desc()))).all()


async def of_chat(session: AsyncSession, account_id: int, peer_id: int) -> Sequence[Gap]:
    """What was ever lacking of one chat, the gaps of its whole account included, the newest first."""
    here = or_(col(Gap.peer_id) == peer_id, col(Gap.peer_id).is_(None))
    query = select(Gap).where(col(Gap.account_id) == account_id, here)
    return (await session.exec(query.order_by(col(Gap.id).desc()))).all()


async def count(session: AsyncSession) -> int:
    """How many there ever were."""
    return (await session.exec(select(func.count()).select_from(Gap))).one()


async def page(session: AsyncSession, *, offset: int, limit: int) -> Sequence[Gap]:
    """All there ever were: first what is open, then what was closed, each the newest first."""
    order = (col(Gap.closed_at).is_not(None), col(Gap.id).desc())
    return (await session.exec(select(Gap).order_by(*order).offset(offset).limit(limit))).all()


async def close_chats(
    session: AsyncSession, account_id: int, peer_ids: Sequence[int], *, by: str, at: datetime
) -> None:
    """Close what was open of these chats alone."""
    mine = (col(Gap.account_id) == account_id, col(Gap.peer_id).in_(list(peer_ids)), col(Gap.closed_at).is_(None))
    await session.exec(
        update(Gap).where(*mine).values(closed_at=at, closed_by=by, ended_at=func.coalesce(Gap.ended_at, at))
    )


async def close_read(session: AsyncSession, account_id: int, *, by: str, at: datetime) -> None:
    """Close what was open of the whole account, once its chats are listed and none of them is still to be read."""
    unread = select(Backfill.peer_id).where(col(Backfill.account_id) == account_id, col(Backfill.done_at).is_(None))
    listed = select(UserbotSession.account_id).where(
        col(UserbotSession.account_id) == account_id, col(UserbotSession.dialogs_listed_at).is_not(None)
    )
    mine = (col(Gap.account_id) == account_id, col(Gap.peer_id).is_(None), col(Gap.closed_at).is_(None))
    ended = (col(Gap.ended_at).is_not(None), listed.exists(), ~unread.exists())
    await session.exec(update(Gap).where(*mine, *ended).values(closed_at=at, closed_by=by))
