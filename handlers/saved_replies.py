"""Saved replies: the list, one of them, and writing, renaming, sharing and deleting it with a way back."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message

from crm import replies, saved_replies
from crm.access import Desk, Power
from crm.ports import Devices
from crm.replies.variables import VARIABLES, used
from handlers.buttons.replies import ReplyCard, WriteReply
from handlers.buttons.saved_replies import (
    DeleteSaved,
    EditSaved,
    NewSaved,
    PickSaved,
    RenameSaved,
    RestoreSaved,
    SavedCard,
    SavedList,
    ShareSaved,
)
from handlers.language import _, ngettext, number
from handlers.screens import Screen, back, button, label, pages, safe, show
from handlers.screens.formatted import Formatted
from handlers.screens.typed import typed
from storage.saved_replies import SavedReply

PART = 3000  # units of a long one on the screen
BEGINNING = 24  # characters of the text on a button, beside the name


class SavedWriting(StatesGroup):
    """What is being waited for."""

    name = State()
    text = State()
    new_name = State()
    new_text = State()


def routes() -> Router:
    """Everything around saved replies, except answering with them."""
    router = Router(name="saved replies")
    router.callback_query.register(show_list, SavedList.filter())
    router.callback_query.register(show_card, SavedCard.filter())
    router.callback_query.register(ask_name, NewSaved.filter())
    router.callback_query.register(ask_new_text, EditSaved.filter())
    router.callback_query.register(ask_new_name, RenameSaved.filter())
    router.callback_query.register(share, ShareSaved.filter())
    router.callback_query.register(delete, DeleteSaved.filter())
    router.callback_query.register(restore, RestoreSaved.filter())
    router.message.register(show_list, Command("replies"))
    router.message.register(take_name, SavedWriting.name, F.text)
    router.message.register(make, SavedWriting.text, F.text)
    router.message.register(rename, SavedWriting.new_name, F.text)
    router.message.register(rewrite, SavedWriting.new_text, F.text)
    return router


async def show_list(event: CallbackQuery | Message, desk: Desk, callback_data: SavedList | None = None) -> None:
    """Those at hand; a press answers with one where a conversation waits for it, else opens it."""
    at = callback_data or SavedList()
    page = await saved_replies.listing(desk, page=at.page)
    rows = [[button(_line(one), _target(one, at))] for one in page.items]
    turn = pages(page.number, page.last, lambda to: at.model_copy(update={"page": to}))
    way_back = back(WriteReply(id=at.to, reply_to=at.reply_to)) if at.to else back()
    await show(event, Screen(_head(page.count, at), [*rows, turn, [button(_("➕ New"), NewSaved())], way_back]))


def _head(count: int, at: SavedList) -> str:
    if not count:
        return _(
            "<b>No saved replies yet</b>\n\nKeep what you write again and again under a short name: opening hours, the "
            "way to you, how to pay."
        )
    title = ngettext("<b>{count} saved reply</b>", "<b>{count} saved replies</b>", count).format(count=number(count))
    look = _("Press one to see it as the client would. Nothing leaves yet.")
    order = _("The most used first. 👥 stands for the whole team, the others are yours.")
    return f"{title}\n{look if at.to else order}"


def _target(one: SavedReply, at: SavedList) -> PickSaved | SavedCard:
    here = one.id or 0
    return PickSaved(id=here, to=at.to, reply_to=at.reply_to) if at.to else SavedCard(id=here)


def _line(one: SavedReply) -> str:
    return f"{'👥 ' if one.shared else ''}/{one.name} · {label(one.text, BEGINNING)}"


async def show_card(event: CallbackQuery, callback_data: SavedCard, desk: Desk) -> None:
    """One as it was written."""
    await _draw(event, desk, callback_data.id)


async def _draw(event: CallbackQuery | Message, desk: Desk, saved_id: int) -> None:
    one = await saved_replies.one(desk, saved_id)
    whose = _("👥 for the whole team") if one.shared else _("👤 yours alone")
    times = ngettext("used {count} time", "used {count} times", one.used).format(count=number(one.used))
    lines = [" · ".join([f"<b>/{safe(one.name)}</b>", whose, *([times] if one.used else [])]), ""]
    lines.append(Formatted(one.text, one.entities).shortened(PART).html)
    if found := used(one.text):
        put_in = " ".join(f"<code>{safe(variable)}</code>" for variable in dict.fromkeys(found))
        lines += ["", _("Filled in for each contact: {variables}").format(variables=put_in)]
    await show(event, Screen("\n".join(lines), _ways(desk, one)))


def _ways(desk: Desk, one: SavedReply) -> list[list[InlineKeyboardButton]]:
    here, rows = one.id or 0, []
    if one.deleted_at is not None:
        return [[button(_("↩️ Bring it back"), RestoreSaved(id=here))], back(SavedList())]
    if desk.may(Power.MANAGE) or not one.shared:
        rows.append([button(_("✏️ Change"), EditSaved(id=here)), button(_("Rename"), RenameSaved(id=here))])
    if desk.may(Power.MANAGE):
        words = _("👤 Make it mine alone") if one.shared else _("👥 Share with the team")
        rows.append([button(words, ShareSaved(id=here, on=not one.shared))])
    if rows:
        rows.append([button(_("🗑 Delete"), DeleteSaved(id=here))])
    return [*rows, back(SavedList())]


async def ask_name(
    event: CallbackQuery, callback_data: NewSaved, desk: Desk, devices: Devices, state: FSMContext
) -> None:
    """Another one begins with its name."""
    desk.need(Power.WRITE)
    if callback_data.reply:
        await replies.one(desk, devices, callback_data.reply)
    await state.set_state(SavedWriting.name)
    await state.set_data({"reply": callback_data.reply})
    text = _("What is its short name? One word, such as <code>hours</code>: typed as /hours, it is found at once.")
    there = ReplyCard(id=callback_data.reply) if callback_data.reply else SavedList()
    await show(event, Screen(text, [back(there)]))


async def take_name(message: Message, desk: Desk, devices: Devices, state: FSMContext) -> None:
    """The name has come: with the words of an answer that is all, else they are asked for."""
    reply_id = int((await state.get_data()).get("reply", 0))
    name = saved_replies.proper_name(message.text or "")
    if reply_id:
        made = await saved_replies.make(desk, name, (await replies.one(desk, devices, reply_id)).words)
        await state.clear()
        text = _("📌 Kept as <b>/{name}</b>.").format(name=safe(made.name))
        await show(message, Screen(text, [back(ReplyCard(id=reply_id))]))
        return
    await state.set_state(SavedWriting.text)
    await state.set_data({"name": name})
    ask = _("Now write the reply.")
    await show(message, Screen(f"{ask}\n\n{_about_variables()}", [back(SavedList())]))


def _about_variables() -> str:
    known = " ".join(f"<code>{{{name}{':…' * (name == 'field')}}}</code>" for name in VARIABLES)
    return _(
        "What stands in braces is filled in for each contact: {known}\n"
        "With a bar, you say what stands there where nothing is known: <code>{example}</code>"
    ).format(known=known, example="{first_name|there}")


async def make(message: Message, desk: Desk, state: FSMContext) -> None:
    """The words have come."""
    name = str((await state.get_data()).get("name", ""))
    made = await saved_replies.make(desk, name, typed(message))
    await state.clear()
    await _draw(message, desk, made.id or 0)


async def ask_new_text(event: CallbackQuery, callback_data: EditSaved, desk: Desk, state: FSMContext) -> None:
    """Other words; the old ones stand there to be copied."""
    one = await saved_replies.one(desk, callback_data.id)
    await state.set_state(SavedWriting.new_text)
    await state.set_data({"id": callback_data.id})
    old = Formatted(one.text).shortened(PART).html
    ask = _("Write the reply anew. As it stands now (tap to copy):")
    text = f"{ask}\n\n<code>{old}</code>\n\n{_about_variables()}"
    await show(event, Screen(text, [back(SavedCard(id=callback_data.id))]))


async def rewrite(message: Message, desk: Desk, state: FSMContext) -> None:
    """The other words have come."""
    saved_id = int((await state.get_data()).get("id", 0))
    await saved_replies.rewrite(desk, saved_id, typed(message))
    await state.clear()
    await _draw(message, desk, saved_id)


async def ask_new_name(event: CallbackQuery, callback_data: RenameSaved, desk: Desk, state: FSMContext) -> None:
    """Another name."""
    one = await saved_replies.one(desk, callback_data.id)
    await state.set_state(SavedWriting.new_name)
    await state.set_data({"id": callback_data.id})
    text = _("Which short name in place of <b>/{name}</b>?").format(name=safe(one.name))
    await show(event, Screen(text, [back(SavedCard(id=callback_data.id))]))


async def rename(message: Message, desk: Desk, state: FSMContext) -> None:
    """The other name has come."""
    saved_id = int((await state.get_data()).get("id", 0))
    await saved_replies.rename(desk, saved_id, message.text or "")
    await state.clear()
    await _draw(message, desk, saved_id)


async def share(event: CallbackQuery, callback_data: ShareSaved, desk: Desk) -> None:
    """For the whole team, or for oneself."""
    await saved_replies.share(desk, callback_data.id, on=callback_data.on)
    await _draw(event, desk, callback_data.id)


async def delete(event: CallbackQuery, callback_data: DeleteSaved, desk: Desk) -> None:
    """Away with it, for a day with a way back."""
    await saved_replies.delete(desk, callback_data.id)
    one = await saved_replies.one(desk, callback_data.id)
    text = _("🗑 <b>/{name}</b> is deleted.").format(name=safe(one.name))
    undo = [button(_("↩️ Bring it back"), RestoreSaved(id=callback_data.id))]
    await show(event, Screen(text, [undo, back(SavedList())]))


async def restore(event: CallbackQuery, callback_data: RestoreSaved, desk: Desk) -> None:
    """It is there again."""
    await saved_replies.bring_back(desk, callback_data.id)
    await _draw(event, desk, callback_data.id)
