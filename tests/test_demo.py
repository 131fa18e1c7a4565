"""The demo as a newcomer clicks through it: the whole product, on the page, in a real browser."""

from __future__ import annotations

import asyncio
import zipfile
from collections.abc import AsyncIterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot.demo import Stage, staged
from tests.sandbox.window import Window, chromium

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with staged() as one:
        yield one


@pytest.fixture
async def tab(stage: Stage) -> AsyncIterator[Page]:
    async with chromium() as browser:
        page = await browser.new_page(viewport={"width": 1440, "height": 900}, accept_downloads=True)
        page.set_default_timeout(20_000)
        expect.set_options(timeout=20_000)
        await page.goto(stage.address)
        yield page


async def press(window: Window, label: str) -> None:
    """Press the button with these words under the newest screen."""
    screen = window.by("inline-keyboard").last
    await screen.get_by_test_id("inline-button").filter(has_text=label).first.click()


async def opens_her_workspace(olga: Window) -> None:
    await press(olga, "English")
    await olga.sees("What Wysper keeps, and why")
    await press(olga, "I agree")
    await olga.sees("What is your business called")
    await olga.writes("Nadel & Faden")
    await olga.sees("is ready")
    await press(olga, "London")
    await press(olga, "Connect an account")


async def connects_her_business(olga: Window, stage: Stage) -> None:
    await press(olga, "Connect through Telegram Business")
    await olga.by("settings-button").click()
    await olga.by(f"business-bot-{stage.cast.bot.id}").click()
    await olga.by("business-connect").click()
    await expect(olga.by("business-state")).to_have_text("Connected")
    await olga.by("settings-close").click()
    await olga.opens(stage.cast.bot)
    await olga.sees("From now on every message")


async def test_olga_finds_a_client_tags_notes_exports_and_changes_her_mind_about_leaving(
    stage: Stage, tab: Page, tmp_path: Path
) -> None:
    olga, anna = Window(tab, 0), Window(tab, 1)
    await opens_her_workspace(olga)
    await connects_her_business(olga, stage)

    await anna.writes("Could you embroider a heron on the blue waistcoat?")
    await olga.writes("heron")
    await olga.sees("embroider a heron")
    await press(olga, "①")
    await olga.sees("waits for an answer")
    await press(olga, "‹ Back")

    await olga.sees("Known since")
    await press(olga, "Tags")
    await press(olga, "New tag")
    await olga.writes("Embroidery")
    await olga.sees("Embroidery")
    await olga.writes("/contacts")
    await press(olga, "Anna Lindqvist")
    await press(olga, "Write a note")
    await olga.writes("Her grandmother pays.")
    await olga.sees("Her grandmother pays.")

    await olga.writes("/export")
    await press(olga, "Export")
    document = olga.by("document").last
    await expect(document).to_contain_text(".zip")
    async with tab.expect_download() as download:
        await document.click()
    archive = tmp_path / "export.zip"
    await (await download.value).save_as(archive)
    with zipfile.ZipFile(BytesIO(archive.read_bytes())) as whole:
        kept = b"".join(whole.read(name) for name in whole.namelist())
    assert b"embroider a heron" in kept
    assert b"Embroidery" in kept
    assert b"Her grandmother pays." in kept

    await olga.writes("/deleteaccount")
    await press(olga, "Go on and delete")
    await olga.writes("Nadel & Faden")
    await olga.sees("will be erased")
    await anna.writes("Are you still there?")
    await press(olga, "take it back")
    await olga.sees("Good to have you back")
    await anna.writes("I am so glad!")
    await olga.writes("glad")
    await olga.sees("I am so glad!")


async def test_olga_brings_an_old_history_along(stage: Stage, tab: Page, tmp_path: Path) -> None:
    olga = Window(tab, 0)
    await opens_her_workspace(olga)
    await connects_her_business(olga, stage)
    await tab.get_by_test_id("drawer-toggle").click()
    async with tab.expect_download() as saving:
        await tab.get_by_test_id("past").click()
    await (await saving.value).save_as(tmp_path / "result.json")
    await tab.get_by_test_id("drawer-close").click()
    await olga.writes("/import")
    await olga.sees("Bring your past along")
    await olga.attaches("file", tmp_path / "result.json")
    await olga.sees("Shall I take it in?")
    await press(olga, "Take it in")
    await olga.sees("10 messages came in")
    await olga.writes("tweed")
    await olga.sees("horn buttons")


async def test_olga_leaves_for_good_when_time_is_moved_and_may_start_anew(stage: Stage, tab: Page) -> None:
    olga = Window(tab, 0)
    await opens_her_workspace(olga)
    await olga.writes("/deleteaccount")
    await press(olga, "Go on and delete")
    await olga.writes("Nadel & Faden")
    await olga.sees("is leaving")
    await tab.get_by_test_id("drawer-toggle").click()
    await tab.get_by_test_id("time-month").click()
    await tab.get_by_test_id("time-day").click()
    await olga.sees("was erased: its vault and the key are destroyed")
    await olga.sees("Which language do you prefer?")
    assert not stage.app.installation.vaults.path(1).exists()


async def test_a_link_that_grew_old_while_time_was_moved_gives_way_to_a_new_one(stage: Stage) -> None:
    stage.world.clock.advance(timedelta(days=2))
    await stage.catch_up()
    await stage.catch_up()
    said = stage.world.account(stage.cast.olga.id).boxes[stage.cast.bot.id].oldest_first()
    links = [message.text for message in said if message.text.startswith("/start claim_")]
    assert len(set(links)) == len(links) == 2


async def test_olga_links_a_device_and_her_whole_past_can_be_searched(stage: Stage, tab: Page) -> None:
    olga = Window(tab, 0)
    await opens_her_workspace(olga)
    await press(olga, "Link as a device")
    await press(olga, "I understand")
    await expect(olga.by("photo").last).to_be_visible()
    await olga.by("settings-button").click()
    await olga.by("link-device").click()
    await olga.by("settings-close").click()
    await olga.opens(stage.cast.bot)
    await olga.sees("Linked.")
    async with asyncio.timeout(60):
        await olga.writes("/status")
        await olga.sees("History:")
        while not await olga.message("History: read to its beginning").count():
            await press(olga, "Refresh")
            await expect(olga.by("inline-keyboard").last).to_be_visible()
    await olga.writes("grandmother")
    await olga.sees("my grandmother wants to pay the rest")
    await olga.writes("медвед")
    await olga.sees("Медведя жалко, но решено")


async def test_olga_links_on_the_one_time_page_and_her_past_can_be_searched(stage: Stage, tab: Page) -> None:
    olga = Window(tab, 0)
    await opens_her_workspace(olga)
    await press(olga, "Link as a device")
    await press(olga, "no camera")
    await olga.sees("Link by phone number and code")
    async with tab.context.expect_page() as opened:
        await press(olga, "Open the page")
    page = await opened.value
    await page.set_viewport_size({"width": 390, "height": 844})  # a phone
    await page.get_by_label("Phone number of the account").fill(stage.cast.olga.phone or "")
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Code that Telegram")).to_be_visible()
    await olga.by("settings-button").click()
    code = await olga.by("login-code").inner_text()
    await olga.by("settings-close").click()
    await page.get_by_label("Code that Telegram").fill("00000" if code != "00000" else "11111")
    await page.get_by_role("button", name="Go on").click()
    await expect(page.get_by_role("alert")).to_contain_text("This is not the code")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await page.get_by_label("Code that Telegram").fill(code)
    await page.get_by_role("button", name="Go on").click()
    await expect(page.get_by_text("The account is linked")).to_be_visible()
    await page.close()
    await olga.opens(stage.cast.bot)
    await olga.sees("Linked.")
    async with asyncio.timeout(60):
        await olga.writes("/status")
        while not await olga.message("History: read to its beginning").count():
            await press(olga, "Refresh")
            await expect(olga.by("inline-keyboard").last).to_be_visible()
    await olga.writes("grandmother")
    await olga.sees("my grandmother wants to pay the rest")
