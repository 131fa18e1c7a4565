"""Where the Business connection may not, a member's answer goes by the linked device, or lies ready as a draft."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from crm import replies
from crm.access import enter
from sandbox.world import Entity, FileKind
from storage import outbox
from storage.messages import Message as Kept
from storage.outbox import Delivery
from storage.replies import Reply
from tests.devices import Linkable, linkable
from tests.people import OLGA, PATIENCE, Someone
from tests.test_replies import begins, heard, prepares, written_to


@pytest.fixture
async def world(furnished: Path, tmp_path: Path) -> AsyncIterator[Linkable]:
    """Anna has written to Olga, whose account is linked as a device and not connected otherwise."""
    async with linkable(furnished, tmp_path) as world:
        world.desk.world.send(world.desk.people["Anna"].id, OLGA, "Hello")
        await world.links()
        await until(lambda: state(world) == "live")
        await comes_in(world, "Hello")
        yield world


@pytest.fixture
def olga(world: Linkable) -> Someone:
    return world.olga


@pytest.fixture
def anna(world: Linkable) -> Someone:
    return world.desk.people["Anna"]


@pytest.fixture
def boris(world: Linkable) -> Someone:
    return world.desk.people["Boris"]


def state(world: Linkable) -> str:
    return world.desk.app.devices.state(1, OLGA)


async def until(happened: Callable[[], bool]) -> None:
    """Wait for what a connection does, which announces itself to nobody."""
    async with asyncio.timeout(PATIENCE):
        while not happened():  # noqa: ASYNC110  see above
            await asyncio.sleep(0.02)


async def comes_in(world: Linkable, text: str) -> None:
    """The device has brought this message, and read the past."""
    async with asyncio.timeout(PATIENCE):
        while text not in await world.desk.mirrored():  # noqa: ASYNC110  as above
            await asyncio.sleep(0.02)


async def goes_out(world: Linkable) -> None:
    """What waits is looked at again, as the scheduler does all the time."""
    world.desk.world.clock.advance(timedelta(minutes=1))
    await world.desk.app.schedule.run("late deliveries")
    await world.desk.settled()


async def kept(world: Linkable, text: str) -> list[Kept]:
    async with world.desk.vault() as session:
        return list(await session.exec(select(Kept).where(Kept.text == text)))


async def test_an_answer_goes_by_the_device_and_is_one_message_though_both_tell_of_it(
    world: Linkable, olga: Someone, anna: Someone, boris: Someone
) -> None:
    await prepares(boris, anna, "See https://example.org")
    assert "It goes by the linked device, as if \u2068Olga\u2069 had typed it" in boris.screen
    assert "Telegram Business: not connected" in boris.screen
    await boris.presses("Send")
    assert await boris.sees("by the linked device.")
    assert heard(anna, olga) == ["See https://example.org"]
    assert written_to(anna, olga)[0].business_bot_id is None
    (message,) = await kept(world, "See https://example.org")
    assert (message.outgoing, message.by_bot, message.userbot) == (True, False, True)
    world.desk.world.send(anna.id, OLGA, "Thanks")
    await comes_in(world, "Thanks")
    assert len(await kept(world, "See https://example.org")) == 1
    async with world.desk.vault() as session:
        (reply,) = await session.exec(select(Reply))
    assert (reply.message, reply.text) == (message.id, "")


async def test_past_the_24_hours_telegram_business_hands_over_to_the_device(
    world: Linkable, olga: Someone, anna: Someone, boris: Someone
) -> None:
    await olga.connects_business()
    await prepares(boris, anna)
    assert "through Telegram Business" in boris.screen
    world.desk.world.clock.advance(timedelta(hours=25))
    await boris.presses("Send")
    assert await boris.sees("by the linked device.")
    assert "Telegram Business: only within 24 hours after the client has written" in boris.screen
    assert heard(anna, olga) == ["Yes, two left."]


async def test_a_chat_that_the_connection_leaves_out_is_answered_by_the_device_and_told(
    olga: Someone, anna: Someone, boris: Someone
) -> None:
    await olga.connects_business(chats=set())
    await prepares(boris, anna)
    await boris.presses("Send")
    assert await boris.sees("by the linked device.")
    assert "Telegram Business: this chat is left out" in boris.screen
    assert heard(anna, olga) == ["Yes, two left."]


async def test_an_account_that_telegram_limits_leaves_a_draft_now_and_the_next_time_too(
    world: Linkable, olga: Someone, anna: Someone, boris: Someone
) -> None:
    world.desk.world.faults.on("mtproto_peer_flood", times=1)
    await prepares(boris, anna, "First")
    await boris.presses("Send")
    assert await boris.sees("Put as a draft")
    assert "ask @SpamBot" in boris.screen
    assert world.server.drafts.of(OLGA)[anna.id].message == "First"
    await prepares(boris, anna, "Second")
    await boris.presses("Put it as a draft")
    assert await boris.sees("Put as a draft")
    assert world.server.drafts.of(OLGA)[anna.id].message == "Second"
    assert heard(anna, olga) == []


async def test_a_device_never_writes_to_somebody_first(world: Linkable, olga: Someone, boris: Someone) -> None:
    chen = world.desk.people["Chen"]
    world.desk.world.send(OLGA, chen.id, "An offer")
    await comes_in(world, "An offer")
    await prepares(boris, chen, "And another")
    assert "it never writes to somebody who has not written first" in boris.screen
    await boris.presses("Put it as a draft")
    assert await boris.sees("Put as a draft")
    assert heard(chen, olga) == ["An offer"]


async def test_a_flood_wait_is_obeyed_by_all_answers_of_the_account_and_counted(
    world: Linkable, olga: Someone, anna: Someone, boris: Someone
) -> None:
    world.desk.world.faults.on("mtproto_flood", seconds=300, times=1, method="messages.sendMessage")
    await prepares(boris, anna, "First")
    await boris.presses("Send")
    assert await boris.sees("Telegram has asked us to wait")
    await prepares(boris, anna, "Second")
    await boris.presses("Send")
    await goes_out(world)
    assert heard(anna, olga) == []
    await world.opens_safety()
    assert "1 time, 300 s in all" in olga.screen
    world.desk.world.clock.advance(timedelta(minutes=5))
    await world.desk.stop()  # for Telethon counts by the machine's own clock, which nobody moves
    await world.desk.start()
    await until(lambda: state(world) == "live")
    await goes_out(world)
    await until(lambda: heard(anna, olga) == ["First", "Second"])


async def test_an_answer_that_was_cut_off_arrives_once(
    world: Linkable, olga: Someone, anna: Someone, boris: Someone
) -> None:
    world.desk.world.faults.on("mtproto_answer_cut", times=1, method="messages.sendMessage")
    await prepares(boris, anna)
    await boris.presses("Send")
    assert await boris.sees("There is no connection to Telegram")
    await until(lambda: state(world) == "live")
    await goes_out(world)
    assert await boris.sees("by the linked device.")
    assert heard(anna, olga) == ["Yes, two left."]
    assert len(await kept(world, "Yes, two left.")) == 1


async def test_an_answer_that_a_crash_caught_on_the_device_is_sent_once_without_asking(
    world: Linkable, olga: Someone, anna: Someone, boris: Someone
) -> None:
    await prepares(boris, anna, "Caught")
    await boris.presses("Send")
    assert await boris.sees("by the linked device.")
    await as_if_caught(world)
    await world.desk.stop()
    await world.desk.start()
    await until(lambda: state(world) == "live")
    await goes_out(world)
    assert heard(anna, olga) == ["Caught"]
    async with world.desk.vault() as session:
        (row,) = await session.exec(select(Delivery).where(Delivery.what == replies.KIND))
    assert row.state == outbox.SENT


async def as_if_caught(world: Linkable) -> None:
    """The answer has arrived, and the process ended before it could write that down."""
    async with enter(world.desk.app.installation, OLGA, 1) as seat, seat.vault.transaction() as session:
        (row,) = await session.exec(select(Delivery).where(Delivery.what == replies.KIND))
        row.state, row.sent_as = outbox.SENDING, None
        (reply,) = await session.exec(select(Reply))
        reply.message, reply.text = None, "Caught"


async def test_a_paused_account_sends_nothing_and_says_so(
    world: Linkable, olga: Someone, anna: Someone, boris: Someone
) -> None:
    await world.opens_safety()
    await olga.presses("Pause")
    await prepares(boris, anna)
    assert "It cannot be sent from here now" in boris.screen
    assert "Linked device: paused; resume it under Accounts" in boris.screen
    await boris.presses_address("rs:1:0")
    assert "Not sent: no way leads there now" in boris.screen
    assert heard(anna, olga) == []
    assert not world.server.drafts.of(OLGA)


async def test_without_a_connection_an_answer_waits_and_can_be_kept_back(
    world: Linkable, olga: Someone, anna: Someone, boris: Someone
) -> None:
    await prepares(boris, anna)
    world.desk.world.faults.on("mtproto_refused")
    world.desk.world.faults.on("mtproto_cut", times=1)
    await until(lambda: state(world) == "offline")
    await boris.presses("Send")
    assert await boris.sees("There is no connection to Telegram")
    await boris.presses("Keep it back")
    world.desk.world.faults.off("mtproto_refused")
    await until(lambda: state(world) == "live")
    await goes_out(world)
    assert heard(anna, olga) == []
    await boris.presses("Send")
    assert await boris.sees("by the linked device.")
    assert heard(anna, olga) == ["Yes, two left."]


async def test_formatting_and_custom_emoji_go_along_by_the_device(anna: Someone, boris: Someone, olga: Someone) -> None:
    await begins(boris, anna)
    star = Entity("custom_emoji", 0, 2, custom_emoji_id="5368324170671202286")
    await boris.writes("🌟 thanks", entities=[star, Entity("italic", 3, 6)])
    await boris.presses("Send")
    (sent,) = written_to(anna, olga)
    assert sent.entities == (star, Entity("italic", 3, 6))


@pytest.mark.parametrize("kind", ["photo", "document", "voice", "video"])
async def test_a_file_goes_by_the_device_with_its_caption(
    world: Linkable, anna: Someone, boris: Someone, olga: Someone, kind: FileKind
) -> None:
    await begins(boris, anna)
    picture = world.desk.world.store_file(b"rose" * 200_000, kind, name="rose", mime="image/jpeg")
    await boris.writes("Here it is", file=picture)
    await boris.presses("Send")
    (sent,) = written_to(anna, olga)
    assert (sent.text, sent.file and sent.file.kind) == ("Here it is", kind)
    assert sent.file is not None
    assert sent.file.data == picture.data


async def test_a_file_that_no_bot_can_fetch_is_told_to_be_too_large_before_it_is_sent(
    world: Linkable, anna: Someone, boris: Someone
) -> None:
    await begins(boris, anna)
    await boris.writes(file=world.desk.world.store_file(b"x" * (21 * 1024 * 1024), "video", mime="video/mp4"))
    assert "over 20 MB" in boris.screen
    assert "Open chat in Telegram" in boris.buttons
    assert not [label for label in boris.buttons if "Send" in label]
