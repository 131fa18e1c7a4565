"""Who works in which workspace, and the invitations by which they come in."""

from datetime import datetime

from sqlmodel import Field

from storage.columns import RegistryTable, TelegramId


class Membership(RegistryTable, table=True):
    """One person's seat in one workspace."""

    __tablename__ = "memberships"

    workspace_id: int = Field(primary_key=True, foreign_key="workspaces.id", ondelete="CASCADE")
    person_id: int = Field(
        sa_type=TelegramId, primary_key=True, foreign_key="people.id", ondelete="CASCADE", index=True
    )
    role: str  # owner, admin, agent, viewer
    joined_at: datetime


class Invitation(RegistryTable, table=True):
    """A one-time code; only its digest is kept. Without a workspace it lets a person open one of his own."""

    __tablename__ = "invitations"

    digest: str = Field(primary_key=True)
    workspace_id: int | None = Field(default=None, foreign_key="workspaces.id", ondelete="CASCADE")
    role: str = "owner"
    made_by: int | None = Field(default=None, sa_type=TelegramId)  # nobody: the installation itself
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    used_by: int | None = Field(default=None, sa_type=TelegramId)
