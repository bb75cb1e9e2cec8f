"""What agents and pipelines report, and the jobs they claim. Each report carries its own id and may be sent again."""

from uuid import UUID

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from orchestrator.recordings.intake import Intake
from orchestrator.recordings.making.jobs import Jobs
from schema.agents import Accepted, ReportCaptions, ReportSegments
from schema.jobs import ClaimedJob, ClaimJob, CompleteJob, FailJob, Heartbeat

DONE = Accepted(accepted=1)


class ReportsController(Controller):
    path = "/api/internal/sessions/{session_id:uuid}"
    include_in_schema = False

    @post("/captions", status_code=200)
    async def captions(
        self,
        session_id: FromPath[UUID],
        data: JSONBody[ReportCaptions],
        intake: NamedDependency[Intake],
    ) -> Accepted:
        return Accepted(accepted=await intake.captions(session_id, data.captions))

    @post("/speaker-segments", status_code=200)
    async def speaker_segments(
        self,
        session_id: FromPath[UUID],
        data: JSONBody[ReportSegments],
        intake: NamedDependency[Intake],
    ) -> Accepted:
        return Accepted(accepted=await intake.segments(session_id, data.segments))


class JobsController(Controller):
    path = "/api/internal/jobs/{job_id:uuid}"
    include_in_schema = False

    @post("/claim", status_code=200)
    async def claim(
        self, job_id: FromPath[UUID], data: JSONBody[ClaimJob], jobs: NamedDependency[Jobs]
    ) -> ClaimedJob:
        return await jobs.claim(job_id)

    @post("/heartbeat", status_code=200)
    async def heartbeat(
        self, job_id: FromPath[UUID], data: JSONBody[Heartbeat], jobs: NamedDependency[Jobs]
    ) -> Accepted:
        await jobs.heartbeat(job_id, data)
        return DONE

    @post("/complete", status_code=200)
    async def complete(
        self, job_id: FromPath[UUID], data: JSONBody[CompleteJob], jobs: NamedDependency[Jobs]
    ) -> Accepted:
        await jobs.complete(job_id, data)
        return DONE

    @post("/fail", status_code=200)
    async def fail(
        self, job_id: FromPath[UUID], data: JSONBody[FailJob], jobs: NamedDependency[Jobs]
    ) -> Accepted:
        await jobs.fail(job_id, data)
        return DONE
