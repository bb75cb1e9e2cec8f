"""A bare route that does one SELECT, served as the control plane is: what the framework and the driver leave to reach."""

import uvicorn
from litestar import Litestar, get
from sqlalchemy import select
from sqlalchemy.ext.asyncio import create_async_engine

from orchestrator.auth.tables import tenants
from orchestrator.courses.seed import TENANT_ID
from orchestrator.settings import load_settings


def main() -> None:
    settings = load_settings()
    engine = create_async_engine(settings.database_url.reveal(), pool_size=10, max_overflow=10)

    @get("/")
    async def one() -> dict[str, str]:
        async with engine.connect() as connection:
            name = await connection.scalar(select(tenants.c.name).where(tenants.c.id == TENANT_ID))
        return {"name": str(name)}

    app = Litestar([one], openapi_config=None, logging_config=None)
    uvicorn.run(app, host=settings.host, port=settings.port, log_config=None, access_log=False)


if __name__ == "__main__":
    main()
