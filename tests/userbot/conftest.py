"""Olga's shop: her account in a world with a real MTProto server, and her workspace's vault, where userbots run."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import opening
from crm.installation import Rules
from sandbox.mtproto import MTProto
from sandbox.world import World
from tests.people import configured
from tests.userbot.shop import Shop


@pytest.fixture
async def shop(furnished: Path, tmp_path: Path) -> AsyncIterator[Shop]:
    """Olga's workspace and her account, which has no userbot yet."""
    shutil.copytree(furnished, tmp_path, dirs_exist_ok=True)
    world = World()
    server = MTProto(world)
    await server.start()
    async with opening.opened(configured(tmp_path), world.clock) as installation:
        shop = Shop(world, server, replace(installation, rules=Rules(open_sign_up=True)))
        await shop.opens()
        try:
            yield shop
        finally:
            await shop.closes()
            await server.stop()
            left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            assert not left, f"tasks were left behind: {left}"
