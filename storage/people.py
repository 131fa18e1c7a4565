"""The people who use Wysper: owners and members, never their clients."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import RegistryTable, TelegramId


class Person(RegistryTable, table=True):
    """One user of the bot; the id is Telegram's."""

    __tablename__ = "people"

    id: int = Field(sa_type=TelegramId, primary_key=True)
    first_name: str = ""
    last_name: str | None = None
    username: str | None = None
    language: str | None = None  # chosen by the person; None: whatever Telegram speaks with him
    telegram_language: str | None = None  # as its code comes with his updates: pt-br, zh-hans
    menu: str | None = None  # which list of commands hangs in his chat with the bot
    workspace_id: int | None = None  # the workspace that is on the desk now
    first_seen_at: datetime

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.first_name, self.last_name) if part) or f"#{self.id}"

    @property
    def reads(self) -> str | None:
        """The code of the language to speak with him, where any is known."""
        return self.language or self.telegram_language


async def called(session: AsyncSession, ids: Collection[int]) -> dict[int, Person]:
    """The people with these ids, as far as they are known."""
    found = await session.exec(select(Person).where(col(Person.id).in_(ids)))
    return {person.id: person for person in found}


async def forget(session: AsyncSession, ids: Collection[int]) -> None:
    """Remove people, with their seats and consents."""
    await session.exec(delete(Person).where(col(Person.id).in_(ids)))
