"""Which workspace an update belongs to, before any vault is opened."""

from sqlmodel import Field

from storage.columns import RegistryTable, TelegramId


class Route(RegistryTable, table=True):
    """From something Telegram names in an update to a workspace."""

    __tablename__ = "routes"

    kind: str = Field(primary_key=True)  # business (a connection's id), account (a user id), team (a group's id)
    key: str = Field(primary_key=True)
    workspace_id: int = Field(foreign_key="workspaces.id", ondelete="CASCADE", index=True)
    account_id: int | None = Field(default=None, sa_type=TelegramId)  # of a group: none
