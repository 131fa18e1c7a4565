"""The team: links that are good once, roles, and seats that are given up or taken."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from aiogram.types import User
from sqlmodel import col, select

from bot.middlewares import Known
from crm import members, people
from crm.access import enter
from crm.errors import Invalid, NotFound, Outsider
from handlers.buttons.members import Invite, LeaveTeam, MemberCard, RemoveMember, SetRole
from handlers.buttons.notes import WriteNote
from handlers.buttons.workspaces import SwitchTo
from storage.audit import AuditEntry
from storage.conversations import Conversation
from storage.dialogs import Dialog
from storage.errors import VaultBusy
from storage.memberships import Invitation, Membership
from storage.people import Person
from tests.disks import File, held
from tests.people import OLGA, Desk, Someone

VERA = 5_200_000_003


async def invited(olga: Someone, role: str = "Agent") -> str:
    """The start command behind a new link."""
    await olga.writes("/team")
    await olga.presses("Invite somebody")
    await olga.presses(role)
    found = re.search(r"start=(join_[\w-]+)", olga.screen)
    assert found
    return f"/start {found[1]}"


async def arrives(newcomer: Someone, command: str) -> None:
    await newcomer.writes(command)
    await newcomer.presses("English")
    await newcomer.presses("I agree")


async def role_of(desk: Desk, person_id: int) -> str | None:
    async with desk.app.installation.registry.reading() as session:
        seat = await session.get(Membership, (1, person_id))
    return seat.role if seat else None


async def test_who_is_invited_comes_in_as_what_he_was_invited(desk: Desk, olga: Someone, anna: Someone) -> None:
    await arrives(anna, await invited(olga, "Viewer"))
    assert "You are on the team of" in anna.screen
    assert await role_of(desk, anna.id) == "viewer"
    await anna.presses("Have a look around")
    assert "Olga's Flowers" in anna.screen
    assert "Export" not in anna.buttons


async def test_a_link_is_good_for_one_person(desk: Desk, olga: Someone, anna: Someone, mallory: Someone) -> None:
    command = await invited(olga)
    await arrives(anna, command)
    await mallory.writes(command)
    assert "You are not on this team" in mallory.screen
    assert await role_of(desk, mallory.id) is None


async def test_a_member_hears_that_a_link_was_used(olga: Someone, boris: Someone, anna: Someone) -> None:
    command = await invited(olga)
    await arrives(anna, command)
    await boris.writes(command)
    assert "This invitation was used or taken back." in boris.screen


async def test_a_link_ends_after_seven_days(desk: Desk, olga: Someone, mallory: Someone) -> None:
    command = await invited(olga)
    desk.world.clock.advance(timedelta(days=7, minutes=1))
    await mallory.writes(command)
    assert "You are not on this team" in mallory.screen


async def test_a_link_can_be_made_void(olga: Someone, mallory: Someone) -> None:
    command = await invited(olga)
    await olga.presses("Back")
    await olga.presses("✕ agent")
    assert not any("✕" in label for label in olga.buttons)
    await mallory.writes(command)
    assert "You are not on this team" in mallory.screen


async def test_a_member_is_told_what_he_may_do_from_now_on(desk: Desk, olga: Someone, boris: Someone) -> None:
    await boris.writes("/start")
    await olga.writes("/team")
    await olga.presses("Boris")
    await olga.presses("Make viewer")
    await desk.settled()
    assert "you are viewer from now on: only reads" in boris.screen


async def test_an_admin_manages_the_team_but_makes_no_admins(desk: Desk, olga: Someone, boris: Someone) -> None:
    await olga.writes("/team")
    await olga.presses("Boris")
    await olga.presses("Make admin")
    await boris.writes("/team")
    await boris.presses("Invite somebody")
    assert "Admin" not in boris.buttons
    await boris.presses_address(Invite(role="admin").pack())
    assert "Your role does not allow this" in boris.alert
    await boris.presses_address(SetRole(id=olga.id, role="viewer").pack())
    assert "Your role does not allow this" in boris.alert
    await boris.presses_address(RemoveMember(id=olga.id, sure=True).pack())
    assert await role_of(desk, olga.id) == "owner"
    await boris.presses_address(Invite(role="owner").pack())
    assert "That does not fit here" in boris.alert


async def test_whoever_is_taken_off_sees_nothing_more_and_is_forgotten(
    desk: Desk, olga: Someone, vera: Someone
) -> None:
    await vera.writes("/start")
    await olga.writes("/team")
    await olga.presses("Vera")
    await olga.presses("Take off the team")
    await olga.presses("Yes, take off")
    assert "Vera" not in olga.screen
    await vera.presses("Contacts")
    assert "You are not on this team" in vera.alert
    async with desk.app.installation.registry.reading() as session:
        assert await session.get(Person, vera.id) is None


async def test_a_member_leaves_by_himself(desk: Desk, boris: Someone) -> None:
    await boris.writes("/deleteaccount")
    await boris.presses("Leave this team")
    await boris.presses("Yes, leave")
    assert "Farewell" in boris.screen
    assert await role_of(desk, boris.id) is None
    await boris.writes("/start")
    assert "You are not on this team" in boris.screen


async def test_an_agent_and_a_stranger_manage_nobody(
    desk: Desk, olga: Someone, boris: Someone, mallory: Someone
) -> None:
    await olga.writes("/team")
    for nosy, words in ((boris, "Your role does not allow this"), (mallory, "You are not on this team")):
        await nosy.writes("/team")
        for forged in (Invite(role="agent"), SetRole(id=VERA, role="admin"), RemoveMember(id=VERA, sure=True)):
            await nosy.presses_address(forged.pack())
            assert words in nosy.alert
    await mallory.presses_address(MemberCard(id=VERA).pack())
    assert "Vera" not in mallory.screen
    assert await role_of(desk, VERA) == "agent"


async def test_whoever_is_refused_a_command_finds_back(boris: Someone) -> None:
    await boris.writes("/export")
    assert "Your role does not allow this" in boris.screen
    await boris.presses("Home")
    assert "Olga's Flowers" in boris.screen


async def two_teams(desk: Desk, boris: Someone) -> None:
    """Boris has a workspace of his own, and sits at Olga's again."""
    code = await members.claim_code(desk.app.installation)
    await boris.writes(f"/start claim_{code}")
    await boris.writes("Boris Bikes")
    await boris.writes("/start")
    await boris.presses_address(SwitchTo(id=1).pack())


async def test_who_leaves_one_team_finds_himself_in_the_other(desk: Desk, boris: Someone) -> None:
    await two_teams(desk, boris)
    await boris.writes("/team")
    await boris.presses("Leave this team")
    await boris.presses("Yes, leave")
    assert "Farewell" in boris.screen
    await boris.presses("Home")
    assert "Boris Bikes" in boris.screen
    assert "Another workspace" not in boris.buttons


async def test_a_member_who_was_interrupted_opens_his_claim_once_more(desk: Desk, boris: Someone) -> None:
    code = await members.claim_code(desk.app.installation)
    await boris.writes(f"/start claim_{code}")
    await boris.writes("/cancel")
    await boris.writes(f"/start claim_{code}")
    await boris.writes("Boris Bikes")
    assert "Boris Bikes" in boris.screen
    await boris.writes(f"/start claim_{code}")
    assert "This invitation was used or taken back." in boris.screen


async def test_an_answer_that_was_asked_for_on_a_lost_seat_goes_nowhere(
    desk: Desk, olga: Someone, boris: Someone, anna: Someone
) -> None:
    await two_teams(desk, boris)
    await anna.writes("Roses?", to=olga)
    await boris.writes("/start")
    await boris.presses_address(WriteNote(contact=1).pack())
    async with enter(desk.app.installation, olga.id, 1) as her_desk:
        await members.remove(her_desk, boris.id)
    async with desk.app.installation.registry.reading() as session:
        assert not list(await session.exec(select(Dialog)))
    await boris.writes("She owes us 40 euros")
    assert "This contact is not there" not in boris.screen


async def test_nobody_comes_back_by_a_link_of_his_own(desk: Desk, olga: Someone, boris: Someone) -> None:
    await two_teams(desk, boris)
    async with enter(desk.app.installation, olga.id, 1) as her_desk:
        await members.set_role(her_desk, boris.id, "admin")
    await boris.writes("/start")
    command = await invited(boris)
    async with enter(desk.app.installation, olga.id, 1) as her_desk:
        await members.remove(her_desk, boris.id)
    await boris.writes(command)
    assert "This invitation was used or taken back." in boris.screen
    assert await role_of(desk, boris.id) is None


async def test_who_manages_no_more_has_no_links_out(
    desk: Desk, olga: Someone, boris: Someone, mallory: Someone
) -> None:
    async with enter(desk.app.installation, olga.id, 1) as her_desk:
        await members.set_role(her_desk, boris.id, "admin")
    await boris.writes("/start")  # and is told of it
    command = await invited(boris)
    async with enter(desk.app.installation, olga.id, 1) as her_desk:
        await members.set_role(her_desk, boris.id, "viewer")
    await mallory.writes(command)
    assert "You are not on this team" in mallory.screen


async def test_there_is_an_end_to_open_links(desk: Desk, olga: Someone) -> None:
    async with enter(desk.app.installation, olga.id, 1) as her_desk:
        for _number in range(members.OPEN_AT_MOST):
            await members.invite(her_desk, "viewer")
        with pytest.raises(Invalid):
            await members.invite(her_desk, "viewer")
    await olga.writes("/team")
    assert sum("✕" in label for label in olga.buttons) == members.OPEN_AT_MOST


async def grown(desk: Desk, olga: Someone, size: int) -> None:
    """So many more viewers at Olga's."""
    now = desk.world.clock.now()
    async with enter(desk.app.installation, olga.id, 1) as her_desk:
        for number in range(size):
            someone = Person(id=9_000_000 + number, first_name=f"Helper {number:03}", first_seen_at=now)
            await people.admit(desk.app.installation, someone, await members.invite(her_desk, "viewer"))


async def test_a_large_team_is_shown_page_by_page(desk: Desk, olga: Someone) -> None:
    await grown(desk, olga, 120)
    await olga.writes("/team")
    assert "Team of 123" in olga.screen
    seen = set()
    while True:
        seen |= set(re.findall(r"Helper \d+", olga.screen))
        if "›" not in olga.buttons:
            break
        await olga.presses("›")
    assert len(seen) == 120
    await olga.presses("Helper 119")
    await olga.presses("Make agent")
    await olga.presses("Back")
    assert "Helper 119 · agent" in olga.buttons
    await olga.presses("Helper 119")
    await olga.presses("Take off the team")
    await olga.presses("Yes, take off")
    assert "Helper 118" in olga.screen
    assert "Team of 122" in olga.screen


async def test_the_link_can_be_copied(olga: Someone) -> None:
    command = await invited(olga)
    ((copying,), *_others) = (olga.newest.markup or {})["inline_keyboard"]
    assert copying["copy_text"]["text"].endswith(command.replace("/start ", "?start="))


async def test_who_was_forgotten_meanwhile_is_not_written_down_again(desk: Desk, olga: Someone, vera: Someone) -> None:
    registry = desk.app.installation.registry
    person = await registry.recall(Person, vera.id)
    assert person is not None
    async with enter(desk.app.installation, olga.id, 1) as her_desk:
        await members.remove(her_desk, vera.id)
    await Known(desk.app.installation).refresh(person, User(id=vera.id, is_bot=False, first_name="Vera the Second"))
    async with registry.reading() as session:
        assert await session.get(Person, vera.id) is None


async def written_down(desk: Desk, act: str) -> int:
    async with desk.vault() as session:
        return len(list(await session.exec(select(AuditEntry.id).where(col(AuditEntry.act) == act))))


@pytest.mark.parametrize("file", ["vault", "registry"])
@pytest.mark.parametrize("act", ["member.left", "member.removed", "invitation.revoked"])
async def test_an_act_that_fails_between_two_files_is_done_and_written_down_once_when_it_is_repeated(
    impatient: Desk, file: File, act: str
) -> None:
    installation = impatient.app.installation
    async with enter(installation, OLGA, 1) as hers:
        mark = members.digest(await members.invite(hers, "agent"))

    async def attempt() -> None:
        async with enter(installation, VERA if act == "member.left" else OLGA, 1, update_id=777) as seat:
            match act:
                case "member.left":
                    await members.leave(seat)
                case "member.removed":
                    await members.remove(seat, VERA)
                case _:
                    await members.revoke(seat, mark)

    with held(impatient, file), pytest.raises(VaultBusy):
        await attempt()
    await attempt()
    assert await written_down(impatient, act) == 1
    async with installation.registry.reading() as session:
        left = await session.get(Membership, (1, VERA)), await session.get(Invitation, mark)
    assert left[1 if act == "invitation.revoked" else 0] is None
    with pytest.raises((NotFound, Outsider)):
        await attempt()
    assert await written_down(impatient, act) == 1


async def test_who_leaves_while_the_registry_is_held_has_left_when_it_is_free(impatient: Desk, boris: Someone) -> None:
    await boris.writes("/deleteaccount")
    await boris.presses("Leave this team")
    with held(impatient, "registry"):
        answer = await impatient.world.press(boris.id, boris.newest.uid, LeaveTeam(sure=True).pack())
        assert answer is not None
        assert "The storage cannot take this at the moment" in answer.text
    await impatient.settled()
    assert "Farewell" in boris.screen
    assert await role_of(impatient, boris.id) is None
    assert await written_down(impatient, "member.left") == 1


async def test_a_switch_lets_an_agent_take_data_out_and_acts_at_once(olga: Someone, boris: Someone) -> None:
    await boris.writes("/export")
    assert "Your role does not allow this" in boris.screen
    await olga.writes("/team")
    await olga.presses("Boris")
    await olga.presses("◻️ May take data out")
    assert "☑️ May take data out" in olga.buttons
    assert "May take data out" in boris.screen
    await boris.writes("/export")
    assert "Your role does not allow this" not in boris.screen
    await olga.presses("☑️ May take data out")
    await boris.writes("/export")
    assert "Your role does not allow this" in boris.screen


async def test_who_may_not_give_conversations_away_takes_what_is_nobodys_and_lets_go_of_his_own(
    olga: Someone, boris: Someone, vera: Someone, anna: Someone
) -> None:
    await anna.writes("Hello", to=olga)
    await olga.writes("/team")
    await olga.presses("Boris")
    await olga.presses("☑️ May give conversations to others")
    await boris.writes("/contacts")
    await boris.presses("Anna")
    await boris.presses("Waits")
    assert "👤 Who answers" not in boris.buttons
    await boris.presses("I answer")
    await boris.presses("Not mine")
    await boris.presses_address(f"qa:1:{vera.id}:0")
    assert "Your role does not allow this" in boris.alert
    await vera.writes("/contacts")
    await vera.presses("Anna")
    await vera.presses("Waits")
    await vera.presses("I answer")
    await boris.presses_address(f"qa:1:{boris.id}:0")
    assert "Your role does not allow this" in boris.alert


async def test_mallory_switches_nothing_and_nobody_switches_himself(boris: Someone, mallory: Someone) -> None:
    for someone in (boris, mallory):
        await someone.writes("/start")
        await someone.presses_address(f"tmp:{boris.id}:export:1")
        assert "not allow" in someone.alert or "not on this team" in someone.alert


async def test_who_is_made_a_viewer_answers_nobody_any_more(olga: Someone, boris: Someone, anna: Someone) -> None:
    await anna.writes("Hello", to=olga)
    await boris.writes("/contacts")
    await boris.presses("Anna")
    await boris.presses("Waits")
    await boris.presses("I answer")
    await olga.writes("/team")
    await olga.presses("Boris")
    await olga.presses("Make viewer")
    async with olga.desk.vault() as session:
        assert [one.assignee_id for one in await session.exec(select(Conversation))] == [None]
