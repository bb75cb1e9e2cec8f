"""Texts that people write, as the log and the database can keep them."""

from schema.errors import InvalidField


def clean(text: str, field: str, max_chars: int) -> str:
    """Trimmed. Raises InvalidField."""
    trimmed = text.strip()
    if not 1 <= len(trimmed) <= max_chars:
        raise InvalidField(field, f"Write between 1 and {max_chars} characters.")
    # PostgreSQL keeps no NUL, neither in text nor in JSON.
    if "\0" in trimmed:
        raise InvalidField(field, "This text holds a character that cannot be kept.")
    return trimmed
