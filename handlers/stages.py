"""The board: how many stand in each stage, who they are, and moving them in two presses."""

from __future__ import annotations

from collections.abc import Mapping

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message

from crm import stages
from crm.access import Desk, Power
from crm.errors import NotFound
from handlers.buttons.contacts import ContactCard, ContactList
from handlers.buttons.stages import (
    STAGE,
    Board,
    LayOutStages,
    MoveTo,
    NewStage,
    StageChoice,
    StageList,
    StagesMenu,
)
from handlers.language import _, date, ngettext, number
from handlers.screens import Screen, back, button, label, pages, safe, shorten, show
from handlers.screens.messages import amount
from handlers.screens.values import money
from storage.contacts import Contact
from storage.stages import Stage

NAME = 64
BESIDE_A_DAY, BESIDE_A_BUTTON = 24, 18  # characters of a name that leave room for a day, and for another button
HERE = "✓ "


def routes() -> Router:
    """The board and the moves."""
    router = Router(name="stages")
    router.callback_query.register(show_board, Board.filter())
    router.callback_query.register(show_stage, StageList.filter())
    router.callback_query.register(show_choice, StageChoice.filter())
    router.callback_query.register(move, MoveTo.filter())
    router.callback_query.register(lay_out, LayOutStages.filter())
    router.message.register(show_board, Command("board"))
    return router


async def show_board(event: CallbackQuery | Message, desk: Desk) -> None:
    """The pipeline, from first to last; where there is none, what could be one."""
    board = await stages.board(desk)
    if not board.stages:
        await show(event, _offer(desk))
        return
    count = sum(there for _stage, there in board.stages)
    title = ngettext("<b>Board</b> · {count} person", "<b>Board</b> · {count} people", count)
    lines = [title.format(count=number(count)), _("Press a stage to see who stands there.")]
    if board.without:
        without = ngettext("{count} contact is in no stage.", "{count} contacts are in no stage.", board.without)
        lines += ["", without.format(count=number(board.without))]
    rows = [
        [
            button(
                label(stage.name) + amount(there) + _sum(board.sums.get(stage.id or 0, {})), StageList(id=stage.id or 0)
            )
        ]
        for stage, there in board.stages
    ]
    change = [button(_("⚙️ Change the stages"), StagesMenu())] if desk.may(Power.MANAGE) else []
    await show(event, Screen("\n".join(lines), [*rows, change, [button(_("All contacts"), ContactList()), *back()]]))


def _sum(by_currency: Mapping[str, int]) -> str:
    return "".join(f" · {money(units, currency)}" for currency, units in by_currency.items())


def usual() -> list[str]:
    """The stages that most begin with."""
    return [_("New"), _("In talks"), _("Offer made"), _("Won"), _("Lost")]


def _offer(desk: Desk) -> Screen:
    text = _(
        "<b>Board</b>\n\nStages show how far you are with each client: from the first word to the deal. "
        "There are none yet."
    )
    if not desk.may(Power.MANAGE):
        return Screen(text, [back()])
    rows = [[button(_("Begin with these"), LayOutStages())], [button(_("➕ Make my own"), NewStage())], back()]
    return Screen(f"{text}\n\n{' → '.join(f'<b>{name}</b>' for name in usual())}", rows)


async def lay_out(query: CallbackQuery, desk: Desk) -> None:
    """The usual stages, in the language of whoever takes them."""
    await stages.lay_out(desk, usual())
    await show_board(query, desk)


async def show_stage(query: CallbackQuery, callback_data: StageList, desk: Desk) -> None:
    """Who stands in a stage; beside each the way to another."""
    stage, page = await stages.one(desk, callback_data.id, page=callback_data.page)
    lines = [f"<b>{safe(stage.name)}</b>"]
    if page.count:
        people = ngettext(
            "{count} person. The last to come first.", "{count} people. The last to come first.", page.count
        )
        lines.append(people.format(count=number(page.count)))
    else:
        lines += ["", _("Nobody stands here. On a contact’s card, press its stage to move it.")]
    rows = []
    for contact, since in page.items:
        card = ContactCard(id=contact.id or 0, page=page.number, of=callback_data.id, queue=STAGE)
        if not desk.may(Power.WRITE):
            rows.append([button(f"{label(contact.name, BESIDE_A_DAY)} · {date(since)}", card)])
            continue
        way = StageChoice(id=contact.id or 0, home=callback_data.id)
        rows.append([button(label(contact.name, BESIDE_A_BUTTON), card), button(_("⇄ Move"), way)])
    turn = pages(page.number, page.last, lambda to: StageList(id=callback_data.id, page=to))
    await show(query, Screen("\n".join(lines), [*rows, turn, [*back(Board()), *back()]]))


async def show_choice(query: CallbackQuery, callback_data: StageChoice, desk: Desk) -> None:
    """Every stage for one contact, the present one marked."""
    await _choose(query, desk, callback_data)


async def _choose(
    query: CallbackQuery, desk: Desk, at: StageChoice, notice: str = "", undo: MoveTo | None = None
) -> None:
    here = await stages.standing(desk, at.id)
    way = back(StageList(id=at.home) if at.home else ContactCard(id=at.id))
    if not here.stages:
        offer = _offer(desk)
        await show(query, Screen(offer.text, [*offer.rows[:-1], way]))
        return
    present = next((stage for stage in here.stages if stage.id == here.contact.stage_id), None)
    text = "\n\n".join(filter(None, (notice, _stands(here.contact, present))))
    rows = [[button(_("↩️ Undo"), undo)]] if undo else []
    if desk.may(Power.WRITE):
        rows += [[_way(stage, present, at)] for stage in here.stages]
        rows += [[button(_("In no stage"), MoveTo(id=at.id, to=0, home=at.home))]] if present else []
    await show(query, Screen(text, [*rows, way]))


def _stands(contact: Contact, present: Stage | None) -> str:
    name = f"<b>{safe(shorten(contact.name, NAME))}</b>"
    if present is None:
        return _("{name} is in no stage yet.").format(name=name)
    return _("{name} is in {stage}.").format(name=name, stage=f"<b>{safe(present.name)}</b>")


def _way(stage: Stage, present: Stage | None, at: StageChoice) -> InlineKeyboardButton:
    return button(
        (HERE if stage is present else "") + label(stage.name), MoveTo(id=at.id, to=stage.id or 0, home=at.home)
    )


async def move(query: CallbackQuery, callback_data: MoveTo, desk: Desk) -> None:
    """There it stands now; a press leads back to where it stood."""
    at = StageChoice(id=callback_data.id, home=callback_data.home)
    try:
        before = await stages.move(desk, callback_data.id, callback_data.to or None)
    except NotFound as missing:
        if missing.noun != "stage":
            raise
        await _choose(query, desk, at, _("This stage is not there any more."))
        return
    changed = before != (callback_data.to or None)
    undo = MoveTo(id=callback_data.id, to=before or 0, home=callback_data.home) if changed else None
    await _choose(query, desk, at, _("✅ Moved.") if changed else "", undo)
