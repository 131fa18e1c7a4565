"""Olga hides who her clients are; who must know asks once, says why, and she hears of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from aiogram.filters.callback_data import CallbackData
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import aliased
from sqlmodel import func, select

from crm import conversations, identities, members, mirror
from crm.access import enter, enter_room
from crm.seen import Peer, Seen, Source
from handlers.buttons.contacts import ContactCard
from handlers.buttons.export import ContactFile, ContactsOut, StartExport
from handlers.buttons.fields import AskValue, NewField
from handlers.buttons.history import History
from handlers.buttons.identities import AskIdentity, HideIdentities, LetSee
from handlers.buttons.merging import Doubles, FindDouble, MergeContacts, Part
from handlers.buttons.notes import WriteNote
from handlers.buttons.phones import PhoneList, PutPhone
from handlers.buttons.queues import Assign
from handlers.buttons.replies import WriteReply
from handlers.buttons.saved_replies import PickSaved
from handlers.buttons.stages import LayOutStages, MoveTo
from handlers.buttons.tags import NewTagOn
from sandbox.world import Entity, Message
from storage.audit import AuditEntry
from storage.contacts import Contact
from storage.groups import Group
from storage.masks import SIGNS, code, number_of
from storage.memberships import Membership
from storage.phones import ContactPhone
from storage.senders import Sender
from tests.crawl import Seen as Walked
from tests.crawl import crawl, known_commands
from tests.forum import Forum
from tests.people import OLGA, Desk, Someone
from tests.test_digest import morning, wants_it
from tests.test_inline import titles

VERA = 5_200_000_003
ZEPHYRINE, OTTOLINE, WILHELM, CIRCLE = 5_311_222_333, 5_322_333_444, 5_333_444_555, -1_005_344_555_666
PHONE, OTHER_PHONE = "+491715550123", "+491715550456"
TOLD = {  # what says who a client is; none of it is said in a message
    *("zephyrine", "quillfeather", "zq_seamstress", "ottoline", "brackwater", "wilhelm", "xanthippe", "thimble circle"),
    *(str(one) for one in (ZEPHYRINE, OTTOLINE, WILHELM, CIRCLE, -CIRCLE)),
    *("5344555666", "491715550123", "491715550456", "491715550789"),
}


@pytest.fixture
async def shop(desk: Desk, olga: Someone) -> Desk:
    """Olga's workspace with two clients and a group, worked on for a while; then she hides who they are."""
    world = desk.world
    zephyrine = desk.newcomer("Zephyrine", last_name="Quillfeather", username="zq_seamstress", id=ZEPHYRINE)
    ottoline = desk.newcomer("Ottoline", last_name="Brackwater", id=OTTOLINE)
    desk.newcomer("Wilhelm", last_name="Brackwater", id=WILHELM)
    await zephyrine.writes("Do you have roses? My number at work is +49 30 901820.", to=olga)
    said = await ottoline.writes("Ten lilies, please", to=olga)
    hers = world.send(OTTOLINE, ZEPHYRINE, "White ones")
    world.forward(hers.uid, by=ZEPHYRINE, to=OLGA)
    card = {"type": "contact", "phone_number": "+491715550789", "first_name": "Xanthippe", "user_id": WILHELM}
    world.send(ZEPHYRINE, OLGA, "", service=card)
    world.send(ZEPHYRINE, OLGA, "Ask my friend", entities=[Entity("text_mention", 7, 6, user_id=WILHELM)])
    world.send(OLGA, OTTOLINE, "Gladly", reply_to=said.uid)
    await desk.settled()
    await works(desk, olga)
    await says_in_the_group(desk)
    async with enter(desk.app.installation, OLGA, 1) as seat:
        await identities.hide(seat, hides=True)
    return desk


async def works(desk: Desk, olga: Someone) -> None:
    await olga.writes("/home")
    made: list[tuple[CallbackData, str]] = [(LayOutStages(), ""), (NewField(kind="text"), "Measurements")]
    for number in (1, 2):
        made += [
            (MoveTo(id=number, to=number), ""),
            (NewTagOn(on="contact", id=number), "regular"),
            (WriteNote(contact=number), "Likes roses"),
            (AskValue(contact=number, id=1), "one metre eighty"),
        ]
    for screen, words in made:
        await olga.presses_address(screen.pack())
        if words:
            await olga.writes(words)
    async with enter_room(desk.app.installation, 1) as room, room.transaction() as session:
        one = await session.get_one(Contact, 1)
        one.phone = PHONE
        session.add(one)
        session.add(ContactPhone(contact_id=1, phone=OTHER_PHONE, kept_at=one.first_seen_at, kept_by=OLGA))
        await conversations.index(session, [one])


async def says_in_the_group(desk: Desk) -> None:
    """What the device of Olga's account would tell of a group that she has picked."""
    now, peer = desk.world.clock.now(), Peer(CIRCLE, "Thimble circle")
    writers = [Peer(WILHELM, "Wilhelm", "Brackwater"), Peer(ZEPHYRINE, "Zephyrine", "Quillfeather")]
    seen = [
        Seen(
            Source.USERBOT,
            OLGA,
            peer,
            number,
            who.id,
            outgoing=False,
            sent_at=now,
            text="We meet on Friday",
            sender=who,
        )
        for number, who in enumerate(writers, 1)
    ]
    async with enter_room(desk.app.installation, 1) as room, room.transaction() as session:
        session.add(Group(account_id=OLGA, peer_id=CIRCLE, picked_at=now))
        await mirror.record(session, seen, heard_at=now)


async def made_admin(desk: Desk, *, sees: bool | None = False) -> None:
    """Vera helps Olga with everything from now on."""
    async with enter(desk.app.installation, OLGA, 1) as seat:
        await members.set_role(seat, VERA, "admin")
        if sees is not None:
            await identities.let_see(seat, VERA, sees=sees)
    await desk.people["Vera"].writes("/start")


def told(words: str) -> list[str]:
    """What in these words says who somebody is."""
    plain = words.casefold().replace("\u2068", "").replace("\u2069", "")
    bare = re.sub(r"[^\w]", "", plain)
    return sorted(one for one in TOLD if one in plain or one.replace(" ", "") in bare)


def all_of(message: Message) -> str:
    """Text, entities, and all that stands behind the buttons."""
    return " ".join([message.text, repr(message.entities), json.dumps(message.markup, ensure_ascii=False)])


def readable(document: bytes) -> Iterator[str]:
    """What a file says, whatever it is packed into."""
    if document[:2] == b"PK":
        with ZipFile(BytesIO(document)) as archive:
            for name in archive.namelist():
                yield name
                yield from readable(archive.read(name))
    else:
        yield document.decode("utf-8", "replace").replace("\r\n ", "")


def more_documents(somebody: Someone, than: int) -> bool:
    return len(somebody.documents) > than


async def codes_of(desk: Desk) -> dict[int, str]:
    async with desk.app.installation.vaults.open(1) as vault:
        key = vault.key("masks")
    async with desk.vault() as session:
        return {number or 0: code(key, number or 0) for number in await session.exec(select(Contact.id))}


@pytest.mark.parametrize("name", ["Boris", "Vera"])
async def test_no_screen_tells_who_a_client_is(shop: Desk, name: str) -> None:
    await made_admin(shop)
    walker, amiss = shop.people[name], list[str]()
    await walker.writes("/start")

    async def look(seen: Walked) -> None:
        if found := told(all_of(walker.newest)):
            amiss.append(f"{seen.address} (from {seen.came_from}): {found}")

    screens = await crawl(walker, [*known_commands(), "roses", "lilies", "/filter", "/waiting"], 260, look=look)
    assert not amiss, "\n".join(amiss)
    assert len(screens) > 60
    assert not [one for one in walker.documents for text in readable(one.data) if told(text)]
    everything = " ".join(f"{seen.text} {seen.buttons}" for seen in screens)
    assert f"Client {(await codes_of(shop))[1]}" in everything
    assert f"Group {(await codes_of(shop))[3]}" in everything
    assert "Likes roses" in everything
    assert "one metre eighty" in everything
    assert "901820" not in " ".join(one.label for seen in screens for one in seen.buttons)


@pytest.mark.usefixtures("shop")
async def test_histories_of_a_client_and_of_a_group_name_nobody(boris: Someone) -> None:
    await boris.writes("/start")
    for thread in (1, 2, 3):
        await boris.presses_address(History(id=thread).pack())
        assert not told(all_of(boris.newest))
    assert len(set(re.findall(r"Person \w{6}", boris.screen))) == 2
    await boris.presses_address(History(id=1).pack())
    assert "forwarded from \u2068somebody" in boris.screen
    assert "Do you have roses?" in boris.screen


@pytest.mark.parametrize("words", ["Zephyrine", "quillfeather", "Zephirine", "zq_seamstress", PHONE, OTHER_PHONE])
async def test_nobody_is_found_by_what_is_hidden(shop: Desk, boris: Someone, olga: Someone, words: str) -> None:
    await boris.writes("/start")
    code_of = await codes_of(shop)
    for typed in (words, f"roses from:{words}", f"roses with:{words}"):
        await boris.writes(typed)
        found = [label for label in boris.buttons if code_of[1] in label]
        assert not found or "from:" in typed or "with:" in typed  # there the filter is left out, and roses are found
    assert not [one for one in titles(await boris.asks_inline(words)) if code_of[1] in one]
    await boris.writes("/start")
    await boris.writes(words)
    nothing = boris.screen.replace(words, "")
    await boris.writes("Nobodyatall")
    assert boris.screen.replace("Nobodyatall", "") == nothing
    await olga.writes("/start")
    await olga.writes(words)
    assert "Zephyrine" in olga.screen


@pytest.mark.usefixtures("shop")
async def test_a_filter_by_a_hidden_name_is_the_same_as_by_none(boris: Someone) -> None:
    answers = []
    for name in ("Zephyrine", "Nobodyatall", "Thimble"):
        for filter_ in ("from", "with", "in"):
            await boris.writes("/start")
            await boris.writes(f"{filter_}:{name} roses")
            answers.append((filter_, boris.screen.replace(name, "")))
    assert len(set(answers)) == 3


async def test_a_client_is_found_by_his_code_by_everybody(shop: Desk, boris: Someone, olga: Someone) -> None:
    known = (await codes_of(shop))[1]
    await boris.writes("/start")
    for typed in (known, f"Client {known}", f"client {known.lower()}"):
        await boris.writes(typed)
        assert f"Client {known}" in boris.screen
    await boris.writes(f"roses from:{known}")
    assert "Do you have" in boris.screen
    await boris.writes(f"lilies from:{known}")
    assert "Ten lilies" not in boris.screen
    await boris.writes("/start")
    await olga.writes("/start")
    await olga.writes(f"Client {known}")
    assert "Zephyrine" in olga.screen


async def test_files_hold_codes_in_place_of_people(shop: Desk, vera: Someone) -> None:
    await made_admin(shop)
    await vera.writes("/start")
    orders = [
        *(ContactsOut(form=form) for form in ("csv", "xlsx", "vcf")),
        *(ContactFile(id=number, form=form) for number in (1, 3) for form in ("json", "html")),
        StartExport(media=True),
    ]
    for order in orders:
        before = len(vera.documents)
        await vera.presses_address(order.pack())
        assert await vera.until(partial(more_documents, vera, before)), order
    everything = [text for one in vera.documents for text in [one.name or "", *readable(one.data)]]
    assert not {one for text in everything for one in told(text)}
    known = f"Client {(await codes_of(shop))[1]}"
    assert sum(known in text for text in everything) >= 6
    assert "Do you have roses?" in " ".join(everything)


async def test_an_admin_sees_unless_the_owner_says_otherwise(shop: Desk, olga: Someone, vera: Someone) -> None:
    await made_admin(shop, sees=None)
    await vera.writes("/contacts")
    assert "Zephyrine" in " ".join(vera.buttons)
    await olga.writes("/team")
    await olga.presses("Vera")
    assert "Sees who clients are" in olga.screen
    await olga.presses("Hide who clients are")
    assert "names such as Client" in olga.screen
    assert "names such as Client 4F2 from now on" in vera.screen
    await vera.writes("/contacts")
    assert "Zephyrine" not in " ".join(vera.buttons)
    await vera.presses_address(LetSee(id=VERA, sees=True).pack())
    await vera.writes("/contacts")
    assert "Zephyrine" not in " ".join(vera.buttons)
    await olga.presses("Undo")
    assert "you see from now on who clients are" in vera.screen
    await vera.writes("/contacts")
    assert "Zephyrine" in " ".join(vera.buttons)


async def test_olga_hides_and_shows_from_her_settings(desk: Desk, olga: Someone, anna: Someone, boris: Someone) -> None:
    await anna.writes("Hello", to=olga)
    await boris.writes("/contacts")
    assert "Anna" in " ".join(boris.buttons)
    await olga.writes("/settings")
    await olga.presses("Who clients are")
    await olga.presses("Hide them")
    assert "Hidden." in olga.screen
    await boris.writes("/contacts")
    assert "Client" in " ".join(boris.buttons)
    assert "Anna" not in " ".join(boris.buttons)
    await boris.writes("/settings")
    assert "Who clients are: hidden" in boris.screen
    assert "Who clients are" not in boris.buttons
    await olga.presses("Show them to everybody")
    await boris.writes("/contacts")
    assert "Anna" in " ".join(boris.buttons)
    async with desk.vault() as session:
        acts = set(await session.exec(select(AuditEntry.act)))
    assert {"identities.hidden", "identities.shown"} <= acts


async def test_who_must_know_says_why_and_olga_hears_of_it_at_once(shop: Desk, olga: Someone, boris: Someone) -> None:
    known = (await codes_of(shop))[1]
    await boris.writes("/contacts")
    await boris.presses_address(ContactCard(id=1).pack())
    await boris.presses("Who is this?")
    assert f"Client {known}" in boris.screen
    await boris.writes("?")
    assert "a little more" in boris.screen
    await boris.writes("x" * 301)
    assert "too long" in boris.screen
    before = len(olga.chat)
    await boris.writes("The parcel needs <b>a name</b>")
    for fact in ("Zephyrine Quillfeather", "@zq_seamstress", PHONE, OTHER_PHONE, str(ZEPHYRINE)):
        assert fact in boris.screen.replace("\u2068", "").replace("\u2069", "")
    assert boris.newest.protected
    assert len(olga.chat) == before + 1
    for fact in ("Boris", "Zephyrine Quillfeather", "The parcel needs <b>a name</b>"):
        assert fact in olga.screen
    await boris.presses("Close")
    assert f"Client {known}" in boris.screen
    assert not told(all_of(boris.newest))
    async with shop.vault() as session:
        entries = (await session.exec(select(AuditEntry).where(AuditEntry.act == "identity.revealed"))).all()
    assert [(one.actor_id, one.subject, one.facts) for one in entries] == [
        (boris.id, "contact:1", {"reason": "The parcel needs <b>a name</b>"})
    ]


async def test_a_viewer_and_mallory_learn_nothing(shop: Desk, olga: Someone, vera: Someone, mallory: Someone) -> None:
    async with enter(shop.app.installation, OLGA, 1) as seat:
        await members.set_role(seat, VERA, "viewer")
    heard = len(olga.chat)
    for somebody in (vera, mallory):
        await somebody.writes("/start")
        for address in (ContactCard(id=1), AskIdentity(id=1), HideIdentities(hide=False), LetSee(id=VERA, sees=True)):
            await somebody.presses_address(address.pack())
            assert not told(all_of(somebody.newest))
            assert "👁 Who is this?" not in somebody.buttons
        await somebody.writes("I just want to know")
        assert not told(all_of(somebody.newest))
    assert len(olga.chat) == heard


async def test_what_compares_people_is_closed_to_whom_they_are_hidden_from(shop: Desk, vera: Someone) -> None:
    await made_admin(shop)
    await vera.writes("/start")
    for closed in (
        *(Doubles(), FindDouble(id=1), MergeContacts(id=1, other=2), MergeContacts(id=1, other=2, sure=True)),
        *(Part(id=1), PhoneList(id=1), PutPhone(id=1, message=1)),
    ):
        await vera.presses_address(closed.pack())
        assert "hidden from you" in f"{vera.alert} {vera.screen}", closed
        await vera.writes("Zephyrine")
        assert not told(all_of(vera.newest).replace("Zephyrine", ""))


@pytest.mark.usefixtures("shop")
async def test_a_chat_of_the_business_is_no_way_to_its_card(boris: Someone) -> None:
    await boris.writes(f"/start bizChat{ZEPHYRINE}")
    there = boris.screen
    await boris.writes("/start bizChat5999999999")
    assert boris.screen == there
    assert "Nothing of this chat is kept yet" in there


async def test_notices_and_mornings_say_the_code(shop: Desk, olga: Someone, boris: Someone) -> None:
    known = (await codes_of(shop))[1]
    await wants_it(boris)
    await olga.writes("/home")
    await olga.presses_address(Assign(id=1, to=boris.id).pack())
    await olga.presses_address(WriteNote(contact=1).pack())
    await olga.writes("@boris please look")
    assert f"Client {known}" in boris.screen
    await morning(shop, 8)
    assert f"Client {known}" in boris.screen
    assert not [one.text for one in boris.chat if told(all_of(one))]


@pytest.mark.usefixtures("shop")
async def test_a_saved_reply_calls_no_client_by_a_code(olga: Someone, boris: Someone) -> None:
    await olga.writes("/replies")
    await olga.presses("New")
    await olga.writes("hello")
    await olga.writes("Dear {first_name|customer}, it is ready.")
    await olga.presses("Share")
    await boris.writes("/start")
    await boris.presses_address(WriteReply(id=1).pack())
    await boris.presses_address(PickSaved(id=1, to=1).pack())
    assert "Dear customer, it is ready." in boris.screen
    assert not told(all_of(boris.newest))


async def test_an_answer_reaches_a_client_whom_its_author_does_not_know(shop: Desk, boris: Someone) -> None:
    await boris.writes("/start")
    await boris.presses_address(WriteReply(id=1).pack())
    await boris.writes("We have roses")
    await boris.presses("Send")
    await shop.settled()
    assert "We have roses" in [one.text for one in shop.world.history(ZEPHYRINE, OLGA, limit=10)]
    assert not [one.text for one in boris.chat if told(all_of(one))]
    async with shop.vault() as session:
        one = await session.get_one(Contact, 1)
    assert (one.first_name, one.phone, one.telegram_id) == ("Zephyrine", PHONE, ZEPHYRINE)


async def test_work_of_a_member_who_sees_no_names_leaves_them_findable(
    shop: Desk, olga: Someone, boris: Someone
) -> None:
    await boris.writes("/start")
    await boris.presses_address(AskValue(contact=1, id=1).pack())
    await boris.writes("two metres")
    await olga.writes("/start")
    for words in ("Quillfeather", "metres"):
        await olga.writes(words)
        assert "Zephyrine" in olga.screen
    await boris.writes("/start")
    await boris.writes("metres")
    assert (await codes_of(shop))[1] in boris.screen


async def test_what_a_member_has_written_wears_its_mask_afterwards(shop: Desk, boris: Someone) -> None:
    async with enter(shop.app.installation, boris.id, 1) as seat:
        async with seat.transaction() as session:
            one = await session.get_one(Contact, 1)
            stood = (one.first_name, one.phone, one.telegram_id)
            one.aside = "archived"
        async with seat.reading() as session:
            read = await session.get_one(Contact, 1)
    assert stood == ("Zephyrine", PHONE, ZEPHYRINE)
    for shown in (one, read):
        assert (shown.hidden, shown.last_name, shown.phone, shown.username) == (True, None, None, None)
        assert not told(repr(shown.model_dump()))
    async with shop.vault() as session:
        kept = await session.get_one(Contact, 1)
    assert (kept.first_name, kept.phone, kept.telegram_id, kept.aside) == (*stood, "archived")


@pytest.mark.parametrize(
    "query",
    [
        select(Contact.first_name),
        select(Contact.id, func.lower(Contact.username).label("called")),
        select(Sender.name),
        select(aliased(Contact).phone),
        select(ContactPhone.phone),
    ],
)
async def test_a_query_that_forgets_the_mask_is_refused(shop: Desk, boris: Someone, query: Any) -> None:
    async with enter(shop.app.installation, OLGA, 1) as seat, seat.reading() as session:
        assert (await session.exec(query)).all()
    async with enter(shop.app.installation, boris.id, 1) as seat, seat.reading() as session:
        with pytest.raises(RuntimeError):
            await session.exec(query)


async def test_codes_stay_when_two_contacts_become_one_and_two_again(shop: Desk, olga: Someone, boris: Someone) -> None:
    before = await codes_of(shop)
    await olga.writes("/start")
    await olga.presses_address(MergeContacts(id=1, other=2, sure=True).pack())
    await boris.writes("/start")
    for number in (1, 2):
        await boris.presses_address(ContactCard(id=number).pack())
        assert f"Client {before[1]}" in boris.screen
    await boris.writes("lilies")
    assert f"Client {before[1]}" in boris.screen
    assert before[2] not in boris.screen
    await boris.writes(f"Client {before[2]}")
    assert f"Client {before[1]}" in boris.screen
    await olga.presses_address(Part(id=1).pack())
    await boris.presses_address(ContactCard(id=2).pack())
    assert f"Client {before[2]}" in boris.screen
    assert await codes_of(shop) == before


async def test_hiding_lasts_for_a_member_whose_role_changes(shop: Desk) -> None:
    await made_admin(shop)
    async with enter(shop.app.installation, OLGA, 1) as seat:
        await members.set_role(seat, VERA, "agent")
    async with shop.app.installation.registry.reading() as session:
        assert (await session.get_one(Membership, (1, VERA))).sees_identities is False


@given(st.binary(min_size=32, max_size=32), st.integers(0, 2**27))
def test_a_code_leads_back_to_its_number_however_it_is_typed(key: bytes, number: int) -> None:
    spelt = code(key, number)
    assert number_of(key, spelt) == number
    assert number_of(key, f" {spelt.lower().replace('0', 'o').replace('1', 'l')} ") == number
    assert re.fullmatch(f"[0-9][A-Z][{SIGNS}]+", spelt)


@given(st.binary(min_size=32, max_size=32))
def test_no_two_contacts_share_a_code(key: bytes) -> None:
    numbers = [*range(400), *range(7_040 - 200, 7_040 + 200)]
    assert len({code(key, number) for number in numbers}) == len(numbers)


@given(st.binary(min_size=32, max_size=32), st.text(max_size=12))
def test_whatever_is_typed_is_a_code_or_none(key: bytes, typed: str) -> None:
    number = number_of(key, typed)
    assert number is None or number >= 0


def stands_in(forum: Forum) -> str:
    """All that everybody in the group can read, and what stands behind its buttons."""
    named = [*forum.topics, *(topic.name for topic in forum.group.topics.values())]
    return " ".join([*named, *(all_of(one) for one in forum.everything if one.sender_id == forum.desk.bot.id)])


async def test_in_the_forum_too_a_client_is_a_code(
    desk: Desk, olga: Someone, boris: Someone, vera: Someone, mallory: Someone
) -> None:
    for someone in (olga, boris, vera):
        await someone.writes("/start")
    forum = await Forum.opened(desk, olga, boris, vera, mallory).joined(olga)
    zephyrine = desk.newcomer("Zephyrine", last_name="Quillfeather", username="zq_seamstress", id=ZEPHYRINE)
    desk.newcomer("Wilhelm", last_name="Brackwater", id=WILHELM)
    await zephyrine.writes("Do you have roses?", to=olga)
    assert "Zephyrine" in " ".join(forum.topics)
    async with enter(desk.app.installation, OLGA, 1) as seat:
        await identities.hide(seat, hides=True)
    desk.world.clock.advance(timedelta(minutes=2))
    await zephyrine.writes("White ones, please", to=olga)
    card = {"type": "contact", "phone_number": "+491715550789", "first_name": "Xanthippe", "user_id": WILHELM}
    desk.world.send(ZEPHYRINE, OLGA, "", service=card)
    desk.world.send(ZEPHYRINE, OLGA, "Ask my friend", entities=[Entity("text_mention", 7, 6, user_id=WILHELM)])
    await desk.settled()
    known = f"Client {(await codes_of(desk))[1]}"
    assert not told(stands_in(forum))
    assert forum.said(known)[0] == f"👤 {known}\nDo you have roses?"
    await boris.presses("Card", under=forum.card(known))
    shown = forum.alone(boris)[-1]
    assert known in shown.text
    assert not told(all_of(shown))
    await olga.presses("Card", under=forum.card(known))
    assert "Zephyrine" in forum.alone(olga)[-1].text
    await boris.presses("Who is this?", under=shown)
    await forum.writes(boris, known, "The parcel needs a name")
    assert "Zephyrine" in " ".join(one.text for one in [*forum.alone(boris), *boris.chat])
    assert "The parcel needs a name" in olga.screen
    assert not told(stands_in(forum))
