"""What people agreed to, when, and in which version of the words."""

from datetime import datetime

from sqlmodel import Field

from storage.columns import RegistryTable, TelegramId


class Consent(RegistryTable, table=True):
    """One agreement; withdrawing keeps the row and its dates."""

    __tablename__ = "consents"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(sa_type=TelegramId, foreign_key="people.id", ondelete="CASCADE", index=True)
    what: str  # policy, adult, userbot
    version: str
    given_at: datetime
    withdrawn_at: datetime | None = None
