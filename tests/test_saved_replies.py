"""Saved replies: written once, filled in for each contact, looked at before anything leaves."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from crm import fields, members
from crm.access import enter
from crm.fields import Notation
from crm.replies.variables import Facts, fill
from crm.replies.words import Words, units
from sandbox.world import Entity
from storage.accounts import Account
from storage.contacts import Contact
from storage.fields import Kind
from storage.saved_replies import SavedReply
from tests.people import OLGA, Desk, Someone
from tests.test_replies import begins, heard, marked, prepares, written_to

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
VERA = 5_200_000_003


async def keeps(member: Someone, name: str, text: str, **more: Any) -> None:
    """From the list, with a name and words."""
    await member.writes("/replies")
    await member.presses("New")
    await member.writes(name)
    await member.writes(text, **more)


async def test_a_saved_reply_is_picked_in_two_presses_and_sent_as_it_was_shown(
    olga: Someone, anna: Someone, boris: Someone
) -> None:
    await anna.writes("When are you open?", to=olga)
    await keeps(
        boris, "/Hours", "Hello {first_name}, 9 to 5.", entities=[Entity("bold", 6, 12), Entity("italic", 20, 6)]
    )
    assert "/\u2068hours\u2069" in boris.screen
    assert "{first_name}" in boris.screen
    await begins(boris, anna)
    await boris.presses("Saved replies")
    await boris.presses("/hours")
    assert "Hello Anna, 9 to 5." in boris.screen
    assert heard(anna, olga) == []
    await boris.presses("Send")
    (sent,) = written_to(anna, olga)
    assert sent.text == "Hello Anna, 9 to 5."
    assert marked(sent) == {("bold", "Anna"), ("italic", "9 to 5")}
    await boris.writes("/replies")
    await boris.presses("/hours")
    assert "used 1 time" in boris.screen


async def test_a_saved_reply_is_found_by_its_short_name_with_a_slash_or_without(
    olga: Someone, anna: Someone, boris: Someone
) -> None:
    await anna.writes("Hi", to=olga)
    await keeps(boris, "bye", "Until soon!")
    await prepares(boris, anna, "/bye")
    assert "Until soon!" in boris.screen
    await prepares(boris, anna, "Bye")
    assert "Until soon!" in boris.screen
    await prepares(boris, anna, "/unheard_of")
    assert "/unheard_of" in boris.screen


async def test_what_stands_in_a_field_is_filled_in(desk: Desk, olga: Someone, anna: Someone, boris: Someone) -> None:
    await anna.writes("Hi", to=olga)
    async with enter(desk.app.installation, OLGA, 1) as seat:
        made = await fields.make(seat, "Order", Kind.TEXT)
        await fields.put(seat, 1, made.id or 0, "No. 7", Notation(".", {}))
    await keeps(boris, "ready", "{field:order} is ready, {field:Colour|all} of it.")
    await prepares(boris, anna, "/ready")
    assert "No. 7 is ready, all of it." in boris.screen


async def test_what_is_not_known_of_a_contact_is_told_before_there_is_an_answer(
    olga: Someone, anna: Someone, boris: Someone
) -> None:
    await anna.writes("Hi", to=olga)
    await keeps(boris, "call", "We call {phone}, {last_name|dear friend}.")
    await prepares(boris, anna, "/call")
    assert "is not known: \u2068{phone}\u2069" in boris.screen
    assert not [one for one in boris.buttons if "Send" in one]
    await boris.presses("Go on without")
    await boris.presses("Send")
    assert heard(anna, olga) == ["We call , dear friend."]


async def test_a_typed_answer_is_kept_for_the_next_time(olga: Someone, anna: Someone, boris: Someone) -> None:
    await anna.writes("Hi", to=olga)
    await prepares(boris, anna, "We deliver daily.")
    await boris.presses("📌 Save")
    await boris.writes("two words")
    assert "one word" in boris.screen
    await boris.writes("delivery")
    assert "/\u2068delivery\u2069" in boris.screen
    await boris.presses("Back")
    assert "We deliver daily." in boris.screen
    await boris.presses("Send")
    assert heard(anna, olga) == ["We deliver daily."]


async def test_a_deleted_one_comes_back_and_a_name_is_taken_once(desk: Desk, boris: Someone) -> None:
    await keeps(boris, "hours", "9 to 5")
    await boris.presses("Delete")
    await boris.presses("Bring it back")
    assert "9 to 5" in boris.screen
    await boris.presses("Change")
    await boris.writes("8 to 4")
    assert "8 to 4" in boris.screen
    await keeps(boris, "hours", "again")
    assert "taken already" in boris.screen
    async with desk.vault() as session:
        assert [one.text for one in await session.exec(select(SavedReply))] == ["8 to 4"]


async def test_what_is_shared_is_everybodys_to_use_and_the_managers_to_change(olga: Someone, vera: Someone) -> None:
    await keeps(olga, "pay", "By card or cash.")
    await vera.writes("/replies")
    assert "No saved replies yet" in vera.screen
    await olga.presses("Share with the team")
    await vera.writes("/replies")
    await vera.presses("/pay")
    assert "for the whole team" in vera.screen
    assert vera.buttons == ["‹ Back"]
    await vera.presses_address("vx:1")
    assert "role does not allow" in vera.alert


async def test_one_members_own_reply_is_not_there_for_another(boris: Someone, vera: Someone) -> None:
    await keeps(boris, "mine", "Nobody else's")
    for address in ("vc:1", "ve:1", "vx:1", "vk:1:1:0:0"):
        await vera.writes("/replies")
        await vera.presses_address(address)
        assert "Nobody else" not in vera.screen


async def test_a_viewer_and_a_stranger_have_no_saved_replies(
    desk: Desk, olga: Someone, vera: Someone, mallory: Someone
) -> None:
    await keeps(olga, "pay", "By card or cash.")
    await olga.presses("Share with the team")
    async with enter(desk.app.installation, OLGA, 1) as seat:
        await members.set_role(seat, VERA, "viewer")
    for outsider in (vera, mallory):
        await outsider.writes("/replies")
        assert "cash" not in outsider.screen


@given(
    st.text(alphabet="ab😀{}| ", max_size=12),
    st.text(alphabet="ab😀{}| ", max_size=12),
    st.sampled_from(["", "Zoë 😀"]),
)
def test_formatting_keeps_to_its_words_whatever_is_filled_in_before_them(before: str, after: str, name: str) -> None:
    text = f"{before} {{first_name|you}} bold{after}"
    start = units(text[: text.index("bold")])
    contact = Contact(telegram_id=1, first_name=name, name_key="", first_seen_at=LONG_AGO)
    words = Words(text, [{"type": "bold", "offset": start, "length": 4}])
    filled = fill(words, Facts(contact, Account(id=1, first_name="Olga", connected_at=LONG_AGO), "today")).words
    (bold,) = filled.entities
    raw = filled.text.encode("utf-16-le")
    assert raw[2 * bold["offset"] : 2 * (bold["offset"] + bold["length"])].decode("utf-16-le") == "bold"
    assert f"{name or 'you'} bold" in filled.text


async def test_saved_replies_are_offered_in_any_chat_to_who_may_answer(
    desk: Desk, olga: Someone, boris: Someone, mallory: Someone
) -> None:
    await keeps(boris, "hours", "Hello {first_name|there}, 9 to 5.")
    await keeps(boris, "house", "Dear {first_name}, Rose Street 1.")
    found = await boris.asks_inline("hou")
    (offered,) = found.answered.result()  # the other one cannot do without a name
    assert offered.title == "/hours"
    assert desk.world.choose_inline(found.id, offered.id, by=boris.id, peer_id=olga.id).text == "Hello there, 9 to 5."
    for other in (desk.people["Vera"], mallory):
        assert not (await other.asks_inline("hou")).answered.result()
