"""What happens on Olga's Business account stands in her vault, as it happened."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import col, select

from sandbox.world import Entity
from storage.accounts import BusinessConnection
from storage.audit import AuditEntry
from storage.contacts import Contact
from storage.media import Media
from storage.messages import Message, Version
from storage.routes import Route
from tests.people import Desk, Someone


async def kept(desk: Desk, text: str) -> Message:
    async with desk.vault() as session:
        return (await session.exec(select(Message).where(col(Message.text) == text))).one()


async def test_a_client_writes_and_the_vault_has_it(desk: Desk, olga: Someone, anna: Someone) -> None:
    await anna.writes("Is the blue one in stock?", to=olga)
    message = await kept(desk, "Is the blue one in stock?")
    assert (message.outgoing, message.sender_id, message.account_id) == (False, anna.id, olga.id)
    async with desk.vault() as session:
        card = (await session.exec(select(Contact))).one()
    assert (card.name, card.username, card.language) == ("Anna", "anna_k", "en")


async def test_what_olga_answers_on_her_phone_is_kept_as_hers(desk: Desk, olga: Someone, anna: Someone) -> None:
    await anna.writes("Two left?", to=olga)
    await olga.writes("Yes, two.", to=anna)
    message = await kept(desk, "Yes, two.")
    assert (message.outgoing, message.peer_id) == (True, anna.id)


async def test_an_edit_keeps_both_texts(desk: Desk, olga: Someone, anna: Someone) -> None:
    message = await anna.writes("At nine", to=olga)
    await anna.edits(message, "At ten")
    await kept(desk, "At ten")
    async with desk.vault() as session:
        assert (await session.exec(select(Version.text))).all() == ["At nine"]


async def test_a_deleted_message_is_kept_and_marked(desk: Desk, olga: Someone, anna: Someone) -> None:
    message = await anna.writes("Forget it", to=olga)
    await anna.deletes(message)
    assert (await kept(desk, "Forget it")).deleted_at is not None


async def test_formatting_and_files_come_along(desk: Desk, olga: Someone, anna: Someone) -> None:
    picture = desk.world.store_file(b"%PDF-1.7 invoice", "document", name="invoice.pdf", mime="application/pdf")
    desk.world.send(anna.id, olga.id, "The invoice", file=picture, entities=[Entity("bold", 4, 7)])
    await desk.settled()
    message = await kept(desk, "The invoice")
    assert (message.kind, message.entities) == ("document", [{"type": "bold", "offset": 4, "length": 7}])
    async with desk.vault() as session:
        media = (await session.exec(select(Media))).one()
    assert (media.kind, media.name, media.mime, media.size) == ("document", "invoice.pdf", "application/pdf", 16)


async def test_two_clients_are_two_contacts_and_no_word_is_mixed(
    desk: Desk, olga: Someone, anna: Someone, chen: Someone
) -> None:
    await anna.writes("Roses", to=olga)
    await chen.writes("百合", to=olga)
    assert (await kept(desk, "Roses")).peer_id == anna.id
    assert (await kept(desk, "百合")).peer_id == chen.id


async def test_olga_is_told_when_her_account_is_connected_and_when_it_is_taken_off(desk: Desk, olga: Someone) -> None:
    await olga.writes("/start")
    await olga.connects_business()
    assert await olga.sees("is connected. From now on every message")
    desk.world.disconnect_business(olga.id)
    assert await olga.sees("took Wysper off in Telegram")


async def test_a_missing_right_is_named_with_the_way_to_grant_it(olga: Someone) -> None:
    await olga.writes("/start")
    await olga.connects_business(rights={"can_reply"})
    assert await olga.sees("Wysper may not do all it needs")
    assert olga.screen.endswith("switch on: Read messages.")
    await olga.writes("/start")
    assert "something is not allowed" in olga.screen
    await olga.writes("/accounts")
    await olga.presses("Olga")
    assert "Not allowed: Read messages" in olga.screen


async def test_an_account_that_was_taken_off_says_so_everywhere_and_offers_the_way_back(
    desk: Desk, olga: Someone
) -> None:
    await olga.writes("/start")
    desk.world.disconnect_business(olga.id)
    assert await olga.sees("took Wysper off in Telegram")
    await olga.writes("/start")
    assert "nothing comes in" in olga.screen
    assert "none can come in now" in olga.screen
    await olga.writes("/accounts")
    assert "🔴 \u2068Olga\u2069 · nothing comes in" in olga.screen
    await olga.presses("🔴 Olga")
    assert "from now on" not in olga.screen
    await olga.presses("Connect through Telegram Business")
    assert "Chatbots" in olga.screen
    desk.world.clock.advance(timedelta(days=3))
    await olga.connects_business()
    async with desk.vault() as session:
        (business,) = await session.exec(select(BusinessConnection))
    assert desk.world.clock.now() - business.connected_at < timedelta(days=1)


async def test_after_a_change_of_the_connection_messages_go_on(desk: Desk, olga: Someone, anna: Someone) -> None:
    await anna.writes("Before", to=olga)
    desk.world.edit_business(olga.id, rights={"can_reply", "can_read_messages"}, chats=None)
    await anna.writes("After", to=olga)
    assert await desk.mirrored() == ["Before", "After"]


async def test_messages_are_kept_even_where_the_update_of_the_connection_never_came(
    desk: Desk, olga: Someone, anna: Someone
) -> None:
    async with desk.app.installation.registry.transaction() as session:
        for route in (await session.exec(select(Route))).all():
            await session.delete(route)
    await anna.writes("Anybody there?", to=olga)
    assert await desk.mirrored() == ["Anybody there?"]


async def test_mallory_cannot_connect_her_account_to_a_workspace_that_is_not_hers(
    desk: Desk, mallory: Someone, anna: Someone
) -> None:
    await mallory.connects_business()
    await anna.writes("Psst", to=mallory)
    assert await desk.mirrored() == []
    async with desk.app.installation.registry.reading() as session:
        assert not (await session.exec(select(Route).where(col(Route.account_id) == mallory.id))).all()


async def test_an_agent_cannot_connect_an_account_of_his_own(desk: Desk, boris: Someone, anna: Someone) -> None:
    await boris.connects_business()
    await anna.writes("Private", to=boris)
    assert await desk.mirrored() == []


async def test_the_shops_own_account_is_connected_by_a_link_and_gets_no_seat(
    desk: Desk, olga: Someone, anna: Someone
) -> None:
    shop = desk.newcomer("Flower Shop", username="flower_shop")
    await olga.writes("/accounts")
    await olga.presses("another Telegram account")
    payload = olga.screen.split("?start=")[1].split()[0]
    await shop.writes(f"/start {payload}")
    assert "may now be connected" in shop.screen
    await shop.connects_business()
    await anna.writes("Do you deliver?", to=shop)
    assert (await kept(desk, "Do you deliver?")).account_id == shop.id
    await shop.writes("/contacts")
    assert "Anna" not in shop.screen


async def test_a_link_for_another_account_works_once(desk: Desk, olga: Someone, mallory: Someone) -> None:
    shop = desk.newcomer("Flower Shop")
    await olga.writes("/accounts")
    await olga.presses("another Telegram account")
    payload = olga.screen.split("?start=")[1].split()[0]
    await shop.writes(f"/start {payload}")
    await mallory.writes(f"/start {payload}")
    assert "may now be connected" not in mallory.screen


async def test_a_link_for_another_account_is_good_for_an_hour(desk: Desk, olga: Someone) -> None:
    shop = desk.newcomer("Flower Shop")
    await olga.writes("/accounts")
    await olga.presses("another Telegram account")
    payload = olga.screen.split("?start=")[1].split()[0]
    desk.world.clock.advance(timedelta(hours=2))
    await shop.writes(f"/start {payload}")
    assert "too old" in shop.screen


async def test_who_connected_what_is_on_record(desk: Desk, olga: Someone) -> None:
    async with desk.vault() as session:
        entry = (await session.exec(select(AuditEntry).where(col(AuditEntry.act) == "account.connected"))).one()
    assert (entry.actor_id, entry.subject) == (olga.id, f"account:{olga.id}")
