"""/api/sessions/{id}/artifacts: the job board; /api/artifacts/process: the artifact engine's trigger."""

from typing import Annotated, Any
from urllib.parse import urlsplit
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from orchestrator.artifacts.domain import kind_named
from orchestrator.artifacts.service import Artifacts
from orchestrator.artifacts.versions import Versions
from orchestrator.auth.domain import Principal
from orchestrator.core.guard.limits import Limit, Limiter
from orchestrator.http.idempotency import KeyHeader, Write, chosen_key
from orchestrator.settings import Settings
from schema.base import Command, Page
from schema.jobs import (
    ArtifactJob,
    ArtifactVersion,
    Comparison,
    ProcessArtifacts,
    ProcessReply,
    RetryArtifact,
)

# A tenant's, for each is work for the machine.
RETRIES = Limit(30, 60)


class SessionArtifactsController(Controller):
    path = "/api/sessions/{session_id:uuid}/artifacts"
    tags = ("artifacts",)

    @get()
    async def artifact_jobs(
        self,
        session_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        artifacts: NamedDependency[Artifacts],
    ) -> Page[ArtifactJob]:
        return Page(items=await artifacts.board(principal, session_id))

    @post("/{kind:str}/retry", status_code=200)
    async def retry_artifact(
        self,
        session_id: FromPath[UUID],
        kind: FromPath[str],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        artifacts: NamedDependency[Artifacts],
        limiter: NamedDependency[Limiter],
        data: JSONBody[RetryArtifact],
    ) -> ArtifactJob:
        """Makes it again, and what is made of it; 409 `job_running` while it is being made. Limited for each tenant."""
        wanted = kind_named(kind)
        if await write.stored(data, ArtifactJob) is None:
            await limiter.spend("artifacts", str(principal.tenant_id), RETRIES)
        return await write.once(
            data,
            lambda tx, key: artifacts.retry(tx, key, principal, session_id, wanted, data.model),
            ArtifactJob,
        )

    @get("/{kind:str}/versions")
    async def artifact_versions(
        self,
        session_id: FromPath[UUID],
        kind: FromPath[str],
        principal: NamedDependency[Principal],
        versions: NamedDependency[Versions],
    ) -> Page[ArtifactVersion]:
        """The newest first, each with what made it."""
        return Page(items=await versions.listed(principal, session_id, kind_named(kind)))

    @get("/{kind:str}/changes")
    async def artifact_changes(
        self,
        session_id: FromPath[UUID],
        kind: FromPath[str],
        principal: NamedDependency[Principal],
        versions: NamedDependency[Versions],
        older: Annotated[int | None, QueryParameter(name="from", ge=1)] = None,
        newer: Annotated[int | None, QueryParameter(name="to", ge=1)] = None,
    ) -> Comparison:
        """What differs between two versions, line by line; the newest and the one before it where none are named."""
        pair = (older, newer)
        return await versions.compared(principal, session_id, kind_named(kind), pair)

    @post("/{kind:str}/cancel", status_code=200)
    async def cancel_artifact(
        self,
        session_id: FromPath[UUID],
        kind: FromPath[str],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        artifacts: NamedDependency[Artifacts],
    ) -> ArtifactJob:
        """Sets it aside and takes it from its worker; 409 `job_not_open` when it is over."""
        wanted = kind_named(kind)
        return await write.once(
            Command(),
            lambda tx, key: artifacts.cancel(tx, key, principal, session_id, wanted),
            ArtifactJob,
        )


class ProcessController(Controller):
    path = "/api/artifacts/process"
    tags = ("artifacts",)

    @post(status_code=202)
    async def process_artifacts(
        self,
        data: JSONBody[ProcessArtifacts],
        artifacts: NamedDependency[Artifacts],
        settings: NamedDependency[Settings],
        request: Request[Any, Any, Any],
        idempotency_header: KeyHeader = None,
    ) -> ProcessReply:
        """For Lectern's own programs: makes all artifacts of an ended class anew."""
        own = {urlsplit(settings.public_url).netloc, urlsplit(str(request.base_url)).netloc}
        key = chosen_key(idempotency_header, data.idempotency_key)
        return await artifacts.process(key, data, own)
