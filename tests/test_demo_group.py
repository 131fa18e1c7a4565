"""A day in the team's group as a newcomer clicks through it on the demo's page: two members and their clients."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from playwright.async_api import Page, expect

from bot.demo import Stage, staged
from sandbox.world import Group, Person
from tests.sandbox.window import Window, chromium
from tests.test_demo import connects_her_business, opens_her_workspace, press

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with staged() as one:
        yield one


@pytest.fixture
async def tab(stage: Stage) -> AsyncIterator[Page]:
    async with chromium() as browser:
        page = await browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(20_000)
        expect.set_options(timeout=20_000)
        page.on("pageerror", lambda error: pytest.fail(f"the page raised: {error}"))
        await page.goto(stage.address)
        yield page


def team(stage: Stage) -> Group:
    return next(group for group in stage.world.groups.values() if group.is_forum)


def a_minute_passes(stage: Stage) -> None:
    """In which Telegram takes twenty more calls."""
    stage.world.clock.advance(timedelta(minutes=1))


async def opens(window: Window, group: Group, topic: str) -> None:
    """From wherever he is: the group, its topics, and this one."""
    await window.by(f"chat-{group.id}").click()
    await window.by("topic-list").locator(".topic").filter(has_text=topic).click()
    await expect(window.by("chat-title")).to_contain_text(topic)


async def lets_the_bot_in(olga: Window, tab: Page, group: Group) -> None:
    await olga.writes("/group")
    await press(olga, "Add me to a group")
    await tab.get_by_test_id(f"startgroup-{group.id}").click()
    await olga.sees("Shall the team of")
    await press(olga, "Yes, work here")
    await olga.sees("works here now")


async def becomes(window: Window, person: Person) -> Window:
    """In the same place of the page, somebody else."""
    await window.by("people-button").click()
    await window.tab.get_by_test_id(f"person-{person.id}").click()
    await expect(window.pane).to_have_attribute("data-person", str(person.id))
    return window


async def lets_boris_in(olga: Window, stage: Stage) -> Window:
    await olga.acts_on("Shall we answer the clients from here", "reply")
    await olga.writes("/letin")
    await olga.sees("can do nothing yet")
    await press(olga, "Let in as agent")
    await olga.sees("come in")
    boris = await becomes(olga, stage.cast.boris)
    await opens(boris, team(stage), "General")
    await press(boris, "Come in")
    await boris.by("start-button").click()
    await press(boris, "English")
    await press(boris, "I agree")
    await boris.sees("Nadel & Faden")
    return boris


async def test_olga_and_boris_answer_from_the_group_and_lose_nothing(stage: Stage, tab: Page) -> None:
    olga, anna = Window(tab, 0), Window(tab, 1)
    world, group = stage.world, team(stage)
    await opens_her_workspace(olga)
    await connects_her_business(olga, stage)
    await lets_the_bot_in(olga, tab, group)
    await anna.writes("Is the dress ready for Saturday?")
    boris = await lets_boris_in(olga, stage)

    await opens(boris, group, "Anna")
    await boris.writes("Her grandmother pays")  # a note
    await expect(boris.message("Her grandmother pays").get_by_test_id("reactions")).to_contain_text("✍")
    await boris.acts_on("Is the dress ready", "reply")
    await boris.writes("It is! Come on Friday after five.")
    await boris.sees("It goes through Telegram Business")
    await press(boris, "Send")
    await anna.sees("Come on Friday after five.")
    await expect(boris.message("Come on Friday").last.get_by_test_id("reactions")).to_contain_text("👍")

    await boris.by("back-to-topics").click()
    topic = next(one for one in group.topics.values() if "Anna" in one.name)
    world.delete_topic(group.id, topic.id, by=stage.cast.olga.id)
    a_minute_passes(stage)
    await anna.writes("Thank you!")
    await opens(boris, group, "Anna")
    await boris.sees("Thank you!")

    world.promote(group.id, stage.cast.bot.id, {"pin_messages"}, by=stage.cast.olga.id)
    a_minute_passes(stage)
    await anna.writes("And the bag?")
    olga = await becomes(boris, stage.cast.olga)
    await olga.by(f"chat-{stage.cast.bot.id}").click()
    await olga.sees("I cannot work in the group")
    world.promote(group.id, stage.cast.bot.id, by=stage.cast.olga.id)
    await olga.sees("works again")
    await opens(olga, group, "Anna")
    await olga.sees("And the bag?")

    a_minute_passes(stage)
    for number in range(9):
        stranger = world.add_person(f"Passer-by {number}")
        world.send(stranger.id, stage.cast.olga.id, "What does a zip cost?")
    await opens(olga, group, "New people")
    await olga.sees("new people wrote")
    a_minute_passes(stage)
    await press(olga, "Passer-by")
    await olga.by("back-to-topics").click()
    await expect(olga.by("topic-list").locator(".topic").filter(has_text="Passer-by")).to_have_count(6)

    world.remove_member(group.id, stage.cast.boris.id, by=stage.cast.olga.id)
    await olga.by(f"chat-{stage.cast.bot.id}").click()
    await olga.sees("so not on the team")
