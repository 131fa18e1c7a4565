"""What a workspace decides for itself, and who may."""

from __future__ import annotations

from crm import members
from crm.access import enter
from handlers.buttons.languages import Speak
from handlers.buttons.settings import EraseDeleted, KeepDeleted, Rename
from storage.people import Person
from tests.people import Desk, Someone


async def test_the_workspace_gets_another_name(olga: Someone) -> None:
    await olga.writes("/settings")
    await olga.presses("Rename")
    await olga.writes("  ")
    await olga.writes("x" * 65)
    assert "at most 64 characters" in olga.screen
    await olga.writes("Roses & <b>Co</b>")
    await olga.presses("Back")
    assert "Roses & <b>Co</b>" in olga.screen
    await olga.writes("/start")
    assert "Roses & <b>Co</b>" in olga.screen


async def test_deleted_messages_are_kept_until_the_owner_decides_otherwise(
    desk: Desk, olga: Someone, anna: Someone
) -> None:
    await anna.deletes(await anna.writes("kept", to=olga))
    await olga.writes("/settings")
    assert "kept, and marked as deleted" in olga.screen
    await olga.presses("Erase deleted messages")
    assert "1 message that was deleted before" in olga.screen
    await olga.presses("No, go back")
    assert "erased here too" in olga.screen
    await anna.deletes(await anna.writes("gone", to=olga))
    assert await desk.mirrored() == ["kept", ""]
    await olga.presses("Keep deleted messages")
    await anna.deletes(await anna.writes("kept again", to=olga))
    assert await desk.mirrored() == ["kept", "", "kept again"]


async def test_what_was_kept_of_deleted_messages_can_be_erased_too(desk: Desk, olga: Someone, anna: Someone) -> None:
    first = await anna.writes("first text", to=olga)
    await anna.edits(first, "second text")
    await anna.deletes(first)
    await anna.writes("not deleted", to=olga)
    await olga.writes("/settings")
    await olga.presses("Erase deleted messages")
    await olga.presses("Yes, erase")
    assert "1 message was erased" in olga.screen
    assert await desk.mirrored() == ["", "not deleted"]


async def test_the_language_changes_with_the_press(desk: Desk, olga: Someone) -> None:
    await olga.writes("/language")
    assert "✓ English" in olga.buttons
    await olga.presses("Русский")
    assert "✓ Русский" in olga.buttons
    await olga.presses_address(Speak(language="tlh").pack())
    assert "✓ Русский" in olga.buttons
    async with desk.app.installation.registry.reading() as session:
        assert (await session.get_one(Person, olga.id)).language == "ru"


async def test_the_language_follows_telegrams_unless_one_was_chosen(desk: Desk, olga: Someone) -> None:
    await olga.writes("/language")
    await olga.presses("As in Telegram (English)")
    assert "✓ As in Telegram (English)" in olga.buttons
    desk.world.change_person(olga.id, language="ru-raw")
    await olga.writes("/language")
    assert "✓ Как в Telegram (Русский)" in olga.buttons
    await olga.presses("English")
    await olga.writes("/settings")
    assert "Your language: English" in olga.screen


async def test_whoever_takes_the_language_of_his_telegram_is_told_unasked_things_in_it_too(
    desk: Desk, olga: Someone
) -> None:
    ivan = desk.newcomer("Иван", language="ru")
    async with enter(desk.app.installation, olga.id, 1) as her_desk:
        await ivan.writes(f"/start join_{await members.invite(her_desk, 'agent')}")
    assert ivan.buttons[0] == "Русский"  # his own is the first
    await ivan.presses("Русский")
    await ivan.presses("Принимаю")
    async with enter(desk.app.installation, olga.id, 1) as her_desk:
        await members.set_role(her_desk, ivan.id, "viewer")
    await olga.writes("/start")
    assert await ivan.sees("ваша роль теперь")


async def test_an_agent_reads_the_settings_and_changes_none(
    desk: Desk, olga: Someone, boris: Someone, anna: Someone
) -> None:
    await anna.deletes(await anna.writes("kept", to=olga))
    await boris.writes("/settings")
    assert "Rename" not in boris.buttons
    for forged in (Rename(), KeepDeleted(keep=False), EraseDeleted(sure=True)):
        await boris.presses_address(forged.pack())
        assert "Your role does not allow this" in boris.alert
    assert await desk.mirrored() == ["kept"]


async def test_a_stranger_changes_no_setting(desk: Desk, olga: Someone, anna: Someone, mallory: Someone) -> None:
    await anna.deletes(await anna.writes("kept", to=olga))
    await mallory.writes("/settings")
    for forged in (Rename(), KeepDeleted(keep=False), EraseDeleted(sure=True)):
        await mallory.presses_address(forged.pack())
        assert "You are not on this team" in mallory.alert
    assert await desk.mirrored() == ["kept"]
