from __future__ import annotations

from tests.people import Desk, Someone


async def test_a_command_that_nobody_knows_gets_a_hint(olga: Someone) -> None:
    await olga.writes("/dance")
    assert "I did not expect that here" in olga.screen


async def test_a_stranger_meets_a_polite_wall(mallory: Someone) -> None:
    await mallory.writes("Let me in")
    assert mallory.screen == "You are not on this team. If you should be, ask its owner for an invitation link."


async def test_what_a_client_writes_is_in_the_vault(desk: Desk, olga: Someone, anna: Someone) -> None:
    await anna.writes("Have you got roses?", to=olga)
    await olga.writes("Yes, red ones", to=anna)
    assert await desk.mirrored() == ["Have you got roses?", "Yes, red ones"]


async def test_the_menu_of_commands_hangs_in_every_language(desk: Desk, olga: Someone) -> None:
    await olga.writes("/help")
    shown = {line.split(" ", 1)[0] for line in olga.screen.splitlines() if line.startswith("/")}
    for language in ("", "ru"):
        menu = await desk.app.bot.get_my_commands(language_code=language or None)
        assert {f"/{entry.command}" for entry in menu} == shown
