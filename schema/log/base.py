"""What every payload of the log has in common."""

import msgspec


class Payload(msgspec.Struct, frozen=True, rename="camel", kw_only=True, tag_field="type"):
    """Base of all payloads; `type` is the tag and goes to its own column."""
