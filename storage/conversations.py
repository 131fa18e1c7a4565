"""One contact on one account."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from storage.columns import TelegramId, VaultTable


class Conversation(VaultTable, table=True):
    """The thread between one contact and one connected account."""

    __tablename__ = "conversations"
    __table_args__ = (UniqueConstraint("contact_id", "account_id"),)

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = Field(foreign_key="contacts.id", ondelete="CASCADE")
    account_id: int = Field(sa_type=TelegramId, foreign_key="accounts.id", ondelete="CASCADE", index=True)
    first_message_at: datetime | None = None
    last_message_at: datetime | None = Field(default=None, index=True)
    last_inbound_at: datetime | None = None
    waiting_since: datetime | None = Field(default=None, index=True)  # the oldest client's message not answered yet
    message_count: int = 0
