"""The first screen, the status, and the small commands."""

from __future__ import annotations

from crm import access, members
from handlers.buttons.workspaces import SwitchTo
from storage.inbox import DEAD, InboxUpdate
from tests.people import OLGA, Desk, Someone


async def test_home_says_what_to_do_while_nothing_is_there(olga: Someone) -> None:
    await olga.writes("/start")
    assert "🟢" in olga.screen
    assert "As soon as a client writes" in olga.screen


async def test_home_counts_and_says_who_waits(olga: Someone, anna: Someone, chen: Someone) -> None:
    await anna.writes("Roses?", to=olga)
    await anna.writes("Red ones", to=olga)
    await chen.writes("你好", to=olga)
    await olga.writes("/start")
    assert "2 contacts · 2 conversations · 3 messages" in olga.screen
    assert "2 are waiting for an answer" in olga.screen
    assert [one.split(" · ")[0] for one in olga.buttons[:2]] == ["⏳ Anna", "⏳ Chen"]
    await olga.presses("⏳ Anna")
    assert "Roses?" in olga.screen
    await olga.presses("‹ Back")
    assert "2 wait for an answer" in olga.screen
    await olga.writes("/start")
    await olga.writes("Yes!", to=anna)
    await olga.writes("您好", to=chen)
    await olga.writes("/start")
    assert "Nobody is waiting for an answer." in olga.screen


async def test_every_way_from_home_leads_back(olga: Someone) -> None:
    await olga.writes("/start")
    for label in olga.buttons:
        await olga.writes("/start")
        await olga.presses(label)
        assert "older screen" not in olga.screen, label
        for _step in range(3):
            backwards = [one for one in olga.buttons if "‹" in one and one != "‹"]
            if not backwards:
                break
            await olga.presses(backwards[-1])
        assert "Olga's Flowers" in olga.screen, label


async def test_status_tells_of_each_account(olga: Someone, anna: Someone) -> None:
    await anna.writes("Roses?", to=olga)
    await olga.writes("/status")
    assert "🟢 Telegram Business: connected" in olga.screen
    assert "1 message kept" in olga.screen
    assert "Newest message:" in olga.screen
    assert "Wysper 0." in olga.screen
    await olga.presses("Refresh")
    assert "1 message kept" in olga.screen


async def test_only_the_owner_hears_of_updates_that_could_not_be_worked_off(
    desk: Desk, olga: Someone, boris: Someone
) -> None:
    async with desk.app.installation.vaults.open(1) as vault, vault.transaction() as session:
        row = InboxUpdate(
            update_id=999_999, lane="x", received_at=desk.world.clock.now(), state=DEAD, error="ValueError"
        )
        session.add(row)
    await olga.writes("/status")
    assert "1 update could not be worked off" in olga.screen
    await boris.writes("/status")
    assert "could not be worked off" not in boris.screen


async def test_cancel_leaves_what_was_asked_for(olga: Someone) -> None:
    await olga.writes("/cancel")
    assert "There is nothing to cancel." in olga.screen
    await olga.writes("/settings")
    await olga.presses("Rename")
    await olga.writes("/cancel")
    assert "All right" in olga.screen
    await olga.writes("Another name")
    await olga.writes("/settings")
    assert "Olga's Flowers" in olga.screen


async def test_a_member_of_two_teams_goes_from_one_to_the_other(desk: Desk, boris: Someone) -> None:
    code = await members.claim_code(desk.app.installation)
    await boris.writes(f"/start claim_{code}")
    await boris.writes("Boris Bikes")
    await boris.presses("London")
    await boris.presses("Later")
    assert "Boris Bikes" in boris.screen
    await boris.presses("Another workspace")
    await boris.presses("Olga's Flowers")
    await boris.presses("Go on")
    assert "Olga's Flowers" in boris.screen


async def test_nobody_switches_into_a_workspace_without_a_seat(desk: Desk, olga: Someone, boris: Someone) -> None:
    code = await members.claim_code(desk.app.installation)
    await boris.writes(f"/start claim_{code}")
    await boris.writes("Boris Bikes")
    await olga.writes("/start")
    await olga.presses_address(SwitchTo(id=2).pack())
    assert "You are not on this team" in olga.alert
    async with access.enter(desk.app.installation, OLGA, 1) as her_desk:
        assert her_desk.person.workspace_id == 1
