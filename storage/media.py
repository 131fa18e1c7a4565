"""What files messages carry, and where Telegram keeps them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import JSON, ColumnElement, Index, and_, case, delete, false, func, text, update
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from storage.columns import Json, VaultTable
from storage.messages import Message
from storage.notes import NoteFile


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
    __table_args__ = (Index("ix_media_due_at", "due_at", sqlite_where=text("due_at IS NOT NULL")),)

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
    due_at: datetime | None = None  # when it is to be fetched and kept; None: not by itself
    tries: int = 0  # to keep it that brought nothing
    missed: str | None = None  # why the last one did not: a reason of `crm.errors.NotNow`
    half: str | None = None  # the name of what came of it before
    half_of: str | None = None  # which content that is a half of; see `crm.ports.FileRoads`


class Waiting(NamedTuple):
    """Files that are not kept for one reason; None: they were not tried yet. `final`: nor will they be."""

    reason: str | None
    final: bool
    files: int


async def of_messages(session: AsyncSession, messages: Iterable[int]) -> dict[int, Media]:
    """What these messages carry; one without a file is not there."""
    query = select(Media).where(col(Media.message).in_(list(messages)))
    return {media.message: media for media in await session.exec(query)}


async def due(
    session: AsyncSession, now: datetime, limits: Mapping[str, int], *, count: int
) -> Sequence[tuple[int, Media]]:
    """Files that are to be kept now, with their accounts: those never tried first, of these the newest.

    What is due is not kept, so the index of the few that are due is all that is asked.
    """
    query = _listed(limits).where(col(Media.due_at) <= now)
    return (await session.exec(query.order_by(col(Media.tries), col(Media.message).desc()).limit(count))).all()


async def older(
    session: AsyncSession, limits: Mapping[str, int], *, below: int | None, count: int
) -> Sequence[tuple[int, Media]]:
    """Files that a road leads to and that nobody will keep by himself, the newest below a message first."""
    query = _listed(limits).where(col(Media.kept).is_(None), *_OLDER)
    if below is not None:
        query = query.where(col(Media.message) < below)
    return (await session.exec(query.order_by(col(Media.message).desc()).limit(count))).all()


async def older_in_all(session: AsyncSession, limits: Mapping[str, int]) -> tuple[int, int]:
    """How many `older` ones there are, and their bytes."""
    query = select(func.count(), func.coalesce(func.sum(Media.size), 0)).select_from(Media)
    count, size = (await session.exec(query.where(col(Media.kept).is_(None), _fits(limits), *_OLDER))).one()
    return count, size or 0


async def waiting(session: AsyncSession) -> list[Waiting]:
    """What is to be kept and is not yet, or could not be."""
    final = col(Media.due_at).is_(None)
    query = select(Media.missed, final, func.count()).where(
        col(Media.kept).is_(None), ~final | col(Media.missed).is_not(None)
    )
    return [Waiting(*row) for row in await session.exec(query.group_by(col(Media.missed), final))]


async def want(session: AsyncSession, message: int, due_at: datetime) -> None:
    """Let the file of a message be kept from this moment on."""
    values = {"due_at": due_at, "tries": 0, "missed": None}
    await session.exec(update(Media).where(_not_kept(message)).values(values))


async def begin(session: AsyncSession, message: int, name: str, content: str) -> None:
    """Something of the file came: it is gone on with under this name, if the content is the same then."""
    values = {"half": name, "half_of": content, "tries": 0}
    await session.exec(update(Media).where(col(Media.message) == message).values(values))


async def renew(session: AsyncSession, message: int, handle: Json) -> None:
    """Reach the file of a message by a newer handle, if it carries the same file still."""
    same = func.json_extract(Media.userbot, "$.id") == handle["id"]
    await session.exec(update(Media).where(col(Media.message) == message, same).values(userbot=handle))


async def miss(session: AsyncSession, message: int, reason: str, due_at: datetime | None) -> None:
    """A try to keep the file of a message failed; `due_at` is when the next follows, None for never."""
    values = {"tries": col(Media.tries) + 1, "missed": reason, "due_at": due_at}
    await session.exec(update(Media).where(_not_kept(message)).values(values))


async def keep(session: AsyncSession, media: Media, file: KeptFile) -> str:
    """Let a message have this file; the name under which its content lies, which may be there already."""
    name = await place(session, file)
    values = {"due_at": None, "tries": 0, "missed": None, "half": None, "half_of": None}
    session.add(media.sqlmodel_update({**values, "kept": name}))
    return name


async def place(session: AsyncSession, file: KeptFile) -> str:
    """Let a file be known; the name under which its content lies, which may be there already."""
    there = (await session.exec(select(KeptFile.name).where(col(KeptFile.digest) == file.digest))).first()
    if there is None:
        session.add(file)
        await session.flush()
    return there or file.name


async def lose(session: AsyncSession, name: str) -> None:
    """A kept file is not whole any more: its messages have it at Telegram alone again."""
    await session.exec(delete(KeptFile).where(col(KeptFile.name) == name))


async def sweep(session: AsyncSession) -> tuple[set[str], set[str]]:
    """Forget files that no message and no note carries any more.

    Returns the names of those that go and of those that stay.
    """
    carried = (select(table.kept).where(col(table.kept).is_not(None)) for table in (Media, NoteFile))
    here = (col(KeptFile.name).not_in(one) for one in carried)
    gone = await session.exec(delete(KeptFile).where(*here).returning(col(KeptFile.name)))
    halves = await session.exec(select(Media.half).where(col(Media.due_at).is_not(None), col(Media.half).is_not(None)))
    return set(gone.scalars()), {*await session.exec(select(KeptFile.name)), *(name for name in halves if name)}


async def kept(session: AsyncSession) -> tuple[int, int]:
    """How many files are kept, and their bytes."""
    return (await session.exec(select(func.count(), func.coalesce(func.sum(KeptFile.size), 0)))).one()


_OLDER = (
    col(Media.due_at).is_(None),
    col(Media.file_id).is_not(None) | func.json_extract(Media.userbot, "$.id").is_not(None),
)


def _listed(limits: Mapping[str, int]) -> Select[int, Media]:
    query = select(Message.account_id, Media).join(Message, col(Message.id) == col(Media.message))
    return query.where(_fits(limits))


def _fits(limits: Mapping[str, int]) -> ColumnElement[bool]:
    """Whether a file is of a kind, and no larger than what is kept of it."""
    if not limits:
        return false()
    return func.coalesce(Media.size, 0) <= case(dict(limits), value=col(Media.kind), else_=-1)


def _not_kept(message: int) -> ColumnElement[bool]:
    return and_(col(Media.message) == message, col(Media.kept).is_(None))
