from orchestrator.core.hls.playlist import length_ms
from orchestrator.egress.facts import EgressFact, StreamFact


def test_the_latest_word_on_a_stream_counts() -> None:
    url = "rtmp://h/a/{...}"
    first, second = StreamFact(url=url, status="failed"), StreamFact(url=url)
    fact = EgressFact(id="EG_1", status="active", streams=(first, second))
    assert fact.stream(url) is second
    assert fact.stream("rtmp://other/a/{...}") is None


def test_a_playlist_is_as_long_as_its_parts() -> None:
    assert length_ms("#EXTM3U\n#EXTINF:2.000000,\na.ts\n#EXTINF:1.5,\nb.ts\n") == 3_500
    assert length_ms("#EXTM3U\n") == 0
