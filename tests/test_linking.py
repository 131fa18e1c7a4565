"""The code in the chat that the phone scans: renewed, given up, begun again, and what follows a second password."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.devices import Linkable, link_under, linkable
from tests.people import OLGA
from userbot import login


@pytest.fixture
async def world(furnished: Path, tmp_path: Path) -> AsyncIterator[Linkable]:
    async with linkable(furnished, tmp_path) as world:
        yield world


async def test_the_picture_is_renewed_in_its_place_when_its_code_runs_out(
    world: Linkable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login, "LONGEST", 0.05)
    await world.asks_for_a_code()
    picture, first, messages = world.olga.newest, world.server.newest_login_token(), len(world.olga.chat)
    before = picture.file
    world.desk.world.clock.advance(timedelta(minutes=1))
    assert await world.olga.until(lambda: picture.file is not before)
    second = world.server.newest_login_token()
    assert second not in (None, first)
    assert len(world.olga.chat) == messages
    world.server.accept_login_token(second or b"", OLGA)
    assert await world.olga.sees("Linked. Your history")


async def test_a_code_that_nobody_scans_goes_away_and_can_be_asked_for_again(
    world: Linkable, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as hurried:
        hurried.setattr(login, "PATIENCE", 1.5)
        await world.asks_for_a_code()
        assert await world.olga.sees("Nobody finished the login in time")
    assert not any(message.file for message in world.olga.chat)
    await world.olga.presses("Show a new code")
    assert await world.olga.sees("The code is renewed by itself")
    world.server.accept_login_token(world.server.newest_login_token() or b"", OLGA)
    assert await world.olga.sees("Linked. Your history")


async def test_a_second_password_leads_from_the_code_to_the_page(world: Linkable) -> None:
    world.desk.world.change_person(OLGA, password="tulips")
    await world.asks_for_a_code()
    world.server.accept_login_token(world.server.newest_login_token() or b"", OLGA)
    assert await world.olga.sees("Passwords never belong into a chat")
    await world.olga.presses("Finish on a page")
    assert "/login/" in link_under(world.olga)
