"""Who may call which route: all of it, in one table. A route that is not here is closed to everybody.

The guard, the OpenAPI document and the isolation tests are made from it.
"""

from collections.abc import Mapping
from typing import Literal

import msgspec

from orchestrator.auth.domain import MODERATORS, STAFF
from schema.auth import RoleName

Who = frozenset[RoleName] | Literal["public", "internal", "signed_in"]

# Checks nothing here: open to all, or verified by the handler itself (a webhook's signature, a media link's).
PUBLIC: Who = "public"
# Our own agents and workers, by the shared token.
INTERNAL: Who = "internal"
# Whoever has an account, also while no role has been given.
SIGNED_IN: Who = "signed_in"
MEMBERS: Who = frozenset({"teacher", "student", "assistant", "admin"})
ADMINS: Who = frozenset({"admin"})

# What a route can be about. `none` needs the role anywhere, `tenant` in the whole tenant; every other thing is an object
# whose id the request names, and needs the role in the object's course or session.
Scope = Literal[
    "none",
    "tenant",
    "course",
    "lesson",
    "session",
    "invitation",
    "participant",
    "message",
    "question",
    "scene",
    "asset",
    "board",
    "poll",
    "destination",
    "job",
    "user",
    "webhook_endpoint",
    "api_key",
]


class Rule(msgspec.Struct, frozen=True):
    """Who may call a route about `scope`, whose id stands `at` a path parameter (as in the route) or a body field.

    `also` are further ids, by their place: they must belong to the same tenant.
    """

    who: Who
    scope: Scope = "none"
    at: str = ""
    also: Mapping[str, Scope] = {}


ACCESS: dict[str, Rule] = {
    "GET /": Rule(PUBLIC),
    "GET /{file}": Rule(PUBLIC),
    "GET /api/health": Rule(PUBLIC),
    "GET /api/health/live": Rule(PUBLIC),
    "GET /api/schema": Rule(PUBLIC),
    "GET /api/schema/{path}": Rule(PUBLIC),
    "GET /api/schema/openapi.json": Rule(PUBLIC),
    "GET /metrics": Rule(INTERNAL),
    "POST /api/auth/login": Rule(PUBLIC),
    "GET /api/auth/methods": Rule(PUBLIC),
    "GET /api/auth/oidc/start": Rule(PUBLIC),
    "GET /api/auth/oidc/callback": Rule(PUBLIC),
    "POST /api/auth/password/set": Rule(PUBLIC),
    "POST /api/auth/logout": Rule(SIGNED_IN),
    "POST /api/auth/logout-everywhere": Rule(SIGNED_IN),
    "POST /api/auth/password": Rule(SIGNED_IN),
    "GET /api/auth/me": Rule(SIGNED_IN),
    "GET /api/api-keys": Rule(MEMBERS),
    "POST /api/api-keys": Rule(MEMBERS),
    "DELETE /api/api-keys/{key_id}": Rule(MEMBERS, "api_key", "key_id"),
    "GET /api/users": Rule(ADMINS, "tenant"),
    "POST /api/users": Rule(ADMINS, "tenant"),
    "GET /api/users/me/preferences": Rule(MEMBERS),
    "PATCH /api/users/me/preferences": Rule(MEMBERS),
    "PATCH /api/users/{user_id}": Rule(ADMINS, "user", "user_id"),
    "POST /api/users/{user_id}/password-link": Rule(ADMINS, "user", "user_id"),
    "GET /api/users/{user_id}/roles": Rule(ADMINS, "user", "user_id"),
    "POST /api/users/{user_id}/roles": Rule(ADMINS, "user", "user_id"),
    "DELETE /api/users/{user_id}/roles": Rule(ADMINS, "user", "user_id"),
    "GET /api/audit": Rule(ADMINS, "tenant"),
    "GET /api/branding": Rule(MEMBERS),
    "PATCH /api/branding": Rule(ADMINS, "tenant"),
    "POST /api/branding/logo": Rule(ADMINS, "tenant"),
    "DELETE /api/branding/logo": Rule(ADMINS, "tenant"),
    "GET /api/courses": Rule(MEMBERS),
    "POST /api/courses": Rule(STAFF),
    "GET /api/courses/{course_id}": Rule(MEMBERS, "course", "course_id"),
    "PATCH /api/courses/{course_id}": Rule(STAFF, "course", "course_id"),
    "DELETE /api/courses/{course_id}": Rule(STAFF, "course", "course_id"),
    "GET /api/courses/{course_id}/enrolments": Rule(MODERATORS, "course", "course_id"),
    "POST /api/courses/{course_id}/enrolments": Rule(STAFF, "course", "course_id"),
    "PATCH /api/courses/{course_id}/enrolments/{user_id}": Rule(STAFF, "course", "course_id"),
    "DELETE /api/courses/{course_id}/enrolments/{user_id}": Rule(STAFF, "course", "course_id"),
    "GET /api/courses/{course_id}/lessons": Rule(MEMBERS, "course", "course_id"),
    "POST /api/courses/{course_id}/lessons": Rule(STAFF, "course", "course_id"),
    "PUT /api/courses/{course_id}/lessons/order": Rule(STAFF, "course", "course_id"),
    "PATCH /api/courses/{course_id}/lessons/{lesson_id}": Rule(
        STAFF, "course", "course_id", {"lesson_id": "lesson"}
    ),
    "DELETE /api/courses/{course_id}/lessons/{lesson_id}": Rule(STAFF, "course", "course_id"),
    "GET /api/lessons": Rule(MEMBERS),
    "GET /api/sessions": Rule(MEMBERS),
    "POST /api/sessions": Rule(STAFF, "lesson", "lessonId"),
    "GET /api/sessions/{session_id}": Rule(MEMBERS, "session", "session_id"),
    "GET /api/sessions/{session_id}/events": Rule(MEMBERS, "session", "session_id"),
    "GET /api/sessions/{session_id}/events/stream": Rule(MEMBERS, "session", "session_id"),
    "GET /api/sessions/{session_id}/state": Rule(MEMBERS, "session", "session_id"),
    "PATCH /api/sessions/{session_id}": Rule(STAFF, "session", "session_id"),
    "POST /api/sessions/cancel": Rule(STAFF, "session", "sessionId"),
    "POST /api/sessions/start": Rule(STAFF, "session", "sessionId"),
    "POST /api/sessions/join": Rule(MEMBERS, "session", "sessionId"),
    "POST /api/sessions/end": Rule(STAFF, "session", "sessionId"),
    "GET /api/sessions/{session_id}/attendance": Rule(STAFF, "session", "session_id"),
    "GET /api/sessions/{session_id}/attendance/export": Rule(STAFF, "session", "session_id"),
    "GET /api/sessions/{session_id}/invitations": Rule(STAFF, "session", "session_id"),
    "POST /api/sessions/{session_id}/invitations": Rule(STAFF, "session", "session_id"),
    "DELETE /api/sessions/{session_id}/invitations/{invitation_id}": Rule(
        STAFF, "session", "session_id", {"invitation_id": "invitation"}
    ),
    "POST /api/invitations/accept": Rule(PUBLIC),
    "POST /api/sessions/{session_id}/hand": Rule(MEMBERS, "session", "session_id"),
    "DELETE /api/sessions/{session_id}/hand": Rule(MEMBERS, "session", "session_id"),
    "DELETE /api/sessions/{session_id}/hands": Rule(MODERATORS, "session", "session_id"),
    "PUT /api/sessions/{session_id}/lock": Rule(MODERATORS, "session", "session_id"),
    "DELETE /api/sessions/{session_id}/lock": Rule(MODERATORS, "session", "session_id"),
    "PUT /api/sessions/{session_id}/rules": Rule(MODERATORS, "session", "session_id"),
    "POST /api/sessions/{session_id}/participants/mute": Rule(MODERATORS, "session", "session_id"),
    "PATCH /api/sessions/{session_id}/participants/{participant_id}/permissions": Rule(
        MODERATORS, "session", "session_id", {"participant_id": "participant"}
    ),
    "POST /api/sessions/{session_id}/participants/{participant_id}/mute": Rule(
        MODERATORS, "session", "session_id", {"participant_id": "participant"}
    ),
    "DELETE /api/sessions/{session_id}/participants/{participant_id}": Rule(
        MODERATORS, "session", "session_id", {"participant_id": "participant"}
    ),
    "POST /api/sessions/{session_id}/participants/{participant_id}/readmit": Rule(
        MODERATORS, "session", "session_id", {"participant_id": "participant"}
    ),
    "DELETE /api/sessions/{session_id}/participants/{participant_id}/hand": Rule(
        MODERATORS, "session", "session_id", {"participant_id": "participant"}
    ),
    "GET /api/sessions/{session_id}/destinations": Rule(STAFF, "session", "session_id"),
    "POST /api/sessions/{session_id}/destinations": Rule(STAFF, "session", "session_id"),
    "GET /api/sessions/{session_id}/programme": Rule(STAFF, "session", "session_id"),
    "PUT /api/sessions/{session_id}/programme": Rule(STAFF, "session", "session_id"),
    "GET /api/sessions/{session_id}/destinations/timeline": Rule(STAFF, "session", "session_id"),
    "POST /api/sessions/{session_id}/destinations/{destination_id}/retry": Rule(
        STAFF, "session", "session_id"
    ),
    "GET /api/sessions/{session_id}/chat": Rule(MEMBERS, "session", "session_id"),
    "POST /api/chat": Rule(MEMBERS, "session", "sessionId"),
    "PATCH /api/chat/{message_id}": Rule(MEMBERS, "message", "message_id"),
    "DELETE /api/chat/{message_id}": Rule(MEMBERS, "message", "message_id"),
    "POST /api/chat/{message_id}/pin": Rule(MODERATORS, "message", "message_id"),
    "DELETE /api/chat/{message_id}/pin": Rule(MODERATORS, "message", "message_id"),
    "PUT /api/chat/{message_id}/reactions/{emoji}": Rule(MEMBERS, "message", "message_id"),
    "DELETE /api/chat/{message_id}/reactions/{emoji}": Rule(MEMBERS, "message", "message_id"),
    "GET /api/sessions/{session_id}/chat/rules": Rule(MEMBERS, "session", "session_id"),
    "PUT /api/sessions/{session_id}/chat/rules": Rule(MODERATORS, "session", "session_id"),
    "POST /api/sessions/{session_id}/chat/mutes": Rule(
        MODERATORS, "session", "session_id", {"participantId": "participant"}
    ),
    "DELETE /api/sessions/{session_id}/chat/mutes/{participant_id}": Rule(
        MODERATORS, "session", "session_id", {"participant_id": "participant"}
    ),
    "GET /api/sessions/{session_id}/questions": Rule(MEMBERS, "session", "session_id"),
    "GET /api/sessions/{session_id}/questions/most-wanted": Rule(MEMBERS, "session", "session_id"),
    "POST /api/questions": Rule(MEMBERS, "session", "sessionId"),
    "POST /api/questions/{question_id}/upvote": Rule(MEMBERS, "question", "question_id"),
    "DELETE /api/questions/{question_id}/upvote": Rule(MEMBERS, "question", "question_id"),
    "POST /api/questions/{question_id}/answer": Rule(MODERATORS, "question", "question_id"),
    "POST /api/questions/{question_id}/dismiss": Rule(MODERATORS, "question", "question_id"),
    "GET /api/sessions/{session_id}/scenes": Rule(MEMBERS, "session", "session_id"),
    "POST /api/studio/scenes": Rule(STAFF, "session", "sessionId"),
    "GET /api/studio/scenes/{scene_id}": Rule(MEMBERS, "scene", "scene_id"),
    "PATCH /api/studio/scenes/{scene_id}": Rule(STAFF, "scene", "scene_id"),
    "DELETE /api/studio/scenes/{scene_id}": Rule(STAFF, "scene", "scene_id"),
    "POST /api/studio/scenes/{scene_id}/activate": Rule(STAFF, "scene", "scene_id"),
    "POST /api/studio/scenes/{scene_id}/deactivate": Rule(STAFF, "scene", "scene_id"),
    "GET /api/sessions/{session_id}/assets": Rule(MEMBERS, "session", "session_id"),
    "POST /api/studio/assets": Rule(STAFF, "session", "sessionId"),
    "DELETE /api/studio/assets/{asset_id}": Rule(STAFF, "asset", "asset_id"),
    "GET /api/sessions/{session_id}/whiteboards/{board_id}": Rule(
        MEMBERS, "session", "session_id", {"board_id": "board"}
    ),
    "POST /api/sessions/{session_id}/whiteboard/show": Rule(MODERATORS, "session", "session_id"),
    "POST /api/sessions/{session_id}/whiteboard/hide": Rule(MODERATORS, "session", "session_id"),
    "POST /api/studio/whiteboards/{board_id}/strokes": Rule(
        MEMBERS, "session", "sessionId", {"board_id": "board"}
    ),
    "POST /api/studio/whiteboards/{board_id}/erase": Rule(
        MEMBERS, "session", "sessionId", {"board_id": "board"}
    ),
    "POST /api/studio/whiteboards/{board_id}/undo": Rule(
        MEMBERS, "session", "sessionId", {"board_id": "board"}
    ),
    "POST /api/studio/whiteboards/{board_id}/clear": Rule(
        MODERATORS, "session", "sessionId", {"board_id": "board"}
    ),
    "GET /api/sessions/{session_id}/polls": Rule(MEMBERS, "session", "session_id"),
    "POST /api/polls": Rule(MODERATORS, "session", "sessionId"),
    "GET /api/polls/{poll_id}": Rule(MEMBERS, "poll", "poll_id"),
    "PATCH /api/polls/{poll_id}": Rule(MODERATORS, "poll", "poll_id"),
    "DELETE /api/polls/{poll_id}": Rule(MODERATORS, "poll", "poll_id"),
    "POST /api/polls/{poll_id}/open": Rule(MODERATORS, "poll", "poll_id"),
    "POST /api/polls/{poll_id}/close": Rule(MODERATORS, "poll", "poll_id"),
    "POST /api/polls/{poll_id}/responses": Rule(MEMBERS, "poll", "poll_id"),
    "GET /api/polls/{poll_id}/export": Rule(MODERATORS, "poll", "poll_id"),
    "GET /api/platforms": Rule(STAFF),
    "GET /api/platforms/connections": Rule(STAFF),
    "POST /api/platforms/connections/{platform}/connect": Rule(STAFF),
    "POST /api/platforms/connections/{platform}/callback": Rule(STAFF),
    "GET /api/platforms/connections/{platform}/callback": Rule(STAFF),
    "GET /api/platforms/connections/{platform}/status": Rule(STAFF),
    "DELETE /api/platforms/connections/{platform}": Rule(STAFF),
    "GET /api/destinations": Rule(STAFF),
    "POST /api/destinations": Rule(STAFF),
    "GET /api/destinations/default": Rule(STAFF),
    "GET /api/destinations/presets": Rule(STAFF),
    "GET /api/destinations/failures": Rule(ADMINS, "tenant"),
    "PATCH /api/destinations/{destination_id}": Rule(STAFF, "destination", "destination_id"),
    "DELETE /api/destinations/{destination_id}": Rule(STAFF, "destination", "destination_id"),
    "POST /api/destinations/{destination_id}/test": Rule(STAFF, "destination", "destination_id"),
    "GET /api/replays/{session_id}": Rule(MEMBERS, "session", "session_id"),
    "GET /api/sessions/{session_id}/poster": Rule(MEMBERS, "session", "session_id"),
    "GET /api/sessions/{session_id}/programme/playlist": Rule(MEMBERS, "session", "session_id"),
    "GET /media/{key}": Rule(PUBLIC),
    "GET /api/sessions/{session_id}/captions": Rule(MEMBERS, "session", "session_id"),
    "PATCH /api/sessions/{session_id}/captions/{segment_id}": Rule(
        MEMBERS, "session", "session_id"
    ),
    "POST /api/sessions/{session_id}/captions/redactions": Rule(
        STAFF, "session", "session_id", {"participantId": "participant"}
    ),
    "GET /api/sessions/{session_id}/captions/settings": Rule(MEMBERS, "session", "session_id"),
    "PUT /api/sessions/{session_id}/captions/settings": Rule(MODERATORS, "session", "session_id"),
    "PUT /api/sessions/{session_id}/captions/language": Rule(MEMBERS, "session", "session_id"),
    "GET /api/courses/{course_id}/captions": Rule(MEMBERS, "course", "course_id"),
    "PUT /api/courses/{course_id}/captions": Rule(STAFF, "course", "course_id"),
    "GET /api/sessions/{session_id}/artifacts": Rule(MEMBERS, "session", "session_id"),
    "POST /api/sessions/{session_id}/artifacts/{kind}/retry": Rule(STAFF, "session", "session_id"),
    "POST /api/sessions/{session_id}/artifacts/{kind}/cancel": Rule(STAFF, "session", "session_id"),
    "GET /api/sessions/{session_id}/artifacts/{kind}/versions": Rule(
        STAFF, "session", "session_id"
    ),
    "GET /api/sessions/{session_id}/artifacts/{kind}/changes": Rule(STAFF, "session", "session_id"),
    "GET /api/search": Rule(MEMBERS),
    "POST /api/artifacts/process": Rule(INTERNAL, "session", "sessionId"),
    "POST /api/webhooks/livekit": Rule(PUBLIC),
    "GET /api/webhook-endpoints": Rule(ADMINS, "tenant"),
    "GET /api/webhook-endpoints/event-types": Rule(ADMINS),
    "POST /api/webhook-endpoints": Rule(ADMINS, "tenant"),
    "PATCH /api/webhook-endpoints/{endpoint_id}": Rule(ADMINS, "webhook_endpoint", "endpoint_id"),
    "DELETE /api/webhook-endpoints/{endpoint_id}": Rule(ADMINS, "webhook_endpoint", "endpoint_id"),
    "POST /api/webhook-endpoints/{endpoint_id}/rotate-secret": Rule(
        ADMINS, "webhook_endpoint", "endpoint_id"
    ),
    "POST /api/webhook-endpoints/{endpoint_id}/replay": Rule(
        ADMINS, "webhook_endpoint", "endpoint_id", {"sessionId": "session"}
    ),
    "POST /api/webhook-endpoints/{endpoint_id}/test": Rule(
        ADMINS, "webhook_endpoint", "endpoint_id"
    ),
    "GET /api/webhook-endpoints/{endpoint_id}/attempts": Rule(
        ADMINS, "webhook_endpoint", "endpoint_id"
    ),
    "GET /api/internal/rooms/{room}": Rule(INTERNAL),
    "GET /api/internal/sessions/{session_id}/events": Rule(INTERNAL, "session", "session_id"),
    "POST /api/internal/sessions/{session_id}/captions": Rule(INTERNAL, "session", "session_id"),
    "GET /api/internal/sessions/{session_id}/captions/settings": Rule(
        INTERNAL, "session", "session_id"
    ),
    "POST /api/internal/sessions/{session_id}/speaker-segments": Rule(
        INTERNAL, "session", "session_id"
    ),
    "POST /api/internal/sessions/{session_id}/statistics": Rule(INTERNAL, "session", "session_id"),
    "GET /api/internal/sessions/{session_id}/whiteboards/{board_id}": Rule(
        INTERNAL, "session", "session_id", {"board_id": "board"}
    ),
    "POST /api/internal/jobs/{job_id}/claim": Rule(INTERNAL, "job", "job_id"),
    "POST /api/internal/jobs/{job_id}/heartbeat": Rule(INTERNAL, "job", "job_id"),
    "POST /api/internal/jobs/{job_id}/complete": Rule(INTERNAL, "job", "job_id"),
    "POST /api/internal/jobs/{job_id}/fail": Rule(INTERNAL, "job", "job_id"),
}

# Writes that need no Idempotency-Key, each with what makes it safe to repeat (CONTRACTS, "Everywhere").
KEYLESS: dict[str, str] = {
    "POST /api/invitations/accept": "its key names the guest: the same key is the same guest",
    "POST /api/auth/login": "opens another sign-in",
    "POST /api/auth/logout": "ends what is already ended",
    "POST /api/auth/logout-everywhere": "ends what is already ended",
    "POST /api/auth/password": "the second time the current password fits no more",
    "POST /api/auth/password/set": "a link works once",
    "POST /api/users/{user_id}/password-link": "a new link ends the one before",
    "POST /api/destinations/{destination_id}/test": "keeps nothing; one at a time for a destination",
    "POST /api/platforms/connections/{platform}/connect": "sends another browser away",
    "POST /api/platforms/connections/{platform}/callback": "code and state work once",
    "POST /api/webhook-endpoints/{endpoint_id}/test": "keeps nothing",
    "POST /api/webhooks/livekit": "LiveKit's event id",
    "POST /api/artifacts/process": "its own key, kept in the session's log",
    "POST /api/internal/sessions/{session_id}/captions": "the captions' segment ids",
    "POST /api/internal/sessions/{session_id}/speaker-segments": "track and index of each segment",
    "POST /api/internal/sessions/{session_id}/statistics": "the time of each report",
    "POST /api/internal/jobs/{job_id}/claim": "the lease: who comes second is refused",
    "POST /api/internal/jobs/{job_id}/heartbeat": "prolongs what is held",
    "POST /api/internal/jobs/{job_id}/complete": "the lease token",
    "POST /api/internal/jobs/{job_id}/fail": "the lease token",
}

# What an API key never opens, whatever its role: with it a leaked key could make itself a successor.
PEOPLE_ONLY = (
    "/api/api-keys",
    "/api/users",
    "/api/audit",
    "/api/auth/password",
    "/api/auth/logout",
)


def for_people_only(route: str) -> bool:
    return route.partition(" ")[2].startswith(PEOPLE_ONLY)
