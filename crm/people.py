"""A person's arrival: nothing is kept of anybody who has no code, or does not agree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import col, select

from crm import access, consents, members
from crm.access import Power
from crm.errors import NotFound, Outsider
from crm.installation import Installation
from storage import memberships
from storage.memberships import Membership
from storage.people import Person
from storage.workspaces import GONE, Workspace


async def known(installation: Installation, person_id: int) -> Person | None:
    """The person, where he was let in before."""
    return await installation.registry.recall(Person, person_id)


async def names(installation: Installation, ids: Iterable[int]) -> dict[int, str]:
    """The names of members, former ones too."""
    asked = set(ids)
    async with installation.registry.reading() as session:
        found = {one.id: one.name for one in await session.exec(select(Person).where(col(Person.id).in_(asked)))}
    return {one: found.get(one, f"#{one}") for one in asked}


async def welcome(installation: Installation, code: str | None, person_id: int) -> bool:
    """Whether this person, who comes with this code or with none, may come in."""
    if code is not None and await members.look(installation, code, person_id) is not None:
        return True
    return installation.rules.open_sign_up


@dataclass(frozen=True, slots=True)
class Admitted:
    """Who came in, and the workspace that his code has led to; None where he is to open his own."""

    person: Person
    workspace: Workspace | None


async def admit(installation: Installation, visitor: Person, code: str | None) -> Admitted:
    """Let a person in who has agreed: his name, his agreement and his seat are written together.

    Repeating it with the same code changes nothing. Raises Outsider where the code is no good (any more).
    """
    now = installation.clock.now()
    async with installation.registry.transaction() as session:
        person = await session.get(Person, visitor.id)
        if person is None:
            person = Person.model_validate({**visitor.model_dump(), "first_seen_at": now, "workspace_id": None})
        invitation = await members.spend(session, code, person.id, now) if code else None
        if invitation is None and not installation.rules.open_sign_up:
            raise Outsider
        person.language, person.telegram_language = visitor.language, visitor.telegram_language
        session.add(person)
        await session.flush()
        await consents.write(session, installation, person.id)
        if invitation is None or invitation.workspace_id is None:
            return Admitted(person, None)
        return Admitted(person, await members.seat(session, invitation, person, now))


async def may_found(installation: Installation, person_id: int) -> bool:
    """Whether this person may open a workspace of his own."""
    if installation.rules.open_sign_up:
        return True
    async with installation.registry.reading() as session:
        return await memberships.unspent_claim(session, person_id)


async def choose_language(installation: Installation, person_id: int, language: str | None) -> None:
    """Speak to this person in this language from now on; None: in Telegram's. Raises NotFound for a stranger."""
    async with installation.registry.transaction() as session:
        person = await session.get(Person, person_id)
        if person is None:
            raise NotFound("person")
        person.language = language
        session.add(person)


async def powers(installation: Installation, person: Person) -> frozenset[Power]:
    """What this person may do in the workspace that is on the desk; nothing without a seat."""
    recall = installation.registry.recall
    seat = await recall(Membership, (person.workspace_id, person.id)) if person.workspace_id is not None else None
    workspace = await recall(Workspace, person.workspace_id) if seat else None
    return access.powers(seat, workspace) if seat and workspace and workspace.state != GONE else frozenset()


async def remember_menu(installation: Installation, person_id: int, mark: str) -> None:
    """Note which list of commands hangs in this person's chat."""
    async with installation.registry.transaction() as session:
        person = await session.get(Person, person_id)
        if person is not None:  # else he was forgotten meanwhile
            person.menu = mark
            session.add(person)
