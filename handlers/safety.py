"""One linked device: how it stands with Telegram, and its brakes: pause, log out, log everything else out."""

from __future__ import annotations

from datetime import UTC, datetime, time

from aiogram import Router
from aiogram.types import CallbackQuery, InlineKeyboardButton

from crm import accounts, safety
from crm.access import Desk, Power
from crm.ports import DeviceFacts, LinkedDevices
from crm.replies.ways import LIMITED
from crm.safety import Safety
from handlers.buttons.accounts import AccountCard, AccountList
from handlers.buttons.linking import UnlinkUserbot
from handlers.buttons.safety import DeviceSafety, EndOthers, PauseDevice
from handlers.language import _, date, ngettext, number, when
from handlers.screens import Screen, back, button, confirm, safe, show
from handlers.screens.past import progress
from handlers.screens.roads import device_state

SHOWN = 5  # names of other devices


def routes() -> Router:
    """The page, and what can be done on it."""
    router = Router(name="safety")
    router.callback_query.register(show_safety, DeviceSafety.filter())
    router.callback_query.register(pause, PauseDevice.filter())
    router.callback_query.register(end_others, EndOthers.filter())
    router.callback_query.register(unlink, UnlinkUserbot.filter())
    return router


async def show_safety(event: CallbackQuery, callback_data: DeviceSafety, desk: Desk, devices: LinkedDevices) -> None:
    """The page."""
    await _show(event, desk, devices, callback_data.id)


async def pause(event: CallbackQuery, callback_data: PauseDevice, desk: Desk, devices: LinkedDevices) -> None:
    """Hang up, or connect again."""
    act = safety.pause if callback_data.on else safety.resume
    await act(desk, devices, callback_data.id)
    await _show(event, desk, devices, callback_data.id)


async def end_others(event: CallbackQuery, callback_data: EndOthers, desk: Desk, devices: LinkedDevices) -> None:
    """Log everything else out, after a question."""
    account_id = callback_data.id
    if not callback_data.sure:
        desk.need(Power.MANAGE)
        question = _(
            "<b>Log out everywhere else?</b>\n\n"
            "Telegram will end every other session of this account: phones, computers and the web, yours too. "
            "Only Wysper's device stays. To use Telegram again on your phone you will have to log in there, with the "
            "code that Telegram sends; make sure that the phone number is still yours.\n\n"
            "Do it if somebody else may be in the account."
        )
        yes = EndOthers(id=account_id, sure=True)
        await show(event, Screen(question, confirm(_("Log out everywhere else"), yes, DeviceSafety(id=account_id))))
        return
    await safety.end_others(desk, devices, account_id)
    text = _("✅ Done. Every other session of this account has been ended.")
    await show(event, Screen(text, [back(DeviceSafety(id=account_id))]))


async def unlink(event: CallbackQuery, callback_data: UnlinkUserbot, desk: Desk, devices: LinkedDevices) -> None:
    """Log the device out, after a question."""
    account_id = callback_data.id
    if not callback_data.sure:
        desk.need(Power.MANAGE)
        business = (await accounts.roads(desk, devices, account_id)).business
        question = (
            _("Log this device out? What was mirrored stays; new messages come through Telegram Business alone.")
            if business is not None and business.enabled
            else _(
                "Log this device out? What was mirrored stays, but nothing new comes in: no other road is connected."
            )
        )
        yes = UnlinkUserbot(id=account_id, sure=True)
        await show(event, Screen(question, confirm(_("Log out"), yes, DeviceSafety(id=account_id))))
        return
    await accounts.unlink_userbot(desk, devices, account_id)
    await show(event, Screen(_("✅ Logged out. What was mirrored stays."), [back(AccountList())]))


async def _show(event: CallbackQuery, desk: Desk, devices: LinkedDevices, account_id: int) -> None:
    facts = await safety.look(desk, devices, account_id)
    await show(event, Screen("\n".join(_lines(facts, desk.installation.clock.now())), _ways(facts)))


def _lines(facts: Safety, now: datetime) -> list[str]:
    userbot = facts.roads.userbot
    assert userbot is not None  # noqa: S101  there is no page without one
    lines = [_("<b>Linked device of {name}</b>").format(name=safe(facts.roads.account.name)), ""]
    if userbot.state == "revoked":
        ended = _("🔴 Not authorised: the session ended on {when}. Link the device again to go on.")
        return [*lines, ended.format(when=when(userbot.changed_at))]
    lines.append(_("Authorised, linked since {when}").format(when=when(userbot.linked_at)))
    if userbot.paused_at is not None:
        lines.append(_("⏸ Paused since {when}; it stays linked").format(when=when(userbot.paused_at)))
    else:
        lines.append(_("Connection: {state}").format(state=device_state(facts.roads.userbot_state)))
    if userbot.reason:  # the only one that a linked device can have
        lines.append(_("🔴 Telegram has frozen this account"))
    if userbot.limited_at is not None and now - userbot.limited_at < LIMITED:
        text = _(
            "🟡 Telegram limits to whom this account may write, since {when}: answers lie ready as drafts for a day"
        )
        lines.append(text.format(when=when(userbot.limited_at)))
    return [*lines, *progress(facts.past, now), "", *_telegram(facts.facts), "", *_floods(facts)]


def _telegram(facts: DeviceFacts | None) -> list[str]:
    """What Telegram says of it."""
    if facts is None:
        return [_("What Telegram says of this device is unknown while it is not connected.")]
    risk = {
        None: _("Telegram's risk mark: unknown, Telegram does not say"),
        True: _("⚠️ Telegram's risk mark: this account is marked as using an unofficial client"),
        False: _("Telegram's risk mark: none"),
    }[facts.at_risk]
    name, others = safe(facts.name), facts.others
    shown = _("In Telegram › Settings › Devices: {name}, since {when}").format(name=name, when=when(facts.since))
    count = ngettext("{n} other device is logged in", "{n} other devices are logged in", len(others))
    names = ", ".join(safe(other) for other in others[:SHOWN])
    counted = count.format(n=number(len(others)))
    return [shown, f"{counted}: {names}" if names else _("No other device is logged in"), risk]


def _floods(facts: Safety) -> list[str]:
    if not facts.floods:
        return [_("Telegram has not asked it to wait in the last seven days.")]
    lines = [_("Telegram asked it to wait:")]
    for one in facts.floods:
        text = ngettext("{day}: {n} time, {seconds} s in all", "{day}: {n} times, {seconds} s in all", one.count)
        noon = datetime.combine(one.day, time(12), UTC)
        lines.append(text.format(day=date(noon), n=number(one.count), seconds=number(one.seconds)))
    return lines


def _ways(facts: Safety) -> list[list[InlineKeyboardButton]]:
    account_id, userbot = facts.roads.account.id, facts.roads.userbot
    if userbot is None or userbot.state == "revoked":
        return [back(AccountCard(id=account_id))]
    paused = userbot.paused_at is not None
    brake = button(_("Resume") if paused else _("Pause"), PauseDevice(id=account_id, on=not paused))
    rows = [[brake, button(_("Refresh"), DeviceSafety(id=account_id))]]
    if facts.facts is not None and facts.facts.others:
        rows.append([button(_("Log out everywhere else"), EndOthers(id=account_id))])
    return [*rows, [button(_("Log this device out"), UnlinkUserbot(id=account_id))], back(AccountCard(id=account_id))]
