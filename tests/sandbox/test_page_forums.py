"""A forum on the page, in a real browser: made, its topics opened, talked in, and a bot let in by its link."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page as Tab
from playwright.async_api import expect

from sandbox.page import Page
from sandbox.scenario import Cast, fill
from sandbox.world import Group, World
from tests.sandbox.window import Window, chromium


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def cast(world: World) -> Cast:
    return fill(world)


@pytest.fixture
async def page(world: World, cast: Cast) -> AsyncIterator[Page]:
    page = Page(world, bot_id=cast.bot.id, devices=None, roles=cast.roles)
    await page.start()
    yield page
    await page.stop()


@pytest.fixture
async def tab() -> AsyncIterator[Tab]:
    async with chromium() as browser:
        context = await browser.new_context(viewport={"width": 1320, "height": 760}, reduced_motion="reduce")
        tab = await context.new_page()
        tab.set_default_timeout(15_000)
        tab.on("pageerror", lambda error: pytest.fail(f"the page raised: {error}"))
        yield tab


@pytest.fixture
def group(world: World, cast: Cast) -> Group:
    """Olga's team, where the bot is an admin."""
    group = world.make_group(cast.olga.id, "Team", [cast.boris.id], is_super=True)
    world.set_forum(group.id, on=True, by=cast.olga.id)
    world.add_member(group.id, cast.bot.id, by=cast.olga.id)
    world.promote(group.id, cast.bot.id, by=cast.olga.id)
    return group


@pytest.mark.browser
async def test_olga_switches_topics_on_lets_the_bot_in_and_gives_it_rights(
    world: World, cast: Cast, page: Page, tab: Tab
) -> None:
    group = world.make_group(cast.olga.id, "Team", [cast.boris.id], is_super=True)
    link = {"inline_keyboard": [[{"text": "Add me", "url": f"https://t.me/{cast.bot.username}?startgroup=team"}]]}
    world.send(cast.olga.id, cast.bot.id, "/start")
    world.send(cast.bot.id, cast.olga.id, "Add me to your group", markup=link)
    await tab.goto(f"{page.url}/#{cast.olga.id}/{group.id}")
    olga = Window(tab)
    await olga.by("chat-actions").click()
    await tab.get_by_test_id("group-forum").click()
    await expect(olga.by("topic-list")).to_contain_text("General")
    await olga.by(f"chat-{cast.bot.id}").click()
    await olga.by("inline-button").click()
    await tab.get_by_test_id(f"startgroup-{group.id}").click()
    await olga.sees(f"/start@{cast.bot.username} team")
    assert cast.bot.id in group.members
    await olga.by("back-to-topics").click()
    await olga.by("chat-actions").click()
    await tab.get_by_test_id("group-members").click()
    await tab.get_by_test_id(f"member-{cast.bot.id}").click()
    await tab.get_by_test_id("member-promote").click()
    await tab.get_by_test_id("right-change_info").uncheck()
    await tab.get_by_test_id("rights-save").click()
    await expect(olga.by("topic-list")).to_be_visible()
    assert "manage_topics" in group.admins[cast.bot.id]
    assert "change_info" not in group.admins[cast.bot.id]


@pytest.mark.browser
async def test_each_topic_shows_its_own_words_and_what_is_pinned_there(
    world: World, cast: Cast, page: Page, tab: Tab, group: Group
) -> None:
    anna, chen = [world.create_topic(group.id, name, by=cast.bot.id) for name in ("Anna", "Chen")]
    card = world.send(cast.bot.id, group.id, "Her card", topic=anna.id)
    world.pin(card.uid, by=cast.bot.id)
    world.send(cast.bot.id, group.id, "Are the peonies in?", topic=anna.id)
    world.send(cast.bot.id, group.id, "你好", topic=chen.id)
    await tab.goto(f"{page.url}/#{cast.olga.id}/{group.id}")
    olga = Window(tab)
    await expect(olga.by(f"topic-{anna.id}")).to_contain_text("peonies")
    await olga.by(f"topic-{anna.id}").click()
    await expect(olga.by("chat-title")).to_have_text("Anna")
    await expect(olga.by("pinned")).to_contain_text("Her card")
    await olga.sees("Are the peonies in?")
    await olga.no_longer_sees("你好")
    await olga.acts_on("Are the peonies in?", "reply")
    await olga.writes("They are")
    answer = world.in_topic(group, anna.id)[-1]
    assert answer.text == "They are"
    assert world.messages[answer.reply_to or 0].text == "Are the peonies in?"
    world.react(answer.uid, "👍", by=cast.bot.id)
    await expect(olga.message("They are").get_by_test_id("reactions")).to_contain_text("👍")
    world.send_ephemeral(cast.bot.id, group.id, cast.boris.id, "For Boris", topic=anna.id)
    world.send_ephemeral(cast.bot.id, group.id, cast.olga.id, "For Olga", topic=anna.id)
    await olga.sees("For Olga")
    await expect(olga.message("For Olga").get_by_test_id("alone")).to_be_visible()
    await olga.no_longer_sees("For Boris")
    await tab.reload()
    await olga.sees("For Olga")
    await olga.by("back-to-topics").click()
    await expect(olga.by(f"topic-{chen.id}")).to_be_visible()


@pytest.mark.browser
async def test_a_topic_is_closed_opened_renamed_and_deleted(cast: Cast, page: Page, tab: Tab, group: Group) -> None:
    await tab.goto(f"{page.url}/#{cast.olga.id}/{group.id}")
    olga = Window(tab)
    await olga.by("chat-actions").click()
    await tab.get_by_test_id("topic-new").click()
    await tab.get_by_test_id("topic-name").fill("Supplies")
    await tab.get_by_test_id("topic-save").click()
    await expect(olga.by("chat-title")).to_have_text("Supplies")
    (topic,) = group.topics.values()
    for act, closed in (("close", True), ("close", False)):
        await olga.by("chat-actions").click()
        await tab.get_by_test_id(f"topic-{act}").click()
        await olga.sees("closed the topic" if closed else "opened the topic “Supplies” again")
        assert topic.closed == closed
    await olga.by("chat-actions").click()
    await tab.get_by_test_id("topic-rename").click()
    await tab.get_by_test_id("topic-name").fill("Ribbons")
    await tab.get_by_test_id("topic-save").click()
    await expect(olga.by("chat-title")).to_have_text("Ribbons")
    await olga.by("chat-actions").click()
    await tab.get_by_test_id("topic-delete").click()
    await tab.get_by_test_id("confirm").click()
    await expect(olga.by("topic-list")).to_be_visible()
    assert not group.topics
