"""What was promised, and when: asked for in words, shown as it was understood, and changed before it counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from aiogram import F, Router
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from crm import moments, reminders
from crm.access import Desk, Power
from crm.errors import Invalid
from crm.repeating import ALL_WEEK, Every, Repetition, digits
from crm.spoken import Spoken, Trouble, read
from handlers.buttons.contacts import ContactCard
from handlers.buttons.reminders import (
    AgreeReminder,
    AskReminder,
    ReminderCard,
    RepeatOnDays,
    RepeatReminder,
    RetimeReminder,
    RewordReminder,
    SnoozeReminder,
)
from handlers.language import _, current, weekday, when
from handlers.reminders.screen import card, echo, head, origin, seconds
from handlers.screens import Rows, Screen, back, button, safe, show, spread
from handlers.screens.moments import again, examples, misread, offered, told

PAST = datetime.fromtimestamp(0, UTC)
LAST = int(datetime(2100, 1, 1, tzinfo=UTC).timestamp())


class ReminderWriting(StatesGroup):
    """What is being waited for."""

    promise = State()
    time = State()
    words = State()
    snooze = State()


def listen(router: Router) -> None:
    """From the first question to what counts."""
    router.callback_query.register(ask, AskReminder.filter())
    router.callback_query.register(agree, AgreeReminder.filter())
    router.callback_query.register(ask_time, RetimeReminder.filter())
    router.callback_query.register(ask_words, RewordReminder.filter())
    router.callback_query.register(ask_repetition, RepeatReminder.filter())
    router.callback_query.register(ask_days, RepeatOnDays.filter())
    router.callback_query.register(snooze, SnoozeReminder.filter())
    router.message.register(take_promise, ReminderWriting.promise, F.text)
    router.message.register(take_time, ReminderWriting.time, F.text)
    router.message.register(take_words, ReminderWriting.words, F.text)
    router.message.register(take_snooze, ReminderWriting.snooze, F.text)


def _moment(at: int) -> datetime | None:
    """What a button carries; None for nothing, or for what no button of ours has."""
    return datetime.fromtimestamp(at, UTC) if 0 < at < LAST else None


def _read(desk: Desk, message: Message) -> Spoken:
    return read(message.text or "", desk.installation.clock.now(), desk.workspace.zone, current().language)


async def ask(query: CallbackQuery, callback_data: AskReminder, desk: Desk, state: FSMContext) -> None:
    """What was promised, and when; a moment that was pressed says enough."""
    desk.need(Power.WRITE)
    at = callback_data
    about = await reminders.about(desk, contact_id=at.contact, message=at.message, note_id=at.note)
    moment = _moment(at.at)
    if moment is not None and moment > desk.installation.clock.now():
        await state.clear()
        made = await reminders.begin(desk, about, "")
        await reminders.agree(desk, made, moment)
        await _show_set(query, desk, made)
        return
    await state.set_state(ReminderWriting.promise)
    await state.set_data({"contact": at.contact, "message": at.message, "note": at.note})
    lines = [_("<b>A reminder</b>"), *origin(about), "", _ask_promise(), "", examples(), "", _("Or press a moment:")]
    rows = _offered(desk, lambda moment: at.model_copy(update={"at": moment}))
    await show(query, Screen("\n".join(lines), [*rows, back(ContactCard(id=about.contact.id or 0))]))


def _ask_promise() -> str:
    return _(
        "What did you promise, and when? Write it as you would say it: <i>tomorrow at 9 call back about the quote</i>. "
        "You see how it was understood before it counts."
    )


def _offered(desk: Desk, to: Callable[[int], CallbackData]) -> Rows:
    now = desk.installation.clock.now()
    return offered(moments.ahead(now, desk.workspace.zone), now, to)


async def take_promise(message: Message, desk: Desk, state: FSMContext) -> None:
    """It was written: what is no time in it is what was promised."""
    asked = await state.get_data()
    origin = {name: int(asked.get(name, 0)) for name in ("contact", "message", "note")}
    about = await reminders.about(desk, contact_id=origin["contact"], message=origin["message"], note_id=origin["note"])
    spoken = _read(desk, message)
    made = await reminders.begin(desk, about, spoken.words, spoken.moment, spoken.repetition)
    if spoken.moment is None:
        await _ask_time(message, desk, state, made, misread(spoken.trouble))
    else:
        await state.clear()
        await show(message, card(desk, await reminders.one(desk, made)))


async def agree(query: CallbackQuery, callback_data: AgreeReminder, desk: Desk, state: FSMContext) -> None:
    """It counts; a moment that has passed since it was shown is asked for again."""
    moment = _moment(callback_data.at) or PAST
    try:
        await reminders.agree(desk, callback_data.id, moment, Repetition.read(callback_data.repeats))
    except Invalid:
        await _ask_time(query, desk, state, callback_data.id, misread(Trouble.PAST))
    else:
        await state.clear()
        await _show_set(query, desk, callback_data.id)


async def _show_set(query: CallbackQuery, desk: Desk, reminder_id: int) -> None:
    await show(query, card(desk, await reminders.one(desk, reminder_id), [_("✅ It is set.")]))


async def ask_time(query: CallbackQuery, callback_data: RetimeReminder, desk: Desk, state: FSMContext) -> None:
    """Another time."""
    await _ask_time(query, desk, state, callback_data.id)


async def _ask_time(
    event: CallbackQuery | Message, desk: Desk, state: FSMContext, reminder_id: int, why: str = ""
) -> None:
    desk.need(Power.WRITE)
    promise = await reminders.one(desk, reminder_id)
    await state.set_state(ReminderWriting.time)
    await state.set_data({"reminder": reminder_id})
    ask = _("When shall I remind you? Press a moment, or write one.")
    lines = [*([why, ""] if why else []), *head(promise), "", ask, "", examples()]
    rows = _offered(desk, lambda at: AgreeReminder(id=reminder_id, at=at))
    await show(event, Screen("\n".join(lines), [*rows, back(ReminderCard(id=reminder_id))]))


async def take_time(message: Message, desk: Desk, state: FSMContext) -> None:
    """It was written. Of what counts already nothing changes before it was agreed to."""
    reminder_id = int((await state.get_data()).get("reminder", 0))
    spoken = _read(desk, message)
    if spoken.moment is None:
        await _ask_time(message, desk, state, reminder_id, misread(spoken.trouble))
        return
    await reminders.redraft(desk, reminder_id, spoken.words, spoken.moment, spoken.repetition)
    await state.clear()
    await show(message, echo(desk, await reminders.one(desk, reminder_id), spoken.moment, spoken.repetition))


async def ask_words(query: CallbackQuery, callback_data: RewordReminder, desk: Desk, state: FSMContext) -> None:
    """Other words; those of now stand there to be copied."""
    desk.need(Power.WRITE)
    promise = await reminders.one(desk, callback_data.id)
    await state.set_state(ReminderWriting.words)
    await state.set_data({"reminder": callback_data.id})
    text = promise.reminder.text
    now = [_("As it stands now (tap to copy):"), f"<code>{safe(text)}</code>"] if text else []
    ask = _("Write what is to be done. The time stays as it is.")
    await show(query, Screen("\n".join([ask, "", *now]), [back(ReminderCard(id=callback_data.id))]))


async def take_words(message: Message, desk: Desk, state: FSMContext) -> None:
    """They were written."""
    reminder_id = int((await state.get_data()).get("reminder", 0))
    await reminders.reword(desk, reminder_id, message.text or "")
    await state.clear()
    await show(message, card(desk, await reminders.one(desk, reminder_id)))


async def ask_repetition(query: CallbackQuery, callback_data: RepeatReminder, desk: Desk) -> None:
    """How often it comes again; what is pressed says all, so it counts at once."""
    desk.need(Power.WRITE)
    moment = _moment(callback_data.at) or desk.installation.clock.now()
    promise = await reminders.one(desk, callback_data.id)
    to = AgreeReminder(id=callback_data.id, at=seconds(moment))
    choices = [Repetition.of(every, moment, desk.workspace.zone) for every in Every]
    rows = [[button(again(one), to.model_copy(update={"repeats": str(one)}))] for one in choices]
    several = [button(_("on several days…"), RepeatOnDays(id=callback_data.id, at=seconds(moment)))]
    once = [button(_("only once: {when}").format(when=when(moment)), to)]
    text = _("How often is it to come again?")
    lines = [*head(promise), "", text]
    await show(query, Screen("\n".join(lines), [*rows, several, once, back(ReminderCard(id=callback_data.id))]))


async def ask_days(query: CallbackQuery, callback_data: RepeatOnDays, desk: Desk) -> None:
    """On which days of the week; each press puts one in or takes it out."""
    desk.need(Power.WRITE)
    now, zone = desk.installation.clock.now(), desk.workspace.zone
    moment = _moment(callback_data.at) or now
    first = Repetition.of(Every.WEEK, moment, zone)
    chosen = {day for day in ALL_WEEK if str(day + 1) in str(callback_data.days)} or {*first.weekdays}
    days = []
    for day in ALL_WEEK:
        to = callback_data.model_copy(update={"days": digits(chosen ^ {day} or chosen)})
        days.append(button(f"{'✅' if day in chosen else '▫️'} {weekday(day)}", to))
    repetition = Repetition.on(chosen, first.at)
    echoed = AgreeReminder(id=callback_data.id, at=seconds(repetition.after(now, zone)), repeats=str(repetition))
    promise = await reminders.one(desk, callback_data.id)
    lines = [*head(promise), "", f"🔁 {again(repetition)}", "", _("On which days is it to come again?")]
    yes = [button(_("✅ Yes, remind me"), echoed)]
    ways = [*spread(days, 2), yes, back(RepeatReminder(id=callback_data.id, at=callback_data.at))]
    await show(query, Screen("\n".join(lines), ways))


async def snooze(query: CallbackQuery, callback_data: SnoozeReminder, desk: Desk, state: FSMContext) -> None:
    """Until when; then it rests."""
    desk.need(Power.WRITE)
    moment = _moment(callback_data.until)
    if moment is not None:
        try:
            await reminders.snooze(desk, callback_data.id, moment)
        except Invalid:  # the screen is from yesterday
            pass
        else:
            await state.clear()
            await show(query, card(desk, await reminders.one(desk, callback_data.id), [_("💤 It rests until then.")]))
            return
    await _ask_snooze(query, desk, state, callback_data.id)


async def _ask_snooze(
    event: CallbackQuery | Message, desk: Desk, state: FSMContext, reminder_id: int, why: str = ""
) -> None:
    promise = await reminders.one(desk, reminder_id)
    await state.set_state(ReminderWriting.snooze)
    await state.set_data({"reminder": reminder_id})
    ask = _("Until when may it rest? Press a moment, or write one.")
    lines = [*([why, ""] if why else []), *head(promise), "", ask, "", examples()]
    rows = _offered(desk, lambda until: SnoozeReminder(id=reminder_id, until=until))
    await show(event, Screen("\n".join(lines), [*rows, back(ReminderCard(id=reminder_id))]))


async def take_snooze(message: Message, desk: Desk, state: FSMContext) -> None:
    """A moment was written: shown before it counts."""
    reminder_id = int((await state.get_data()).get("reminder", 0))
    spoken = _read(desk, message)
    if spoken.moment is None:
        await _ask_snooze(message, desk, state, reminder_id, misread(spoken.trouble))
        return
    promise = await reminders.one(desk, reminder_id)
    due = told(spoken.moment, desk.installation.clock.now())
    lines = [_("<b>Is this right?</b>"), "", *head(promise), f"💤 <b>{due}</b>"]
    yes = button(_("✅ Yes, until then"), SnoozeReminder(id=reminder_id, until=seconds(spoken.moment)))
    other = button(_("🕘 Another time"), SnoozeReminder(id=reminder_id))
    await show(message, Screen("\n".join(lines), [[yes], [other], back(ReminderCard(id=reminder_id))]))
