"""How an account gets its userbot."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from crm.ports import LoginCode, LoginEnded
from tests.people import OLGA
from tests.userbot.shop import WORKSPACE, Shop, Typist
from userbot import login


async def test_olga_scans_the_code_and_her_account_is_linked(shop: Shop) -> None:
    assert await shop.links() == LoginEnded("linked", OLGA)
    await shop.until(lambda: shop.state == "live")
    [device] = shop.server.sessions_of(OLGA)
    assert device.device.model == "Wysper"


async def test_an_account_with_a_second_password_is_sent_to_the_terminal(shop: Shop) -> None:
    shop.world.change_person(OLGA, password="tulips")
    assert await shop.links() == LoginEnded("password_needed")
    assert shop.server.sessions_of(OLGA) == []


async def test_an_account_of_another_workspace_is_not_taken_over(shop: Shop) -> None:
    await shop.is_mirrored()
    other = await shop.second_workspace()
    assert await shop.links(workspace_id=other) == LoginEnded("taken", OLGA)
    assert len(shop.server.sessions_of(OLGA)) == 1
    assert shop.state == "live"


async def test_an_account_that_is_linked_already_keeps_its_one_device(shop: Shop) -> None:
    await shop.is_mirrored()
    assert await shop.links() == LoginEnded("linked", OLGA)
    assert len(shop.server.sessions_of(OLGA)) == 1
    shop.writes(shop.anna, "Hello")
    await shop.holds("Hello")


async def test_a_code_that_runs_out_is_followed_by_a_new_one(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login, "LONGEST", 0.05)
    steps = await shop.begins_to_link()
    first = await steps.get()
    assert isinstance(first, LoginCode)
    shop.world.clock.advance(timedelta(minutes=1))
    second = await steps.get()
    assert isinstance(second, LoginCode)
    assert second.url != first.url
    shop.server.accept_login_token(second.url, OLGA)
    assert await steps.get() == LoginEnded("linked", OLGA)


async def test_a_login_that_is_cancelled_ends_and_leaves_nothing(shop: Shop) -> None:
    steps = await shop.begins_to_link()
    assert isinstance(await steps.get(), LoginCode)
    await shop.userbots.cancel_link(WORKSPACE)
    assert await steps.get() == LoginEnded("cancelled")
    assert shop.state == "off"


async def test_in_the_terminal_phone_code_and_password_are_typed(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    shop.world.change_person(OLGA, password="tulips and roses")
    typist = Typist(shop, ["+49151000001", "00000", "{code}"], ["roses", "tulips and roses"])
    ended = await login.in_terminal(shop.installation, shop.settings, WORKSPACE, typist.keyboard)
    assert ended == LoginEnded("linked", OLGA)
    assert "This is not the code." in typist.shown
    assert "This is not the password." in typist.shown
    for secret in ("tulips", shop.server.codes["+49151000001"]):
        assert secret not in caplog.text
    await shop.userbots.resume(WORKSPACE)
    shop.writes(shop.anna, "Hello")
    await shop.holds("Hello")


async def test_in_the_terminal_a_code_is_drawn_to_be_scanned(shop: Shop) -> None:
    typist = Typist(shop, [""], [], scans=True)
    ended = await login.in_terminal(shop.installation, shop.settings, WORKSPACE, typist.keyboard)
    assert ended == LoginEnded("linked", OLGA)
    assert "█" in "".join(typist.shown)


async def test_who_cannot_say_the_code_is_not_let_in(shop: Shop) -> None:
    typist = Typist(shop, ["+49151000001", "1", "2", "3", "4", "5"], [])
    ended = await login.in_terminal(shop.installation, shop.settings, WORKSPACE, typist.keyboard)
    assert ended == LoginEnded("failed")
    assert shop.server.sessions_of(OLGA) == []
