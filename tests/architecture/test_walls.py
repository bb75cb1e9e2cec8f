"""Who may open a transaction without a wall: every place is named here, with its reason."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]

SYSTEM: dict[str, str] = {
    "auth/keys/service.py": "signing in: nobody knows yet whose tenant it is",
    "auth/oidc/service.py": "signing in: nobody knows yet whose tenant it is",
    "auth/service.py": "signing in: nobody knows yet whose tenant it is",
    "auth/users/links.py": "a one-time link names nobody's tenant",
    "artifacts/service.py": "the artifact engine's trigger, for Lectern's own programs",
    "captions/internal_api.py": "internal API: agents know sessions, not tenants",
    "cli/finding/search.py": "the operator's bench",
    "cli/ground/classes.py": "the operator's bench",
    "cli/accounts/main.py": "the operator's list of people",
    "cli/ground/crowd.py": "the operator's bench",
    "cli/demo/findings.py": "the operator's demo",
    "cli/keys/main.py": "the operator's count of sealed rows",
    "cli/keys/rewrap.py": "the operator's rotation of keys, over all tenants",
    "cli/proof.py": "the operator's doctor",
    "core/log/snapshots.py": "loop: keeps states of every tenant's sessions",
    "courses/seed.py": "the demo's first course, before anybody signs in",
    "egress/converge.py": "loop: converges every tenant's live sessions",
    "egress/health/rounds.py": "loop: asks platforms about every tenant's live classes",
    "egress/reconciler.py": "loop: finds every tenant's live sessions",
    "egress/statistics/service.py": "internal: egress workers report for every tenant",
    "outbound/dispatcher.py": "loop: delivers every tenant's events",
    "outbound/outbox.py": "loop: delivers every tenant's events",
    "invitations/service.py": "who accepts an invitation is no member yet",
    "platforms/watch.py": "loop: asks how every tenant's accounts are",
    "people/keeper.py": "loop: keeps order in every tenant's live classes",
    "parts.py": "health, and the loop that deletes what has expired",
    "recordings/intake.py": "internal API and loop: agents know sessions, not tenants",
    "recordings/making/jobs.py": "internal API and loop: workers know jobs, not tenants",
    "realtime/feed.py": "one reader for all who follow, admitted before",
    "realtime/relay/service.py": "loop: events of every tenant's sessions",
    "studio/loose.py": "loop: clears away what no row of any tenant names",
    "studio/boards/internal_api.py": "internal API: recorders know sessions, not tenants",
    "realtime/internal_api.py": "internal API: agents know rooms, not tenants",
    "studio/programme/director.py": "loop: what every tenant's live programmes show",
    "webhooks/inbox.py": "loop: LiveKit's webhooks know rooms, not tenants",
}


def openers() -> set[str]:
    return {
        path.relative_to(ROOT / "orchestrator").as_posix()
        for path in (ROOT / "orchestrator").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr == "system_transaction"
    }


def test_only_named_places_open_a_transaction_without_a_wall() -> None:
    assert openers() == set(SYSTEM)


def test_nobody_goes_around_the_transactions() -> None:
    """A connection taken from the engine has no wall; the reconciler holds one for its lock on the whole installation."""
    found = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "orchestrator").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr == "engine"
    }
    assert found == {"orchestrator/core/database.py", "orchestrator/egress/reconciler.py"}
