"""What stands in for the userbot where the operator has configured none."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from crm.errors import NotNow
from crm.ports import LoginStep


class NoDevices:
    """`crm.ports.Devices` without any device."""

    available = False

    async def link(self, workspace_id: int, show: Callable[[LoginStep], Awaitable[None]]) -> None:  # noqa: ARG002
        """Raises NotNow("unavailable")."""
        raise NotNow("unavailable")

    async def cancel_link(self, workspace_id: int) -> None:
        """Nothing is under way."""

    async def unlink(self, workspace_id: int, account_id: int) -> None:
        """Nothing is linked."""

    async def halt(self, workspace_id: int) -> None:
        """Nothing runs."""

    async def resume(self, workspace_id: int) -> None:
        """Nothing can run."""

    def state(self, workspace_id: int, account_id: int) -> str:  # noqa: ARG002
        """Always off."""
        return "off"
