"""Groups of Olga's account: nothing is kept of one that she has not picked, and everything of one that she has."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from crm import groups
from crm.access import Desk, enter
from crm.errors import NotAllowed, NotFound, NotNow, Outsider
from sandbox.world import Group as Circle
from storage import search
from storage.contacts import Contact
from storage.gaps import Gap
from storage.groups import MIGRATED, REMOVED, Group
from storage.messages import BEFORE, Message
from storage.senders import Sender
from tests.people import CAST, OLGA
from tests.userbot.shop import WORKSPACE, Shop


@asynccontextmanager
async def desk_of(shop: Shop, person_id: int = OLGA) -> AsyncIterator[Desk]:
    async with enter(shop.installation, person_id, WORKSPACE) as desk:
        yield desk


async def picks(shop: Shop, group: Circle) -> None:
    async with desk_of(shop) as desk:
        await groups.pick(desk, shop.userbots, OLGA, group.id)


async def unpicks(shop: Shop, group: Circle, *, erase: bool) -> None:
    async with desk_of(shop) as desk:
        await groups.unpick(desk, shop.userbots, OLGA, group.id, erase=erase)


def florists(shop: Shop, *, is_super: bool = True) -> Circle:
    """A group that Anna has opened, in which Olga and Chen are."""
    return shop.world.make_group(shop.anna.id, "Florists' circle", [OLGA, shop.chen.id], is_super=is_super)


def say(shop: Shop, group: Circle, *texts: str) -> list[int]:
    return [shop.world.send(shop.anna.id, group.id, text).uid for text in texts]


async def said(shop: Shop, group: Circle) -> list[str]:
    """The texts that the vault holds of a group, without the notices."""
    async with shop.vault() as session:
        query = select(Message.text).where(col(Message.peer_id) == group.id, col(Message.kind) != "service")
        return list(await session.exec(query.order_by(col(Message.message_id))))


async def hears(shop: Shop, group: Circle, *texts: str) -> None:
    async def heard() -> bool:
        return await said(shop, group) == list(texts)

    try:
        await shop.eventually(heard)
    except TimeoutError:
        raise AssertionError(f"the vault holds {await said(shop, group)}") from None


async def everything_in(shop: Shop) -> str:
    """All that stands in any table of the vault, as one text."""
    found = []
    async with shop.vault() as session:
        connection = await session.connection()
        tables = await connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
        for (name,) in tables.all():
            if not name.endswith(("_data", "_idx", "_docsize", "_config", "_words")):
                found += [str(row) for row in await connection.execute(text(f'SELECT * FROM "{name}"'))]  # noqa: S608  its own
    return "\n".join(found)


async def words_are_wiped(shop: Shop) -> None:
    """What is done once a day, so that the search knows none of what was erased."""
    async with shop.installation.vaults.open(WORKSPACE) as vault, vault.transaction() as session:
        await search.wipe(session)


@pytest.mark.parametrize("is_super", [False, True])
async def test_a_group_that_was_not_picked_leaves_no_trace(shop: Shop, is_super: bool) -> None:
    secret = shop.world.add_person("Secretive", "Member", username="secretive")
    group = florists(shop, is_super=is_super)
    shop.world.add_member(group.id, secret.id, by=shop.anna.id)
    shop.world.send(secret.id, group.id, "among ourselves")
    await shop.is_mirrored()
    shop.writes(shop.anna, "Hello")
    live = shop.world.send(secret.id, group.id, "still among ourselves")
    shop.world.edit(live.uid, text="and edited", by=secret.id)
    await shop.restarts()
    shop.writes(shop.anna, "Still there?")
    await shop.eventually_holds(2)
    async with desk_of(shop) as desk:
        found = await groups.choices(desk, shop.userbots, OLGA)
    assert [(one.title, one.members, one.mirrored_since) for one in found.groups.items] == [
        ("Florists' circle", 4, None)
    ]
    kept = await everything_in(shop)
    assert "Hello" in kept
    for word in ("Florists", "ourselves", "edited", "Secretive", str(group.id), str(secret.id)):
        assert word not in kept


@pytest.mark.parametrize("is_super", [False, True])
async def test_a_picked_group_is_read_back_to_its_beginning_and_followed(shop: Shop, is_super: bool) -> None:
    group = florists(shop, is_super=is_super)
    old = [f"old {number}" for number in range(150)]
    say(shop, group, *old)
    shop.writes(shop.anna, "private")
    await shop.is_mirrored()
    await picks(shop, group)
    await hears(shop, group, *old)
    (edited, gone) = say(shop, group, "before", "gone")
    shop.world.send(OLGA, group.id, "my own word")
    await hears(shop, group, *old, "before", "gone", "my own word")
    shop.world.edit(edited, text="after", by=shop.anna.id)
    shop.world.delete([gone], by=shop.anna.id)

    async def changed() -> bool:
        async with shop.vault() as session:
            query = select(Message.text).where(col(Message.deleted_at).is_not(None))
            return list(await session.exec(query)) == ["gone"] and "after" in await said(shop, group)

    await shop.eventually(changed)
    assert await shop.versions() == ["before"]
    async with shop.vault() as session:
        senders = {row.id: row.name for row in await session.exec(select(Sender))}
        contacts = {row.telegram_id: row.name for row in await session.exec(select(Contact))}
        own = (await session.exec(select(Message).where(Message.text == "my own word"))).one()
    assert senders == {shop.anna.id: "Anna Ilyina"}  # Chen has said nothing
    assert contacts == {shop.anna.id: "Anna Ilyina", group.id: "Florists' circle"}
    assert (own.outgoing, own.sender_id) == (True, OLGA)


async def test_of_an_hour_offline_a_supergroup_lacks_nothing(shop: Shop) -> None:
    group = florists(shop)
    before = say(shop, group, *(f"before {number}" for number in range(40)))
    await shop.is_mirrored()
    await picks(shop, group)
    await hears(shop, group, *(f"before {number}" for number in range(40)))
    await shop.closes()
    shop.world.clock.advance(timedelta(hours=1))
    missed = say(shop, group, *(f"missed {number}" for number in range(250)))
    for uid in (*before[:10], *missed[:10]):
        shop.world.edit(uid, text=f"{shop.world.messages[uid].text}, edited", by=shop.anna.id)
    shop.world.delete([*before[20:30], *missed[20:30]], by=shop.anna.id)
    await shop.opens()
    wanted = [shop.world.messages[uid].text for uid in (*before, *missed[:20], *missed[30:])]
    await hears(shop, group, *wanted)
    async with shop.vault() as session:
        gone = await session.exec(select(Message.text).where(col(Message.deleted_at).is_not(None)))
        assert sorted(gone) == sorted(f"before {number}" for number in range(20, 30))
        row = await session.get(Group, (OLGA, group.id))
    assert row is not None
    assert row.pts == shop.world.account(group.id).pts
    assert sorted(await shop.versions()) == sorted(f"before {number}" for number in range(10))


async def test_where_a_supergroup_no_longer_tells_what_was_missed_it_is_read_again(shop: Shop) -> None:
    group = florists(shop)
    kept, gone, edited = say(shop, group, "kept", "gone", "before")
    await shop.is_mirrored()
    await picks(shop, group)
    await hears(shop, group, "kept", "gone", "before")
    await shop.closes()
    shop.world.clock.advance(timedelta(hours=1))
    shop.world.delete([gone], by=shop.anna.id)
    shop.world.edit(edited, text="after", by=shop.anna.id)
    say(shop, group, "new")
    shop.world.faults.on("mtproto_too_long", times=1, method="updates.getChannelDifference")
    await shop.opens()
    await hears(shop, group, "kept", "gone", "after", "new")

    async def closed() -> bool:
        async with shop.vault() as session:
            found = list(await session.exec(select(Gap).where(col(Gap.peer_id) == group.id)))
            deleted = list(await session.exec(select(Message.text).where(col(Message.deleted_at).is_not(None))))
        return [(gap.why, gap.closed_at is None) for gap in found] == [("too_long", False)] and deleted == ["gone"]

    await shop.eventually(closed)
    say(shop, group, "live again")
    await hears(shop, group, "kept", "gone", "after", "new", "live again")
    assert kept


async def test_a_hint_that_something_happened_is_followed_up(shop: Shop) -> None:
    group = florists(shop)
    await shop.is_mirrored()
    await picks(shop, group)
    say(shop, group, "one")
    await hears(shop, group, "one")
    shop.world.faults.on("mtproto_channel_too_long", times=1)
    say(shop, group, "two")
    await hears(shop, group, "one", "two")


async def test_equal_numbers_in_a_supergroup_and_in_private_are_different_messages(shop: Shop) -> None:
    """A message of the supergroup and one of Anna's private chat have the number 2: neither touches the other."""
    group, other = florists(shop), florists(shop)
    say(shop, group, "in the group")
    say(shop, other, "in the other")
    _, private = shop.writes(shop.anna, "one", "in private")
    assert {message.number(OLGA) for message in shop.world.messages.values() if "in " in message.text} == {2}
    await shop.is_mirrored()
    await picks(shop, group)
    await picks(shop, other)
    await hears(shop, group, "in the group")
    await hears(shop, other, "in the other")
    shop.world.edit(private.uid, text="changed in private", by=shop.anna.id)
    shop.world.delete(
        [message.uid for message in shop.world.messages.values() if message.text == "in the other"], by=shop.anna.id
    )

    async def settled() -> bool:
        async with shop.vault() as session:
            rows = await session.exec(select(Message).where(col(Message.message_id) == 2))
            return {(row.text, row.deleted_at is None) for row in rows} == {
                ("in the group", True), ("in the other", False), ("changed in private", True)
            }  # fmt: skip

    await shop.eventually(settled)
    shop.world.delete([private.uid], by=shop.anna.id)
    late = say(shop, group, "three")
    shop.world.delete(late, by=shop.anna.id)
    shop.writes(shop.anna, "three in private")

    async def all_told() -> bool:
        async with shop.vault() as session:
            rows = await session.exec(select(Message).where(col(Message.message_id).in_([2, 3])))
            return {(row.text, row.deleted_at is None) for row in rows} == {
                ("in the group", True), ("in the other", False), ("changed in private", False),
                ("three", False), ("three in private", True),
            }  # fmt: skip

    await shop.eventually(all_told)
    assert not await shop.differences()


@pytest.mark.parametrize("offline", [False, True])
async def test_a_group_that_becomes_a_supergroup_goes_on_as_the_same_conversation(shop: Shop, offline: bool) -> None:
    group = florists(shop, is_super=False)
    (first, second) = say(shop, group, "small", "and cosy")
    shop.world.send(OLGA, group.id, "it grows", reply_to=first)
    await shop.is_mirrored()
    await picks(shop, group)
    await hears(shop, group, "small", "and cosy", "it grows")
    if offline:
        await shop.closes()
    whole = shop.world.upgrade_group(group.id, by=shop.anna.id)
    say(shop, whole, "large", "and loud")
    if offline:
        await shop.opens()
    await hears(shop, whole, "small", "and cosy", "it grows", "large", "and loud")
    async with shop.vault() as session:
        contacts = list(await session.exec(select(Contact).where(col(Contact.telegram_id) < 0)))
        rows = {row.text: row for row in await session.exec(select(Message).where(col(Message.peer_id) == whole.id))}
        old, new = await session.get(Group, (OLGA, group.id)), await session.get(Group, (OLGA, whole.id))
    assert [(one.telegram_id, one.migrated_from) for one in contacts] == [(whole.id, group.id)]
    assert len({row.conversation_id for row in rows.values()}) == 1
    assert rows["small"].message_id == shop.world.messages[first].number(OLGA) + BEFORE
    assert rows["it grows"].reply_to_id == rows["small"].message_id
    assert old is not None
    assert new is not None
    assert (old.reason, new.ended_at) == (MIGRATED, None)
    shop.world.delete([second], by=shop.anna.id)  # of the old chat, by its old number

    async def told() -> bool:
        async with shop.vault() as session:
            query = select(Message.text).where(col(Message.deleted_at).is_not(None))
            return list(await session.exec(query)) == ["and cosy"]

    await shop.eventually(told)


@pytest.mark.parametrize("is_super", [False, True])
async def test_a_group_from_which_the_account_was_removed_is_told(shop: Shop, is_super: bool) -> None:
    group = florists(shop, is_super=is_super)
    await shop.is_mirrored()
    await picks(shop, group)
    say(shop, group, "one")
    await hears(shop, group, "one")
    shop.world.remove_member(group.id, OLGA, by=shop.anna.id)

    async def ended() -> bool:
        async with shop.vault() as session:
            row = await session.get(Group, (OLGA, group.id))
            return row is not None and row.reason == REMOVED

    await shop.eventually(ended)
    assert await said(shop, group) == ["one"]
    assert shop.state == "live"
    shop.writes(shop.anna, "in private, all goes on")
    await shop.eventually_holds(len(await shop.messages()) + 1)


@pytest.mark.parametrize("was_read", [False, True])
async def test_a_group_that_nobody_wants_any_more_holds_no_gap_open(shop: Shop, was_read: bool) -> None:
    """Whether it was read to its end before it was unpicked or not: it is when it is picked again."""
    group = florists(shop, is_super=not was_read)
    say(shop, group, "one", "two")
    shop.writes(shop.anna, "in private")
    await shop.is_mirrored()
    if not was_read:
        shop.world.faults.on("mtproto_flood", seconds=60, method="messages.getHistory")
    await picks(shop, group)
    if was_read:
        await hears(shop, group, "one", "two")
        await shop.past_is_read()
    await unpicks(shop, group, erase=False)
    await shop.closes()
    shop.world.faults.off()
    shop.world.faults.on("mtproto_too_long", times=1)
    await shop.opens()

    async def closed() -> bool:
        async with shop.vault() as session:
            return [gap.closed_by for gap in await session.exec(select(Gap))] == ["history"]

    await shop.eventually(closed)
    await picks(shop, group)
    await hears(shop, group, "one", "two")


async def test_an_unpicked_group_is_heard_no_more_and_what_is_stored_stays_or_goes(shop: Shop) -> None:
    group, other = florists(shop), florists(shop, is_super=False)
    say(shop, group, "one")
    say(shop, other, "uno")
    await shop.is_mirrored()
    for circle in (group, other):
        await picks(shop, circle)
    await hears(shop, group, "one")
    await hears(shop, other, "uno")
    await unpicks(shop, group, erase=False)
    await unpicks(shop, other, erase=True)
    say(shop, group, "unheard")
    say(shop, other, "inaudito")
    shop.writes(shop.anna, "heard")
    await shop.eventually_holds(3)  # with the notice that the group was made
    assert await said(shop, group) == ["one"]
    await words_are_wiped(shop)
    kept = await everything_in(shop)
    assert "uno" not in kept
    assert str(other.id) not in kept.replace(f"'peer': {other.id}", "").replace(f'"peer": {other.id}', "")  # the audit
    await picks(shop, group)
    await picks(shop, other)
    await hears(shop, group, "one", "unheard")
    await hears(shop, other, "uno", "inaudito")


async def test_who_may_not_manage_neither_sees_nor_picks(shop: Shop) -> None:
    group = florists(shop)
    await shop.is_mirrored()
    async with desk_of(shop, CAST["Boris"][0]) as boris:  # an agent
        with pytest.raises(NotAllowed):
            await groups.choices(boris, shop.userbots, OLGA)
        with pytest.raises(NotAllowed):
            await groups.pick(boris, shop.userbots, OLGA, group.id)
        with pytest.raises(NotAllowed):
            await groups.unpick(boris, shop.userbots, OLGA, group.id, erase=True)
    with pytest.raises(Outsider):
        async with desk_of(shop, CAST["Mallory"][0]):
            pass
    async with desk_of(shop) as desk:
        with pytest.raises(NotFound):
            await groups.pick(desk, shop.userbots, OLGA, -4)
        with pytest.raises(NotFound):
            await groups.pick(desk, shop.userbots, CAST["Boris"][0], group.id)
    await shop.closes()
    async with desk_of(shop) as desk:
        with pytest.raises(NotNow):
            await groups.pick(desk, shop.userbots, OLGA, group.id)
        assert not (await groups.choices(desk, shop.userbots, OLGA)).online
    await shop.opens()


async def test_a_file_in_a_supergroup_is_fetched_when_its_reference_is_too_old(shop: Shop) -> None:
    """The private message of the same number carries another file."""
    group = florists(shop)
    file = shop.world.store_file(b"the minutes" * 100, name="minutes.txt")
    shop.world.send(shop.anna.id, group.id, "Minutes", file=file)
    shop.writes(shop.anna, "one")
    shop.writes(shop.anna, "two", file=shop.world.store_file(b"a bill", name="bill.txt"))
    await shop.is_mirrored()
    await picks(shop, group)
    await hears(shop, group, "Minutes")
    media = next(one for one in await shop.media() if one.name == "minutes.txt")
    shop.server.expire_file_references()
    pieces = [piece async for piece in shop.userbots.fetch(WORKSPACE, OLGA, media)]
    assert b"".join(pieces) == b"the minutes" * 100
