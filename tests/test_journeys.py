"""Whole stretches of a working day, from the first press to the last, each with somebody who has no part in it.

Others stand with their noun: a promise is kept (`test_reminders`), a double is merged (`test_merging`), a tag goes over
forty contacts and back (`test_bulk`), a refused answer is rescued (`test_replies_later`).
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.buttons.contacts import ContactCard
from handlers.buttons.queues import QueueList, StandingCard
from handlers.buttons.search import SearchPage
from tests.people import Desk, Someone
from tests.test_digest import morning, wants_it
from tests.test_fields import plain
from tests.test_replies import heard


async def walks_in_the_morning(desk: Desk, olga: Someone, anna: Someone, chen: Someone) -> None:
    """Two clients wrote in the night, and Olga is told at eight."""
    await wants_it(olga)
    await morning(desk, 5)
    await anna.writes("Have you got roses?", to=olga)
    desk.world.clock.advance(timedelta(minutes=1))
    await chen.writes("谢谢", to=olga)
    await morning(desk, 8)


async def test_a_morning_ends_with_nobody_waiting(desk: Desk, olga: Someone, anna: Someone, chen: Someone) -> None:
    await walks_in_the_morning(desk, olga, anna, chen)
    assert "2 wait for an answer" in olga.screen
    await olga.presses("Who waits")
    waiting = [label for label in olga.buttons if label.startswith("⏳")]
    assert [name in label for name, label in zip(("Anna", "Chen"), waiting, strict=False)] == [True, True]
    await olga.presses("Anna")
    await olga.presses("✍️ Write")
    await olga.writes("Yes, red ones!")
    await olga.presses("Send")
    assert heard(anna, olga) == ["Yes, red ones!"]
    await olga.writes("/waiting")
    await olga.presses("Chen")
    await olga.presses("⏳ Waits")
    await olga.presses("Needs no answer")
    await olga.writes("/start")
    assert "Nobody is waiting for an answer." in olga.screen


async def test_mallory_is_told_nothing_of_the_morning(
    desk: Desk, olga: Someone, anna: Someone, chen: Someone, mallory: Someone
) -> None:
    await mallory.writes("/start")
    wall = mallory.screen
    await walks_in_the_morning(desk, olga, anna, chen)
    await mallory.presses_address(QueueList().pack())
    await mallory.writes("/digest")
    assert {message.text for message in mallory.chat if message.sender_id == desk.bot.id} == {wall}


async def takes_in_a_client(olga: Someone, anna: Someone) -> None:
    """Who has never written writes; she gets a tag, a stage, a note and somebody who answers her."""
    await olga.writes("/board")
    await olga.presses("Begin with these")
    await anna.writes("Do you make wedding bouquets?", to=olga)
    await olga.writes("/start")
    await olga.presses("Anna")
    await olga.presses("🏷 Tags")
    await olga.presses("New tag")
    await olga.writes("wedding")
    await olga.presses("Back")
    await olga.presses("📊 Stage")
    await olga.presses("In talks")
    await olga.presses("Back")
    await olga.presses("✏️ Write a note")
    await olga.writes("Married in June, wants peonies")


async def test_a_new_client_has_a_card_a_stage_and_somebody_who_answers(
    desk: Desk, olga: Someone, anna: Someone, boris: Someone
) -> None:
    await boris.writes("/start")
    await takes_in_a_client(olga, anna)
    await olga.writes("/start")
    await olga.presses("Anna")
    card = plain(olga.screen)
    assert all(words in card for words in ("wedding", "In talks", "wants peonies", "wedding bouquets?"))
    await olga.presses("⏳ Waits")
    await olga.presses("Who answers")
    await olga.presses("Boris")
    await desk.settled()
    assert "gave you" in boris.screen
    await boris.writes("/start")
    await boris.presses("Anna")
    await boris.presses("✍️ Write")
    await boris.writes("With pleasure. When is the day?")
    await boris.presses("Send")
    assert heard(anna, olga) == ["With pleasure. When is the day?"]
    await olga.writes("/board")
    await olga.presses("In talks")
    assert any("Anna" in label for label in olga.buttons)


async def test_mallory_learns_nothing_of_a_new_client(olga: Someone, anna: Someone, mallory: Someone) -> None:
    await mallory.writes("/start")
    await takes_in_a_client(olga, anna)
    for address in (ContactCard(id=1), StandingCard(id=1)):
        await mallory.presses_address(address.pack())
        assert "You are not on this team" in mallory.alert
    assert not any("peonies" in message.text or "Anna" in message.text for message in mallory.chat)


@pytest.mark.parametrize("typed", ["hydragnea", "hydrangae", "HIDRANGEA"])
async def test_a_client_is_found_by_a_misspelt_word_and_answered(
    olga: Someone, anna: Someone, chen: Someone, typed: str
) -> None:
    await anna.writes("I ordered a blue hydrangea last week", to=olga)
    await chen.writes("Two red roses, please", to=olga)
    await olga.writes(typed)
    assert "blue hydrangea" in olga.screen
    assert "red roses" not in olga.screen
    await olga.presses("①")
    assert "blue hydrangea" in olga.screen
    await olga.presses("✍️ Write")
    await olga.writes("It came this morning!")
    await olga.presses("Send")
    assert heard(anna, olga) == ["It came this morning!"]


async def test_mallory_finds_nobody_by_any_word(olga: Someone, anna: Someone, mallory: Someone) -> None:
    await anna.writes("I ordered a blue hydrangea last week", to=olga)
    await olga.writes("hydragnea")
    await mallory.writes("hydragnea")
    await mallory.presses_address(SearchPage(id=1).pack())
    assert "hydrangea" not in " ".join(message.text for message in mallory.chat)
