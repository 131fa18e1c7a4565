"""Answers that are to leave later, and those that did not leave: the lists, and when an answer is to go."""

from __future__ import annotations

from datetime import UTC, datetime

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message

from crm import moments, replies
from crm.access import Desk, Power
from crm.errors import Invalid
from crm.ports import Devices
from crm.replies import later
from crm.replies.later import Listed, Which
from crm.spoken import read
from handlers.buttons.history import History
from handlers.buttons.replies import PutOffReply, ReplyCard, ReplyList
from handlers.language import _, clock, current, date, day, ngettext, number
from handlers.screens import Screen, back, button, label, pages, show
from handlers.screens.moments import examples, misread, offered, told
from handlers.screens.reply import head, screen
from storage.contacts import Contact
from storage.replies import Reply

LAST = int(datetime(2100, 1, 1, tzinfo=UTC).timestamp())  # no answer waits longer
BESIDE_A_DAY = 28  # characters that leave room for a day on a button


class ReplyTiming(StatesGroup):
    """The moment that is being waited for."""

    time = State()


def routes() -> Router:
    """When answers leave."""
    router = Router(name="outgoing")
    router.callback_query.register(show_list, ReplyList.filter())
    router.callback_query.register(put_off, PutOffReply.filter())
    router.message.register(show_list, Command("outgoing"))
    router.message.register(take_time, ReplyTiming.time, F.text)
    return router


async def show_list(event: CallbackQuery | Message, desk: Desk, callback_data: ReplyList | None = None) -> None:
    """One list, and the ways to the others."""
    at = callback_data or ReplyList()
    which = Which(at.kind) if at.kind in list(Which) else Which.STUCK
    listed = await later.listing(desk, which, conversation_id=at.id or None, page=at.page)
    now = desk.installation.clock.now()
    rows = [[_entry(*pair, now=now)] for pair in listed.page.items]
    here = at.model_copy(update={"kind": which, "page": 0})
    turn = pages(listed.page.number, listed.page.last, lambda page: here.model_copy(update={"page": page}))
    way_back = back(History(id=at.id)) if at.id else back()
    await show(event, Screen(_head(which, listed), [*rows, turn, _lists(listed, here), way_back]))


def _head(which: Which, listed: Listed) -> str:
    count = listed.page.count
    if not count:
        return {
            Which.LATER: _("<b>Nothing is to leave later</b>\n\nUnder an answer, press 🕘 and say when it goes."),
            Which.STUCK: _("<b>Every answer has left</b>\n\nWhat Telegram refuses stands here, and is not lost."),
            Which.BEGUN: _("<b>Nothing lies ready</b>\n\nAnswers that you wrote and did not send stand here."),
        }[which]
    title, order = {
        Which.LATER: (
            ngettext("<b>{count} answer leaves later</b>", "<b>{count} answers leave later</b>", count),
            _("The next to go first."),
        ),
        Which.STUCK: (
            ngettext("<b>{count} answer did not leave</b>", "<b>{count} answers did not leave</b>", count),
            _("Open one to see why, and to send it again, copy it or throw it away."),
        ),
        Which.BEGUN: (
            ngettext("<b>{count} answer lies ready</b>", "<b>{count} answers lie ready</b>", count),
            _("Written, and not sent yet."),
        ),
    }[which]
    return f"{title.format(count=number(count))}\n{order}"


def _entry(reply: Reply, contact: Contact, *, now: datetime) -> InlineKeyboardButton:
    moment = reply.leaves_at or reply.written_at
    at = clock(moment) if day(moment) == day(now) else date(moment)
    return button(f"{at} · {label(f'{contact.name}: {reply.text}', BESIDE_A_DAY)}", ReplyCard(id=reply.id or 0))


def _lists(listed: Listed, here: ReplyList) -> list[InlineKeyboardButton]:
    names = {Which.STUCK: _("Not sent"), Which.LATER: _("Later"), Which.BEGUN: _("Ready")}
    return [
        button(
            ("• " if which == here.kind else "") + name + (f" {number(n)}" if (n := listed.counts[which]) else ""),
            here.model_copy(update={"kind": which}),
        )
        for which, name in names.items()
    ]


async def put_off(
    event: CallbackQuery, callback_data: PutOffReply, desk: Desk, devices: Devices, state: FSMContext
) -> None:
    """Until when; then it waits for its time."""
    desk.need(Power.WRITE)
    if 0 < callback_data.at < LAST:
        try:
            await later.put_off(desk, callback_data.id, datetime.fromtimestamp(callback_data.at, UTC))
        except Invalid:  # the screen is from yesterday
            pass
        else:
            await state.clear()
            if isinstance(event.message, Message):
                await replies.shown_at(desk, callback_data.id, event.message.chat.id, event.message.message_id)
            await show(event, screen(await replies.one(desk, devices, callback_data.id)))
            return
    await _ask_time(event, desk, devices, state, callback_data.id)


async def _ask_time(
    event: CallbackQuery | Message, desk: Desk, devices: Devices, state: FSMContext, reply_id: int, *, why: str = ""
) -> None:
    one = await replies.one(desk, devices, reply_id)
    await state.set_state(ReplyTiming.time)
    await state.set_data({"reply": reply_id})
    ask = _("When is it to leave? Press a moment, or write one:")
    lines = [*([why, ""] if why else []), *head(one), "", ask, "", examples()]
    now = desk.installation.clock.now()
    soon = moments.ahead(now, desk.workspace.zone)
    rows = offered(soon, now, lambda at: PutOffReply(id=reply_id, at=at))
    await show(event, Screen("\n".join(lines), [*rows, back(ReplyCard(id=reply_id))]))


async def take_time(message: Message, desk: Desk, devices: Devices, state: FSMContext) -> None:
    """A moment was written: shown before it counts."""
    reply_id, now = int((await state.get_data()).get("reply", 0)), desk.installation.clock.now()
    spoken = read(message.text or "", now, desk.workspace.zone, current().language)
    if spoken.moment is None:
        await _ask_time(message, desk, devices, state, reply_id, why=misread(spoken.trouble))
        return
    one = await replies.one(desk, devices, reply_id)
    question = _("<b>Is this right?</b>")
    yes = button(_("✅ Yes, let it leave then"), PutOffReply(id=reply_id, at=int(spoken.moment.timestamp())))
    other = button(_("🕘 Another time"), PutOffReply(id=reply_id))
    lines = [question, "", *head(one), f"🕘 <b>{told(spoken.moment, now)}</b>"]
    await show(message, Screen("\n".join(lines), [[yes], [other], back(ReplyCard(id=reply_id))]))
