"""Connecting Telegram accounts and watching over the roads to them."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO

import segno
from aiogram import Bot, F, Router
from aiogram.exceptions import TelegramAPIError
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import BufferedInputFile, CallbackQuery, InlineKeyboardButton, InputMediaPhoto, Message
from aiogram.utils.deep_linking import create_start_link

from crm import accounts
from crm.access import Desk, Power
from crm.installation import Installation
from crm.ports import Devices, LoginCode, LoginEnded, LoginStep
from handlers.buttons import (
    AccountCard,
    AccountList,
    CancelLogin,
    ConnectBusiness,
    ConnectOther,
    ConnectUserbot,
    Status,
    UnlinkUserbot,
)
from handlers.language import _, current, speaking, when
from handlers.screens import Screen, back, button, confirm, copying, label, safe, show
from handlers.screens.roads import health, light, right_name

INVITED = "account_"  # the start payload of an account that was asked for


def routes() -> Router:
    """Screens and acts around accounts."""
    router = Router(name="accounts")
    router.callback_query.register(show_accounts, AccountList.filter())
    router.callback_query.register(show_account, AccountCard.filter())
    router.callback_query.register(explain_business, ConnectBusiness.filter())
    router.callback_query.register(invite_other, ConnectOther.filter())
    router.callback_query.register(link_userbot, ConnectUserbot.filter(F.agreed))
    router.callback_query.register(explain_userbot, ConnectUserbot.filter())
    router.callback_query.register(cancel_login, CancelLogin.filter())
    router.callback_query.register(unlink, UnlinkUserbot.filter())
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


async def show_account(event: CallbackQuery, callback_data: AccountCard, desk: Desk, devices: Devices) -> None:
    """One account: each road, since when, what it lacks."""
    roads = await accounts.roads(desk, devices, callback_data.id)
    lines = [f"<b>{safe(roads.account.name)}</b>", f"{light(roads)} {health(roads)}", ""]
    lines += _business_lines(roads) + _userbot_lines(roads)
    await show(event, Screen("\n".join(lines), [*_ways_on(desk, devices, roads), back(AccountList())]))


def _ways_on(desk: Desk, devices: Devices, roads: accounts.Roads) -> list[list[InlineKeyboardButton]]:
    """To the road that is missing, and off the device."""
    if not desk.may(Power.MANAGE):
        return []
    rows = []
    if roads.business is None or not roads.business.enabled:
        rows.append([button(_("Connect through Telegram Business"), ConnectBusiness())])
    if roads.userbot is not None and roads.userbot.state == "linked":
        rows.append([button(_("Log this device out"), UnlinkUserbot(id=roads.account.id))])
    elif devices.available:
        rows.append([button(_("Link as a device (history too)"), ConnectUserbot())])
    return rows


def _business_lines(roads: accounts.Roads) -> list[str]:
    business = roads.business
    if business is None:
        return [_("Telegram Business: not connected.")]
    if not business.enabled:
        return [_("Telegram Business: taken off in Telegram on {when}.").format(when=when(business.changed_at))]
    lines = [_("Telegram Business: connected since {when}.").format(when=when(business.connected_at))]
    lines += [
        _(
            "⚠️ Not allowed: <b>{right}</b>. Open Settings › Telegram Business › Chatbots in Telegram and switch it on."
        ).format(right=right_name(right))
        for right in roads.missing_rights
    ]
    return lines


def _userbot_lines(roads: accounts.Roads) -> list[str]:
    userbot = roads.userbot
    if userbot is None:
        return [] if not roads.live else [_("Linked device: none. Only what is written from now on can be kept.")]
    if userbot.state == "revoked":
        return [_("Linked device: logged out on {when}. Link it again to go on.").format(when=when(userbot.changed_at))]
    return [
        _("Linked device: since {when}, {state}.").format(
            when=when(userbot.linked_at), state=_state(roads.userbot_state)
        )
    ]


def _state(state: str) -> str:
    return {
        "off": _("off"),
        "connecting": _("connecting"),
        "live": _("live"),
        "waiting": _("waiting, as Telegram asked us to"),
        "offline": _("no connection to Telegram, trying again"),
        "revoked": _("logged out"),
    }[state]


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


async def explain_userbot(event: CallbackQuery, desk: Desk) -> None:
    """What linking a device means, before it is agreed to."""
    desk.need(Power.MANAGE)
    text = _(
        "<b>Link as a device</b>\n\n"
        "Wysper becomes one more device of your account, like Telegram on a computer. It reads your private chats "
        "and their history and keeps them, encrypted. It never writes, never marks anything as read.\n\n"
        "<b>The risk:</b> Telegram watches accounts that use unofficial devices and has been known to restrict some, "
        "new accounts above all. Telegram Business alone has no such risk, and no history.\n\n"
        "You can log the device out at any time, here or in Telegram › Settings › Devices."
    )
    await show(event, Screen(text, confirm(_("I understand, link it"), ConnectUserbot(agreed=True), AccountList())))


async def link_userbot(event: CallbackQuery, desk: Desk, devices: Devices, bot: Bot) -> None:
    """Show the login codes, one after the other, until the phone has scanned one."""
    await accounts.agree_to_device(desk)
    progress = _LoginScreen(bot, event.from_user.id, current().language, desk.workspace.zone)
    await devices.link(desk.workspace.id or 0, progress.show)
    await event.answer()


class _LoginScreen:
    """The one message in which a login is shown, step after step, in the language it was begun in."""

    def __init__(self, bot: Bot, chat_id: int, language: str, zone: str) -> None:
        self._bot, self._chat_id, self._language, self._zone = bot, chat_id, language, zone
        self._message_id: int | None = None

    async def show(self, step: LoginStep) -> None:
        """Draw a step: a fresh code in the same picture, or the end."""
        with speaking(self._language, self._zone):
            match step:
                case LoginCode():
                    await self._show_code(step)
                case LoginEnded():
                    await self._show_end(step)

    async def _show_code(self, step: LoginCode) -> None:
        caption = _(
            "On the phone with the account your clients write to, open Settings › Devices › Link Desktop Device "
            "and scan this. The code is renewed by itself."
        )
        keyboard = Screen("", [[button(_("Cancel"), CancelLogin())]]).keyboard
        picture = BufferedInputFile(qr(step.url), "login.png")
        if self._message_id is None:
            sent = await self._bot.send_photo(self._chat_id, picture, caption=caption, reply_markup=keyboard)
            self._message_id = sent.message_id
            return
        await self._bot.edit_message_media(
            InputMediaPhoto(media=picture, caption=caption),
            chat_id=self._chat_id,
            message_id=self._message_id,
            reply_markup=keyboard,
        )

    async def _show_end(self, step: LoginEnded) -> None:
        if self._message_id is not None:
            with suppress(TelegramAPIError):  # the code has done its work; if it stays, it has expired all the same
                await self._bot.delete_message(self._chat_id, self._message_id)
        ways = [button(_("Status"), Status())] if step.outcome == "linked" else []
        screen = Screen(_ending(step.outcome), [ways, back(AccountList())])
        await self._bot.send_message(self._chat_id, screen.text, reply_markup=screen.keyboard)


def _ending(outcome: str) -> str:
    return {
        "linked": _("✅ Linked. Your history is being read now, the newest chats first. /status shows how far it is."),
        "password_needed": _(
            "This account has a second password. Passwords never belong into a chat: run <code>wysper login</code> "
            "on the server to finish there."
        ),
        "expired": _("Nobody scanned the code, so I stopped. Nothing has changed."),
        "cancelled": _("Cancelled. Nothing has changed."),
        "taken": _("This account is linked to another workspace already. Nothing has changed."),
    }.get(outcome, _("Telegram refused the login. Nothing has changed; please try again later."))


async def cancel_login(event: CallbackQuery, desk: Desk, devices: Devices) -> None:
    """Give up; the login's own screen says so."""
    desk.need(Power.MANAGE)
    await devices.cancel_link(desk.workspace.id or 0)
    await event.answer()


async def unlink(event: CallbackQuery, callback_data: UnlinkUserbot, desk: Desk, devices: Devices) -> None:
    """Log the device out, after a question."""
    if not callback_data.sure:
        desk.need(Power.MANAGE)
        question = _("Log this device out? What was mirrored stays; new messages come through Telegram Business alone.")
        yes = UnlinkUserbot(id=callback_data.id, sure=True)
        await show(event, Screen(question, confirm(_("Log out"), yes, AccountCard(id=callback_data.id))))
        return
    await accounts.unlink_userbot(desk, devices, callback_data.id)
    await show_accounts(event, desk, devices)


def qr(url: str) -> bytes:
    """The picture of a QR code, as PNG, large enough for a phone held at arm's length."""
    picture = BytesIO()
    segno.make(url, error="m", micro=False).save(picture, kind="png", scale=10, border=4)
    return picture.getvalue()
