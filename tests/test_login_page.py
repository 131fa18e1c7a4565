"""The one-time page for phone, code and second password: Olga on it, and Mallory beside it."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiohttp import ClientResponse, ClientSession, CookieJar

from bot.config import Web
from crm import workspaces
from crm.installation import Rules
from storage.memberships import Membership
from storage.people import Person
from tests.devices import PHONE, Linkable, link_under, linkable
from tests.people import OLGA


@pytest.fixture
async def world(furnished: Path, tmp_path: Path) -> AsyncIterator[Linkable]:
    async with linkable(furnished, tmp_path) as world:
        yield world


@dataclass
class Browser:
    """Somebody's browser, which follows forms as a person does."""

    client: ClientSession
    text: str = ""
    status: int = 0
    address: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    async def opens(self, url: str) -> None:
        async with self.client.get(url) as response:
            await self._sees(response)

    async def types(self, answer: str, **forged: str) -> None:
        """Fill in the form that is open and send it; a forged part takes the place of the browser's own."""
        fields = dict(re.findall(r'name="(asked|csrf)" value="([^"]*)"', self.text))
        parts = urlsplit(self.address)
        headers = {"Origin": forged.pop("origin", f"{parts.scheme}://{parts.netloc}")}
        if site := forged.pop("site", ""):
            headers["Sec-Fetch-Site"] = site
        form = {**fields, "answer": answer, **forged}
        async with self.client.post(self.address, data=form, headers=headers) as response:
            await self._sees(response)

    async def _sees(self, response: ClientResponse) -> None:
        self.text, self.status, self.address = await response.text(), response.status, str(response.url)
        self.headers = dict(response.headers)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as client:
        yield Browser(client)


@pytest.fixture
async def other() -> AsyncIterator[Browser]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as client:
        yield Browser(client)


def code(world: Linkable) -> str:
    return world.server.codes[PHONE]


async def test_phone_code_and_password_link_the_account_and_are_found_nowhere(
    world: Linkable, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    world.desk.world.change_person(OLGA, password="tulips and roses")
    await browser.opens(await world.asks_for_a_link())
    assert "Phone number of the account" in browser.text
    await browser.types(PHONE)
    assert urlsplit(browser.address).path == "/login"
    await browser.types("00000" if code(world) != "00000" else "11111")
    assert "This is not the code" in browser.text
    assert "4 more tries" in browser.text
    await browser.types(code(world))
    assert "Second password" in browser.text
    await browser.types("roses")
    assert "This is not the password." in browser.text
    await browser.types("tulips and roses")
    assert "The account is linked" in browser.text
    assert await world.olga.sees("Linked. Your history")
    assert len(world.server.sessions_of(OLGA)) == 1
    for secret in ("tulips", code(world)):
        assert secret not in caplog.text


async def test_a_first_connection_that_fails_is_tried_again(world: Linkable, browser: Browser) -> None:
    await browser.opens(await world.asks_for_a_link())
    world.desk.world.faults.on("mtproto_refused", times=1)  # of the others one in 256 fails by itself
    await browser.types(PHONE)
    assert "Code that Telegram" in browser.text


async def test_looking_at_a_link_uses_nothing_up_and_the_browser_that_began_may_come_back(
    world: Linkable, browser: Browser, other: Browser
) -> None:
    link = await world.asks_for_a_link()
    await other.opens(link)
    await browser.opens(link)
    await browser.types(PHONE)
    await browser.opens(link)
    assert "Code that Telegram" in browser.text
    await other.opens(link)
    assert (other.status, "This link has been used" in other.text) == (410, True)
    other.address = link
    await other.types("+49151000009")
    assert other.status == 410


async def test_a_link_is_good_for_ten_minutes(world: Linkable, browser: Browser) -> None:
    link = await world.asks_for_a_link()
    world.desk.world.clock.advance(timedelta(minutes=11))
    await browser.opens(link)
    assert (browser.status, "too old" in browser.text) == (410, True)


async def test_five_wrong_codes_end_a_link(world: Linkable, browser: Browser) -> None:
    await browser.opens(await world.asks_for_a_link())
    await browser.types(PHONE)
    wrong = "00000" if code(world) != "00000" else "11111"
    for _ in range(5):
        assert "Code that Telegram" in browser.text
        await browser.types(wrong)
    assert "Too many answers were wrong" in browser.text
    assert world.server.sessions_of(OLGA) == []
    await browser.opens(browser.address)
    assert "Code that Telegram" not in browser.text


async def test_a_forged_token_and_a_form_from_elsewhere_are_refused(world: Linkable, browser: Browser) -> None:
    link = await world.asks_for_a_link()
    await browser.opens(f"{link}x")
    assert browser.status == 404
    for forged in (
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"site": "cross-site"},
        {"site": "same-site"},
        {"csrf": "0" * 64},
        {"csrf": ""},
    ):
        await browser.opens(link)
        await browser.types(PHONE, **forged)
        assert browser.status == 403, forged
    assert PHONE not in world.server.codes
    await browser.opens(link)
    await browser.types(PHONE)
    await browser.types(code(world), csrf="0" * 64)
    assert browser.status == 403
    assert world.server.sessions_of(OLGA) == []


async def test_mallorys_link_reaches_mallorys_workspace_alone(
    world: Linkable, browser: Browser, other: Browser
) -> None:
    await world.links()
    mallory, installation = world.desk.people["Mallory"], world.desk.app.installation
    async with installation.registry.transaction() as session:
        session.add(Person(id=mallory.id, first_name="Mallory", first_seen_at=world.desk.world.clock.now()))
    await workspaces.found(replace(installation, rules=Rules(open_sign_up=True)), mallory.id, "Mallory's")
    await mallory.writes("/accounts")
    await mallory.presses_address("au:1:1")
    await other.opens(link_under(mallory))
    mark = re.findall(r'name="csrf" value="([^"]*)"', other.text)[0]
    await browser.opens(await world.asks_for_a_link())
    await browser.types(PHONE, csrf=mark)
    assert browser.status == 403
    await other.types(PHONE)
    await other.types(code(world))
    assert "linked to another workspace already" in other.text
    assert len(world.server.sessions_of(OLGA)) == 1
    assert world.desk.app.devices.state(2, OLGA) == "off"


async def test_an_agent_gets_no_link(world: Linkable) -> None:
    boris = world.desk.people["Boris"]
    await boris.writes("/start")
    await boris.presses_address("au:1:1")
    assert "Open the page" not in boris.buttons


async def test_who_lost_his_seat_meanwhile_is_sent_away(world: Linkable, browser: Browser) -> None:
    await browser.opens(await world.asks_for_a_link())
    await browser.types(PHONE)
    async with world.desk.app.installation.registry.transaction() as session:
        seat = await session.get_one(Membership, (1, OLGA))
        seat.role = "agent"
    await browser.types(code(world))
    assert (browser.status, "may not link accounts" in browser.text) == (403, True)
    assert world.server.sessions_of(OLGA) == []


async def test_the_page_is_kept_nowhere_and_runs_nothing(world: Linkable, browser: Browser) -> None:
    await browser.opens(await world.asks_for_a_link())
    policy = browser.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script" not in policy + browser.text
    assert "unsafe" not in policy
    assert browser.headers["Cache-Control"] == "no-store"
    assert browser.headers["X-Frame-Options"] == "DENY"
    cookie = browser.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


async def test_the_page_speaks_the_language_of_whoever_asked_for_it(world: Linkable, browser: Browser) -> None:
    await world.olga.writes("/language")
    await world.olga.presses("Русский")
    await world.olga.writes("/accounts")
    await world.olga.presses_address("au:1:1")
    await browser.opens(link_under(world.olga))
    assert '<html lang="ru" dir="ltr">' in browser.text
    assert "Номер телефона" in browser.text


async def test_without_an_address_there_is_no_page_and_no_word_of_one(world: Linkable) -> None:
    await world.desk.stop()
    world.desk.config = world.desk.config.model_copy(update={"web": Web()})
    await world.desk.start()
    await world.olga.writes("/accounts")
    await world.olga.presses("Link as a device")
    assert not any("no camera" in label for label in world.olga.buttons)
    await world.olga.presses_address("au:1:1")
    assert "not switched this on" in world.olga.screen + world.olga.alert


def test_the_address_must_be_safe_from_listeners() -> None:
    with pytest.raises(ValueError, match="https"):
        Web(address="http://shop.example")
    assert Web(address="https://shop.example/wysper").address
