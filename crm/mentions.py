"""Members who are named in a note as `@somebody`: each is told once, and finds the note."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from crm import pages
from crm.access import Desk, Power
from crm.notices import tell
from crm.pages import Page
from storage import memberships
from storage.contacts import Contact
from storage.notes import Note
from storage.people import Person

MENTIONED = "note_mentioned"  # what the outbox calls this notice


def handle(person: Person) -> str:
    """How a member is named: by his username, or as he is called."""
    return f"@{person.username or person.name}"


async def team(desk: Desk) -> list[Person]:
    """Everybody who may be mentioned, the first to come first: whoever has a seat may read notes."""
    desk.need(Power.READ)
    async with desk.installation.registry.reading() as session:
        return [person for _seat, person in await memberships.seats_in(session, desk.workspace.id or 0)]


async def page(desk: Desk, number: int = 0) -> Page[Person]:
    """The others on the team, a page of them."""
    others = [one for one in await team(desk) if one.id != desk.person.id]
    here: Page[Person] = pages.place(number, len(others))
    return here.with_items(others[here.offset : here.offset + pages.SIZE])


def among(text: str, members: Sequence[Person]) -> list[Person]:
    """The members who are named in a text; two who are called the same are both meant."""
    return [one for one in members if any(_named(text, name) for name in (one.username, one.first_name, one.name))]


def _named(text: str, name: str | None) -> bool:
    return bool(name) and re.search(rf"(?<!\w)@{re.escape(name or '')}(?!\w)", text, re.IGNORECASE) is not None


async def tell_of(desk: Desk, session: AsyncSession, note: Note, contact: Contact, members: Sequence[Person]) -> None:
    """Tell whom the note names, in the transaction that writes it: each once, however often it is changed."""
    for one in among(note.text, members):
        if one.id != desk.person.id:
            facts = {"by": desk.person.name, "contact": contact.id, "note": note.id}
            await tell(desk, session, one.id, MENTIONED, key=f"{note.id}:{one.id}", about=contact, **facts)
