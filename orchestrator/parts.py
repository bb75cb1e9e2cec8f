"""What outlives a request: every part is made here once, and handed to those who need it."""

from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog
from litestar.di import Provide

from orchestrator.artifacts.service import Artifacts
from orchestrator.artifacts.versions import Versions
from orchestrator.audience import projection as audience_projection
from orchestrator.audience import reading as audience_reading
from orchestrator.audience.moderation import Moderation
from orchestrator.audience.service import Audience
from orchestrator.audience.words import WordFilter
from orchestrator.auth.guards import provide_principal
from orchestrator.auth.keys.service import Keys
from orchestrator.auth.oidc.service import SignInElsewhere
from orchestrator.auth.passwords import Passwords
from orchestrator.auth.service import Accounts
from orchestrator.auth.signin.allowance import Allowance
from orchestrator.auth.signin.sessions import SignIns
from orchestrator.auth.signin.signed import Devices
from orchestrator.auth.users.links import Links
from orchestrator.auth.users.roles import Roles
from orchestrator.captions import projection as captions_projection
from orchestrator.captions import reading as captions_reading
from orchestrator.captions.service import Captions
from orchestrator.core.bus import Bus
from orchestrator.core.clock import every, utc_now
from orchestrator.core.crypto import Keyring
from orchestrator.core.database import Database, Transaction
from orchestrator.core.eventlog import EventLog
from orchestrator.core.guard.limits import Limiter
from orchestrator.core.livekit.client import LiveKit
from orchestrator.core.queue import Queue
from orchestrator.core.storage import Storage
from orchestrator.destinations.service import Destinations
from orchestrator.destinations.targets import Targets
from orchestrator.destinations.trial.service import Trials
from orchestrator.egress import selection as egress_projection
from orchestrator.egress.converge import Converger
from orchestrator.egress.engine.admission import Admission
from orchestrator.egress.gateway import Gateway
from orchestrator.egress.health.rounds import Rounds
from orchestrator.egress.reconciler import Reconciler
from orchestrator.egress.statistics import timeline
from orchestrator.egress.statistics.service import Statistics
from orchestrator.enrolments.service import Enrolments
from orchestrator.http import idempotency
from orchestrator.http.health import Checks
from orchestrator.invitations import projection as invitations_projection
from orchestrator.invitations.service import Invitations
from orchestrator.outbound.dispatcher import Dispatcher as WebhookDispatcher
from orchestrator.outbound.sender import Sender
from orchestrator.outbound.service import Endpoints
from orchestrator.people import projection as people_projection
from orchestrator.people.keeper import Keeper
from orchestrator.people.reactions import Knocks
from orchestrator.people.service import Order
from orchestrator.platforms.flow import Flow
from orchestrator.platforms.oauth import OAuth
from orchestrator.platforms.service import Connections
from orchestrator.platforms.transport import Transport
from orchestrator.platforms.vendors.registry import platforms
from orchestrator.platforms.watch import Watch
from orchestrator.polls import projection as polls_projection
from orchestrator.polls.secrets import PollSecrets
from orchestrator.polls.service import Polls
from orchestrator.realtime.feed import Feed
from orchestrator.realtime.hub import Hub
from orchestrator.realtime.relay.presence import Presence
from orchestrator.realtime.relay.service import Relay
from orchestrator.realtime.viewers import Viewers
from orchestrator.recordings import projection as recordings_projection
from orchestrator.recordings.domain import kinds
from orchestrator.recordings.intake import Intake
from orchestrator.recordings.making.dispatcher import Dispatcher
from orchestrator.recordings.making.jobs import Jobs
from orchestrator.recordings.media import Media, Signer
from orchestrator.recordings.programmes import Programmes
from orchestrator.recordings.replay import Replays
from orchestrator.search import publishing as search_projection
from orchestrator.search.publishing import Index
from orchestrator.search.service import Search
from orchestrator.sessions import projection as sessions_projection
from orchestrator.sessions.history.snapshots import session_snapshots
from orchestrator.sessions.history.states import States
from orchestrator.sessions.places import place_exists
from orchestrator.sessions.planning.service import Planning
from orchestrator.sessions.service import Sessions
from orchestrator.settings import Settings, languages_of, offline_models, old_keys
from orchestrator.state.session import SessionState, evolve
from orchestrator.studio.assets import projection as assets_projection
from orchestrator.studio.assets.pages import Converter
from orchestrator.studio.assets.service import Assets
from orchestrator.studio.boards import projection as boards_projection
from orchestrator.studio.boards.service import Boards
from orchestrator.studio.branding.logos import Logos
from orchestrator.studio.branding.service import Brands
from orchestrator.studio.cues import Cues
from orchestrator.studio.loose import Loose
from orchestrator.studio.programme.director import Director
from orchestrator.studio.scenes import projection as scenes_projection
from orchestrator.studio.scenes.service import Scenes
from orchestrator.webhooks.inbox import Inbox
from schema.events import StoredEvent

log = structlog.get_logger(__name__)

TIDY_EVERY_S = 3600

Loop = Callable[[], Coroutine[Any, Any, None]]

PROJECTIONS = (
    sessions_projection.project,
    people_projection.project,
    invitations_projection.project,
    egress_projection.project,
    recordings_projection.project,
    captions_projection.project,
    audience_projection.project,
    assets_projection.project,
    scenes_projection.project,
    boards_projection.project,
    polls_projection.project,
    search_projection.project,
)
# The parts that handlers ask for.
SHARED = (
    "settings",
    "database",
    "accounts",
    "keys",
    "devices",
    "elsewhere",
    "links",
    "roles",
    "sessions",
    "planning",
    "enrolments",
    "order",
    "invitations",
    "audience",
    "moderation",
    "scenes",
    "assets",
    "boards",
    "brands",
    "logos",
    "polls",
    "feed",
    "hub",
    "viewers",
    "presence",
    "states",
    "limiter",
    "checks",
    "events",
    "destinations",
    "connections",
    "connecting",
    "targets",
    "measured",
    "admission",
    "trials",
    "signer",
    "media",
    "replays",
    "programmes",
    "intake",
    "jobs",
    "captions",
    "artifacts",
    "versions",
    "search",
    "inbox",
    "endpoints",
    "sender",
)
# Not by a name that fields of bodies have, such as `order`: the framework takes a refused one for a broken part, a 500.
RENAMED = {"keys": "api_keys", "order": "class_order", "search": "class_search"}


class Parts:
    """What outlives a request."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        # Under the names by which handlers ask for them.
        self.shared: dict[str, object] = {}
        self.open()

    def open(self) -> None:
        """All of them anew: after `close`, and for another event loop."""
        self._connect()
        knocks, cues = Knocks(), Cues()
        self.snapshots = session_snapshots()
        self.events = self._log(knocks, cues)
        keyring = Keyring(self.settings.encryption_key, old_keys(self.settings))
        self._let_in(keyring)
        self._hold_classes(keyring)
        self._tell()
        self._open_studio(cues)
        self._reach_out(keyring)
        self.planning = Planning(self.events, self.destinations.first_choice)
        self._record(keyring)
        self.loops = self._loops(knocks, cues)
        self.shared |= {RENAMED.get(name, name): getattr(self, name) for name in SHARED}

    def _connect(self) -> None:
        """To the servers that everything else stands on."""
        settings = self.settings
        self.database = Database(settings.database_url)
        self.bus = Bus(settings.redis_url)
        self.limiter = Limiter(settings.redis_url)
        self.queue = Queue(settings.redis_url)
        self.livekit = LiveKit(settings)
        self.storage = Storage.from_settings(settings)
        self.checks = Checks(
            database=self._ask_database, redis=self.bus.ping, livekit=self.livekit.list_rooms
        )

    def _log(self, knocks: Knocks, cues: Cues) -> EventLog[SessionState]:
        return EventLog(
            SessionState(),
            evolve,
            [*PROJECTIONS, knocks.project, cues.project],
            self._announce,
            told,
            snapshots=self.snapshots,
        )

    def _let_in(self, keyring: Keyring) -> None:
        """Who somebody is, and what they may do where."""
        settings, database = self.settings, self.database
        passwords = Passwords()
        self.sign_ins = SignIns(settings)
        self.devices = Devices(keyring)
        allowance = Allowance(self.limiter)
        self.accounts = Accounts(database, self.sign_ins, passwords, allowance, self.devices)
        self.keys = Keys(database, self.limiter)
        self.links = Links(database, passwords)
        self.roles = Roles(place_exists)
        self.elsewhere = SignInElsewhere(settings, database, keyring, self.accounts, self.limiter)
        self.invitations = Invitations(database, self.events, keyring, self.sign_ins)

    def _hold_classes(self, keyring: Keyring) -> None:
        """What people do in a class by their own hands and words."""
        self.sessions = Sessions(self.settings, self.database, self.events, self.livekit)
        self.enrolments = Enrolments(self.events)
        self.order = Order(self.events, self.livekit)
        words = WordFilter(keyring)
        self.audience = Audience(self.events, words)
        self.moderation = Moderation(self.events, words)
        self.polls = Polls(self.events, PollSecrets(keyring))

    def _tell(self) -> None:
        """How those in a class, and other pages, hear what happens in it."""
        self.feed = Feed(self.database, self.events)
        self.hub = Hub(self.feed, self.bus)
        self.viewers = Viewers(self.database, self.accounts, self.keys, self.hub)
        self.presence = Presence(self.settings.redis_url)
        self.relay = Relay(self.database, self.events, self.livekit, self.presence)
        self.states = States(self.database, self.events)

    def _open_studio(self, cues: Cues) -> None:
        converter = Converter()
        self.scenes = Scenes(self.events)
        self.loose = Loose(self.database, self.storage)
        self.assets = Assets(
            self.database, self.events, self.storage, converter, self.limiter, self.loose
        )
        self.boards = Boards(self.events)
        self.brands = Brands(cues, self.loose)
        self.logos = Logos(self.storage, converter, self.brands, self.loose)

    def _reach_out(self, keyring: Keyring) -> None:
        """Destinations, the platforms on which they are accounts, and other systems' webhooks."""
        settings = self.settings
        self.transport = Transport(settings)
        oauth = OAuth(self.transport)
        self.connections = Connections(
            self.database, keyring, platforms(settings, self.transport), oauth
        )
        self.destinations = Destinations(keyring, settings)
        self.connecting = Flow(
            settings, self.database, keyring, self.connections, oauth, self.destinations.welcome
        )
        self.targets = Targets(self.database, keyring, self.connections, settings)
        self.measured = Statistics(self.database, self.events, self.targets)
        self.admission = Admission(settings)
        self.trials = Trials(settings)
        self.endpoints = Endpoints(keyring, settings)
        self.sender = Sender(allow_loopback=settings.mode == "embedded")

    def _record(self, keyring: Keyring) -> None:
        """What is recorded and said, and what is made of it."""
        self.signer = Signer(keyring, timedelta(seconds=self.settings.links_open_s))
        self.media = Media(self.storage, self.signer)
        shown = kinds(translates=bool(languages_of(self.settings)))
        self.replays = Replays(self.database, self.events, self.storage, shown)
        self.programmes = Programmes(self.database, self.storage)
        self.intake = Intake(self.database, self.events)
        self.captions = Captions(self.events, self.storage, self.settings.asr_model)
        publish = {"search": Index(self.storage).publish}
        self.jobs = Jobs(
            self.database, self.events, self.storage, publish, captions_reading.of_course
        )
        self.search = Search(self.database)
        self.artifacts = Artifacts(self.database, self.events, offline_models(self.settings), shown)
        self.versions = Versions(self.database, self.storage)
        self.inbox = Inbox(self.settings, self.database, self.events, self.livekit, self.bus)

    def _loops(self, knocks: Knocks, cues: Cues) -> list[Loop]:
        """What runs beside requests, until the process ends."""
        return [
            self.bus.run,
            lambda: self.snapshots.run(self.database),
            lambda: every(TIDY_EVERY_S, self._tidy, "not tidied"),
            self.viewers.run,
            self.relay.run,
            self.inbox.run,
            self._reconciler().run,
            Keeper(self.database, self.events, self.livekit, knocks).run,
            Director(self.database, self.events, self.livekit, self.signer, cues).run,
            Dispatcher(self.jobs, self.intake, self.queue, self.bus).run,
            self._webhooks().run,
            Watch(self.database, self.connections).run,
            Rounds(self.database, self.connections).run,
        ]

    def _reconciler(self) -> Reconciler:
        gateway = Gateway(self.livekit, self.storage, self.targets, self.admission, self.settings)
        converger = Converger(self.database, self.events, gateway, self.targets)
        return Reconciler(self.database, self.bus, self.livekit, converger)

    def _webhooks(self) -> WebhookDispatcher:
        return WebhookDispatcher(self.database, self.events, self.endpoints, self.sender, self.bus)

    async def close(self) -> None:
        await self.hub.close()
        await self.presence.close()
        await self.sender.close()
        await self.admission.close()
        await self.queue.close()
        await self.livekit.close()
        await self.transport.close()
        await self.elsewhere.close()
        await self.limiter.close()
        await self.bus.close()
        await self.database.close()

    async def _announce(self, session_id: UUID, stored: Sequence[StoredEvent]) -> None:
        self.hub.offer(session_id, stored)
        self.relay.offer(session_id, stored)
        await self.bus.announce(session_id, stored[-1].sequence)

    async def _ask_database(self) -> None:
        async with self.database.system_transaction() as tx:
            await tx.execute(sa.text("select 1"))

    async def _tidy(self) -> None:
        """Deletes what has expired."""
        async with self.database.system_transaction() as tx:
            replies = await idempotency.forget_expired(tx, utc_now())
            sign_ins = await self.sign_ins.forget_expired(tx)
            await timeline.thin(tx, utc_now())
        uploads = await self.loose.sweep()
        log.info("tidied", replies=replies, sign_ins=sign_ins, uploads=uploads)


async def told(tx: Transaction, events: Sequence[StoredEvent]) -> list[StoredEvent]:
    """Without deleted messages and redacted speech."""
    return await captions_reading.redacted(tx, await audience_reading.redacted(tx, events))


def dependencies(parts: Parts) -> dict[str, Provide]:
    return {
        **{name: _given(parts, name) for name in parts.shared},
        "principal": Provide(provide_principal),
        "write": Provide(idempotency.provide_write),
    }


def _given(parts: Parts, name: str) -> Provide:
    return Provide(lambda: parts.shared[name], sync_to_thread=False)
