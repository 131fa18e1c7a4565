"""Linking Wysper as a device of an account: what it means, and the code that the phone scans."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO

import segno
from aiogram import Bot, F, Router
from aiogram.exceptions import TelegramAPIError
from aiogram.types import BufferedInputFile, CallbackQuery, InlineKeyboardButton, InputMediaPhoto

from crm import accounts
from crm.access import Desk, Power
from crm.ports import Devices, LoginCode, LoginEnded, LoginPages, LoginStep
from handlers.buttons.accounts import AccountList
from handlers.buttons.linking import CancelLogin, ConnectUserbot
from handlers.buttons.status import Status
from handlers.language import _, current, speaking
from handlers.screens import Screen, back, button, confirm, show


def routes() -> Router:
    """Consent, the code, and the way out of it."""
    router = Router(name="linking")
    router.callback_query.register(link_on_page, ConnectUserbot.filter(F.agreed & F.typed))
    router.callback_query.register(link_userbot, ConnectUserbot.filter(F.agreed))
    router.callback_query.register(explain_userbot, ConnectUserbot.filter())
    router.callback_query.register(cancel_login, CancelLogin.filter())
    return router


async def explain_userbot(event: CallbackQuery, desk: Desk, login_pages: LoginPages) -> None:
    """What linking a device means, before it is agreed to."""
    desk.need(Power.MANAGE)
    text = _(
        "<b>Link as a device</b>\n\n"
        "Wysper becomes one more device of your account, like Telegram on a computer. It reads your private chats "
        "and their history and keeps them, encrypted. It writes only what a member of your team has pressed Send on, "
        "where Telegram Business may not; by itself it writes nothing and marks nothing as read.\n\n"
        "<b>The risk:</b> Telegram watches accounts that use unofficial devices and has been known to restrict some, "
        "new accounts above all. Telegram Business alone has no such risk, and no history.\n\n"
        "You can log the device out at any time, here or in Telegram › Settings › Devices."
    )
    scan, no = confirm(_("I understand, link it"), ConnectUserbot(agreed=True), AccountList())
    await show(event, Screen(text, [scan, _page(login_pages, _("I understand, no camera at hand")), no]))


def _page(login_pages: LoginPages, words: str) -> list[InlineKeyboardButton]:
    """The way to the page, where there is one."""
    return [button(words, ConnectUserbot(agreed=True, typed=True))] if login_pages.available else []


async def link_on_page(event: CallbackQuery, desk: Desk, login_pages: LoginPages, bot: Bot) -> None:
    """A link to the page where phone, code and second password can be typed, which no chat may carry."""
    await accounts.agree_to_device(desk)
    language = current().language
    progress = _LoginScreen(bot, event.from_user.id, language, desk.workspace.zone, login_pages)
    link = login_pages.invite(desk.workspace.id or 0, desk.person.id, language, progress.show)
    text = _(
        "<b>Link by phone number and code</b>\n\n"
        "Open this page within ten minutes. It works once, in one browser, and asks for the phone number, the code "
        "that Telegram sends to the account, and the second password if there is one.\n\n"
        "<b>Never type a code or password into a chat</b>, not here either."
    )
    await show(event, Screen(text, [[InlineKeyboardButton(text=_("Open the page"), url=link)], back(AccountList())]))


async def link_userbot(event: CallbackQuery, desk: Desk, devices: Devices, login_pages: LoginPages, bot: Bot) -> None:
    """Show the login codes, one after the other, until the phone has scanned one."""
    await accounts.agree_to_device(desk)
    progress = _LoginScreen(bot, event.from_user.id, current().language, desk.workspace.zone, login_pages)
    await devices.link(desk.workspace.id or 0, progress.show)
    await event.answer()


class _LoginScreen:
    """The one message in which a login is shown, step after step, in the language it was begun in."""

    def __init__(self, bot: Bot, chat_id: int, language: str, zone: str, login_pages: LoginPages) -> None:
        self._login_pages = login_pages
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
        ways = _ways_on(step.outcome, self._login_pages)
        screen = Screen(_ending(step.outcome, page=self._login_pages.available), [*ways, back(AccountList())])
        await self._bot.send_message(self._chat_id, screen.text, reply_markup=screen.keyboard)


def _ending(outcome: str, *, page: bool) -> str:
    if outcome == "password_needed" and page:
        return _("This account has a second password. Passwords never belong into a chat: there is a page for it.")
    return {
        "linked": _("✅ Linked. Your history is being read now, the newest chats first. /status shows how far it is."),
        "password_needed": _(
            "This account has a second password. Passwords never belong into a chat: run <code>wysper login</code> "
            "on the server to finish there."
        ),
        "expired": _("Nobody finished the login in time, so I stopped. Nothing has changed."),
        "cancelled": _("Cancelled. Nothing has changed."),
        "taken": _("This account is linked to another workspace already. Nothing has changed."),
    }.get(outcome, _("Telegram refused the login. Nothing has changed; please try again later."))


def _ways_on(outcome: str, login_pages: LoginPages) -> list[list[InlineKeyboardButton]]:
    again = [button(_("Show a new code"), ConnectUserbot(agreed=True))]
    match outcome:
        case "linked":
            return [[button(_("Status"), Status())]]
        case "password_needed":
            return [_page(login_pages, _("Finish on a page"))]
        case "expired" | "failed":
            return [again, _page(login_pages, _("Use a phone number and code instead"))]
        case _:
            return []


async def cancel_login(event: CallbackQuery, desk: Desk, devices: Devices) -> None:
    """Give up; the login's own screen says so."""
    desk.need(Power.MANAGE)
    await devices.cancel_link(desk.workspace.id or 0)
    await event.answer()


def qr(url: str) -> bytes:
    """The picture of a QR code, as PNG, large enough for a phone held at arm's length."""
    picture = BytesIO()
    segno.make(url, error="m", micro=False).save(picture, kind="png", scale=10, border=4)
    return picture.getvalue()
