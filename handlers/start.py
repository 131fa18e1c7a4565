"""Arrival: a code, a language, what is kept and why, a workspace with a name, and on to connecting an account."""

from __future__ import annotations

from typing import Any

from aiogram import F, Router
from aiogram.filters import CommandObject, CommandStart, StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message, User

from crm import consents, members, people, workspaces, zones
from crm.errors import NotFound, Outsider
from crm.installation import Installation
from crm.people import Admitted
from handlers.buttons.deletion import DeleteAccount
from handlers.buttons.export import Export
from handlers.buttons.home import Home
from handlers.buttons.privacy import Policy
from handlers.buttons.start import Agree, ArriveIn, Reconsider, Terms
from handlers.buttons.zone import ZoneMenu
from handlers.language import _, current, day, fitting, languages, number, speaking
from handlers.screens import Rows, Screen, back, button, safe, show, spread
from handlers.screens.places import PlaceAsking, cities
from storage.people import Person

CODES = ("claim_", "join_")  # how a start link names its code
TYPED = r"^(claim_|join_)?[\w-]{22}$"  # a code without its link
NAME = F.text & ~F.text.startswith("/")  # no business is called like a command


class Arrival(StatesGroup):
    """What a newcomer is asked to write."""

    name = State()


def doors() -> Router:
    """For people without a seat."""
    router = Router(name="arrival")
    router.message.register(begin, CommandStart())
    router.message.register(begin_by_code, StateFilter(None), F.text.regexp(TYPED))
    router.message.register(found_workspace, Arrival.name, NAME)
    router.message.register(go_on)
    router.callback_query.register(choose_language, ArriveIn.filter())
    router.callback_query.register(show_terms_again, Terms.filter())
    router.callback_query.register(agree, Agree.filter(F.yes))
    router.callback_query.register(decline, Agree.filter())
    router.callback_query.register(reconsider, Reconsider.filter())
    return router


def routes() -> Router:
    """For members: another code, or new words to agree to."""
    router = Router(name="start")
    router.message.register(join, CommandStart(deep_link=True, magic=F.args.startswith(CODES)))
    router.message.register(found_workspace, Arrival.name, NAME)
    router.callback_query.register(show_terms, Terms.filter())
    router.callback_query.register(agree_again, Agree.filter(F.yes))
    router.callback_query.register(disagree, Agree.filter())
    return router


async def begin(
    message: Message,
    command: CommandObject,
    state: FSMContext,
    installation: Installation,
    person: Person | None = None,
) -> None:
    """Somebody stands at the door: with a good code, or where everybody may come in, he is asked in."""
    code = _code(command.args or "") or (await state.get_data()).get("code")
    await _let_in(message, code, state, installation, person)


async def begin_by_code(
    message: Message, state: FSMContext, installation: Installation, person: Person | None = None
) -> None:
    """The same for a code that was typed."""
    await _let_in(message, _code(message.text or ""), state, installation, person)


async def go_on(message: Message, state: FSMContext, installation: Installation, person: Person | None = None) -> None:
    """Whatever else is written at the door: who is on his way in is shown where he stopped, anybody else the wall."""
    await _let_in(message, (await state.get_data()).get("code"), state, installation, person)


async def _let_in(
    message: Message, code: str | None, state: FSMContext, installation: Installation, person: Person | None
) -> None:
    if person is not None and await consents.agreed(installation, person.id):
        if code and await people.welcome(installation, code, message.chat.id):
            await _settle(message, await people.admit(installation, person, code), state)
            return
        if await people.may_found(installation, person.id):
            await _ask_name(message, state)
            return
    if not await people.welcome(installation, code, message.chat.id):
        raise Outsider
    left = await state.get_data()
    if "language" in left and left.get("code") == code:
        with speaking(left["language"]):
            await show(message, _terms(installation))
        return
    await state.set_data({"code": code})
    await show(message, _languages())


def _languages() -> Screen:
    text = _(
        "<b>Welcome to Wysper</b>\n\n"
        "Wysper keeps your shop's Telegram conversations safe, and helps you find and sort them.\n\n"
        "Which language do you prefer?"
    )
    here = {current().language: languages()[current().language], **languages()}
    first, *others = [button(name, ArriveIn(language=code)) for code, name in here.items()]
    return Screen(text, [[first], *spread(others, 2)])


async def choose_language(
    query: CallbackQuery, callback_data: ArriveIn, state: FSMContext, installation: Installation
) -> None:
    """The language is kept in the dialog until the person has agreed to be known."""
    code = (await _invitation(state, installation)).get("code")
    with speaking(callback_data.language):
        await state.set_data({"code": code, "language": current().language})
        await show(query, _terms(installation))


async def show_terms_again(query: CallbackQuery, state: FSMContext, installation: Installation) -> None:
    """The question again, after a look into the policy."""
    chosen = (await _invitation(state, installation)).get("language")
    with speaking(chosen or current().language, current().zone):
        await show(query, _terms(installation))


async def _invitation(state: FSMContext, installation: Installation) -> dict[str, Any]:
    """With what a newcomer came. Raises Outsider for one who only has a button of somebody else's."""
    data = await state.get_data()
    if not await people.welcome(installation, data.get("code"), state.key.user_id):
        raise Outsider
    return data


async def show_terms(query: CallbackQuery, installation: Installation) -> None:
    """The words, for a member who may have agreed to earlier ones."""
    await show(query, _terms(installation))


def _terms(installation: Installation) -> Screen:
    text = _(
        "<b>What Wysper keeps, and why</b>\n\n"
        "• <b>Your conversations with clients</b>: texts, edits and deletions, so that you can find everything again. "
        "Files stay at Telegram unless you choose to keep them here.\n"
        "• <b>Your notes and tags</b>, because you put them there.\n"
        "• <b>Your name in Telegram</b>, so that your team knows who did what.\n\n"
        "All of it is encrypted on this server, with a key of your own that is kept apart from it. Nobody sells it, "
        "and it is there for your team alone. You can take everything with you at any time, and delete everything: "
        "it is erased for good {days} days later.\n\n"
        "You answer for your clients' privacy: tell them that you keep their messages.\n\n"
        "This is version {version} of our privacy policy. Do you agree, and are you 18 or older?"
    ).format(days=number(installation.rules.grace.days), version=safe(installation.rules.policy_version))
    rows: Rows = [
        [button(_("Read the whole policy"), Policy(arriving=True))],
        [button(_("I agree, and I am 18 or older"), Agree(yes=True))],
        [button(_("No, thank you"), Agree(yes=False))],
    ]
    return Screen(text, rows)


async def agree(
    query: CallbackQuery, state: FSMContext, installation: Installation, person: Person | None = None
) -> None:
    """From here on the person is known: name, agreement and seat are written together."""
    data = await state.get_data()
    language = data.get("language") or current().language
    visitor = person or _visitor(query.from_user, installation)
    visitor.language = None if language == fitting(visitor.telegram_language) else language
    admitted = await people.admit(installation, visitor, data.get("code"))
    with speaking(language):
        await _settle(query, admitted, state)


async def decline(query: CallbackQuery, state: FSMContext, installation: Installation) -> None:
    """Nothing was kept, and nothing is: the code goes into the button that leads back."""
    data = await _invitation(state, installation)
    await state.clear()
    with speaking(data.get("language") or current().language):
        text = _("That is fine. Nothing about you was kept. The link stays good if you change your mind.")
        again = button(_("I have changed my mind"), Reconsider(code=data.get("code") or ""))
        await show(query, Screen(text, [[again]]))


async def reconsider(
    query: CallbackQuery, callback_data: Reconsider, state: FSMContext, installation: Installation
) -> None:
    """Whoever had declined is asked again, as long as his code is good."""
    code = callback_data.code or None
    if not await people.welcome(installation, code, query.from_user.id):
        raise Outsider
    await state.set_data({"code": code})
    await show(query, _languages())


async def agree_again(query: CallbackQuery, installation: Installation, person: Person) -> None:
    """A member agrees to new words of the policy."""
    await consents.agree(installation, person.id)
    text = _("Thank you. Your agreement of {day} was noted.").format(day=day(installation.clock.now()))
    await show(query, Screen(text, [[button(_("Go on"), Home())]]))


async def disagree(query: CallbackQuery) -> None:
    """A member does not: he may take everything with him, and leave."""
    text = _("That is fine. You can take everything with you, and leave whenever you like.")
    rows: Rows = [[button(_("Export"), Export())], [button(_("Leave Wysper"), DeleteAccount())], back()]
    await show(query, Screen(text, rows))


async def join(
    message: Message, command: CommandObject, state: FSMContext, installation: Installation, person: Person
) -> None:
    """A member of one workspace comes into another, or opens one of his own."""
    code = _code(command.args or "") or ""
    if await members.look(installation, code, person.id) is None:
        raise NotFound("invitation")
    await _settle(message, await people.admit(installation, person, code), state)


async def _settle(event: Message | CallbackQuery, admitted: Admitted, state: FSMContext) -> None:
    """To the team that he was invited to, else to a workspace of his own."""
    await state.clear()
    if admitted.workspace is None:
        await _ask_name(event, state)
        return
    text = _("Welcome! You are on the team of {workspace} now.").format(workspace=safe(admitted.workspace.name))
    await show(event, Screen(text, [[button(_("Have a look around"), Home())]]))


async def _ask_name(event: Message | CallbackQuery, state: FSMContext) -> None:
    await state.set_state(Arrival.name)
    text = _("What is your business called? Write its name, as your team knows it.")
    await show(event, Screen(text))


async def found_workspace(message: Message, state: FSMContext, installation: Installation, person: Person) -> None:
    """The workspace is made, and the question for its zone asked."""
    workspace = await workspaces.found(installation, person.id, message.text or "")
    await state.set_state(PlaceAsking.place)
    await state.set_data({"arriving": True})
    text = _(
        "<b>{workspace}</b> is ready, and its vault is locked with a key of its own.\n\n"
        "Where are you? Press your city or write it, and dates and times are right for you."
    ).format(workspace=safe(workspace.name))
    await show(message, Screen(text, _places()))


def _places() -> Rows:
    likely = cities(zones.likely(current().language), arriving=True)
    return [*likely, [button(_("Another city"), ZoneMenu(arriving=True))]]


def _code(payload: str) -> str | None:
    for prefix in CODES:
        payload = payload.removeprefix(prefix)
    return payload or None


def _visitor(user: User, installation: Installation) -> Person:
    return Person(
        id=user.id,
        first_name=user.first_name,
        last_name=user.last_name,
        username=user.username,
        telegram_language=user.language_code,
        first_seen_at=installation.clock.now(),
    )
