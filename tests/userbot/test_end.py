"""How a userbot ends: by Telegram, by its owner, or for a while."""

from __future__ import annotations

from sqlmodel import col, select

from storage.accounts import UserbotSession
from storage.outbox import Delivery
from tests.people import OLGA
from tests.userbot.shop import WORKSPACE, Shop


async def test_a_session_that_telegram_ended_is_given_up_and_its_owner_is_told_once(shop: Shop) -> None:
    await shop.is_mirrored()
    shop.server.revoke(OLGA)
    shop.server.cut()
    await shop.until(lambda: shop.state == "revoked")
    await shop.restarts()
    assert shop.state == "revoked"
    async with shop.vault() as session:
        linked = await session.get(UserbotSession, OLGA)
        told = list(await session.exec(select(Delivery).where(col(Delivery.what) == "userbot_revoked")))
    assert linked is not None
    assert (linked.state, linked.auth_key, linked.reason) == ("revoked", b"", "AUTH_KEY_UNREGISTERED")
    assert [(one.chat_id, one.facts["name"]) for one in told] == [(OLGA, "Olga Petrova")]


async def test_a_session_may_be_ended_in_the_middle_of_reading(shop: Shop) -> None:
    shop.writes(shop.anna, *(f"line {number}" for number in range(150)))
    shop.world.faults.on("session_revoked", times=1, method="messages.getHistory")
    assert (await shop.links()).outcome == "linked"
    await shop.until(lambda: shop.state == "revoked")


async def test_a_device_that_has_nothing_to_do_hears_at_once_that_its_session_ended(shop: Shop) -> None:
    await shop.is_mirrored()
    shop.world.faults.on("session_revoked")
    await shop.until(lambda: shop.state == "revoked")


async def test_unlinking_logs_the_device_out_and_keeps_what_it_mirrored(shop: Shop) -> None:
    shop.writes(shop.anna, "Hello")
    await shop.is_mirrored()
    await shop.userbots.unlink(WORKSPACE, OLGA)
    assert shop.server.sessions_of(OLGA) == []
    assert shop.state == "off"
    assert await shop.texts() == ["Hello"]
    await shop.restarts()
    assert shop.state == "off"
    assert (await shop.links(workspace_id=await shop.second_workspace())).outcome == "linked"


async def test_a_workspace_that_is_halted_hears_nothing_until_it_resumes(shop: Shop) -> None:
    await shop.is_mirrored()
    await shop.userbots.halt(WORKSPACE)
    assert shop.state == "off"
    assert len(shop.server.sessions_of(OLGA)) == 1
    shop.writes(shop.anna, "Anybody?")
    assert await shop.texts() == []
    await shop.userbots.resume(WORKSPACE)
    await shop.holds("Anybody?")


async def test_stopping_in_the_middle_of_a_flood_wait_takes_no_time(shop: Shop) -> None:
    shop.writes(shop.anna, *(f"line {number}" for number in range(150)))
    shop.world.faults.on("mtproto_flood", seconds=3600, method="messages.getHistory")
    assert (await shop.links()).outcome == "linked"
    await shop.until(lambda: shop.state == "waiting")
    await shop.restarts()


async def test_the_key_of_a_device_is_shown_nowhere(shop: Shop) -> None:
    await shop.is_mirrored()
    async with shop.vault() as session:
        linked = await session.get(UserbotSession, OLGA)
    assert linked is not None
    for shown in (repr(linked), repr(shop.settings), repr(await shop.memory())):
        assert "auth_key" not in shown
        assert "api_hash" not in shown
