"""What was said before Olga's account was linked."""

from __future__ import annotations

from sandbox.mtproto import Rate
from tests.userbot.shop import Shop


async def test_the_whole_past_of_several_chats_is_read_over_many_pages(shop: Shop) -> None:
    for number in range(230):
        shop.writes(shop.anna, f"anna {number}")
        if number < 120:
            shop.writes(shop.chen, f"chen {number}")
    people = [shop.world.add_person(f"Client {number}") for number in range(130)]
    for person in people:
        shop.writes(person, f"I am {person.first_name}")
    await shop.is_mirrored()
    texts = await shop.texts()
    assert len(texts) == len(set(texts)) == 230 + 120 + 130
    async with shop.reading() as reading:
        assert (reading.chats, reading.chats_done) == (132, 132)


async def test_the_newest_message_of_every_chat_is_there_before_the_rest(shop: Shop) -> None:
    shop.writes(shop.anna, "first", "second", "last of Anna")
    shop.writes(shop.chen, "first of Chen", "last of Chen")
    shop.world.faults.on("mtproto_flood", seconds=3600, method="messages.getHistory")
    assert (await shop.links()).outcome == "linked"
    await shop.holds("last of Anna", "last of Chen")
    await shop.until(lambda: shop.state == "waiting")


async def test_reading_goes_on_at_the_message_where_a_crash_stopped_it(shop: Shop) -> None:
    texts = [f"line {number}" for number in range(650)]
    shop.writes(shop.anna, *texts)
    shop.server.history_rate = Rate(3, 3600)
    assert (await shop.links()).outcome == "linked"
    await shop.holds(*texts[-301:])
    await shop.crashes()
    shop.server.history_rate = Rate(5, 3600)  # what is left: four pages, and a look at what is behind the last
    await shop.opens()
    await shop.past_is_read()
    await shop.holds(*texts)


async def test_a_flood_wait_is_obeyed_and_shown(shop: Shop) -> None:
    shop.writes(shop.anna, *(f"line {number}" for number in range(150)))
    shop.world.faults.on("mtproto_flood", seconds=1, times=2, method="messages.getHistory")
    assert (await shop.links()).outcome == "linked"
    await shop.until(lambda: shop.state == "waiting")
    await shop.past_is_read()
    await shop.until(lambda: shop.state == "live")
    assert len(await shop.texts()) == 150


async def test_a_message_that_comes_while_the_past_is_read_is_there_once(shop: Shop) -> None:
    shop.writes(shop.anna, *(f"line {number}" for number in range(150)))
    shop.world.faults.on("mtproto_flood", seconds=1, times=1, method="messages.getHistory")
    assert (await shop.links()).outcome == "linked"
    await shop.until(lambda: shop.state == "waiting")
    shop.writes(shop.anna, "just now")
    await shop.past_is_read()
    await shop.holds(*(f"line {number}" for number in range(150)), "just now")


async def test_an_account_that_is_linked_again_lacks_nothing_of_the_time_between(shop: Shop) -> None:
    shop.writes(shop.anna, "before")
    await shop.is_mirrored()
    shop.server.revoke(shop.olga.id)
    shop.server.cut()
    await shop.until(lambda: shop.state == "revoked")
    shop.writes(shop.anna, *(f"between {number}" for number in range(120)))
    await shop.is_mirrored()
    await shop.holds("before", *(f"between {number}" for number in range(120)))
