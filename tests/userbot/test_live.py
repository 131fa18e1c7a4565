"""What happens in Olga's account while her userbot listens."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from crm import groups
from crm.access import enter
from sandbox.faults import FaultName
from sandbox.world.clock import Clock
from tests.userbot.shop import WORKSPACE, Shop
from userbot.tl import types


@dataclass
class Fast:
    """A machine's clock that is an hour ahead of the world's."""

    world: Clock

    def now(self) -> datetime:
        return self.world.now() + timedelta(hours=1)


async def test_what_a_client_writes_and_what_olga_answers_is_in_the_vault(shop: Shop) -> None:
    await shop.is_mirrored()
    shop.writes(shop.anna, "Is the blue one in stock?")
    shop.answers("Yes, two left.")
    question, answer = await shop.holds("Is the blue one in stock?", "Yes, two left.")
    assert (question.outgoing, question.sender_id, question.userbot) == (False, shop.anna.id, True)
    assert (answer.outgoing, answer.sender_id, answer.peer_id) == (True, shop.olga.id, shop.anna.id)


async def test_an_edit_keeps_the_earlier_text_and_a_deletion_keeps_the_message(shop: Shop) -> None:
    await shop.is_mirrored()
    order, mistake = shop.writes(shop.anna, "Two roses", "Never mind")
    await shop.holds("Two roses", "Never mind")
    shop.world.clock.advance(timedelta(minutes=1))
    shop.world.edit(order.uid, text="Three roses", by=shop.anna.id)
    shop.world.delete([mistake.uid], by=shop.anna.id)

    async def told() -> bool:
        edited, deleted = await shop.messages()
        return edited.text == "Three roses" and deleted.deleted_at is not None

    await shop.eventually(told)
    assert await shop.versions() == ["Two roses"]
    assert await shop.texts() == ["Three roses", "Never mind"]


@pytest.mark.parametrize("trouble", ["mtproto_withheld", "mtproto_twice", "mtproto_late"])
async def test_what_is_pushed_late_twice_or_not_at_all_is_in_the_vault_once(shop: Shop, trouble: FaultName) -> None:
    await shop.is_mirrored()
    shop.world.faults.on(trouble, seconds=0.05, times=2)
    order, mistake, _ = shop.writes(shop.anna, "Two roses", "Never mind", "Red ones")
    await shop.holds("Two roses", "Never mind", "Red ones")
    shop.world.faults.on(trouble, seconds=0.05, times=2)
    shop.world.clock.advance(timedelta(minutes=1))
    shop.world.edit(order.uid, text="Three roses", by=shop.anna.id)
    shop.world.delete([mistake.uid], by=shop.anna.id)
    shop.writes(shop.anna, "Please")
    await shop.holds("Three roses", "Never mind", "Red ones", "Please")
    assert await shop.differences() == []
    assert await shop.versions() == ["Two roses"]


async def test_somebody_who_writes_for_the_first_time_becomes_a_contact(shop: Shop) -> None:
    await shop.is_mirrored()
    dora = shop.world.add_person("Dora", "Weiss", phone="+49151000009")
    shop.writes(dora, "Do you deliver?")
    await shop.holds("Do you deliver?")
    contact = (await shop.contacts())[0]
    assert (contact.name, contact.phone, contact.telegram_id) == ("Dora Weiss", "+49151000009", dora.id)


async def test_notices_of_telegram_bots_and_saved_messages_are_never_stored(shop: Shop) -> None:
    telegram = shop.world.add_person("Telegram", id=777000)
    robot = shop.world.add_bot("Weather", "weather_bot")
    shop.world.send(shop.olga.id, robot.id, "/start")
    shop.writes(telegram, "Login code: 12345. Do not give it to anyone.")
    await shop.is_mirrored()
    shop.writes(telegram, "New login")
    shop.writes(robot, "Sunny")
    shop.writes(shop.olga, "milk, bread")
    shop.writes(shop.anna, "Good morning")
    await shop.holds("Good morning")
    assert [contact.name for contact in await shop.contacts()] == ["Anna Ilyina"]


async def test_a_burst_of_messages_arrives_whole_and_in_order(shop: Shop) -> None:
    await shop.is_mirrored()
    texts = [f"line {number}" for number in range(300)]
    shop.writes(shop.anna, *texts)
    await shop.holds(*texts)


async def test_nothing_that_the_userbot_does_marks_a_message_as_read(shop: Shop) -> None:
    shop.writes(shop.anna, "Hello?")
    await shop.is_mirrored()
    shop.writes(shop.anna, "Anybody there?")
    await shop.holds("Hello?", "Anybody there?")
    assert shop.world.account(shop.olga.id).boxes[shop.anna.id].unread == 2


async def test_a_reaction_is_taken_in_though_the_clock_of_this_machine_was_fast_when_the_message_came(
    shop: Shop,
) -> None:
    (said,) = shop.writes(shop.anna, "Two roses")
    group = shop.world.make_group(shop.anna.id, "Florists' circle", [shop.olga.id], is_super=True)
    await shop.closes()
    shop.installation = replace(shop.installation, clock=Fast(shop.world.clock))
    await shop.opens()
    await shop.is_mirrored()
    async with enter(shop.installation, shop.olga.id, WORKSPACE) as desk:
        await groups.pick(desk, shop.userbots, shop.olga.id, group.id)
    in_group = shop.world.send(shop.anna.id, group.id, "Three roses")
    await shop.is_like_the_world()
    await shop.closes()
    shop.installation = replace(shop.installation, clock=shop.world.clock)
    await shop.opens()
    for message in (said, in_group):
        shop.world.react(message.uid, "🔥", by=shop.anna.id)
    await shop.is_like_the_world()


async def test_a_device_that_is_told_something_while_it_is_being_stopped_stops(shop: Shop) -> None:
    await shop.is_mirrored()
    (device,) = shop.userbots._devices.values()  # noqa: SLF001  the moment cannot be met from outside
    line = device._line  # noqa: SLF001  as above
    assert line is not None
    line._client._updates_queue.put_nowait(types.UpdatesTooLong())  # noqa: SLF001  as above
    await shop.closes()
    await shop.opens()
