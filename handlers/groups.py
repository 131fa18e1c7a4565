"""Which groups of an account are mirrored: the list, one switch for each, and what to switch one on means."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery, InlineKeyboardButton

from crm import groups
from crm.access import Desk
from crm.groups import Choice, Choices
from crm.ports import LinkedDevices
from handlers.buttons.accounts import AccountCard
from handlers.buttons.contacts import ContactCard
from handlers.buttons.groups import GROUPS, GroupCard, GroupList, PickGroup, UnpickGroup
from handlers.language import _, ngettext, number, when
from handlers.screens import Screen, back, button, confirm, label, pages, safe, show
from storage.groups import REMOVED

NAME = 28  # characters of a title that leave room for its members on a button


def routes() -> Router:
    """The list, and the switches."""
    router = Router(name="groups")
    router.callback_query.register(show_list, GroupList.filter())
    router.callback_query.register(show_group, GroupCard.filter())
    router.callback_query.register(pick, PickGroup.filter())
    router.callback_query.register(unpick, UnpickGroup.filter())
    return router


async def show_list(event: CallbackQuery, callback_data: GroupList, desk: Desk, devices: LinkedDevices) -> None:
    """One page of the account's groups."""
    at = callback_data
    found = await groups.choices(desk, devices, at.id, page=at.page, anew=at.anew)
    turn = pages(found.groups.number, found.groups.last, lambda page: GroupList(id=at.id, page=page))
    rows = [[button(_label(one), GroupCard(id=at.id, peer=one.peer_id))] for one in found.groups.items]
    again = [button(_("Ask Telegram anew"), GroupList(id=at.id, anew=True))]
    await show(event, Screen(_head(found), [*rows, turn, again, back(AccountCard(id=at.id))]))


def _head(found: Choices) -> str:
    lines = [_("<b>Groups of {name}</b>").format(name=safe(found.account.name)), ""]
    if found.mirrored:
        count = ngettext("{n} group is mirrored.", "{n} groups are mirrored.", found.mirrored)
        lines.append(count.format(n=number(found.mirrored)))
    else:
        lines.append(_("No group is mirrored: nothing of any group is kept unless you pick it here."))
    if not found.online:
        lines.append(
            _("The linked device has no connection to Telegram now, so only groups that were picked before are listed.")
        )
    elif not found.groups.count:
        lines.append(_("This account is in no group."))
    return "\n".join(lines)


def _label(one: Choice) -> str:
    mark = "☑️" if one.mirrored_since else "⏹" if one.contact_id else "◻️"
    members = f" · {number(one.members)}" if one.members is not None else ""
    return f"{mark} {label(one.title, NAME)}{members}"


async def show_group(event: CallbackQuery, callback_data: GroupCard, desk: Desk, devices: LinkedDevices) -> None:
    """One group and its switch."""
    await _show(event, desk, devices, callback_data.id, callback_data.peer)


async def pick(event: CallbackQuery, callback_data: PickGroup, desk: Desk, devices: LinkedDevices) -> None:
    """Mirror it from now on."""
    await groups.pick(desk, devices, callback_data.id, callback_data.peer)
    await _show(event, desk, devices, callback_data.id, callback_data.peer)


async def unpick(event: CallbackQuery, callback_data: UnpickGroup, desk: Desk, devices: LinkedDevices) -> None:
    """Mirror it no more; to erase what is stored is asked once more."""
    at, here = callback_data, GroupCard(id=callback_data.id, peer=callback_data.peer)
    if at.sure:
        await groups.unpick(desk, devices, at.id, at.peer, erase=at.erase)
        if not at.erase:
            await _show(event, desk, devices, at.id, at.peer)
            return
        done = _("✅ Erased: nothing of this group is kept any more.")
        await show(event, Screen(done, [back(GroupList(id=at.id))]))
        return
    one = await groups.choice(desk, devices, at.id, at.peer)
    title = safe(one.title)
    if at.erase:
        text = _(
            "<b>Erase all that is kept of {title}?</b>\n\nIts messages, files, notes and tags go for good. In Telegram "
            "nothing changes."
        ).format(title=title)
        yes = at.model_copy(update={"sure": True})
        await show(event, Screen(text, confirm(_("Erase it"), yes, here)))
        return
    text = _("<b>Stop mirroring {title}?</b>\n\nWhat is kept of it so far can stay, or be erased.").format(title=title)
    rows = [
        [button(_("Stop, and keep what is here"), at.model_copy(update={"sure": True}))],
        [button(_("Stop, and erase it"), at.model_copy(update={"erase": True}))],
        [button(_("No, go back"), here)],
    ]
    await show(event, Screen(text, rows))


async def _show(event: CallbackQuery, desk: Desk, devices: LinkedDevices, account_id: int, peer_id: int) -> None:
    one = await groups.choice(desk, devices, account_id, peer_id)
    await show(event, Screen("\n".join(_lines(one)), _ways(account_id, one)))


def _lines(one: Choice) -> list[str]:
    lines = [f"👥 <b>{safe(one.title)}</b>"]
    if one.members is not None:
        lines.append(ngettext("{n} member", "{n} members", one.members).format(n=number(one.members)))
    if one.mirrored_since is not None:
        return [*lines, "", _("☑️ Mirrored since {when}.").format(when=when(one.mirrored_since)), "", _tell_them()]
    if _is_outside(one) and one.ended_at is not None:
        gone = _("🔴 The account is not in this group any more, since {when}. What was kept until then stays.")
        return [*lines, "", gone.format(when=when(one.ended_at))]
    if one.ended_at is not None:
        stopped = _("⏹ Not mirrored since {when}. What was kept until then stays.")
        lines += ["", stopped.format(when=when(one.ended_at))]
    meaning = _(
        "If you mirror it, everything that was ever written there is read, as far back as Telegram shows it, and "
        "followed from then on: texts, files, edits and deletions, with the names of those who write."
    )
    return [*lines, "", meaning, "", _tell_them()]


def _is_outside(one: Choice) -> bool:
    """Whether the account was taken out of it, and has not come back."""
    return one.reason == REMOVED and one.members is None


def _tell_them() -> str:
    return _("⚠️ These are <b>other people's messages</b>. Tell the members that they are kept, and why.")


def _ways(account_id: int, one: Choice) -> list[list[InlineKeyboardButton]]:
    peer = one.peer_id
    rows = []
    if one.mirrored_since is not None:
        rows.append([button(_("Stop mirroring"), UnpickGroup(id=account_id, peer=peer))])
    else:
        if not _is_outside(one):
            rows.append([button(_("Mirror this group"), PickGroup(id=account_id, peer=peer))])
        if one.contact_id is not None:
            rows.append([button(_("Erase what is kept"), UnpickGroup(id=account_id, peer=peer, erase=True))])
    if one.contact_id is not None:
        kept = ContactCard(id=one.contact_id, of=account_id, queue=GROUPS)
        rows.append([button(_("What is kept of it"), kept)])
    return [*rows, back(GroupList(id=account_id))]
