"""Who clients are: hidden or not, from whom, and shown once to who says why."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from crm import contacts, identities
from crm.access import Desk, Power
from crm.identities import LONGEST, Identity
from handlers.buttons.contacts import ContactCard
from handlers.buttons.identities import AskIdentity, HideIdentities, Identities, LetSee
from handlers.buttons.members import MemberCard, MemberList
from handlers.buttons.settings import Settings
from handlers.language import _, number
from handlers.screens import Screen, back, button, safe, shorten, show
from handlers.screens.messages import link

NAME = 64


class Asking(StatesGroup):
    """What is asked to be written."""

    reason = State()


def routes() -> Router:
    """The choice of the workspace, a member's, and the question."""
    router = Router(name="identities")
    router.callback_query.register(show_choice, Identities.filter())
    router.callback_query.register(hide, HideIdentities.filter())
    router.callback_query.register(let_see, LetSee.filter())
    router.callback_query.register(ask, AskIdentity.filter())
    router.message.register(reveal, Asking.reason, F.text)
    return router


async def show_choice(query: CallbackQuery, desk: Desk) -> None:
    """How it stands, and what it means."""
    desk.need(Power.OWN)
    hides = desk.workspace.hides_identities
    await show(query, _choice(hides=hides))


def _choice(*, hides: bool) -> Screen:
    lines = [_("<b>Who clients are</b>"), ""]
    if hides:
        lines.append(
            _(
                "Hidden. Agents and viewers see a name such as <b>Client 4F2</b>, and no username, phone, link or "
                "picture: on cards, in lists, histories, searches and files. You see everything, and so do admins. On "
                "each member's screen you can change that."
            )
        )
        lines += ["", _("Who needs to know who a client is writes a reason, sees it once, and you are told at once.")]
    else:
        lines.append(_("Everybody on the team sees names, usernames and phones."))
        lines += ["", _("Hidden, a client is called <b>Client 4F2</b> by agents and viewers, wherever he shows.")]
    lines += ["", _("What clients write of themselves in their messages stays as it is.")]
    change = button(_("Show them to everybody") if hides else _("Hide them"), HideIdentities(hide=not hides))
    return Screen("\n".join(lines), [[change], [button(_("Team"), MemberList())], back(Settings())])


async def hide(query: CallbackQuery, callback_data: HideIdentities, desk: Desk) -> None:
    """At once, for everybody; the button then says the other way."""
    await identities.hide(desk, hides=callback_data.hide)
    await show(query, _choice(hides=callback_data.hide))


async def let_see(query: CallbackQuery, callback_data: LetSee, desk: Desk) -> None:
    """At once; the button on the member's screen then says the other way."""
    await identities.let_see(desk, callback_data.id, sees=callback_data.sees)
    text = (
        _("From now on this member sees who clients are.")
        if callback_data.sees
        else _("From now on this member sees names such as Client 4F2.")
    )
    undo = button(_("↩️ Undo"), callback_data.model_copy(update={"sees": not callback_data.sees}))
    await show(query, Screen(text, [[undo], back(MemberCard(id=callback_data.id))]))


async def ask(query: CallbackQuery, callback_data: AskIdentity, desk: Desk, state: FSMContext) -> None:
    """Why it must be known; who sees it anyway is shown the card."""
    desk.need(Power.WRITE)
    contact = await contacts.one(desk, callback_data.id)
    await state.set_state(Asking.reason)
    await state.set_data({"contact": callback_data.id})
    text = _(
        "<b>Who is {contact}?</b>\n\nWrite why you need to know, in at most {limit} characters. You then see it once. "
        "Your reason is written down, and the owner is told at once."
    ).format(contact=safe(shorten(contact.name, NAME)), limit=number(LONGEST))
    await show(query, Screen(text, [back(ContactCard(id=callback_data.id))]))


async def reveal(message: Message, desk: Desk, state: FSMContext) -> None:
    """Said once, in a message that cannot be passed on; it becomes the card again when it is closed."""
    contact_id = int((await state.get_data()).get("contact", 0))
    identities.proper(desk, message.text or "")  # else it may be written once more
    await state.clear()
    hidden = await contacts.one(desk, contact_id)
    found = await identities.reveal(desk, contact_id, message.text or "")
    title = _("<b>{contact}</b> is:").format(contact=safe(shorten(hidden.name, NAME)))
    hint = _("The owner was told. This is shown once: close it when you have read it.")
    way = f"https://t.me/{found.username}" if found.username else None
    rows = [[link(_("Open chat in Telegram"), way)]] if way else []
    close = [button(_("✓ Close"), ContactCard(id=contact_id))]
    text = "\n".join([title, "", *_lines(found), "", hint])
    await show(message, Screen(text, [*rows, close], protected=True))


def _lines(found: Identity) -> list[str]:
    known = [f"<b>{safe(found.name)}</b>"]
    known += [f"@{safe(found.username)}"] if found.username else []
    known += [f"<code>{safe(phone)}</code>" for phone in found.phones]
    return known + ([_("Telegram id: {number}").format(number=found.telegram_id)] if found.telegram_id else [])
