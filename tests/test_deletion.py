"""Leaving: thirty days in which everything can be taken along or back, and then nothing is left."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest
from sqlmodel import col, select

from crm import access, accounts, deletion, members, workspaces
from crm.errors import Outsider
from crm.ports import LoginStep
from handlers.buttons.deletion import AskDeletion, TakeBack
from handlers.buttons.workspaces import SwitchTo
from storage.accounts import Account, UserbotSession
from storage.consents import Consent
from storage.deletions import Deletion, Receipt
from storage.dialogs import Dialog
from storage.errors import StorageUnavailable
from storage.inbox import UnroutedUpdate
from storage.memberships import Invitation, Membership
from storage.outbox import Notice
from storage.people import Person
from storage.registry import Registry
from storage.routes import Route
from storage.workspaces import Workspace
from tests.people import PATIENCE, Desk, Someone

NAME = "Olga's Flowers"


class Watched:
    """Devices that remember what was asked of them."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    available = True

    async def link(self, workspace_id: int, show: Callable[[LoginStep], Awaitable[None]]) -> None:
        raise NotImplementedError

    async def cancel_link(self, workspace_id: int) -> None:
        raise NotImplementedError

    async def resume(self, workspace_id: int) -> None:
        raise NotImplementedError

    def state(self, workspace_id: int, account_id: int) -> str:
        raise NotImplementedError

    def since(self, workspace_id: int, account_id: int) -> datetime | None:
        raise NotImplementedError

    async def wake(self) -> None:
        raise NotImplementedError

    def compare(self) -> None:
        raise NotImplementedError

    async def halt(self, workspace_id: int) -> None:
        self.heard.append(f"halt {workspace_id}")

    async def unlink(self, workspace_id: int, account_id: int) -> None:
        self.heard.append(f"unlink {workspace_id} {account_id}")
        raise RuntimeError("Telegram is not itself today")


async def asks(olga: Someone) -> None:
    await olga.writes("/deleteaccount")
    await olga.presses("Go on and delete")
    await olga.writes(NAME.upper())


async def days_pass(desk: Desk, days: float) -> None:
    """Time goes on, and the run that comes every ten minutes."""
    desk.world.clock.advance(timedelta(days=days))
    await desk.app.schedule.run("deletions")
    await desk.settled()


async def told(desk: Desk) -> list[str]:
    async with desk.app.installation.registry.reading() as session:
        return list(await session.exec(select(Notice.key).order_by(col(Notice.id))))


async def test_the_owner_is_told_what_will_happen_and_when(olga: Someone) -> None:
    await olga.writes("/deleteaccount")
    assert "nothing new of" in olga.screen
    assert "Take everything with me first" in olga.buttons
    await olga.presses("Go on and delete")
    assert NAME in olga.screen
    await olga.presses("No, I stay")
    assert "contact" in olga.screen or "No messages yet" in olga.screen


async def test_a_wrong_name_changes_nothing(olga: Someone, anna: Someone) -> None:
    await olga.writes("/deleteaccount")
    await olga.presses("Go on and delete")
    await olga.writes("Anna's Flowers")
    assert "not its name" in olga.screen
    await anna.writes("Hello?", to=olga)
    await olga.writes("/start")
    assert "1 message" in olga.screen


async def test_mirroring_stops_at_once_and_goes_on_when_it_is_taken_back(
    desk: Desk, olga: Someone, anna: Someone
) -> None:
    await anna.writes("before", to=olga)
    await asks(olga)
    assert "30 days left" in olga.screen
    await anna.writes("meanwhile", to=olga)
    assert await desk.mirrored() == ["before"]
    await olga.writes("/start")
    assert "Everything here will be erased on" in olga.screen
    await olga.presses("About the deletion")
    await olga.presses("I stay")
    await anna.writes("after", to=olga)
    assert await desk.mirrored() == ["before", "after"]
    await days_pass(desk, 40)
    assert await desk.mirrored() == ["before", "after"]


async def test_everything_can_be_read_and_exported_but_not_changed_meanwhile(olga: Someone, anna: Someone) -> None:
    await anna.writes("before", to=olga)
    await asks(olga)
    await olga.writes("/contacts")
    assert any("Anna" in label for label in olga.buttons)
    await olga.writes("/export")
    await olga.presses("Export")
    assert len(olga.documents) == 1
    await olga.writes("/team")
    assert "Invite somebody" not in olga.buttons


async def test_the_owner_is_reminded_a_week_and_a_day_before(desk: Desk, olga: Someone) -> None:
    await asks(olga)
    await days_pass(desk, 20)
    assert await told(desk) == []
    await days_pass(desk, 3.5)
    await days_pass(desk, 0.1)
    assert await told(desk) == ["deletion:1:7"]
    await days_pass(desk, 6)
    assert await told(desk) == ["deletion:1:7", "deletion:1:1"]


async def test_after_thirty_days_nothing_is_left_but_a_receipt(desk: Desk, olga: Someone, anna: Someone) -> None:
    installation = desk.app.installation
    await anna.writes("Two roses", to=olga)
    await asks(olga)
    await days_pass(desk, 31)
    assert not list(installation.vaults.folder.glob("w1*"))
    async with installation.registry.reading() as session:
        for table in (Person, Membership, Consent, Invitation, Route, Dialog):
            assert not list(await session.exec(select(table))), table
        [workspace] = await session.exec(select(Workspace))
        assert (workspace.name, workspace.owner_id, workspace.state) == ("", None, "gone")
        [ended] = await session.exec(select(Deletion))
        assert (ended.asked_by, ended.state) == (None, "done")
        [receipt] = await session.exec(select(Receipt))
        assert receipt.counts["messages"] == 1
        [notice] = await session.exec(select(Notice))
    assert (notice.chat_id, notice.facts["code"]) == (olga.id, receipt.code)
    await olga.writes("/start")
    assert "You are not on this team" in olga.screen


async def test_what_waits_for_a_broken_vault_is_erased_with_it(desk: Desk, olga: Someone, anna: Someone) -> None:
    await asks(olga)
    await desk.stop()
    vault = desk.config.storage.folder / "vaults" / "w1.vault"
    vault.rename(vault.with_suffix(".away"))
    await desk.start()
    desk.world.send(anna.id, olga.id, "Who reads this?")
    registry = desk.app.installation.registry
    async with asyncio.timeout(PATIENCE):
        while not await waiting(registry):
            await desk.app.inbox.moved.wait()
    desk.world.clock.advance(timedelta(days=31))
    await desk.app.schedule.run("deletions")
    assert await waiting(registry) == []


async def waiting(registry: Registry) -> list[str | None]:
    """What stands in the registry's inbox with its text."""
    async with registry.reading() as session:
        return list(await session.exec(select(UnroutedUpdate.payload).where(col(UnroutedUpdate.state) == "due")))


async def test_the_owner_hears_that_it_is_done_and_gets_the_receipt(desk: Desk, olga: Someone) -> None:
    await asks(olga)
    await days_pass(desk, 31)
    async with desk.app.installation.registry.reading() as session:
        [receipt] = await session.exec(select(Receipt))
    assert f"Receipt: {receipt.code}" in olga.screen
    await days_pass(desk, 1)
    assert await told(desk) == []


async def test_a_crash_in_the_middle_is_finished_by_the_next_run(
    desk: Desk, olga: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    await asks(olga)
    installation = desk.app.installation
    with monkeypatch.context() as broken:

        async def fails(_workspace_id: int) -> None:
            raise StorageUnavailable

        broken.setattr(installation.vaults, "shred", fails)
        await days_pass(desk, 31)
    await olga.writes("/start")
    assert "You are not on this team" in olga.screen
    await days_pass(desk, 0)
    assert not list(installation.vaults.folder.glob("w1*"))
    async with installation.registry.reading() as session:
        assert len(list(await session.exec(select(Receipt)))) == 1
        assert len(list(await session.exec(select(Notice)))) == 1


async def test_devices_are_logged_out_but_the_purge_waits_for_nobody(desk: Desk, olga: Someone) -> None:
    await asks(olga)
    now = desk.world.clock.now()
    key = UserbotSession(
        account_id=olga.id, dc_id=2, server_address="", port=0, auth_key=b"x", linked_at=now, changed_at=now
    )
    async with desk.app.installation.vaults.open(1) as vault, vault.transaction() as session:
        session.add(key)
    desk.world.clock.advance(timedelta(days=31))
    devices = Watched()
    await deletion.remind_and_purge(desk.app.installation, devices)
    assert devices.heard == [f"unlink 1 {olga.id}", "halt 1"]
    assert not list(desk.app.installation.vaults.folder.glob("w1*"))


async def test_nobody_but_the_owner_deletes_or_takes_back(
    desk: Desk, olga: Someone, boris: Someone, mallory: Someone
) -> None:
    await boris.writes("/deleteaccount")
    assert "Only the owner can delete" in boris.screen
    await boris.presses_address(AskDeletion().pack())
    assert "Your role does not allow this" in boris.alert
    await asks(olga)
    await boris.writes("/deleteaccount")
    assert "I stay: take it back" not in boris.buttons
    await boris.presses_address(TakeBack().pack())
    assert "Your role does not allow this" in boris.alert
    await mallory.writes("/start")
    await mallory.presses_address(TakeBack().pack())
    assert "You are not on this team" in mallory.alert
    async with desk.app.installation.registry.reading() as session:
        assert (await session.get_one(Workspace, 1)).state == "leaving"


async def test_a_member_with_another_team_stays_known(desk: Desk, olga: Someone, boris: Someone) -> None:

    installation = desk.app.installation
    code = await members.claim_code(installation)
    await boris.writes(f"/start claim_{code}")
    await workspaces.found(installation, boris.id, "Boris Bikes")
    await asks(olga)
    await days_pass(desk, 31)
    with pytest.raises(Outsider):
        async with access.enter(installation, boris.id, 1):
            pass
    await boris.writes("/start")
    assert "Boris Bikes" in boris.screen


async def test_the_name_can_be_copied_from_the_screen(olga: Someone) -> None:
    await olga.writes("/deleteaccount")
    await olga.presses("Go on and delete")
    await olga.writes(olga.screen.split("write its name:")[1].strip())
    assert "is leaving" in olga.screen


async def test_who_works_elsewhere_too_finds_himself_there_after_the_purge(
    desk: Desk, olga: Someone, boris: Someone
) -> None:
    await boris.writes(f"/start claim_{await members.claim_code(desk.app.installation)}")
    await boris.writes("Boris Bikes")
    await boris.writes("/start")
    await boris.presses_address(SwitchTo(id=1).pack())
    await asks(olga)
    await days_pass(desk, 31)
    await boris.writes("/start")
    assert "Boris Bikes" in boris.screen


async def test_no_account_is_connected_to_a_workspace_that_leaves(desk: Desk, olga: Someone, anna: Someone) -> None:
    async with access.enter(desk.app.installation, olga.id, 1) as her_desk:
        code = await accounts.invite_account(her_desk)
        await members.set_role(her_desk, desk.people["Boris"].id, "admin")
    await asks(olga)
    await desk.people["Boris"].connects_business()
    await anna.writes(f"/start account_{code}")
    await anna.connects_business()
    async with desk.vault() as session:
        assert list(await session.exec(select(Account.id))) == [olga.id]
    assert "has been used or is too old" in anna.screen


async def test_while_a_workspace_leaves_no_light_is_green_and_nobody_is_promised_more_than_he_may(
    olga: Someone, boris: Someone
) -> None:
    await asks(olga)
    assert "take it with you, and change your mind" in olga.screen
    await boris.writes("/deleteaccount")
    assert "Until then you can read everything. The owner can call it off." in boris.screen
    for screen in ("/accounts", "/status"):
        await olga.writes(screen)
        assert "othing new is kept" in olga.screen
        assert "🟢" not in olga.screen
    await olga.writes("/deleteaccount")
    await olga.presses("take it back")
    await olga.writes("/accounts")
    assert "🟢" in olga.screen


async def test_who_looks_at_the_export_first_comes_back_to_the_question(olga: Someone) -> None:
    await olga.writes("/deleteaccount")
    await olga.presses("Take everything with me first")
    await olga.presses("Back")
    assert "Leaving Wysper" in olga.screen
