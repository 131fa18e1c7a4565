"""Setting contacts aside (archived, blocked, no client) and finding them again."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import CallbackQuery, InlineKeyboardButton

from crm import aside, contacts
from crm.access import Desk, Power
from handlers.buttons.aside import AsideList, MoreCard, SetAside
from handlers.buttons.contacts import ContactCard, ContactList
from handlers.buttons.export import ContactFile
from handlers.buttons.merging import FindDouble
from handlers.buttons.phones import PhoneList
from handlers.language import _
from handlers.screens import Screen, back, button, label, pages, safe, shorten, show
from handlers.screens.messages import amount
from storage.contacts import Aside, Contact

NAME = 64


def routes() -> Router:
    """What is done with whole cards."""
    router = Router(name="aside")
    router.callback_query.register(show_more, MoreCard.filter())
    router.callback_query.register(set_aside, SetAside.filter(F.how.in_({"", *Aside})))
    router.callback_query.register(show_list, AsideList.filter(F.how.in_(set(Aside))))
    return router


async def show_more(query: CallbackQuery, callback_data: MoreCard, desk: Desk) -> None:
    """The rarer acts."""
    desk.need(Power.WRITE)
    contact = await contacts.one(desk, callback_data.id)
    text = _(
        "<b>{contact}</b>\n\n🗄 Archive: out of the list until you look for it.\n🚫 Block: messages are kept, but never "
        "wait, and nobody is told of them.\n🙅 Not a client: the same, for friends and suppliers.\n\n"
        "The client learns of none of this."
    ).format(contact=safe(shorten(contact.name, NAME)))
    rows = [[button(_act(how), SetAside(id=callback_data.id, how=how))] for how in Aside if how != contact.aside]
    rows += [[button(_("↩️ Bring it back"), SetAside(id=callback_data.id))]] if contact.aside else []
    if desk.sees_identities:
        rows.append([button(_("👥 The same as another…"), FindDouble(id=callback_data.id))])
        rows.append([button(_("📞 Phones seen in messages"), PhoneList(id=callback_data.id))])
    if desk.may(Power.EXPORT):
        rows.append([button(_("⬇ The whole file…"), ContactFile(id=callback_data.id))])
    await show(query, Screen(text, [*rows, back(ContactCard(id=callback_data.id))]))


def _act(how: Aside) -> str:
    return {
        Aside.ARCHIVED: _("🗄 Archive"),
        Aside.BLOCKED: _("🚫 Block"),
        Aside.OTHER: _("🙅 Not a client"),
    }[how]


def _title(how: Aside) -> str:
    return {
        Aside.ARCHIVED: _("🗄 Archived"),
        Aside.BLOCKED: _("🚫 Blocked"),
        Aside.OTHER: _("🙅 No clients"),
    }[how]


def _done(how: Aside | None) -> str:
    return {
        None: _("✅ {contact} is back in the list."),
        Aside.ARCHIVED: _("🗄 {contact} is archived."),
        Aside.BLOCKED: _("🚫 {contact} is blocked from the desk."),
        Aside.OTHER: _("🙅 {contact} is marked as no client."),
    }[how]


async def set_aside(query: CallbackQuery, callback_data: SetAside, desk: Desk) -> None:
    """Done at once, with the way back."""
    how = Aside(callback_data.how) if callback_data.how else None
    before = await aside.put(desk, callback_data.id, how)
    contact = await contacts.one(desk, callback_data.id)
    text = _done(how).format(contact=f"<b>{safe(shorten(contact.name, NAME))}</b>")
    undo = [button(_("↩️ Undo"), SetAside(id=callback_data.id, how=before or ""))] if before is not how else []
    card = [button(_("Open the card"), ContactCard(id=callback_data.id)), button(_("All contacts"), ContactList())]
    await show(query, Screen(text, [undo, card, back()]))


async def show_list(query: CallbackQuery, callback_data: AsideList, desk: Desk) -> None:
    """Who is aside in one way, and the ways to the others."""
    how = Aside(callback_data.how)
    page, counts = await aside.listing(desk, how, page=callback_data.page), await aside.counts(desk)
    empty = {
        Aside.ARCHIVED: _("Nobody is archived."),
        Aside.BLOCKED: _("Nobody is blocked."),
        Aside.OTHER: _("Nobody is marked as no client."),
    }[how]
    text = f"<b>{_title(how)}</b>" + (amount(page.count) or f"\n\n{empty}")
    rows = [[_entry(contact, how, page.number)] for contact in page.items]
    turn = pages(page.number, page.last, lambda to: AsideList(how=how, page=to))
    others = [
        button(_title(other) + amount(counts.get(other, 0)), AsideList(how=other))
        for other in Aside
        if other is not how
    ]
    await show(query, Screen(text, [*rows, turn, others, [*back(ContactList()), *back()]]))


def _entry(contact: Contact, how: Aside, page: int) -> InlineKeyboardButton:
    return button(label(contact.name), ContactCard(id=contact.id or 0, page=page, queue=how))
