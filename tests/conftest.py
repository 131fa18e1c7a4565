"""The running desk: the real app, built as in production, in a world of its own."""

from __future__ import annotations

import asyncio
import shutil
import ssl
from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

from bot import opening
from storage import dialect
from tests.people import Desk, Someone, configured, furnish, world_around

settings.register_profile("untimed", deadline=None)  # machines are noisy: no example fails for the time it takes
settings.load_profile("untimed")


@pytest.fixture(scope="session", autouse=True)
def _certificates_read_once() -> Iterator[None]:
    """aiogram reads the machine's certificates for each session, which takes as long as the rest of a start."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", cache(ssl.create_default_context))
        yield


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with Olga's workspace, where Boris and Vera are agents; made once, copied for each test."""
    folder = tmp_path_factory.mktemp("furnished")
    asyncio.run(furnish(configured(folder)))
    return folder


@pytest.fixture
async def empty_desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """Wysper on its first day: nobody is known here, and it runs only when the test starts it."""
    config = configured(tmp_path)
    await opening.make(config.storage)
    async with world_around(config) as desk:
        yield desk


@pytest.fixture
async def desk(furnished: Path, tmp_path: Path) -> AsyncIterator[Desk]:
    """Olga's workspace, running, with her Business account connected."""
    shutil.copytree(furnished, tmp_path, dirs_exist_ok=True)
    async with world_around(configured(tmp_path)) as desk:
        await desk.start()
        await desk.people["Olga"].connects_business()
        yield desk


@pytest.fixture
async def impatient(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The desk, where nobody waits long for a file that is held."""
    await desk.stop()
    monkeypatch.setattr(dialect, "BUSY_SECONDS", 0.05)
    await desk.start()
    return desk


@pytest.fixture
def olga(desk: Desk) -> Someone:
    """The owner; her clients write to her Business account."""
    return desk.people["Olga"]


@pytest.fixture
def boris(desk: Desk) -> Someone:
    """An agent in Olga's workspace."""
    return desk.people["Boris"]


@pytest.fixture
def vera(desk: Desk) -> Someone:
    """Another agent."""
    return desk.people["Vera"]


@pytest.fixture
def anna(desk: Desk) -> Someone:
    """A client."""
    return desk.people["Anna"]


@pytest.fixture
def chen(desk: Desk) -> Someone:
    """A client who writes Chinese."""
    return desk.people["Chen"]


@pytest.fixture
def mallory(desk: Desk) -> Someone:
    """Somebody whom nobody invited."""
    return desk.people["Mallory"]
