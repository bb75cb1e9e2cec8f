"""Who may call which route: all of it, in one table. A route that is not here is closed to everybody."""

from typing import Literal

from schema.auth import RoleName

Rule = frozenset[RoleName] | Literal["public", "internal"]

# Checks nothing here: open to all, or verified by the handler itself (a webhook's signature, a media link's).
PUBLIC: Rule = "public"
# Our own agents and workers, by the shared token.
INTERNAL: Rule = "internal"
MEMBERS: Rule = frozenset({"teacher", "student", "assistant", "admin"})
STAFF: Rule = frozenset({"teacher", "admin"})
# Who keeps order in a class: its staff, and those who assist them.
MODERATORS: Rule = frozenset({"teacher", "assistant", "admin"})

ACCESS: dict[str, Rule] = {
    "GET /": PUBLIC,
    "GET /{file}": PUBLIC,
    "GET /api/health": PUBLIC,
    "GET /api/health/live": PUBLIC,
    "GET /api/schema": PUBLIC,
    "GET /api/schema/{path}": PUBLIC,
    "GET /api/schema/openapi.json": PUBLIC,
    "GET /metrics": INTERNAL,
    "POST /api/auth/login": PUBLIC,
    "POST /api/auth/logout": MEMBERS,
    "GET /api/auth/me": MEMBERS,
    "GET /api/courses": MEMBERS,
    "POST /api/courses": STAFF,
    "GET /api/courses/{course_id}/lessons": MEMBERS,
    "POST /api/courses/{course_id}/lessons": STAFF,
    "GET /api/lessons": MEMBERS,
    "GET /api/sessions": MEMBERS,
    "POST /api/sessions": STAFF,
    "GET /api/sessions/{session_id}": MEMBERS,
    "GET /api/sessions/{session_id}/events": MEMBERS,
    "GET /api/sessions/{session_id}/events/stream": MEMBERS,
    "POST /api/sessions/start": STAFF,
    "POST /api/sessions/join": MEMBERS,
    "POST /api/sessions/end": STAFF,
    "GET /api/sessions/{session_id}/destinations": STAFF,
    "POST /api/sessions/{session_id}/destinations": STAFF,
    "GET /api/sessions/{session_id}/chat": MEMBERS,
    "POST /api/chat": MEMBERS,
    "PATCH /api/chat/{message_id}": MEMBERS,
    "DELETE /api/chat/{message_id}": MEMBERS,
    "GET /api/sessions/{session_id}/questions": MEMBERS,
    "POST /api/questions": MEMBERS,
    "POST /api/questions/{question_id}/upvote": MEMBERS,
    "DELETE /api/questions/{question_id}/upvote": MEMBERS,
    "POST /api/questions/{question_id}/answer": MODERATORS,
    "POST /api/questions/{question_id}/dismiss": MODERATORS,
    "GET /api/destinations": STAFF,
    "POST /api/destinations": STAFF,
    "GET /api/destinations/presets": STAFF,
    "PATCH /api/destinations/{destination_id}": STAFF,
    "DELETE /api/destinations/{destination_id}": STAFF,
    "POST /api/destinations/{destination_id}/test": STAFF,
    "GET /api/replays/{session_id}": MEMBERS,
    "GET /media/{key}": PUBLIC,
    "GET /api/sessions/{session_id}/artifacts": MEMBERS,
    "POST /api/sessions/{session_id}/artifacts/{kind}/retry": STAFF,
    "POST /api/sessions/{session_id}/artifacts/{kind}/cancel": STAFF,
    "POST /api/artifacts/process": INTERNAL,
    "POST /api/webhooks/livekit": PUBLIC,
    "GET /api/internal/rooms/{room}": INTERNAL,
    "GET /api/internal/sessions/{session_id}/events": INTERNAL,
    "POST /api/internal/sessions/{session_id}/captions": INTERNAL,
    "POST /api/internal/sessions/{session_id}/speaker-segments": INTERNAL,
    "POST /api/internal/jobs/{job_id}/claim": INTERNAL,
    "POST /api/internal/jobs/{job_id}/heartbeat": INTERNAL,
    "POST /api/internal/jobs/{job_id}/complete": INTERNAL,
    "POST /api/internal/jobs/{job_id}/fail": INTERNAL,
}

# Writes that need no Idempotency-Key, each with what makes it safe to repeat (CONTRACTS, "Everywhere").
KEYLESS: dict[str, str] = {
    "POST /api/auth/login": "opens another sign-in",
    "POST /api/auth/logout": "ends what is already ended",
    "POST /api/destinations/{destination_id}/test": "keeps nothing; one at a time for a destination",
    "POST /api/webhooks/livekit": "LiveKit's event id",
    "POST /api/artifacts/process": "its own key, kept in the session's log",
    "POST /api/internal/sessions/{session_id}/captions": "the captions' segment ids",
    "POST /api/internal/sessions/{session_id}/speaker-segments": "track and index of each segment",
    "POST /api/internal/jobs/{job_id}/claim": "the lease: who comes second is refused",
    "POST /api/internal/jobs/{job_id}/heartbeat": "prolongs what is held",
    "POST /api/internal/jobs/{job_id}/complete": "the lease token",
    "POST /api/internal/jobs/{job_id}/fail": "the lease token",
}
