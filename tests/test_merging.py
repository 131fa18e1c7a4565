"""Olga finds that two contacts are one person, makes them one card, and thinks better of it."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

from sqlmodel import select

from handlers.buttons.contacts import ContactCard
from handlers.buttons.fields import AskValue
from handlers.buttons.merging import Doubles, FindDouble, KeepApart, MergeContacts, Part
from handlers.buttons.notes import WriteNote
from handlers.buttons.phones import PutPhone
from handlers.buttons.stages import LayOutStages, MoveTo
from handlers.buttons.tags import NewTagOn
from storage.contacts import Contact
from storage.fields import FieldValue
from storage.merges import Merge
from storage.notes import Note
from storage.tags import ContactTag
from tests.people import Desk, Someone
from tests.test_fields import makes, opens, plain


async def two_cards(desk: Desk, olga: Someone) -> tuple[Someone, Someone]:
    """Pyotr writes from two phones: contacts 1 and 2, each with a note, a tag, a stage and a budget."""
    pair = desk.newcomer("Пётр", last_name="Иванов"), desk.newcomer("Petr", last_name="Ivanov")
    await opens(olga, LayOutStages())
    await makes(olga, "Money", "Budget")
    for number, one in enumerate(pair, 1):
        await one.writes(f"Hello {number}", to=olga)
        desk.world.clock.advance(timedelta(minutes=1))
        await opens(olga, WriteNote(contact=number))
        await olga.writes(f"note {number}")
        await opens(olga, NewTagOn(on="contact", id=number))
        await olga.writes(f"tag {number}")
        await opens(olga, NewTagOn(on="contact", id=number))
        await olga.writes("regular")
        await opens(olga, MoveTo(id=number, to=number))
        await opens(olga, AskValue(contact=number, id=1))
        await olga.writes(f"{number}00")
    return pair


async def state(desk: Desk) -> list[object]:
    """All that a merge touches, apart from who did it when."""
    async with desk.vault() as session:
        contacts = [(one.id, one.stage_id, one.phone, one.merged_into) for one in await session.exec(select(Contact))]
        notes = [(one.id, one.contact_id, one.text) for one in await session.exec(select(Note))]
        tags = sorted((one.contact_id, one.tag_id) for one in await session.exec(select(ContactTag)))
        values = sorted((one.contact_id, one.amount) for one in await session.exec(select(FieldValue)))
        return [contacts, notes, tags, values]


async def test_doubles_in_two_alphabets_are_suggested_compared_merged_and_parted(desk: Desk, olga: Someone) -> None:
    petr, other = await two_cards(desk, olga)
    before = await state(desk)
    await olga.writes("/doubles")
    assert "1 pair looks like one person" in olga.screen
    await olga.presses("≈")
    assert "1 conversation · 1 note · 0 reminders" in olga.screen
    assert "Stage: ✓ New / In talks" in olga.buttons
    assert "Budget: ✓ €100 / €200" in olga.buttons
    await olga.presses("Budget")
    assert "Budget: €100 / ✓ €200" in olga.buttons
    await olga.presses("✅ Merge")
    merged = olga.newest
    await opens(olga, ContactCard(id=1))
    card = plain(olga.screen)
    for words in ("note 1", "note 2", "tag 1", "tag 2", "regular", "Budget: €200", "New", "Hello 1", "Hello 2"):
        assert words in card
    await other.writes("From my other phone", to=olga)
    await petr.writes("And from this one", to=olga)
    await opens(olga, ContactCard(id=1))
    assert "From my other phone" in olga.screen
    assert "And from this one" in olga.screen
    await olga.writes("/contacts")
    assert sum("ван" in label or "van" in label for label in olga.buttons) == 1
    await olga.presses("Undo", under=merged)
    assert await state(desk) == before
    await olga.writes("/contacts")
    assert sum("ван" in label or "van" in label for label in olga.buttons) == 2


async def test_what_is_added_to_the_card_after_a_merge_stays_there_when_they_part(desk: Desk, olga: Someone) -> None:
    await two_cards(desk, olga)
    await opens(olga, MergeContacts(id=1, other=2, sure=True))
    await opens(olga, AskValue(contact=2, id=1))  # a button from before leads to the same card
    await olga.writes("777")
    await opens(olga, WriteNote(contact=2))
    await olga.writes("since the merge")
    await opens(olga, Part(id=1))
    async with desk.vault() as session:
        values = {one.contact_id: one.amount for one in await session.exec(select(FieldValue))}
        written = {one.text: one.contact_id for one in await session.exec(select(Note))}
    assert values == {1: 7_770_000, 2: 2_000_000}
    assert written == {"note 1": 1, "note 2": 2, "since the merge": 1}


async def test_cards_that_share_a_second_phone_are_likely_doubles(olga: Someone, anna: Someone, chen: Someone) -> None:
    await anna.writes("Call +49 1511 2345678, or at work +49 1511 7654321", to=olga)
    await chen.writes("My number is +49 1511 7654321", to=olga)
    await olga.writes("/doubles")
    assert "Nobody looks like somebody else." in olga.screen
    for place in (0, 1):
        await opens(olga, PutPhone(id=1, message=1, place=place))
    await opens(olga, PutPhone(id=2, message=2))
    await olga.writes("/doubles")
    assert "📞 Anna ≈ Chen" in olga.buttons


async def test_two_people_are_never_suggested_again(desk: Desk, olga: Someone) -> None:
    await two_cards(desk, olga)
    await olga.writes("/doubles")
    await olga.presses("≈")
    await olga.presses("Two people")
    assert "Nobody looks like somebody else." in olga.screen
    await olga.writes("/doubles")
    assert "Nobody looks like somebody else." in olga.screen


async def test_olga_names_the_other_card_and_takes_it_out_again_days_later(desk: Desk, olga: Someone) -> None:
    await two_cards(desk, olga)
    await olga.writes("/contacts")
    await olga.presses("Petr")
    await olga.presses("More")
    await olga.presses("The same as another")
    await olga.writes("петр")
    await olga.presses("Пётр")
    await olga.presses("✅ Merge")
    desk.world.clock.advance(timedelta(days=3))
    await desk.app.schedule.run("removed fields")
    await opens(olga, FindDouble(id=2))
    await olga.presses("Take")
    assert "They are two contacts again" in olga.screen
    desk.world.clock.advance(timedelta(days=8))
    await opens(olga, MergeContacts(id=1, other=2, sure=True))
    desk.world.clock.advance(timedelta(days=8))
    await desk.app.schedule.run("removed fields")
    async with desk.vault() as session:
        assert (await session.exec(select(Merge))).all() == []


async def test_a_merge_pressed_twice_is_one(desk: Desk, olga: Someone) -> None:
    await two_cards(desk, olga)
    await opens(olga, MergeContacts(id=1, other=2, sure=True))
    await opens(olga, MergeContacts(id=1, other=2, sure=True))
    async with desk.vault() as session:
        assert len((await session.exec(select(Merge))).all()) == 1
    await opens(olga, MergeContacts(id=1, other=2))
    assert "one already" in olga.screen


async def test_what_an_undo_of_a_merge_needs_is_in_the_export(desk: Desk, olga: Someone) -> None:
    await two_cards(desk, olga)
    await olga.writes("/doubles")
    await olga.presses("≈")
    await olga.presses("✅ Merge")
    await olga.writes("/export")
    await olga.presses("Export")
    with ZipFile(BytesIO(olga.documents[0].data)) as archive:
        [told] = json.loads(archive.read("merges.json"))
    async with desk.vault() as session:
        [merge] = await session.exec(select(Merge))
        assert (told["kept_id"], told["gone_id"], told["moved"]) == (merge.kept_id, merge.gone_id, merge.moved)


async def test_mallory_merges_and_parts_nobody(desk: Desk, olga: Someone, mallory: Someone) -> None:
    await two_cards(desk, olga)
    before = await state(desk)
    await mallory.writes("/start")
    buttons = (Doubles(), FindDouble(id=1), MergeContacts(id=1, other=2), KeepApart(id=1, other=2), Part(id=1))
    for one in (*buttons, MergeContacts(id=1, other=2, sure=True)):
        answer = await mallory.presses_address(one.pack())
        assert answer is not None
        assert "not on this team" in answer.text
    assert await state(desk) == before
