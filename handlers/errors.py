"""What went wrong, in words for the person who pressed or wrote: each CrmError, Telegram's refusals, and the rest."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.types import InlineKeyboardButton, Update

from crm.access import IDENTITIES
from crm.contacts_in.tables import BYTES, COLUMNS, ROWS
from crm.errors import CrmError, Invalid, Leaving, NotAllowed, NotFound, NotNow, Outsider
from handlers.language import _, number, size
from handlers.screens import Screen, back, is_group, show
from storage.errors import StorageError

TROUBLE = (TelegramNetworkError, TelegramServerError, TelegramRetryAfter, ClientDecodeError)


async def explain(update: Update, error: Exception, *, first: bool, seated: bool) -> bool:
    """Tell the person. True where that settles the update; False where it is to fail, or to be tried again.

    `first` is the first of perhaps many attempts: what is tried again is announced once. `seated` are those who have
    a first screen to go back to.
    """
    if isinstance(error, CrmError):
        await _tell(update, words(error), back() if seated else [])
        return True
    if isinstance(error, TelegramBadRequest | TelegramForbiddenError):
        return await _refused(update, error)
    if isinstance(error, TROUBLE):
        return False
    if first:
        await _tell(update, _storage() if isinstance(error, StorageError) else _unexpected())
    return False


def words(error: CrmError) -> str:
    """The sentence for each kind."""
    match error:
        case Outsider():
            text = _("You are not on this team. If you should be, ask its owner for an invitation link.")
        case NotAllowed() if error.power == IDENTITIES:
            text = _("Here it is hidden from you who clients are, so this is not for you. The owner can change that.")
        case NotAllowed():
            text = _("Your role does not allow this. The owner of the workspace can change it.")
        case NotFound():
            text = _missing(error.noun)
        case Invalid():
            text = _invalid(error)
        case Leaving():
            text = _("This workspace is being deleted: it can be read and exported, but not changed. /deleteaccount")
        case NotNow():
            text = _not_now(error.reason)
        case _:
            text = _("This cannot be done.")
    return text


def _missing(noun: str) -> str:
    gone = {
        "contact": _("This contact is not there any more."),
        "conversation": _("This conversation is not there any more."),
        "message": _("This message is not there any more."),
        "reply": _("This answer is not there any more: it has gone, or was thrown away."),
        "note": _("This note is not there any more."),
        "note_file": _("This file is not on the note any more."),
        "saved_reply": _("This saved reply is not there any more."),
        "stage": _("This stage is not there any more."),
        "reminder": _("This reminder is not there any more."),
        "phone": _("There is no phone number in this message any more."),
        "filter": _("This filter is too old. Begin a new one: /filter"),
        "bulk": _("There is nothing left of this to undo."),
        "merge": _("These two are apart already, or it is too late to take them apart."),
        "field": _("This field is not there any more."),
        "tag": _("This tag is not there any more."),
        "group": _("This group is not there any more."),
        "team_group": _("Your team does not work in this group. Add me to it, and answer my question there."),
        "device": _("This account has no linked device any more."),
        "account": _("This account is not connected any more."),
        "member": _("This person is not on the team any more."),
        "invitation": _("This invitation was used or taken back."),
        "workspace": _("This workspace is not there any more."),
        "job": _("This task is not there any more."),
    }
    return gone.get(noun, _("This is not there any more."))


def _invalid(error: Invalid) -> str:
    match error.reason:
        case "empty":
            return _("Please write something.")
        case "too_long":
            return _("That is too long: at most {limit} characters fit.").format(limit=number(error.limit or 0))
        case "too_many":
            return _("That is too many: at most {limit} are possible.").format(limit=number(error.limit or 0))
        case "taken":
            return _("This name is taken already. Choose another one.")
        case "mismatch":
            return _("That is not the name. Nothing was changed.")
        case _:
            return _of_value(error.reason) or _rarer(error.reason)


def _of_value(reason: str) -> str | None:
    reasons = {
        "too_short": _("Please write a little more."),
        "number": _("This is not a number. Write it with digits alone, such as {example}.").format(
            example=number(1234.5)
        ),
        "money": _("This is not an amount of money. Write a number, and its currency behind it."),
        "currency": _("I do not know this currency. Write its sign or its three letters, such as EUR."),
        "too_large": _("This number is too large to be kept."),
        "day": _("This is not a day. Write it as day, month and year, such as 31.12.2026."),
        "choice": _("Press one of the choices."),
    }
    return reasons.get(reason)


def _rarer(reason: str) -> str:
    reasons = {
        "past": _("That moment has passed. Choose one that is still to come."),
        "one_word": _("A short name is one word of letters, digits, - and _. Try another one."),
        "empty_file": _("This file is empty. Export it once more."),
        "not_json": _(
            "I cannot read this file. In Telegram Desktop, choose “Machine-readable JSON” as the format of the export, "
            "and send me result.json as it is, not in a zip."
        ),
        "foreign": _("This was not exported by Telegram Desktop. How to make the file: /import"),
        "another_account": _(
            "This history belongs to an account that is not connected here. Connect it first: /accounts"
        ),
    }
    return reasons.get(reason) or _of_table(reason) or _("That does not fit here. Please try it another way.")


def _of_table(reason: str) -> str | None:
    reasons = {
        "empty_table": _("This file is empty. Nothing was changed."),
        "workbook": _("This is a workbook or an archive. Save the table as CSV in your spreadsheet, and send me that."),
        "not_text": _(
            "I cannot read this file as a table or as vCards. Save it as CSV in UTF-8, and send it once more."
        ),
        "no_head": _("The first line must name the columns, such as Name, Phone, Username. Put one in front."),
        "no_rows": _("There is nobody in this file, only the names of the columns."),
        "too_many_rows": _("There are too many people in this file. Send at most {limit} at a time.").format(
            limit=number(ROWS)
        ),
        "too_many_columns": _("This file has too many columns. At most {limit} are possible.").format(
            limit=number(COLUMNS)
        ),
        "file_too_large": _("This file is too large: a bot may fetch at most {limit}. Send it in parts.").format(
            limit=size(BYTES)
        ),
    }
    return reasons.get(reason)


def _not_now(reason: str) -> str:
    reasons = {
        "running": _("This is being done already. Wait until it has finished."),
        "no_account": _("No account is connected yet. Connect one first: /accounts"),
        "group_lacking": _("Something is still missing there. Look again."),
        "group_taken": _("The team of another workspace works in this group."),
        "group": _("A group is only read here. Write in it in Telegram itself."),
        "first_words": _(
            "Within an hour, you may begin to write to five people who have never written to you. Try again later."
        ),
        "unreachable": _("This file cannot be fetched from Telegram at the moment."),
        "protected": _("This chat lets nothing be copied: its file stays in Telegram. Open the chat there to see it."),
        "offline": _("The linked device has no connection to Telegram at the moment."),
        "too_fresh": _("Telegram lets a device do this only a day after it was linked. Try again tomorrow."),
        "too_large": _("This file is too large to be fetched this way."),
        "unavailable": _("The operator has not switched this on here."),
        "no_filter": _("Choose first whom you mean: without a filter, everybody would be changed."),
        "nothing": _("There is nothing left to do."),
        "no_room": _(
            "The disk has not enough room for that. Choose smaller files first, or tell the operator of this "
            "installation."
        ),
        "full": _("The disk is full. Nothing was changed. Tell the operator of this installation."),
    }
    return reasons.get(reason, _("This is not possible at the moment. Try again later."))


def _storage() -> str:
    return _("The storage cannot take this at the moment. It is kept, and done as soon as that is possible.")


def _unexpected() -> str:
    return _("Something went wrong on our side. It was noted for the operator, and nothing else was changed.")


async def _refused(update: Update, refusal: TelegramAPIError) -> bool:
    """Telegram said no. What only concerns an old message is no error of ours."""
    reason = refusal.message.lower()
    if isinstance(refusal, TelegramForbiddenError) or "query is too old" in reason:
        return True  # nobody is there to read it
    if "message is not modified" in reason:
        await _tell(update, "")
        return True
    if "message to edit not found" in reason or "message can't be edited" in reason:
        await _tell(update, _("This screen is too old. Send /start for a new one."))
        return True
    await _tell(update, _unexpected())
    return False


async def _tell(update: Update, text: str, way_back: Sequence[InlineKeyboardButton] = ()) -> None:
    with suppress(TelegramAPIError):  # the trouble may well be Telegram itself
        if update.callback_query is not None:
            await update.callback_query.answer(text or None, show_alert=bool(text))
        elif update.message is not None and text:
            await show(update.message, Screen(text, [] if is_group(update.message.chat) else [way_back]))
