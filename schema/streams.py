"""What may be said of a stream's URL: as LiveKit reports it, without its key; pure."""

# A key shorter than this is no secret, and taking it out would spoil the sentence.
MIN_SECRET_CHARS = 4


def redact(url: str) -> str:
    """The part after the last slash as `{abc...xyz}`, with 3, 2 or 1 characters at each end for a key of at least 9, 6 or 3, else
    `{...}` (livekit/protocol, utils.RedactStreamKey); librtmp's `live=1` is no part of it. Of an SRT URL all of the query is the
    key. What is no URL is not shown at all."""
    head, key, live = _split(url)
    if not key and url.startswith("srt:"):
        return url
    shown = min(len(key) // 3, 3) if head else 0
    return f"{head}{{{key[:shown]}...{key[len(key) - shown :]}}}{live}"


def scrub(text: str, *urls: str) -> str:
    """Without these URLs' keys, which servers and libraries like to repeat."""
    for url in urls:
        _, key, _ = _split(url)
        text = text.replace(url, redact(url))
        text = text.replace(key, "{...}") if len(key) >= MIN_SECRET_CHARS else text
    return text


def _split(url: str) -> tuple[str, str, str]:
    """What comes before the key, the key, and what comes after."""
    if url.startswith("srt:"):
        head, mark, query = url.partition("?")
        return head, mark + query, ""
    live = " live=1" if url.endswith(" live=1") else ""
    head, slash, key = url.removesuffix(live).rpartition("/")
    return head + slash, key, live
