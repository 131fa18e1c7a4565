"""What happened in Olga's account while nobody listened."""

from __future__ import annotations

from datetime import timedelta

from sandbox.world import Entity
from storage.messages import COMMON
from tests.userbot import likeness
from tests.userbot.shop import Shop


async def test_new_edited_and_deleted_messages_of_a_night_are_told_in_the_morning(shop: Shop) -> None:
    kept, changed, gone = shop.writes(shop.anna, "kept", "before", "gone")
    await shop.is_mirrored()
    await shop.closes()
    shop.world.clock.advance(timedelta(hours=8))
    shop.world.edit(changed.uid, text="after", by=shop.anna.id)
    shop.world.delete([gone.uid], by=shop.anna.id)
    night = shop.writes(shop.chen, *(f"night {number}" for number in range(250)))
    shop.world.edit(night[7].uid, text="night seven", by=shop.chen.id)
    shop.world.delete([night[9].uid], by=shop.chen.id)
    await shop.opens()
    texts = [f"night {number}" for number in range(250) if number != 9]
    texts[7] = "night seven"
    messages = await shop.holds("kept", "after", "gone", *texts)
    assert [message.text for message in messages if message.deleted_at] == ["gone"]
    assert await shop.versions() == ["before"]
    assert kept.text == "kept"


async def test_after_an_hour_with_three_thousand_messages_the_vault_is_the_world(shop: Shop) -> None:
    shop.writes(shop.anna, *(f"before {number}" for number in range(100)))
    bold = shop.world.send(shop.chen.id, shop.olga.id, "bold words", entities=[Entity("bold", 0, 4)])
    shop.world.send(shop.olga.id, shop.chen.id, "yes", reply_to=bold.uid)
    await shop.is_mirrored()
    await shop.closes()
    shop.world.clock.advance(timedelta(hours=1))
    said = list(shop.world.messages.values())
    for number in range(3000):
        client = (shop.anna, shop.chen)[number % 2]
        sides = (client, shop.olga) if number % 3 else (shop.olga, client)
        said.append(shop.world.send(sides[0].id, sides[1].id, f"missed {number}"))
    for message in said[::62][:50]:  # of before and of the hour, seen and unseen
        shop.world.edit(message.uid, text=f"{message.text}, edited", by=message.sender_id)
    gone = said[7::62][:50]
    shop.world.delete([message.uid for message in gone], by=shop.olga.id)
    await shop.opens()
    numbers = {message.ids[shop.olga.id] for message in said if not message.deleted}
    await shop.eventually_holds(len(numbers) + sum(message.text.startswith("before") for message in gone))

    async def told() -> bool:
        return not await shop.differences()

    await shop.eventually(told)
    async with shop.vault() as session:
        before = await likeness.earlier_texts(session, shop.olga.id)
    edited = [message for message in said if message.versions]
    assert len(edited) == len(gone) == 50
    assert sum(message.deleted for message in said) == 50
    seen_before = [message for message in edited if message.text.startswith("before")]
    assert seen_before
    assert all(before[COMMON, message.ids[shop.olga.id]] == {message.versions[0][0]} for message in seen_before)


async def test_a_cut_connection_is_made_again_and_nothing_is_missing(shop: Shop) -> None:
    await shop.is_mirrored()
    shop.writes(shop.anna, "one")
    [edited] = await shop.holds("one")
    shop.server.cut()
    two, three = shop.writes(shop.anna, "two", "three")
    shop.world.delete([two.uid], by=shop.anna.id)
    await shop.until(lambda: shop.state == "live")
    shop.writes(shop.anna, "four")
    await shop.holds("one", "three", "four")
    assert edited.text == "one"
    assert not three.deleted


async def test_a_server_that_cannot_be_reached_is_tried_again(shop: Shop) -> None:
    await shop.is_mirrored()
    shop.world.faults.on("mtproto_refused", times=2)
    shop.server.cut()
    await shop.until(lambda: shop.state == "offline")
    shop.writes(shop.anna, "Are you there?")
    await shop.holds("Are you there?")


async def test_where_telegram_no_longer_tells_what_was_missed_the_chats_are_read_again(shop: Shop) -> None:
    old, edited = shop.writes(shop.anna, "old", "before")
    await shop.is_mirrored()
    await shop.closes()
    shop.world.clock.advance(timedelta(hours=1))
    shop.world.edit(edited.uid, text="after", by=shop.anna.id)
    shop.writes(shop.anna, *(f"missed {number}" for number in range(150)))
    shop.writes(shop.chen, "new here")
    shop.world.faults.on("mtproto_too_long", times=1)
    await shop.opens()
    missed = [f"missed {number}" for number in range(150)]
    await shop.holds("old", "after", *missed, "new here")
    assert await shop.versions() == ["before"]
    assert old.text == "old"
    await shop.past_is_read()
    shop.writes(shop.anna, "live again")
    await shop.holds("old", "after", *missed, "new here", "live again")


async def test_a_flood_wait_for_the_difference_is_waited_out(shop: Shop) -> None:
    await shop.is_mirrored()
    await shop.closes()
    shop.writes(shop.anna, "while you slept")
    shop.world.faults.on("mtproto_flood", seconds=1, times=1, method="updates.getDifference")
    await shop.opens()
    await shop.until(lambda: shop.state == "waiting")
    await shop.holds("while you slept")


async def test_a_message_that_was_written_and_deleted_unseen_leaves_no_trace(shop: Shop) -> None:
    await shop.is_mirrored()
    await shop.closes()
    [unseen] = shop.writes(shop.anna, "oops")
    shop.world.delete([unseen.uid], by=shop.anna.id)
    shop.writes(shop.anna, "Hello")
    await shop.opens()
    await shop.holds("Hello")


async def test_what_was_written_while_the_machine_slept_is_asked_for_as_soon_as_it_wakes(shop: Shop) -> None:
    await shop.is_mirrored()
    shop.world.faults.on("mtproto_withheld")  # the server speaks, and nobody hears
    shop.writes(shop.anna, "in the night")
    shop.world.faults.off()
    await shop.userbots.wake()
    await shop.holds("in the night")
