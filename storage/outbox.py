"""What is to be sent to Telegram, and what became of it."""

from datetime import datetime

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from storage.columns import Json, RegistryTable, TelegramId, VaultTable

DUE, SENDING, SENT, UNCERTAIN, REFUSED = "due", "sending", "sent", "uncertain", "refused"


class OutboxRow(SQLModel):
    """One delivery. `key` makes it one, however often the same cause asks for it."""

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    chat_id: int = Field(sa_type=TelegramId)
    what: str  # the kind of delivery: the sender knows how to make the call from it and the facts
    facts: Json = Field(default_factory=dict, sa_type=JSON)
    state: str = DUE
    due_at: datetime
    attempts: int = 0
    reason: str | None = None  # why it was refused or is uncertain
    sent_at: datetime | None = None
    sent_as: int | None = None  # the message id that Telegram gave


class Delivery(OutboxRow, VaultTable, table=True):
    """A delivery of this workspace."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_state", "state", "due_at"),)


class Notice(OutboxRow, RegistryTable, table=True):
    """A delivery that must reach a person even when his workspace's vault is gone."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_state", "state", "due_at"),)
