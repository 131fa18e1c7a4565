"""What files messages carry, and where Telegram keeps them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import JSON, delete, func, update
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import Json, VaultTable
from storage.messages import Message


class KeptFile(VaultTable, table=True):
    """A file that lies encrypted beside the vault, once however many messages carry it; see `storage.media_store`."""

    __tablename__ = "kept_files"

    name: str = Field(primary_key=True)  # on the disk
    digest: str = Field(unique=True)  # of the content, keyed
    size: int  # bytes
    kept_at: datetime


class Media(VaultTable, table=True):
    """The file of one message: described here, fetched from Telegram when somebody asks for it, or kept."""

    __tablename__ = "media"

    message: int = Field(primary_key=True, foreign_key="messages.id", ondelete="CASCADE")
    kind: str = Field(index=True)
    mime: str | None = None
    name: str | None = None
    size: int | None = None  # bytes
    width: int | None = None
    height: int | None = None
    duration: int | None = None  # seconds
    file_id: str | None = None  # the Bot API's own handle, good for this bot alone
    userbot: Json | None = Field(default=None, sa_type=JSON)  # id, access hash, file reference, as the userbot saw them
    kept: str | None = Field(default=None, foreign_key="kept_files.name", ondelete="SET NULL", index=True)
    tries: int = 0  # to keep it, that failed
    due_at: datetime | None = None  # when it is tried again; None: never was, or will not be
    missed: str | None = None  # why the last try failed: a reason of `crm.errors.NotNow`


async def of_messages(session: AsyncSession, messages: Iterable[int]) -> dict[int, Media]:
    """What these messages carry; one without a file is not there."""
    query = select(Media).where(col(Media.message).in_(list(messages)))
    return {media.message: media for media in await session.exec(query)}


async def keep(session: AsyncSession, message: int, file: KeptFile) -> str | None:
    """Let a message have this file; the name under which its content lies, which may be there already.

    None where the message carries no file any more: it was erased while the file came.
    """
    if await session.get(Media, message) is None:
        return None
    there = (await session.exec(select(KeptFile.name).where(col(KeptFile.digest) == file.digest))).first()
    if there is None:
        session.add(file)
        await session.flush()
    name = there or file.name
    await session.exec(update(Media).where(col(Media.message) == message).values(kept=name, due_at=None, missed=None))
    return name


async def to_keep(session: AsyncSession, now: datetime, *, at_most: int, limit: int) -> Sequence[tuple[int, Media]]:
    """Files of at most so many bytes that are to be kept and were not yet, the newest first."""
    query = select(Message.account_id, Media).join(Message, col(Message.id) == col(Media.message))
    due = (col(Media.tries) == 0) | (col(Media.due_at) <= now)
    query = query.where(col(Media.kept).is_(None), due, func.coalesce(Media.size, 0) <= at_most)
    return (await session.exec(query.order_by(col(Media.tries), col(Media.message).desc()).limit(limit))).all()


async def miss(session: AsyncSession, message: int, reason: str, due_at: datetime | None) -> None:
    """A try to keep the file of a message failed; `due_at` is when the next follows, None for never."""
    facts = {"tries": col(Media.tries) + 1, "missed": reason, "due_at": due_at}
    await session.exec(update(Media).where(col(Media.message) == message).values(facts))


async def lose(session: AsyncSession, name: str) -> None:
    """A kept file is not whole any more: its messages have it at Telegram alone again."""
    await session.exec(delete(KeptFile).where(col(KeptFile.name) == name))


async def sweep(session: AsyncSession) -> tuple[set[str], set[str]]:
    """Forget files that no message carries any more. Returns the names of those that go and of those that stay."""
    carried = select(Media.kept).where(col(Media.kept).is_not(None))
    gone = await session.exec(delete(KeptFile).where(col(KeptFile.name).not_in(carried)).returning(col(KeptFile.name)))
    return set(gone.scalars()), set(await session.exec(select(KeptFile.name)))


async def kept(session: AsyncSession) -> tuple[int, int]:
    """How many files are kept, and their bytes."""
    return (await session.exec(select(func.count(), func.coalesce(func.sum(KeptFile.size), 0)))).one()
