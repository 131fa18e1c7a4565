"""Changing the pipeline: stages are made, named, put in order, and removed with a way back."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from crm import names, stages
from crm.access import Desk, Power
from crm.errors import NotFound
from handlers.buttons.stages import (
    Board,
    NewStage,
    RemoveStage,
    RenameStage,
    RestoreStage,
    ShiftStage,
    StageCard,
    StagesMenu,
)
from handlers.language import _, ngettext, number
from handlers.screens import Screen, back, button, label, safe, show
from handlers.screens.messages import amount


class StageNaming(StatesGroup):
    """The text that is being waited for."""

    name = State()
    new_name = State()


def routes() -> Router:
    """All that changes the stages themselves."""
    router = Router(name="pipeline")
    router.callback_query.register(show_stages, StagesMenu.filter())
    router.callback_query.register(show_stage, StageCard.filter())
    router.callback_query.register(ask_name, NewStage.filter())
    router.callback_query.register(ask_new_name, RenameStage.filter())
    router.callback_query.register(shift, ShiftStage.filter())
    router.callback_query.register(ask_where_to, RemoveStage.filter(F.to < 0))
    router.callback_query.register(remove, RemoveStage.filter())
    router.callback_query.register(restore, RestoreStage.filter())
    router.message.register(make, StageNaming.name, F.text)
    router.message.register(rename, StageNaming.new_name, F.text)
    return router


async def show_stages(event: CallbackQuery | Message, desk: Desk) -> None:
    """The stages in their order, each to be changed."""
    desk.need(Power.MANAGE)
    await _list(event, desk)


async def _list(event: CallbackQuery | Message, desk: Desk, notice: str = "", undo: RestoreStage | None = None) -> None:
    board = await stages.board(desk)
    text = _("<b>Stages</b>\nFrom the first word to the deal. Press one to rename, move or remove it.")
    rows = [
        [button(f"{number(place)}. {label(stage.name)}{amount(there)}", StageCard(id=stage.id or 0))]
        for place, (stage, there) in enumerate(board.stages, 1)
    ]
    new = [button(_("➕ New stage"), NewStage())] if len(board.stages) < stages.MOST else []
    again = [button(_("↩️ Bring it back"), undo)] if undo else []
    await show(event, Screen(f"{notice}\n\n{text}".strip(), [again, *rows, new, back(Board())]))


async def show_stage(event: CallbackQuery | Message, callback_data: StageCard, desk: Desk) -> None:
    """One stage: who stands there, and what can be changed."""
    desk.need(Power.MANAGE)
    board = await stages.board(desk)
    places = {stage.id: place for place, (stage, _there) in enumerate(board.stages)}
    if callback_data.id not in places:
        await _list(event, desk, _("This stage is not there any more."))
        return
    here = places[callback_data.id]
    stage, there = board.stages[here]
    people = ngettext("{count} person stands there.", "{count} people stand there.", there)
    place = _("Stage {place} of {count}.").format(place=number(here + 1), count=number(len(board.stages)))
    turn = [button(_("▲ Earlier"), ShiftStage(id=callback_data.id, later=False))] if here else []
    turn += [button(_("▼ Later"), ShiftStage(id=callback_data.id, later=True))] if here + 1 < len(board.stages) else []
    change = [button(_("✏️ Rename"), RenameStage(id=callback_data.id))]
    change.append(button(_("🗑 Remove"), RemoveStage(id=callback_data.id)))
    text = f"<b>{safe(stage.name)}</b>\n\n{place}\n{people.format(count=number(there))}"
    await show(event, Screen(text, [turn, change, back(StagesMenu())]))


async def ask_name(query: CallbackQuery, desk: Desk, state: FSMContext) -> None:
    """The name of a new stage."""
    desk.need(Power.MANAGE)
    await state.set_state(StageNaming.name)
    text = _("Write the new stage’s name: one to {limit} characters.").format(limit=number(names.LONGEST))
    await show(query, Screen(text, [back(Board())]))


async def make(message: Message, desk: Desk, state: FSMContext) -> None:
    """The name has come."""
    await stages.add(desk, message.text or "")
    await state.clear()
    await _list(message, desk)


async def ask_new_name(query: CallbackQuery, callback_data: RenameStage, desk: Desk, state: FSMContext) -> None:
    """Another name for a stage."""
    desk.need(Power.MANAGE)
    stage, _page = await stages.one(desk, callback_data.id)
    await state.set_state(StageNaming.new_name)
    await state.set_data({"stage": callback_data.id})
    text = _("Write another name for {stage}.").format(stage=f"<b>{safe(stage.name)}</b>")
    await show(query, Screen(text, [back(StageCard(id=callback_data.id))]))


async def rename(message: Message, desk: Desk, state: FSMContext) -> None:
    """The other name has come."""
    stage_id = int((await state.get_data()).get("stage", 0))
    try:
        await stages.rename(desk, stage_id, message.text or "")
    except NotFound:
        await state.clear()
        raise
    await state.clear()
    await show_stage(message, StageCard(id=stage_id), desk)


async def shift(query: CallbackQuery, callback_data: ShiftStage, desk: Desk) -> None:
    """One place earlier or later."""
    await stages.shift(desk, callback_data.id, later=callback_data.later)
    await show_stage(query, StageCard(id=callback_data.id), desk)


async def ask_where_to(query: CallbackQuery, callback_data: RemoveStage, desk: Desk) -> None:
    """Where those go who stand there; an empty stage goes at once."""
    desk.need(Power.MANAGE)
    stage, page = await stages.one(desk, callback_data.id)
    if not page.count:
        await remove(query, RemoveStage(id=callback_data.id, to=0), desk)
        return
    question = ngettext(
        "{count} person stands in {stage}. Where to, when it is removed?",
        "{count} people stand in {stage}. Where to, when it is removed?",
        page.count,
    ).format(count=number(page.count), stage=f"<b>{safe(stage.name)}</b>")
    others = [other for other, _there in (await stages.board(desk)).stages if other.id != callback_data.id]
    rows = [[button(label(other.name), RemoveStage(id=callback_data.id, to=other.id or 0))] for other in others]
    nowhere = [button(_("In no stage"), RemoveStage(id=callback_data.id, to=0))]
    await show(query, Screen(question, [*rows, nowhere, back(StageCard(id=callback_data.id))]))


async def remove(query: CallbackQuery, callback_data: RemoveStage, desk: Desk) -> None:
    """Gone, with the way back."""
    await stages.remove(desk, callback_data.id, to=callback_data.to or None)
    await _list(query, desk, _("🗑 The stage is removed."), RestoreStage(id=callback_data.id))


async def restore(query: CallbackQuery, callback_data: RestoreStage, desk: Desk) -> None:
    """There again, last in the order, with those who stood there."""
    await stages.restore(desk, callback_data.id)
    await show_stage(query, StageCard(id=callback_data.id), desk)
