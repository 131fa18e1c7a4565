"""Bringing the past along: how to export it from Telegram Desktop, the file, whose it is, and taking it in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message
from sqlmodel.ext.asyncio.session import AsyncSession

from crm import imports
from crm.access import Desk, Power, enter
from crm.errors import NotNow
from crm.imports import Order, Owner, Report
from crm.jobs import Jobs, Work
from crm.ports import FileSource
from handlers.buttons.imports import ImportPast, StartImport
from handlers.buttons.settings import Settings
from handlers.language import _, size
from handlers.screens import Screen, back, button, label, safe, show
from storage.accounts import Account
from storage.media import Media

KIND = imports.KIND
LIMIT = 20 * 1000 * 1000  # bytes; what a bot may fetch through Telegram's own Bot API server
RESULT = "report"  # where a job keeps it


class Importing(StatesGroup):
    """What is asked to be sent."""

    file = State()


def routes() -> Router:
    """The explanation, the file, and the start."""
    router = Router(name="imports")
    router.callback_query.register(explain, ImportPast.filter())
    router.callback_query.register(start, StartImport.filter())
    router.message.register(explain, Command("import"))
    router.message.register(look, Importing.file, F.document)
    return router


async def explain(event: Message | CallbackQuery, desk: Desk, state: FSMContext) -> None:
    """How to make the file; from here on it may be sent."""
    if not await imports.accounts_of(desk):
        raise NotNow("no_account")
    await state.set_state(Importing.file)
    await state.set_data({})
    await show(event, _how())


def _how() -> Screen:
    text = _(
        "<b>Bring your past along</b>\n\n"
        "Telegram Desktop, the program for computers, can write your chats into a file, and I take it in. What is here "
        "already does not come twice.\n\n"
        "1. One chat: open it there, press ⋮ and <b>Export chat history</b>. All chats: <b>Settings › Advanced › "
        "Export Telegram data</b>, and tick “Account information” and “Personal chats”.\n"
        "2. Untick photos and all other files: the file stays small, and I keep what they were.\n"
        "3. Format: <b>Machine-readable JSON</b>.\n"
        "4. Send me the file <b>result.json</b> here, with the paper clip, as a file.\n\n"
        "It may have up to {limit}. Whoever runs this installation can take in larger ones with "
        "<code>wysper import</code>."
    ).format(limit=size(LIMIT))
    return Screen(text, [back(Settings())])


async def look(message: Message, desk: Desk, state: FSMContext, roads: FileSource) -> None:
    """The file has come: whose is it? Nothing is taken in before that is confirmed."""
    accounts = await imports.accounts_of(desk)
    document = message.document
    assert document is not None  # noqa: S101  see routes
    bytes_ = document.file_size or 0
    if bytes_ > LIMIT:
        text = _(
            "This file has {size}, and a bot may fetch at most {limit}. Export single chats, one after the other; or "
            "whoever runs this installation takes it in with <code>wysper import</code>."
        ).format(size=size(bytes_), limit=size(LIMIT))
        await show(message, Screen(text, [back(ImportPast())]))
        return
    owner = await imports.owner(_fetched(roads, desk.workspace.id or 0, document.file_id, bytes_))
    await state.set_data({"file": message.message_id, "file_id": document.file_id, "size": bytes_})
    await show(message, _question(owner, accounts, message.message_id))


def _question(owner: Owner, accounts: Sequence[Account], file: int) -> Screen:
    what = (
        _("an export of all chats") if owner.chat is None else _("the chat with {name}").format(name=safe(owner.chat))
    )
    fitting = [account for account in accounts if owner.account_id in {None, account.id}]
    if not fitting:
        text = _(
            "This is {what}, of an account that is not connected here. Connect that account first, /accounts, and send "
            "the file once more."
        ).format(what=what)
        return Screen(text, [back(ImportPast())])
    if owner.account_id is None:
        text = _("This is {what}. The file does not tell whose account it was: to whom did they write?").format(
            what=what
        )
        rows = [[button(label(account.name), StartImport(id=account.id, file=file))] for account in fitting]
    else:
        text = _("This is {what}, on the account of {account}. Shall I take it in?").format(
            what=what, account=safe(fitting[0].name)
        )
        rows = [[button(_("Take it in"), StartImport(id=fitting[0].id, file=file))]]
    return Screen(text, [*rows, back(ImportPast())])


async def start(query: CallbackQuery, callback_data: StartImport, desk: Desk, jobs: Jobs, state: FSMContext) -> None:
    """Begin; the progress is drawn in this very message."""
    accounts = await imports.accounts_of(desk)
    sent = await state.get_data()
    if sent.get("file") != callback_data.file or callback_data.id not in {account.id for account in accounts}:
        text = _("I do not have this file at hand any more. Send it once more.")
        await show(query, Screen(text, [back(ImportPast())]))
        return
    if not isinstance(query.message, Message):
        return
    here = {"chat_id": query.message.chat.id, "message_id": query.message.message_id}
    params = {"account_id": callback_data.id, "file_id": sent["file_id"], "size": sent["size"]}
    await jobs.start(desk, KIND, params, **here)
    await state.clear()
    await query.answer(_("I am on it."))


async def run(work: Work, roads: FileSource) -> None:
    """Do the work, as whoever asked for it and with what he may do now; after a restart from where it stood.

    The file stays at Telegram, from where it is fetched into memory by the roads themselves, which lay nothing down:
    it is no client's, whatever the workspace keeps of those.
    """
    job, workspace_id = work.job, work.room.workspace.id or 0

    async def watch(read: int) -> None:
        async with enter(work.room.installation, job.asked_by, workspace_id) as seat:
            seat.need(Power.MANAGE)  # a seat may be lost meanwhile
            seat.need_identities()
        await work.progress(read, job.params["size"])

    async def keep(session: AsyncSession, report: Report) -> None:
        await work.note_with(session, **{RESULT: report.facts()})

    await watch(0)
    data = [piece async for piece in _fetched(roads, workspace_id, job.params["file_id"], job.params["size"])]
    order = Order(job.params["account_id"], job.asked_by, before=Report.of(job.result.get(RESULT, {})))
    await imports.take(work.room, order, _one_by_one(data), keep, watch)


async def _one_by_one(pieces: list[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


def _fetched(roads: FileSource, workspace_id: int, file_id: str, bytes_: int) -> AsyncIterator[bytes]:
    return roads.fetch(workspace_id, 0, Media(message=0, kind="document", size=bytes_, file_id=file_id))
