"""What people agreed to, when, and in which version of the words."""

from sqlmodel import Field

from storage.columns import MaybeTime, RegistryTable, TelegramId, Time


class Consent(RegistryTable, table=True):
    """One agreement; withdrawing keeps the row and its dates."""

    __tablename__ = "consents"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(sa_type=TelegramId, foreign_key="people.id", ondelete="CASCADE", index=True)
    what: str  # policy, adult, userbot
    version: str
    given_at: Time
    withdrawn_at: MaybeTime = None
