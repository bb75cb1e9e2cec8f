from collections.abc import Mapping

from agents.egress.scene.captions import FINAL, KEPT, SEGMENT, STAYS_S, CaptionLines


def of(segment: str, *, final: bool = False) -> Mapping[str, str]:
    return {SEGMENT: segment, FINAL: "true" if final else "false"}


def test_a_partial_grows_in_place() -> None:
    lines = CaptionLines()
    for text in ("Good", "Good morning", "Good morning."):
        lines.hear("Ada", of("a"), text, 1.0)
    assert lines.shown(1.0) == ("Ada: Good morning.",)


def test_a_name_is_said_when_the_speaker_changes() -> None:
    lines = CaptionLines()
    lines.hear("Ada", of("a", final=True), "One.", 1.0)
    lines.hear("Ada", of("b"), "Two.", 1.1)
    lines.hear("Grace", of("c"), "Three.", 1.2)
    assert lines.shown(1.2) == ("Ada: One.", "Two.", "Grace: Three.")


def test_lines_fade_and_only_the_last_are_kept() -> None:
    lines = CaptionLines()
    for n in range(KEPT + 2):
        lines.hear("Ada", of(f"s{n}"), f"Line {n}", float(n))
    assert len(lines.shown(KEPT + 1.0)) == KEPT
    assert lines.fades_in_s(KEPT + 1.0) == 2 + STAYS_S - (KEPT + 1.0)
    assert lines.shown(KEPT + 1.0 + STAYS_S) == ()
    assert lines.fades_in_s(100.0) is None


def test_an_empty_final_takes_back_what_was_shown() -> None:
    lines = CaptionLines()
    lines.hear("Ada", of("a"), "Thank you for watching", 1.0)
    lines.hear("Ada", of("a", final=True), " ", 1.2)
    lines.hear("Ada", of("never"), "", 1.3)
    assert lines.shown(1.3) == ()
