"""`wysper accept`: go on with an older copy of a vault that the operator has brought back on purpose."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bot.clock import SystemClock
from bot.config import load
from bot.opening import opened


async def accept(path: Path, workspace_id: int, *, say: Callable[[str], None]) -> None:
    """Take the vault as it stands. Raises ConfigError or StorageError, also where the installation is running."""
    async with opened(load(path), SystemClock()) as installation:
        await installation.vaults.accept(workspace_id)
        async with installation.vaults.open(workspace_id):
            say(f"Workspace {workspace_id} goes on as it was when this copy was made.")
