"""The people the business talks to."""

from datetime import datetime

from sqlmodel import Field

from storage.columns import TelegramId, VaultTable


class Contact(VaultTable, table=True):
    """One person, however many of the workspace's accounts he writes to."""

    __tablename__ = "contacts"

    id: int | None = Field(default=None, primary_key=True)
    telegram_id: int = Field(sa_type=TelegramId, unique=True)
    first_name: str = ""
    last_name: str | None = None
    username: str | None = Field(default=None, index=True)
    phone: str | None = Field(default=None, index=True)
    language: str | None = None
    is_bot: bool = False
    first_seen_at: datetime  # when the mirror first heard of this person
    last_message_at: datetime | None = Field(default=None, index=True)

    @property
    def name(self) -> str:
        """The name as Telegram shows it; the id where a person has none left."""
        return " ".join(part for part in (self.first_name, self.last_name) if part) or f"#{self.telegram_id}"
