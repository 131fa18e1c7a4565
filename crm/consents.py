"""What a person agreed to: the words' version and the time stand beside every agreement."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from crm.installation import Installation
from storage import consents
from storage.consents import ADULT, POLICY, Consent

ON_ARRIVAL = (POLICY, ADULT)


async def agreed(installation: Installation, person_id: int) -> bool:
    """Whether the person has agreed to the policy as it stands today, and said to be of age (clause 10)."""
    async with installation.registry.reading() as session:
        return await stands(session, person_id, installation.rules.policy_version)


async def record(installation: Installation, person_id: int) -> Sequence[Consent]:
    """The person's agreements, the first first."""
    async with installation.registry.reading() as session:
        return await consents.all_of(session, person_id)


async def agree(installation: Installation, person_id: int) -> None:
    """A person who is known agrees to new words of the policy."""
    async with installation.registry.transaction() as session:
        await write(session, installation, person_id)


async def write(session: AsyncSession, installation: Installation, person_id: int) -> None:
    """Keep the agreements that were not given in these words before; the caller owns the transaction."""
    now, version = installation.clock.now(), installation.rules.policy_version
    for what in ON_ARRIVAL:
        given = await consents.standing(session, person_id, what)
        if given is None or given.version != version:
            session.add(Consent(person_id=person_id, what=what, version=version, given_at=now))


async def stands(session: AsyncSession, person_id: int, version: str) -> bool:
    """Whether all that arrival asks for was agreed to in this version."""
    given = await consents.all_of(session, person_id)
    newest = {one.what: one.version for one in given if one.withdrawn_at is None}
    return all(newest.get(what) == version for what in ON_ARRIVAL)
