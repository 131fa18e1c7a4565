"""What somebody finds who asks how it works."""

from __future__ import annotations

import pytest

from crm import members
from crm.access import enter
from handlers.buttons.help import Help
from tests.people import OLGA, Desk, Someone


async def test_each_topic_is_a_page_that_leads_to_where_it_is_done(olga: Someone) -> None:
    await olga.writes("/help")
    topics = olga.buttons[:-2]
    assert len(topics) >= 8
    for topic in topics:
        await olga.presses(topic)
        assert olga.screen.startswith(topic)
        assert olga.buttons[-2:] == ["‹ Help", "‹ Home"]
        assert len(olga.buttons) > 2
        for way in olga.buttons[:-2]:
            await olga.presses(way)
            assert "I did not expect" not in olga.screen
            assert "‹ Help" not in olga.buttons
            await olga.writes("/help")
            await olga.presses(topic)
        await olga.presses("‹ Help")
    await olga.presses("All commands")
    assert "/deleteaccount" in olga.screen


@pytest.mark.parametrize(
    ("word", "page"),
    [
        ("search", "Finding"),
        ("/search", "Finding"),
        ("Promise", "Promises"),
        ("typing", "Answering"),
        ("quiet hours", "Language and time"),
        ("commands", "What you can do here"),
        ("<b>", "I have no page about \u2068<b>"),
        ("zebra", "I have no page about \u2068zebra"),
    ],
)
async def test_a_word_behind_the_command_finds_its_page(olga: Someone, word: str, page: str) -> None:
    await olga.writes(f"/help {word}")
    assert olga.screen.startswith(page)


@pytest.mark.parametrize(("word", "page"), [("поиск", "Поиск"), ("метки", "Клиенты"), ("search", "Поиск")])
async def test_a_word_finds_its_page_in_the_readers_language(olga: Someone, word: str, page: str) -> None:
    await olga.writes("/language")
    await olga.presses("Русский")
    await olga.writes(f"/help {word}")
    assert olga.screen.startswith(page)


async def test_a_viewer_reads_nothing_of_what_he_may_not_do(desk: Desk, olga: Someone, vera: Someone) -> None:
    await olga.writes("/start")
    async with enter(desk.app.installation, OLGA, 1) as her_desk:
        await members.set_role(her_desk, vera.id, "viewer")
    await vera.writes("/help")
    assert "Answering" not in vera.buttons
    await vera.presses_address(Help(topic="answers").pack())
    assert "Answering" not in vera.screen
    await vera.presses_address(Help(topic="data").pack())
    assert not {"Export", "Leave Wysper"} & set(vera.buttons)


async def test_a_stranger_who_asks_for_help_is_told_where_the_door_is(mallory: Someone) -> None:
    await mallory.writes("/help search")
    assert "You are not on this team" in mallory.screen
    await mallory.presses_address(Help(topic="data").pack())
    assert "You are not on this team" in mallory.alert
