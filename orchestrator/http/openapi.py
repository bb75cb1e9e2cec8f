"""The API's description, completed from the access table: who may call each operation, and how it can refuse."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Protocol

from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import (
    OpenAPI,
    OpenAPIMediaType,
    OpenAPIResponse,
    Operation,
    Reference,
    RequestBody,
    Schema,
    SecurityScheme,
)
from litestar.openapi.spec.enums import OpenAPIType

ERROR = "ErrorBody"
METHODS = ("get", "post", "put", "patch", "delete")
REFUSALS: dict[int, tuple[str, str]] = {
    400: ("Malformed", "The request cannot be read, or has no Idempotency-Key."),
    401: ("NotSignedIn", "No valid sign-in came with the request."),
    403: ("Forbidden", "Signed in, but without a role that allows this here."),
    404: ("NotFound", "There is no such thing, or not in this tenant."),
    409: ("Conflict", "The state does not allow it, or the same request is still running."),
    413: ("TooLarge", "The body is too large."),
    415: ("Unsupported", "The body is not of the type that is documented."),
    422: (
        "Invalid",
        "A field is invalid (`details.field`), or the key was used for another request.",
    ),
    429: ("TooMany", "Too many attempts; `Retry-After` says when to come again."),
    503: ("Unavailable", "A server that this needs is away; `code` says which."),
}
SUCCESSES = {200: "Done.", 201: "Made.", 202: "Accepted.", 204: "Done; there is no body."}
SCHEMES: dict[str, SecurityScheme | Reference] = {
    "bearer": SecurityScheme(
        type="http", scheme="bearer", description="The token of a sign-in, or an API key."
    ),
    "cookie": SecurityScheme(
        type="apiKey",
        security_scheme_in="cookie",
        name="__Host-lectern",
        description="The same token, set by signing in; only from Lectern's own pages.",
    ),
    "internal": SecurityScheme(
        type="http", scheme="bearer", description="The token that Lectern's own programs share."
    ),
}


class Rule(Protocol):
    """orchestrator.auth.access.Rule."""

    @property
    def who(self) -> frozenset[Any] | str: ...
    @property
    def scope(self) -> str: ...
    @property
    def at(self) -> str: ...


@dataclass
class RuledOperation(Operation):
    """An operation that names the roles it is for, and in what they must be held."""

    roles: list[str] | None = field(default=None, metadata={"alias": "x-lectern-roles"})
    scope: str | None = field(default=None, metadata={"alias": "x-lectern-scope"})


def operation_id(handler: HTTPRouteHandler, *_: object) -> str:
    """The handler's name in camelCase; Litestar refuses to start with two of the same."""
    first, *rest = handler.handler_name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def complete(
    description: OpenAPI, access: Mapping[str, Rule], examples: Mapping[str, Mapping[str, Any]]
) -> None:
    """Changes it in place; Litestar's own guess of a validation error is not what we answer. `examples` go by component."""
    components = description.components
    components.schemas[ERROR] = _error_body()
    components.responses = {name: _refusal(text) for name, text in REFUSALS.values()}
    components.security_schemes = SCHEMES
    for path, item in (description.paths or {}).items():
        for method in METHODS:
            if (operation := getattr(item, method)) is not None:
                route = f"{method.upper()} {path}"
                _exemplify(operation, examples)
                setattr(item, method, _ruled(operation, route, access[route]))


def _ruled(operation: Operation, route: str, rule: Rule) -> RuledOperation:
    given = {each.name: getattr(operation, each.name) for each in fields(Operation)}
    ruled = RuledOperation(**given)
    if operation.operation_id:
        ruled.summary = _sentence(operation.operation_id)
    if isinstance(rule.who, frozenset):
        ruled.roles = sorted(rule.who)
        ruled.scope = None if rule.scope == "none" else rule.scope
    ruled.security = _security(rule)
    ruled.responses = {
        **_successes(operation),
        **{
            str(status): Reference(ref=f"#/components/responses/{REFUSALS[status][0]}")
            for status in sorted(set(_refusals(operation, route, rule)))
        },
    }
    return ruled


def _exemplify(operation: Operation, examples: Mapping[str, Mapping[str, Any]]) -> None:
    if isinstance(body := operation.request_body, RequestBody):
        for media in body.content.values():
            if isinstance(media.schema, Reference):
                media.example = examples.get(media.schema.ref.rpartition("/")[2])


def _security(rule: Rule) -> list[dict[str, list[str]]]:
    if rule.who == "public":
        return []
    return [{"internal": []}] if rule.who == "internal" else [{"bearer": []}, {"cookie": []}]


def _refusals(operation: Operation, route: str, rule: Rule) -> Iterator[int]:
    """What the plumbing can answer on this route, besides what the handler itself does."""
    yield 503
    if rule.who != "public":
        yield 401
    if rule.who not in {"public", "internal"}:
        yield from (403, 429)
    if rule.at or "{" in route:
        yield from (404, 409)
    if operation.parameters or operation.request_body:
        yield from (400, 422)
    if operation.request_body:
        yield from (413, 415)
    if not route.startswith("GET "):
        yield from (400, 401, 403, 404, 409, 413, 422, 429)


def _successes(operation: Operation) -> dict[str, OpenAPIResponse | Reference]:
    kept = {}
    for status, answer in (operation.responses or {}).items():
        if status != "default" and int(status) < 400:
            if isinstance(answer, OpenAPIResponse):
                answer.description = SUCCESSES.get(int(status), answer.description)
                answer.headers = answer.headers or None
                answer.content = None if status == "204" else answer.content
            kept[status] = answer
    return kept


def _sentence(name: str) -> str:
    """`createLesson` is "Create lesson"."""
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name)
    return words[:1].upper() + words[1:]


def _error_body() -> Schema:
    return Schema(
        type=OpenAPIType.OBJECT,
        properties={
            "code": Schema(type=OpenAPIType.STRING, examples=["not_found"]),
            "message": Schema(type=OpenAPIType.STRING, examples=["There is no such session."]),
            "details": Schema(type=[OpenAPIType.OBJECT, OpenAPIType.NULL]),
        },
        required=["code", "message"],
    )


def _refusal(text: str) -> OpenAPIResponse:
    body = OpenAPIMediaType(schema=Reference(ref=f"#/components/schemas/{ERROR}"))
    return OpenAPIResponse(description=text, content={"application/json": body})
