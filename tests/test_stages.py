"""Olga sees how far she is with each client, and moves them along a pipeline of her own."""

from __future__ import annotations

from sqlmodel import col, select

from crm import members
from crm.access import enter
from handlers.buttons.stages import LayOutStages, MoveTo, RestoreStage, StageChoice, StageList
from storage.contacts import Contact
from storage.stages import StageMove
from tests.people import OLGA, Desk, Someone


async def lay_out(olga: Someone) -> None:
    await olga.writes("/board")
    await olga.presses("Begin with these")


async def to_stage(olga: Someone, client: str, stage: str) -> None:
    """Two presses from the card."""
    await olga.writes("/contacts")
    await olga.presses(client)
    await olga.presses("📊")
    await olga.presses(stage)


async def moves(desk: Desk) -> list[tuple[int | None, int | None]]:
    async with desk.vault() as session:
        return [(one.from_id, one.to_id) for one in await session.exec(select(StageMove).order_by(col(StageMove.id)))]


async def test_olga_begins_with_the_usual_stages_and_sees_who_stands_where(olga: Someone, anna: Someone) -> None:
    await anna.writes("Do you have roses?", to=olga)
    await lay_out(olga)
    assert olga.buttons[:5] == ["New", "In talks", "Offer made", "Won", "Lost"]
    assert "1 contact is in no stage." in olga.screen
    await to_stage(olga, "Anna", "In talks")
    await olga.writes("/board")
    assert "In talks · 1" in olga.buttons
    await olga.presses("In talks")
    assert any("Anna" in label for label in olga.buttons)
    await olga.presses("Anna")
    assert "In talks" in olga.screen
    await olga.presses("Back")
    assert "1 person. The last to come first." in olga.screen


async def test_the_stages_are_offered_in_the_language_of_whoever_takes_them(olga: Someone) -> None:
    await olga.writes("/language")
    await olga.presses("Русский")
    await olga.writes("/board")
    await olga.presses("Начать с этих")
    assert olga.buttons[:2] == ["Новый", "Переговоры"]


async def test_a_move_from_the_board_takes_two_presses_and_is_undone_by_one(
    desk: Desk, olga: Someone, anna: Someone
) -> None:
    await anna.writes("Do you have roses?", to=olga)
    await lay_out(olga)
    await to_stage(olga, "Anna", "New")
    await olga.writes("/board")
    await olga.presses("New · 1")
    await olga.presses("Move")
    await olga.presses("Won")
    assert "Anna is in Won." in olga.screen.replace("\u2068", "").replace("\u2069", "")
    await olga.presses("Undo")
    await olga.presses("Back")
    assert "1 person" in olga.screen
    assert await moves(desk) == [(None, 1), (1, 4), (4, 1)]


async def test_olga_makes_renames_and_orders_stages_of_her_own(olga: Someone) -> None:
    await olga.writes("/board")
    await olga.presses("Make my own")
    await olga.writes("Measured")
    await olga.presses("New stage")
    await olga.writes("Sewn")
    await olga.presses("New stage")
    await olga.writes("sewn")
    assert "taken already" in olga.screen
    await olga.writes("Fitted")
    await olga.presses("3. Fitted")
    await olga.presses("Earlier")
    await olga.presses("Rename")
    await olga.writes("Tried on")
    await olga.writes("/board")
    assert olga.buttons[:3] == ["Measured", "Tried on", "Sewn"]


async def test_a_removed_stage_says_where_its_people_go_and_comes_back_with_those_who_stayed(
    desk: Desk, olga: Someone, anna: Someone, chen: Someone
) -> None:
    await anna.writes("Do you have roses?", to=olga)
    await chen.writes("你好", to=olga)
    await lay_out(olga)
    await to_stage(olga, "Anna", "In talks")
    await to_stage(olga, "Chen", "In talks")
    await olga.writes("/board")
    await olga.presses("Change the stages")
    await olga.presses("2. In talks")
    await olga.presses("Remove")
    assert "2 people stand in" in olga.screen
    await olga.presses("Offer made")
    assert olga.buttons[2] == "2. Offer made · 2"
    removed = olga.newest
    await to_stage(olga, "Chen", "Won")
    await olga.presses("Bring it back", under=removed)
    async with desk.vault() as session:
        stood = {one.first_name: one.stage_id for one in await session.exec(select(Contact))}
    assert stood == {"Anna": 2, "Chen": 4}
    await olga.writes("/board")
    assert olga.buttons[:5] == ["New", "Offer made", "Won · 1", "Lost", "In talks · 1"]


async def test_a_stage_that_went_meanwhile_is_said_to_be_gone(olga: Someone, anna: Someone) -> None:
    await anna.writes("Do you have roses?", to=olga)
    await lay_out(olga)
    await olga.presses_address(MoveTo(id=1, to=99).pack())
    assert "This stage is not there any more." in olga.screen


async def test_a_stage_of_many_is_read_page_by_page(desk: Desk, olga: Someone) -> None:
    await lay_out(olga)
    for number in range(13):
        await desk.newcomer(f"Client {number:02}").writes("Hello", to=olga)
    for contact in range(1, 14):
        await olga.presses_address(MoveTo(id=contact, to=1).pack())
    await olga.presses_address(StageList(id=1).pack())
    assert any("2" in label and "1" in label for label in olga.buttons)
    await olga.presses("›")
    assert any("Client 00" in label for label in olga.buttons)
    await olga.presses("Client 00")
    await olga.presses("Back")
    assert any("Client 00" in label for label in olga.buttons)


async def test_a_viewer_sees_the_board_and_moves_nobody(
    desk: Desk, olga: Someone, anna: Someone, vera: Someone
) -> None:
    await anna.writes("Do you have roses?", to=olga)
    await lay_out(olga)
    async with enter(desk.app.installation, OLGA, 1) as seat:
        await members.set_role(seat, vera.id, "viewer")
    await vera.writes("/start")
    await vera.writes("/board")
    assert vera.buttons[:5] == ["New", "In talks", "Offer made", "Won", "Lost"]
    answer = await vera.presses_address(MoveTo(id=1, to=1).pack())
    assert answer is not None
    assert "Your role does not allow this" in answer.text
    assert await moves(desk) == []


async def test_an_agent_moves_contacts_and_changes_no_stage(
    desk: Desk, olga: Someone, anna: Someone, boris: Someone
) -> None:
    await anna.writes("Do you have roses?", to=olga)
    await lay_out(olga)
    await boris.writes("/start")
    await to_stage(boris, "Anna", "Won")
    assert await moves(desk) == [(None, 4)]
    await boris.writes("/board")
    assert not any("Change" in label for label in boris.buttons)
    answer = await boris.presses_address(RestoreStage(id=1).pack())
    assert answer is not None
    assert "Your role does not allow this" in answer.text


async def test_mallory_learns_of_no_stage(olga: Someone, anna: Someone, mallory: Someone) -> None:
    await anna.writes("Do you have roses?", to=olga)
    await lay_out(olga)
    await mallory.writes("/board")
    for button in (StageList(id=1), StageChoice(id=1), MoveTo(id=1, to=1), LayOutStages()):
        answer = await mallory.presses_address(button.pack())
        assert answer is not None
        assert "not on this team" in answer.text
    assert not any("Offer" in message.text for message in mallory.chat)
