import pytest

from orchestrator.core.hls.playlist import length_ms
from orchestrator.egress.facts import (
    EgressFact,
    RoomFacts,
    StreamFact,
    look_of,
    scrubbed,
)
from schema.streams import redact


def test_the_latest_word_on_a_stream_counts() -> None:
    url = "rtmp://h/a/{...}"
    first, second = StreamFact(url=url, status="failed"), StreamFact(url=url)
    fact = EgressFact(id="EG_1", status="active", streams=(first, second))
    assert fact.stream(url) is second
    assert fact.stream("rtmp://other/a/{...}") is None


def test_a_playlist_is_as_long_as_its_parts() -> None:
    assert length_ms("#EXTM3U\n#EXTINF:2.000000,\na.ts\n#EXTINF:1.5,\nb.ts\n") == 3_500
    assert length_ms("#EXTM3U\n") == 0


@pytest.mark.parametrize("server", ["ams03.contribute", "ingest.global-contribute"])
def test_a_stream_to_twitch_is_found_whichever_ingest_the_egress_chose(server: str) -> None:
    asked = redact("rtmps://fra02.contribute.live-video.net/app/live_123456789")
    taken = redact(f"rtmp://{server}.live-video.net/app/live_123456789")
    assert look_of(asked) == look_of(taken) != asked
    assert look_of("rtmp://other.example/app/{liv...789}") == "rtmp://other.example/app/{liv...789}"


def test_no_key_is_in_what_an_egress_says_of_a_failure() -> None:
    url, short = "rtmp://host/live/secret-key", "rtmp://host/live/abc"
    said = f"Could not open {url}: no stream named secret-key, abc"
    stream = StreamFact(url=redact(url), status="failed", error=said)
    fact = EgressFact(id="EG_1", status="failed", error=said, streams=(stream,))
    (clean,) = scrubbed(RoomFacts(exists=True, egress=(fact,)), [url, short]).egress
    expected = "Could not open rtmp://host/live/{sec...key}: no stream named {...}, abc"
    assert (clean.error, clean.streams[0].error) == (expected, expected)


SRT = "srt://host:9000?streamid=class-7&passphrase=a-long-secret"


def test_an_srt_stream_is_found_also_where_it_is_told_as_it_is() -> None:
    assert look_of(SRT) == look_of(redact(SRT)) == "srt://host:9000{?st...ret}"


def test_no_pass_phrase_is_in_what_an_egress_says_of_a_failure() -> None:
    said = f"cannot open {SRT} (?streamid=class-7&passphrase=a-long-secret)"
    fact = EgressFact(id="EG_1", status="failed", error=said)
    (clean,) = scrubbed(RoomFacts(exists=True, egress=(fact,)), [SRT]).egress
    assert clean.error == "cannot open srt://host:9000{?st...ret} ({...})"
