"""What waits: the queues, where one conversation stands, and what is said about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message

from crm import duty, moments, queues
from crm.access import Desk, Power
from crm.errors import Invalid
from crm.queues import Queued, Standing, Status
from crm.search import saved
from crm.spoken import read
from handlers.buttons.contacts import ContactCard, ContactList
from handlers.buttons.history import History
from handlers.buttons.queues import (
    Assign,
    CloseConversation,
    DismissConversation,
    PutOff,
    QueueList,
    RaiseConversation,
    StandingCard,
)
from handlers.buttons.replies import WriteReply
from handlers.buttons.search import KeptSearches
from handlers.language import _, current, ngettext, number
from handlers.screens import Screen, back, button, label, pages, safe, shorten, show, spread
from handlers.screens.moments import examples, misread, offered, told
from handlers.screens.sifted import kept_filter
from handlers.screens.standing import entry, queue_name, where
from storage.queues import Queue

NAME = 64
ABREAST = 3  # queues in one row of buttons
FILTERS, FILTERS_ABREAST = 6, 2  # that are kept, below the queues; all of them stand in a list of their own
IN_WORDS = -1  # in place of a moment: it is to be written
LAST = int(datetime(2100, 1, 1, tzinfo=UTC).timestamp())  # nothing rests longer


def routes() -> Router:
    """The queues and their conversations."""
    router = Router(name="queues")
    router.callback_query.register(show_queue, QueueList.filter())
    router.callback_query.register(show_standing, StandingCard.filter())
    router.callback_query.register(close, CloseConversation.filter())
    router.callback_query.register(dismiss, DismissConversation.filter())
    router.callback_query.register(raise_again, RaiseConversation.filter())
    router.callback_query.register(ask_moment, PutOff.filter(F.until == IN_WORDS))
    router.callback_query.register(put_off, PutOff.filter())
    router.message.register(take_moment, PuttingOff.moment, F.text)
    router.callback_query.register(assign, Assign.filter())
    router.message.register(show_queue, Command("waiting"))
    return router


async def show_queue(event: CallbackQuery | Message, desk: Desk, callback_data: QueueList | None = None) -> None:
    """One queue, and the ways to the others."""
    at = callback_data or QueueList()
    queue = Queue(at.queue) if at.queue in list(Queue) else Queue.WAITING
    queued = await queues.listing(desk, queue, page=at.page)
    now = desk.installation.clock.now()
    rows = [[entry(*pair, queue=queue, page=queued.page.number, now=now)] for pair in queued.page.items]
    turn = pages(queued.page.number, queued.page.last, lambda page: QueueList(queue=queue, page=page))
    filters = [kept_filter(one) for one in await saved.filters(desk, FILTERS)]
    ways = [button(_("All contacts"), ContactList()), button(_("⭐ Kept"), KeptSearches()), *back()]
    others = [*_others(queue, queued), *spread(filters, FILTERS_ABREAST)]
    await show(event, Screen(_head(queue, queued), [*rows, turn, *others, ways]))


def _head(queue: Queue, queued: Queued) -> str:
    count = queued.page.count
    if not count:
        return {
            Queue.WAITING: _("<b>Nobody waits</b>\n\nEvery client has an answer."),
            Queue.MINE: _("<b>Nothing is yours</b>\n\nWhat is given to you, or taken by you, stands here."),
            Queue.FREE: _("<b>Nothing is left over</b>\n\nWhoever waits has somebody who is to answer."),
            Queue.ASLEEP: _("<b>Nothing rests</b>\n\nWhat you put off until later waits here for its time."),
            Queue.ALL: _("<b>No conversation yet</b>\n\nWhoever writes to a connected account appears here."),
            Queue.CLOSED: _(
                "<b>Nothing is closed</b>\n\nA closed conversation opens by itself when its client writes."
            ),
        }[queue]
    title, order = {
        Queue.WAITING: (
            ngettext("<b>{count} waits for an answer</b>", "<b>{count} wait for an answer</b>", count),
            _("The longest first."),
        ),
        Queue.MINE: (
            ngettext("<b>{count} is yours</b>", "<b>{count} are yours</b>", count),
            _("Who waits longest comes first."),
        ),
        Queue.FREE: (
            ngettext("<b>{count} waits and is nobody's</b>", "<b>{count} wait and are nobody's</b>", count),
            _("The longest first."),
        ),
        Queue.ASLEEP: (ngettext("<b>{count} rests</b>", "<b>{count} rest</b>", count), _("The next to wake first.")),
        Queue.ALL: (
            ngettext("<b>{count} conversation</b>", "<b>{count} conversations</b>", count),
            _("The last to write first."),
        ),
        Queue.CLOSED: (
            ngettext("<b>{count} is closed</b>", "<b>{count} are closed</b>", count),
            _("The last to be closed first."),
        ),
    }[queue]
    return f"{title.format(count=number(count))}\n{order}"


def _others(here: Queue, queued: Queued) -> list[list[InlineKeyboardButton]]:
    buttons = [
        button(
            ("• " if queue is here else "")
            + queue_name(queue)
            + (f" {number(count)}" if (count := queued.counts[queue]) else ""),
            QueueList(queue=queue),
        )
        for queue in Queue
    ]
    return [buttons[at : at + ABREAST] for at in range(0, len(buttons), ABREAST)]


# One conversation


async def show_standing(query: CallbackQuery, callback_data: StandingCard, desk: Desk) -> None:
    """Where it stands, who is to answer, and what can be said about it."""
    await _draw(query, desk, callback_data.id)


async def _draw(query: CallbackQuery, desk: Desk, conversation_id: int) -> None:
    one = await queues.standing(desk, conversation_id)
    await show(query, Screen("\n".join(_lines(one)), _ways(desk, one)))


def _lines(one: Standing) -> list[str]:
    account = " ".join(part for part in (one.account.first_name, one.account.last_name) if part)
    means = {
        Status.WAITING: _("The client has written, and waits for an answer."),
        Status.ANSWERED: _("You have answered. Now it is the client's turn."),
        Status.OPEN: _("Nothing needs an answer."),
        Status.ASLEEP: _("It comes back at that time, or as soon as the client writes."),
        Status.CLOSED: _("It opens by itself when the client writes."),
    }[one.status]
    stands = where(one.conversation)
    lines = [f"<b>{safe(shorten(one.contact.name, NAME))}</b> · {safe(shorten(account, NAME))}", ""]
    lines += [f"<b>{stands}</b>"] if stands else []
    lines += [means, ""]
    if one.assignee is None:
        return [*lines, _("Nobody in particular is to answer.")]
    return [*lines, _("👤 {name} is to answer.").format(name=safe(shorten(one.assignee, NAME)))]


def _ways(desk: Desk, one: Standing) -> list[list[InlineKeyboardButton]]:
    here = one.conversation.id or 0
    ways = [back(ContactCard(id=one.contact.id or 0)), [button(_("⏳ Who waits"), QueueList()), *back()]]
    if not desk.may(Power.WRITE):
        return ways
    rows = [[button(_("💬 Conversation"), History(id=here)), button(_("✍️ Write"), WriteReply(id=here))]]
    if one.status is Status.WAITING:
        rows.append([button(_("Needs no answer"), DismissConversation(id=here))])
    if one.status in {Status.CLOSED, Status.ASLEEP, Status.OPEN, Status.ANSWERED}:
        words = _("↩️ Open again") if one.status is Status.CLOSED else _("⏳ Let it wait for us")
        rows.append([button(words, RaiseConversation(id=here))])
    again = [button(_("💤 Put off"), PutOff(id=here))]
    again += [] if one.status is Status.CLOSED else [button(_("✅ Close"), CloseConversation(id=here))]
    mine = one.conversation.assignee_id == desk.person.id
    whose = [button(_("👤 Who answers"), Assign(id=here))] if desk.may(Power.ASSIGN) else []
    whose.insert(0, button(_("Not mine"), Assign(id=here, to=0)) if mine else button(_("I answer"), _to_me(desk, here)))
    return [*rows, again, whose, *ways]


def _to_me(desk: Desk, conversation_id: int) -> Assign:
    return Assign(id=conversation_id, to=desk.person.id)


async def close(query: CallbackQuery, callback_data: CloseConversation, desk: Desk) -> None:
    """Done with, until the client writes."""
    await queues.close(desk, callback_data.id)
    await _draw(query, desk, callback_data.id)


async def dismiss(query: CallbackQuery, callback_data: DismissConversation, desk: Desk) -> None:
    """It needs no answer."""
    await queues.dismiss(desk, callback_data.id)
    await _draw(query, desk, callback_data.id)


async def raise_again(query: CallbackQuery, callback_data: RaiseConversation, desk: Desk) -> None:
    """It does wait."""
    await queues.raise_again(desk, callback_data.id)
    await _draw(query, desk, callback_data.id)


class PuttingOff(StatesGroup):
    """The moment that is being waited for."""

    moment = State()


async def put_off(query: CallbackQuery, callback_data: PutOff, desk: Desk, state: FSMContext) -> None:
    """Until when; then it rests."""
    desk.need(Power.WRITE)
    await state.clear()
    if 0 < callback_data.until < LAST:
        try:
            await queues.put_off(desk, callback_data.id, datetime.fromtimestamp(callback_data.until, UTC))
        except Invalid:  # the screen is from yesterday
            pass
        else:
            await _draw(query, desk, callback_data.id)
            return
    one = await queues.standing(desk, callback_data.id)
    text = _("Until when may the conversation with {name} rest? It comes back earlier if the client writes.").format(
        name=f"<b>{safe(shorten(one.contact.name, NAME))}</b>"
    )
    now = desk.installation.clock.now()
    soon = moments.ahead(now, desk.workspace.zone)
    rows = offered(soon, now, lambda at: PutOff(id=callback_data.id, until=at))
    other = [button(_("🕘 Another time"), PutOff(id=callback_data.id, until=IN_WORDS))]
    await show(query, Screen(text, [*rows, other, back(StandingCard(id=callback_data.id))]))


async def ask_moment(query: CallbackQuery, callback_data: PutOff, desk: Desk, state: FSMContext) -> None:
    """A moment that is not offered."""
    desk.need(Power.WRITE)
    await state.set_state(PuttingOff.moment)
    await state.set_data({"conversation": callback_data.id})
    await _ask_moment(query, callback_data.id)


async def _ask_moment(event: CallbackQuery | Message, conversation_id: int, why: str = "") -> None:
    lines = [*([why, ""] if why else []), _("Until when may it rest? Write it as you would say it."), "", examples()]
    await show(event, Screen("\n".join(lines), [back(PutOff(id=conversation_id))]))


async def take_moment(message: Message, desk: Desk, state: FSMContext) -> None:
    """It was written: shown before it counts. What would come again rests until the first time."""
    conversation_id = int((await state.get_data()).get("conversation", 0))
    now = desk.installation.clock.now()
    spoken = read(message.text or "", now, desk.workspace.zone, current().language)
    if spoken.moment is None:
        await _ask_moment(message, conversation_id, misread(spoken.trouble))
        return
    one = await queues.standing(desk, conversation_id)
    lines = [_("<b>Is this right?</b>"), "", f"<b>{safe(shorten(one.contact.name, NAME))}</b>"]
    lines.append(f"💤 <b>{told(spoken.moment, now)}</b>")
    yes = button(_("✅ Yes, until then"), PutOff(id=conversation_id, until=int(spoken.moment.timestamp())))
    await show(message, Screen("\n".join(lines), [[yes], back(PutOff(id=conversation_id))]))


async def assign(query: CallbackQuery, callback_data: Assign, desk: Desk) -> None:
    """Who of the team answers; then it is his."""
    desk.need(Power.WRITE)
    if callback_data.to >= 0:
        await queues.assign(desk, callback_data.id, callback_data.to or None)
        await _draw(query, desk, callback_data.id)
        return
    one = await queues.standing(desk, callback_data.id)
    team = await queues.answerers(desk, page=callback_data.page)
    away = await duty.away(desk)
    rows: Sequence[list[InlineKeyboardButton]] = [
        [
            button(
                ("✓ " if person.id == one.conversation.assignee_id else "")
                + ("💤 " if person.id in away else "")
                + label(person.name),
                Assign(id=callback_data.id, to=person.id),
            )
        ]
        for person in team.items
    ]
    turn = pages(team.number, team.last, lambda page: Assign(id=callback_data.id, page=page))
    nobody = [button(_("Nobody in particular"), Assign(id=callback_data.id, to=0))]
    text = _("Who is to answer {name}? Whoever you choose is told.").format(
        name=f"<b>{safe(shorten(one.contact.name, NAME))}</b>"
    )
    await show(query, Screen(text, [*rows, turn, nobody, back(StandingCard(id=callback_data.id))]))
