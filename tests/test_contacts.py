"""Olga looks through the people who write to her."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm import members
from crm.access import enter
from handlers.buttons.contacts import ContactCard, ContactList
from handlers.buttons.notes import WriteNote
from handlers.buttons.queues import QueueList
from handlers.buttons.tags import PutTag
from handlers.screens import label, safe
from tests.people import OLGA, Desk, Someone


async def test_whoever_writes_stands_in_the_list_and_waits(olga: Someone, anna: Someone) -> None:
    await olga.writes("/contacts")
    assert "Nobody yet" in olga.screen
    await anna.writes("Are there tulips today?", to=olga)
    await olga.writes("/contacts")
    assert "1 contact" in olga.screen
    assert "⏳ Anna" in olga.buttons
    await olga.writes("Yes, yellow ones", to=anna)
    await olga.writes("/contacts")
    assert "Anna" in olga.buttons


async def test_a_card_tells_who_it_is_and_what_was_said_last(olga: Someone, anna: Someone) -> None:
    for text in ("first", "second", "third", "<b>fourth</b>"):
        await anna.writes(text, to=olga)
    await olga.writes("/contacts")
    await olga.presses("Anna")
    assert f"@{safe('anna_k')}" in olga.screen
    assert "Known since" in olga.screen
    assert "4 messages" in olga.screen
    assert "first" not in olga.screen
    assert olga.screen.index("second") < olga.screen.index("third") < olga.screen.index("<b>fourth</b>")
    assert {"💬 Conversation", "🏷 Tags", "📝 Notes", "🔎 Search"} <= set(olga.buttons)
    assert "Open chat in Telegram" in olga.buttons


async def test_the_list_has_pages_and_two_orders(desk: Desk, olga: Someone) -> None:
    for name in ("Kurt", "Julia", "Ivan", "Hanna", "Gleb", "Fanny", "emma", "Dora", "Carl", "Bella", "Ada"):
        await desk.newcomer(name).writes("Hi", to=olga)
        desk.world.clock.advance(timedelta(minutes=1))
    await olga.writes("/contacts")
    assert "11 contacts" in olga.screen
    assert olga.buttons[0] == "⏳ Ada"
    assert "1 of 2" in olga.buttons
    await olga.presses("›")
    assert olga.buttons[0] == "⏳ Kurt"
    await olga.presses("Sort: name")
    assert [label.removeprefix("⏳ ") for label in olga.buttons[:5]] == ["Ada", "Bella", "Carl", "Dora", "emma"]


async def test_names_are_in_the_order_of_their_own_alphabet_and_a_new_name_has_its_place(
    desk: Desk, olga: Someone
) -> None:
    named = {name: desk.newcomer(name) for name in ("Яна", "жанна", "Ёлка", "Ева", "Éva", "eric", "Ярослав")}
    for someone in named.values():
        await someone.writes("Hi", to=olga)

    async def in_order() -> list[str]:
        await olga.presses_address(ContactList(by_name=True).pack())
        return [label.removeprefix("⏳ ") for label in olga.buttons[:7]]

    await olga.writes("/contacts")
    assert await in_order() == ["eric", "Éva", "Ева", "Ёлка", "жанна", "Яна", "Ярослав"]
    desk.world.change_person(named["Яна"].id, first_name="анна")
    desk.world.clock.advance(timedelta(minutes=1))
    await named["Яна"].writes("I have another name now", to=olga)
    assert await in_order() == ["eric", "Éva", "анна", "Ева", "Ёлка", "жанна", "Ярослав"]


async def test_who_waits_longest_comes_first(desk: Desk, olga: Someone, anna: Someone, chen: Someone) -> None:
    await chen.writes("你好", to=olga)
    desk.world.clock.advance(timedelta(hours=1))
    await anna.writes("Hello", to=olga)
    await chen.writes("?", to=olga)
    await olga.writes("/waiting")
    assert "2 wait for an answer" in olga.screen
    assert [label.split()[1] for label in olga.buttons[:2]] == ["Chen", "Anna"]
    await olga.writes("Hello!", to=chen)
    await olga.writes("/waiting")
    assert "1 waits" in olga.screen
    await olga.writes("Hello!", to=anna)
    await olga.writes("/waiting")
    assert "Nobody waits" in olga.screen


async def test_manage_bot_opens_the_card_of_that_chat(olga: Someone, anna: Someone, chen: Someone) -> None:
    await anna.writes("Hello", to=olga)
    await olga.writes(f"/start bizChat{anna.id}")
    assert olga.screen.startswith(safe("Anna"))
    for payload in (f"bizChat{chen.id}", "bizChat", "bizChat²", "bizChat-5", "bizChat" + "9" * 40):
        await olga.writes(f"/start {payload}")
        assert "Nothing of this chat is kept yet" in olga.screen


async def test_a_hostile_name_stays_a_name(desk: Desk, olga: Someone) -> None:
    mocker = desk.newcomer("<b>Bob</b>\u202e", last_name="&amp; <a href='x'>")
    await mocker.writes("</b>\u202e<i>", to=olga)
    await olga.writes("/contacts")
    await olga.presses("Bob")
    assert "<b>Bob</b> &amp; <a href='x'>" in olga.screen
    assert "</b><i>" in olga.screen
    assert "\u202e" not in olga.screen


def test_a_name_on_a_button_has_no_power_over_direction_or_sight() -> None:
    assert label("Lior \u202ernilreb\u202c") == "Lior rnilreb"
    assert label("Ze\u200bro\ufeff") == "Zero"
    assert label("\u200b") == "—"
    assert label("נועה לוי") == "\u2068נועה לוי\u2069"


async def test_a_card_leads_back_to_the_list_that_led_to_it(olga: Someone, anna: Someone) -> None:
    await anna.writes("Is the blue one in stock?", to=olga)
    await olga.writes("/waiting")
    await olga.presses("Anna")
    await olga.presses("Back")
    assert "waits for an answer" in olga.screen
    await olga.writes("Anna")
    await olga.presses("①")
    await olga.presses("Back")
    assert "🔎" in olga.screen


async def test_a_button_of_a_contact_who_is_gone_says_so(olga: Someone) -> None:
    await olga.writes("/contacts")
    answer = await olga.presses_address(ContactCard(id=99).pack())
    assert answer is not None
    assert "not there any more" in answer.text
    await olga.presses_address(ContactList(page=-7).pack())
    assert "Contacts" in olga.screen
    await olga.presses_address(ContactList(page=10**9, tag=99).pack())
    assert "Contacts" in olga.screen
    await olga.presses_address(QueueList(page=10**9).pack())
    assert "Nobody waits" in olga.screen


@pytest.fixture
async def viewer(desk: Desk, boris: Someone) -> Someone:
    """Boris, who from now on may only look."""
    async with enter(desk.app.installation, OLGA, 1) as seat:
        await members.set_role(seat, boris.id, "viewer")
    return boris


async def test_a_viewer_looks_and_touches_nothing(olga: Someone, viewer: Someone, anna: Someone) -> None:
    await anna.writes("Hello", to=olga)
    await viewer.writes("/contacts")
    await viewer.presses("Anna")
    assert "Hello" in viewer.screen
    assert "✏️ Write a note" not in viewer.buttons
    await viewer.presses("Tags")
    assert viewer.buttons == ["‹ Back"]
    for address in (WriteNote(contact=1), PutTag(on="contact", id=1, tag=1, put=True)):
        answer = await viewer.presses_address(address.pack())
        assert answer is not None
        assert "role" in answer.text


async def test_a_stranger_meets_a_wall_before_every_contact(olga: Someone, anna: Someone, mallory: Someone) -> None:
    await anna.writes("My address is Tulip Lane 5", to=olga)
    for text in ("/contacts", "/waiting", f"/start bizChat{anna.id}", "Tulip"):
        await mallory.writes(text)
        assert "not on this team" in mallory.screen or "invitation" in mallory.screen
    for address in (ContactCard(id=1), ContactList(), QueueList()):
        answer = await mallory.presses_address(address.pack())
        assert answer is not None
        assert "not on this team" in answer.text
    assert "Tulip Lane" not in "".join(message.text for message in mallory.chat if message.sender_id != mallory.id)
