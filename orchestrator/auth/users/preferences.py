"""What a person prefers."""

import sqlalchemy as sa

from orchestrator.auth.domain import Principal
from orchestrator.auth.tables import users
from orchestrator.core.database import Transaction
from schema.users import Preferences, UpdatePreferences


async def preferences(tx: Transaction, principal: Principal) -> Preferences:
    wanted = sa.select(users.c.destinations_default).where(users.c.id == principal.user_id)
    return Preferences(destinations_default=await tx.scalar(wanted))


async def update(tx: Transaction, principal: Principal, command: UpdatePreferences) -> Preferences:
    if command.destinations_default is not None:
        await tx.execute(
            sa.update(users)
            .where(users.c.id == principal.user_id)
            .values(destinations_default=command.destinations_default)
        )
    return await preferences(tx, principal)
