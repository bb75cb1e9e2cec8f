"""The API's description, completed with what holds for every route: the shape of refusals and how to sign in."""

from litestar.openapi.spec import (
    OpenAPI,
    OpenAPIMediaType,
    OpenAPIResponse,
    Operation,
    PathItem,
    Reference,
    Schema,
    SecurityScheme,
)
from litestar.openapi.spec.enums import OpenAPIType

ERROR = "ErrorBody"
METHODS = ("get", "post", "put", "patch", "delete")


def complete(description: OpenAPI) -> None:
    """Changes it in place; Litestar's own guess of a validation error is not what we answer."""
    components = description.components
    components.schemas[ERROR] = Schema(
        type=OpenAPIType.OBJECT,
        properties={
            "code": Schema(type=OpenAPIType.STRING),
            "message": Schema(type=OpenAPIType.STRING),
            "details": Schema(type=OpenAPIType.OBJECT, additional_properties=True),
        },
        required=["code", "message"],
    )
    components.security_schemes = {"bearer": SecurityScheme(type="http", scheme="bearer")}
    description.security = [{"bearer": []}]
    for item in (description.paths or {}).values():
        for operation in _operations(item):
            _set_refusal(operation)


def _operations(item: PathItem) -> list[Operation]:
    return [found for method in METHODS if (found := getattr(item, method)) is not None]


def _set_refusal(operation: Operation) -> None:
    body = OpenAPIMediaType(schema=Reference(ref=f"#/components/schemas/{ERROR}"))
    refusal = OpenAPIResponse(description="Refused", content={"application/json": body})
    kept = {
        status: answer
        for status, answer in (operation.responses or {}).items()
        if status == "default" or int(status) < 400
    }
    operation.responses = {**kept, "default": refusal}
