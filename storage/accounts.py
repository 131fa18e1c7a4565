"""The Telegram accounts that a workspace has connected, and the two roads to each: Business connection and userbot."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import JSON, LargeBinary
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import Json, TelegramId, VaultTable


class Account(VaultTable, table=True):
    """One connected Telegram account; its id is the account's own user id."""

    __tablename__ = "accounts"

    id: int = Field(sa_type=TelegramId, primary_key=True)
    first_name: str = ""
    last_name: str | None = None
    username: str | None = None
    phone: str | None = None
    connected_at: datetime

    @property
    def name(self) -> str:
        """The name as Telegram shows it; the id where there is none."""
        return " ".join(part for part in (self.first_name, self.last_name) if part) or f"#{self.id}"


class BusinessConnection(VaultTable, table=True):
    """The official road to an account. Telegram gives a new id with each change: a route, never an identity."""

    __tablename__ = "business_connections"

    account_id: int = Field(sa_type=TelegramId, primary_key=True, foreign_key="accounts.id", ondelete="CASCADE")
    connection_id: str
    user_chat_id: int = Field(sa_type=TelegramId)
    enabled: bool = True
    rights: Json = Field(default_factory=dict, sa_type=JSON)
    connected_at: datetime
    changed_at: datetime


class UserbotSession(VaultTable, table=True):
    """What the userbot needs to go on as a device of the account: the authorisation key and its update state."""

    __tablename__ = "userbot_sessions"

    account_id: int = Field(sa_type=TelegramId, primary_key=True, foreign_key="accounts.id", ondelete="CASCADE")
    dc_id: int
    server_address: str
    port: int
    auth_key: bytes = Field(sa_type=LargeBinary, repr=False)
    state: str = "linked"  # or revoked
    reason: str | None = None
    linked_at: datetime
    changed_at: datetime  # when its state last changed
    paused_at: datetime | None = None  # linked, and silent until its owner resumes it
    limited_at: datetime | None = None  # when Telegram last forbade it to write to people (PEER_FLOOD)
    pts: int = 0
    qts: int = 0
    date: datetime | None = None
    dialogs_listed_at: datetime | None = None  # the backfill knows every chat only after the list was read to its end
    reading_paused_at: datetime | None = None  # what is new comes in, and nothing older is read
    takeout_from: datetime | None = None  # Telegram's export mode is wished for, and may begin then
    takeout_id: int | None = Field(default=None, sa_type=TelegramId)  # the one that is open


class Peer(VaultTable, table=True):
    """An access hash: without it a bare user id means nothing to Telegram in a fresh session."""

    __tablename__ = "peers"

    account_id: int = Field(sa_type=TelegramId, primary_key=True, foreign_key="accounts.id", ondelete="CASCADE")
    peer_id: int = Field(sa_type=TelegramId, primary_key=True)
    access_hash: int = Field(sa_type=TelegramId)
    username: str | None = Field(default=None, index=True)
    phone: str | None = None
    name: str | None = None


class Backfill(VaultTable, table=True):
    """How far the history of one chat has been read, newest first, so that reading goes on where it stopped."""

    __tablename__ = "backfills"

    account_id: int = Field(sa_type=TelegramId, primary_key=True, foreign_key="accounts.id", ondelete="CASCADE")
    peer_id: int = Field(sa_type=TelegramId, primary_key=True)
    newest_at: datetime  # the order in which chats are read
    oldest_id: int | None = None  # the next page is older than this
    total: int | None = None  # as the server counts
    read: int = 0  # messages of it, in this reading
    done_at: datetime | None = None
    until: datetime | None = None  # read again after a gap: nothing sent before this can have changed in it


WITH_ROADS = (
    select(Account, BusinessConnection, UserbotSession)
    .outerjoin(BusinessConnection, col(BusinessConnection.account_id) == col(Account.id))
    .outerjoin(UserbotSession, col(UserbotSession.account_id) == col(Account.id))
    .order_by(col(Account.connected_at))
)


async def with_roads(
    session: AsyncSession, account_id: int | None = None
) -> Sequence[tuple[Account, BusinessConnection | None, UserbotSession | None]]:
    """Every connected account, the first connected first, or this one, with what leads to it."""
    query = WITH_ROADS if account_id is None else WITH_ROADS.where(col(Account.id) == account_id)
    return (await session.exec(query)).all()


async def touch(session: AsyncSession, account: Account) -> Account:
    """Insert the account, or bring its names up to date."""
    known = await session.get(Account, account.id)
    if known is None:
        session.add(account)
        return account
    for name in ("first_name", "last_name", "username"):
        setattr(known, name, getattr(account, name))
    known.phone = account.phone or known.phone
    session.add(known)
    return known


async def forget_session(session: AsyncSession, account_id: int, *, reason: str, at: datetime) -> None:
    """Mark the userbot of an account as ended by Telegram or by the owner; its key is of no more use and goes."""
    linked = await session.get(UserbotSession, account_id)
    if linked is not None:
        linked.state, linked.reason, linked.auth_key, linked.changed_at = "revoked", reason, b"", at
        session.add(linked)
