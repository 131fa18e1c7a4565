"""Connecting Telegram accounts and watching over the roads to them."""

from __future__ import annotations

from aiogram import Bot, F, Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message
from aiogram.utils.deep_linking import create_start_link

from crm import accounts, past
from crm.access import Desk, Power
from crm.installation import Installation
from crm.ports import Devices, LinkedDevices
from crm.roads import Roads
from handlers.buttons.accounts import AccountCard, AccountList, ConnectBusiness, ConnectOther
from handlers.buttons.groups import GroupList
from handlers.buttons.linking import ConnectUserbot
from handlers.buttons.safety import DeviceSafety, PauseDevice, PausePast, Takeout
from handlers.language import _
from handlers.screens import Screen, back, button, confirm, copying, label, safe, show
from handlers.screens.past import progress, takeout_explained, ways
from handlers.screens.roads import advice, business, device, health, light

INVITED = "account_"  # the start payload of an account that was asked for


def routes() -> Router:
    """Screens and acts around accounts."""
    router = Router(name="accounts")
    router.callback_query.register(show_accounts, AccountList.filter())
    router.callback_query.register(show_account, AccountCard.filter())
    router.callback_query.register(pause_past, PausePast.filter())
    router.callback_query.register(take_out, Takeout.filter())
    router.callback_query.register(explain_business, ConnectBusiness.filter())
    router.callback_query.register(invite_other, ConnectOther.filter())
    router.message.register(show_accounts, Command("accounts"))
    return router


def doors() -> Router:
    """What an account that has no seat may do: come in by a link that a member gave it."""
    router = Router(name="account doors")
    router.message.register(accept, CommandStart(deep_link=True, magic=F.args.startswith(INVITED)))
    return router


async def show_accounts(event: CallbackQuery | Message, desk: Desk, devices: Devices) -> None:
    """What is connected, or how to begin."""
    roads = await accounts.overview(desk, devices)
    lines = [_("<b>Connected accounts</b>"), ""]
    lines += [f"{light(one)} {safe(one.account.name)} · {health(one)}" for one in roads]
    if not roads:
        lines.append(_("Nothing is connected yet. Connect the Telegram account that your clients write to."))
    rows = [[button(f"{light(one)} {label(one.account.name)}", AccountCard(id=one.account.id))] for one in roads]
    await show(event, Screen("\n".join(lines), [*rows, *_ways_to_connect(desk, devices), back()]))


def _ways_to_connect(desk: Desk, devices: Devices) -> list[list[InlineKeyboardButton]]:
    if not desk.may(Power.MANAGE):
        return []
    rows = [[button(_("Connect through Telegram Business"), ConnectBusiness())]]
    if devices.available:
        rows.append([button(_("Link as a device (history too)"), ConnectUserbot())])
    return [*rows, [button(_("Connect another Telegram account"), ConnectOther())]]


async def show_account(event: CallbackQuery, callback_data: AccountCard, desk: Desk, devices: LinkedDevices) -> None:
    """One account: each road, since when, what it lacks, and how far its past is read."""
    await _show_account(event, desk, devices, callback_data.id)


async def pause_past(event: CallbackQuery, callback_data: PausePast, desk: Desk, devices: LinkedDevices) -> None:
    """Read nothing older, or go on."""
    await past.pause(desk, devices, callback_data.id, on=callback_data.on)
    await _show_account(event, desk, devices, callback_data.id)


async def take_out(event: CallbackQuery, callback_data: Takeout, desk: Desk, devices: LinkedDevices) -> None:
    """Ask Telegram for its export mode, once it is said what that means; or no longer."""
    if callback_data.on and not callback_data.sure:
        desk.need(Power.MANAGE)
        yes, no = Takeout(id=callback_data.id, on=True, sure=True), AccountCard(id=callback_data.id)
        await show(event, Screen(takeout_explained(), confirm(_("Ask Telegram for it"), yes, no)))
        return
    await past.take_out(desk, devices, callback_data.id, on=callback_data.on)
    await _show_account(event, desk, devices, callback_data.id)


async def _show_account(event: CallbackQuery, desk: Desk, devices: LinkedDevices, account_id: int) -> None:
    roads = await accounts.roads(desk, devices, account_id)
    advised = [advice(roads.health)] if advice(roads.health) else []
    lines = [f"<b>{safe(roads.account.name)}</b>", f"{light(roads)} {health(roads)}", *advised, ""]
    lines += [*business(roads), device(roads)]
    rows = _ways_on(desk, devices, roads)
    if roads.userbot is not None and roads.device != "revoked":
        how = await past.look(desk, devices, roads.account.id)
        lines += progress(how, desk.installation.clock.now())
        rows = [*(ways(how) if desk.may(Power.MANAGE) else []), *rows]
    await show(event, Screen("\n".join(lines), [*rows, back(AccountList())]))


def _ways_on(desk: Desk, devices: Devices, roads: Roads) -> list[list[InlineKeyboardButton]]:
    """To the road that is missing, and to the device."""
    if not desk.may(Power.MANAGE):
        return []
    rows = []
    if roads.business is None or not roads.business.enabled:
        rows.append([button(_("Connect through Telegram Business"), ConnectBusiness())])
    if devices.available and roads.device in {None, "revoked"}:
        rows.append([button(_("Link as a device (history too)"), ConnectUserbot())])
    if roads.device in {"paused", "frozen"}:
        rows.append([button(_("Resume the device"), PauseDevice(id=roads.account.id, on=False))])
    if roads.device is not None:
        rows.append([button(_("Linked device: safety and pause"), DeviceSafety(id=roads.account.id))])
        rows += [[button(_("👥 Groups"), GroupList(id=roads.account.id))]] if desk.sees_identities else []
    return rows


async def explain_business(event: CallbackQuery, desk: Desk, bot: Bot) -> None:
    """The steps in Telegram's own settings."""
    desk.need(Power.MANAGE)
    me = await bot.me()
    text = _(
        "<b>Connect through Telegram Business</b>\n\n"
        "In Telegram, on the account your clients write to:\n"
        "1. Open Settings › Telegram Business › Chatbots.\n"
        "2. Enter <code>@{bot}</code> and add it.\n"
        "3. Choose which chats it may see.\n"
        "4. Switch on <b>Read messages</b> and <b>Reply to messages</b>.\n\n"
        "I will greet you here as soon as it is done. From then on new messages are kept, encrypted. "
        "Older ones Telegram does not show me: link a device for those."
    ).format(bot=me.username)
    await show(event, Screen(text, [[button(_("Check now"), AccountList())], back(AccountList())]))


async def invite_other(event: CallbackQuery, desk: Desk, bot: Bot) -> None:
    """A link for the shop's own account, which is nobody's seat."""
    code = await accounts.invite_account(desk)
    link = await create_start_link(bot, f"{INVITED}{code}")
    text = _(
        "<b>Connect another Telegram account</b>\n\n"
        "Open this link on that account, within an hour and once:\n{link}\n\n"
        "That account gets no seat here: it can only be connected."
    ).format(link=link)
    await show(event, Screen(text, [[copying(_("Copy the link"), link)], back(AccountList())]))


async def accept(message: Message, command: CommandObject, installation: Installation, bot: Bot) -> None:
    """The other account opened its link."""
    code = (command.args or "").removeprefix(INVITED)
    if message.from_user is None or not await accounts.accept_account(installation, message.from_user.id, code):
        await message.answer(_("This link has been used or is too old. Ask for a new one."))
        return
    me = await bot.me()
    await message.answer(
        _(
            "This account may now be connected.\n\n"
            "Open Settings › Telegram Business › Chatbots, add <code>@{bot}</code>, and switch on "
            "<b>Read messages</b> and <b>Reply to messages</b>."
        ).format(bot=me.username)
    )
