"""What people agreed to, when, and in which version of the words."""

from datetime import datetime

from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import RegistryTable, TelegramId

POLICY, ADULT, USERBOT = "policy", "adult", "userbot"


class Consent(RegistryTable, table=True):
    """One agreement; withdrawing keeps the row and its dates."""

    __tablename__ = "consents"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(sa_type=TelegramId, foreign_key="people.id", ondelete="CASCADE", index=True)
    what: str  # policy, adult, userbot
    version: str
    given_at: datetime
    withdrawn_at: datetime | None = None


async def all_of(session: AsyncSession, person_id: int) -> list[Consent]:
    """Everything this person agreed to, in order of time."""
    query = select(Consent).where(col(Consent.person_id) == person_id)
    return list(await session.exec(query.order_by(col(Consent.given_at), col(Consent.id))))


async def standing(session: AsyncSession, person_id: int, what: str) -> Consent | None:
    """The newest agreement of a kind that was not withdrawn."""
    here = (col(Consent.person_id) == person_id, col(Consent.what) == what, col(Consent.withdrawn_at).is_(None))
    return (await session.exec(select(Consent).where(*here).order_by(col(Consent.id).desc()))).first()
