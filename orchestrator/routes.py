"""Every controller of the control plane."""

from litestar import Controller
from litestar.plugins.prometheus import PrometheusController

from orchestrator.artifacts.api import ProcessController, SessionArtifactsController
from orchestrator.audience.api import ChatController, QuestionsController, SessionAudienceController
from orchestrator.audience.moderation_api import ChatMarksController, ChatRulesController
from orchestrator.audit.api import AuditController
from orchestrator.auth.api import AuthController
from orchestrator.auth.keys.api import KeysController
from orchestrator.auth.oidc.api import OidcController
from orchestrator.auth.users.api import UsersController
from orchestrator.captions.api import CourseCaptionsController, SessionCaptionsController
from orchestrator.captions.internal_api import RoomCaptionsController
from orchestrator.courses.api import CoursesController
from orchestrator.courses.lessons.api import LessonsController
from orchestrator.destinations.api import DestinationsController
from orchestrator.egress.api import ProgrammeController, SessionDestinationsController
from orchestrator.egress.statistics.api import (
    FailuresController,
    StatisticsController,
    TimelineController,
)
from orchestrator.enrolments.api import EnrolmentsController
from orchestrator.http.health import HealthController
from orchestrator.invitations.api import InvitationsController, SessionInvitationsController
from orchestrator.outbound.api import WebhookEndpointsController
from orchestrator.people.api import (
    AttendanceController,
    ClassOrderController,
    ParticipantsController,
)
from orchestrator.platforms.api import PlatformsController
from orchestrator.polls.api import PollsController, SessionPollsController
from orchestrator.realtime.api import FeedController
from orchestrator.realtime.internal_api import InternalFeedController
from orchestrator.recordings.api import MediaController, ProgrammesController, ReplaysController
from orchestrator.recordings.internal_api import JobsController, ReportsController
from orchestrator.search.api import SearchController
from orchestrator.sessions.api import SessionsController
from orchestrator.sessions.planning.api import PlanningController
from orchestrator.studio.assets.api import AssetsController, SessionAssetsController
from orchestrator.studio.boards.api import SessionWhiteboardsController, WhiteboardsController
from orchestrator.studio.boards.internal_api import RecordedWhiteboardsController
from orchestrator.studio.branding.api import BrandingController, LogoController
from orchestrator.studio.scenes.api import ScenesController, SessionScenesController
from orchestrator.webhooks.api import WebhooksController


class MetricsController(PrometheusController):
    include_in_schema = False


CONTROLLERS: list[type[Controller]] = [
    AuthController,
    OidcController,
    KeysController,
    UsersController,
    AuditController,
    CoursesController,
    LessonsController,
    EnrolmentsController,
    PlanningController,
    SessionsController,
    FeedController,
    InternalFeedController,
    ParticipantsController,
    ClassOrderController,
    AttendanceController,
    SessionInvitationsController,
    InvitationsController,
    SessionAudienceController,
    ChatController,
    ChatRulesController,
    ChatMarksController,
    QuestionsController,
    BrandingController,
    SessionScenesController,
    ScenesController,
    SessionAssetsController,
    SessionWhiteboardsController,
    WhiteboardsController,
    RecordedWhiteboardsController,
    SessionPollsController,
    PollsController,
    PlatformsController,
    DestinationsController,
    SessionDestinationsController,
    ProgrammeController,
    TimelineController,
    FailuresController,
    StatisticsController,
    ReplaysController,
    ProgrammesController,
    MediaController,
    ReportsController,
    JobsController,
    SessionCaptionsController,
    CourseCaptionsController,
    RoomCaptionsController,
    SessionArtifactsController,
    ProcessController,
    SearchController,
    WebhooksController,
    WebhookEndpointsController,
    HealthController,
    MetricsController,
]

# With a limit of their own for the size of a body.
UPLOADS: list[type[Controller]] = [AssetsController, LogoController]
