"""Olga changes many contacts at once, after a look at whom, and takes the whole of it back."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import select

from crm import bulk, members
from crm.access import enter
from handlers.buttons.fields import AskValue, PutChoice
from handlers.buttons.sifts import ChangeMany, DoToMany, SiftCard, SiftField, SiftList, SiftTags, UndoMany
from handlers.buttons.stages import LayOutStages, MoveTo
from handlers.buttons.tags import NewTagOn, PutTag
from storage.contacts import Contact
from storage.conversations import Conversation
from storage.jobs import Job
from storage.sifts import BulkStep
from storage.tags import ContactTag
from tests.people import OLGA, Desk, Someone
from tests.test_fields import makes, opens, plain


async def forty(desk: Desk, olga: Someone) -> None:
    """Forty-one clients; the first is tagged already, and all but the last are regulars."""
    for number in range(1, 42):
        await desk.newcomer(f"Client {number:02}").writes("Hello", to=olga)
    await opens(olga, NewTagOn(on="contact", id=1))
    await olga.writes("spring")
    await opens(olga, NewTagOn(on="contact", id=1))
    await olga.writes("regular")
    for number in range(2, 41):
        await olga.presses_address(PutTag(on="contact", id=number, tag=2, put=True).pack())


async def tagged(desk: Desk, tag_id: int) -> list[int]:
    async with desk.vault() as session:
        rows = await session.exec(select(ContactTag.contact_id).where(ContactTag.tag_id == tag_id))
        return sorted(rows)


async def test_a_tag_is_put_on_forty_contacts_and_the_whole_is_undone(desk: Desk, olga: Someone) -> None:
    await forty(desk, olga)
    await olga.writes("/filter")
    await olga.presses("🏷 Tags")
    await olga.presses("regular")
    await olga.presses("Back")
    assert "40 contacts" in olga.screen
    await olga.presses("Change all")
    await olga.presses("Put a tag on")
    await olga.presses("spring")
    assert "on 40 contacts?" in olga.screen
    assert "Client 01, " in plain(olga.screen)
    await olga.presses("Yes, all of them")
    assert "39 contacts were changed." in olga.screen
    assert await tagged(desk, 1) == list(range(1, 41))
    await olga.presses("Undo all of it")
    assert "39 contacts are as before." in olga.screen
    assert await tagged(desk, 1) == [1]


async def test_a_week_later_nothing_is_kept_of_what_stood_before(desk: Desk, olga: Someone, anna: Someone) -> None:
    await anna.writes("Hello", to=olga)
    await opens(olga, NewTagOn(on="contact", id=1))
    await olga.writes("spring")
    await opens(olga, SiftCard(tag=1))
    await olga.presses("Change all")
    await olga.presses("Archive")
    await olga.presses("Yes, all of them")
    desk.world.clock.advance(timedelta(days=6))
    await desk.app.schedule.run("removed fields")
    async with desk.vault() as session:
        assert len((await session.exec(select(BulkStep))).all()) == 1
    desk.world.clock.advance(timedelta(days=2))
    await desk.app.schedule.run("removed fields")
    async with desk.vault() as session:
        assert (await session.exec(select(BulkStep))).all() == []
    await olga.presses("Undo all of it")
    assert olga.notices[-1].text == "There is nothing left of this to undo."


async def test_stage_answerer_and_archive_go_over_a_filter_and_back(
    desk: Desk, olga: Someone, anna: Someone, chen: Someone
) -> None:
    for client in (anna, chen):
        await client.writes("Hello", to=olga)
    await opens(olga, LayOutStages())
    await opens(olga, MoveTo(id=1, to=1))
    await opens(olga, NewTagOn(on="contact", id=1))
    await olga.writes("spring")

    async def facts() -> list[object]:
        async with desk.vault() as session:
            people = [(one.stage_id, one.aside) for one in await session.exec(select(Contact))]
            return [*people, *(one.assignee_id for one in await session.exec(select(Conversation)))]

    before = await facts()
    for change, target, after in (
        ("stage", 4, [(4, None), (None, None), None, None]),
        ("assign", OLGA, [(1, None), (None, None), OLGA, None]),
        ("archive", 0, [(1, "archived"), (None, None), None, None]),
    ):
        await opens(olga, SiftCard(tag=1))
        async with desk.vault():
            await olga.presses("Change all")
        sift = int((olga.newest.markup or {})["inline_keyboard"][-1][0]["callback_data"].split(":")[1])
        await opens(olga, DoToMany(id=sift, change=change, target=target))
        await olga.presses("Yes, all of them")
        assert await facts() == after
        await olga.presses("Undo all of it")
        assert await facts() == before


async def test_what_was_changed_again_since_is_not_undone(desk: Desk, olga: Someone, anna: Someone) -> None:
    await anna.writes("Hello", to=olga)
    await opens(olga, LayOutStages())
    await opens(olga, NewTagOn(on="contact", id=1))
    await olga.writes("spring")
    await opens(olga, SiftCard(tag=1))
    await opens(olga, DoToMany(id=1, change="stage", target=2, sure=True))
    done = olga.newest
    await opens(olga, MoveTo(id=1, to=4))
    await olga.presses("Undo all of it", under=done)
    async with desk.vault() as session:
        assert (await session.exec(select(Contact))).one().stage_id == 4


async def test_a_filter_combines_tags_stage_queue_and_fields(olga: Someone, anna: Someone, chen: Someone) -> None:
    for client in (anna, chen):
        await client.writes("Hello", to=olga)
    await opens(olga, NewTagOn(on="contact", id=1))
    await olga.writes("spring")
    await opens(olga, LayOutStages())
    await opens(olga, MoveTo(id=2, to=1))
    await makes(olga, "Yes or no", "Newsletter")
    await opens(olga, PutChoice(contact=2, id=1, choice=1))
    await olga.writes("/filter")
    await olga.presses("🏷 Tags")
    await olga.presses("spring")
    await olga.presses("spring")
    await olga.presses("Back")
    assert "Chen" in olga.screen
    assert "Anna" not in olga.screen
    await olga.presses("Stage")
    await olga.presses("New")
    await olga.presses("Queue")
    await olga.presses("Waiting")
    await olga.presses("Fields")
    await olga.presses("Newsletter")
    await olga.presses("Yes")
    assert "Chen" in olga.screen
    await olga.presses("Show them")
    await olga.presses("Chen")
    await olga.presses("Back")
    assert "1 contact" in olga.screen
    await olga.presses("Back")
    await olga.presses("Queue")
    await olga.presses("Closed")
    assert "Nobody fits." in olga.screen


async def test_who_is_given_forty_clients_is_told_once(
    desk: Desk, olga: Someone, boris: Someone, mallory: Someone
) -> None:
    for somebody in (boris, mallory):
        await somebody.writes("/start")
    await forty(desk, olga)
    await opens(olga, SiftCard(tag=2))
    await opens(olga, DoToMany(id=1, change="assign", target=boris.id, sure=True))
    assert "40 contacts were changed." in olga.screen
    (notice,) = (message for message in boris.chat if "gave you" in message.text)
    assert "40 clients" in notice.text
    await boris.presses("Mine", under=notice)
    assert "40 are yours" in boris.screen
    assert not any("gave you" in message.text for message in mallory.chat)


async def test_who_gives_them_to_herself_is_told_nothing(olga: Someone, anna: Someone) -> None:
    await anna.writes("Hello", to=olga)
    await opens(olga, NewTagOn(on="contact", id=1))
    await olga.writes("spring")
    await opens(olga, SiftCard(tag=1))
    await opens(olga, DoToMany(id=1, change="assign", target=OLGA, sure=True))
    assert "1 contact was changed." in olga.screen
    assert not any("gave you" in message.text for message in olga.chat)


async def test_without_a_filter_nobody_is_changed(olga: Someone, anna: Someone) -> None:
    await anna.writes("Hello", to=olga)
    await opens(olga, NewTagOn(on="contact", id=1))
    await olga.writes("spring")
    await opens(olga, SiftCard())
    assert not any("Change all" in label for label in olga.buttons)
    await olga.presses_address(DoToMany(id=1, change="archive", sure=True).pack())
    assert "without a filter" in f"{olga.screen} {olga.alert}"


async def test_a_filter_is_its_members_own_and_a_viewer_changes_nobody(
    desk: Desk, olga: Someone, anna: Someone, boris: Someone, vera: Someone
) -> None:
    await anna.writes("Hello", to=olga)
    await opens(olga, NewTagOn(on="contact", id=1))
    await olga.writes("spring")
    await opens(olga, SiftCard(tag=1))
    await boris.writes("/start")
    await boris.presses_address(SiftList(id=1).pack())
    assert "This filter is too old" in f"{boris.screen} {boris.alert}"
    async with enter(desk.app.installation, OLGA, 1) as seat:
        await members.set_role(seat, vera.id, "viewer")
    await vera.writes("/start")
    await opens(vera, SiftCard(tag=1))
    assert "Anna" in vera.screen
    assert not any("Change" in label for label in vera.buttons)


async def test_mallory_filters_and_changes_nobody(desk: Desk, olga: Someone, anna: Someone, mallory: Someone) -> None:
    await anna.writes("Hello", to=olga)
    await opens(olga, NewTagOn(on="contact", id=1))
    await olga.writes("spring")
    await opens(olga, SiftCard(tag=1))
    await mallory.writes("/start")
    buttons = (SiftCard(), SiftList(id=1), SiftTags(id=1), SiftField(id=1), ChangeMany(id=1), UndoMany(job=1))
    for one in (*buttons, DoToMany(id=1, change="archive", sure=True), AskValue(contact=1, id=1)):
        answer = await mallory.presses_address(one.pack())
        assert answer is not None
        assert "not on this team" in answer.text
    async with desk.vault() as session:
        assert (await session.exec(select(Contact))).one().aside is None


async def test_a_contact_who_is_gone_before_his_turn_stops_nobody_elses(
    desk: Desk, olga: Someone, anna: Someone
) -> None:
    await anna.writes("Hello", to=olga)
    await opens(olga, NewTagOn(on="contact", id=1))
    await olga.writes("vip")
    await opens(olga, PutTag(on="contact", id=1, tag=1, put=False))
    async with enter(desk.app.installation, OLGA, 1) as at_her:
        params = {"change": bulk.Change.TAG, "target": 1, "contacts": [999, 1]}
        job = await desk.app.jobs.start(at_her, bulk.KIND, params, chat_id=OLGA)
    await desk.settled()
    assert await tagged(desk, 1) == [1]
    async with desk.vault() as session:
        assert (await session.get_one(Job, job.id)).result["changed"] == 1
