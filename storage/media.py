"""What files messages carry, and where Telegram keeps them."""

from collections.abc import Iterable

from sqlalchemy import JSON
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import Json, VaultTable


class Media(VaultTable, table=True):
    """The file of one message: described here, fetched from Telegram when somebody asks for it."""

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


async def of_messages(session: AsyncSession, messages: Iterable[int]) -> dict[int, Media]:
    """What these messages carry; one without a file is not there."""
    query = select(Media).where(col(Media.message).in_(list(messages)))
    return {media.message: media for media in await session.exec(query)}
