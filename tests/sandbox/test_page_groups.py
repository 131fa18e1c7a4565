"""Groups on the page, in a real browser: made, talked in, grown and left."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from sandbox.page import Page
from sandbox.page.views import Views
from sandbox.scenario import Cast, fill
from sandbox.world import World
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


@pytest.mark.browser
async def test_olga_opens_a_group_talks_in_it_and_makes_it_a_supergroup(world: World, cast: Cast, page: Page) -> None:
    async with chromium() as browser:
        context = await browser.new_context(viewport={"width": 1320, "height": 760}, reduced_motion="reduce")
        tab = await context.new_page()
        tab.set_default_timeout(15_000)
        tab.on("pageerror", lambda error: pytest.fail(f"the page raised: {error}"))
        await tab.goto(f"{page.url}/#{cast.olga.id}")
        olga = Window(tab)
        await olga.by("new-group").click()
        await tab.get_by_test_id("new-group-title").fill("Team <b>lunch</b>")
        await tab.get_by_test_id(f"new-group-{cast.boris.id}").check()
        await tab.get_by_test_id("new-group-create").click()
        await expect(olga.by("chat-title")).to_have_text("Team <b>lunch</b>")
        await expect(olga.by("chat-status")).to_have_text("2 members")
        group = list(world.groups.values())[-1]
        world.send(cast.boris.id, group.id, "Pizza?")
        await olga.sees("Pizza?")
        await expect(olga.message("Pizza?").get_by_test_id("sender")).to_have_text(cast.boris.name)
        await olga.writes("Soup!")
        await olga.acts_on("Soup!", "edit")
        await olga.by("composer-input").fill("Soup, please")
        await olga.by("composer-input").press("Enter")
        await olga.sees("Soup, please")
        await olga.by("chat-actions").click()
        await tab.get_by_test_id("group-upgrade").click()
        await olga.sees("The group became a supergroup")
        (whole,) = [one for one in world.groups.values() if one.is_super]
        await olga.writes("Now we are many")
        world.send(cast.boris.id, whole.id, "And hungry")
        await olga.sees("And hungry")
        await olga.acts_on("Now we are many", "delete")
        await tab.get_by_test_id("confirm").click()
        await olga.no_longer_sees("Now we are many")
        await expect(olga.by(f"chat-{whole.id}").get_by_role("img", name="Group")).to_be_visible()


def test_what_becomes_of_topics_is_put_into_words() -> None:
    world = World()
    olga = world.add_person("Olga")
    robot = world.add_bot("Wysper", "wysper_bot", olga)
    group = world.make_group(olga.id, "Team", [robot.id], is_super=True)
    world.set_forum(group.id, on=True, by=olga.id)
    world.promote(group.id, robot.id, by=olga.id)
    topic = world.create_topic(group.id, "Anna", by=robot.id)
    world.pin(world.send(robot.id, group.id, "her card", topic=topic.id).uid, by=robot.id)
    world.close_topic(group.id, topic.id, by=olga.id)
    views = Views(world, {})
    assert [views.became(message) for message in world.in_topic(group, topic.id)] == [
        "Wysper opened the topic “Anna”",
        None,
        "Wysper pinned a message",
        "Olga closed the topic “Anna”",
    ]
