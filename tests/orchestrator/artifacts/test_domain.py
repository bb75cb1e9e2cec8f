from uuid import UUID

import pytest

from orchestrator.artifacts import domain
from orchestrator.state.recordings import RecordingState, stale_kinds
from schema.errors import InvalidField, JobNotOpen, JobRunning, NotFound, NothingRecorded
from schema.events import ArtifactCompleted, ArtifactRequeued, RecordingAdded
from schema.jobs import NEEDS, ArtifactKind, JobState, with_dependents

SESSION, USER, ID = UUID(int=1), UUID(int=2), UUID(int=3)
SPEAKER = RecordingState(ID, "speaker", "t/s/speakers/p/TR", "audio/ogg", 0)
PROGRAMME = RecordingState(UUID(int=4), "programme", "t/s/programme/1/index.m3u8", "", 0)
OWN = {"lectern.test"}


def test_what_is_made_of_an_artifact_is_made_again_with_it() -> None:
    assert set(NEEDS) - set(with_dependents("transcript")) == {
        "slides",
        "tracks",
        "speech",
        "sounds",
    }
    assert with_dependents("chapters") == ["chapters", "replay", "summary", "quiz", "document"]
    assert with_dependents("replay") == ["replay"]


def test_laughter_and_applause_better_the_highlights_and_are_listened_for_anew_in_new_sound() -> (
    None
):
    heard = ArtifactCompleted(kind="sounds", job_id=ID, key="t/s/sounds.json", provenance={})
    assert stale_kinds(heard) == {"highlights", "replay"}
    late = RecordingAdded(
        recording_id=SPEAKER.id,
        kind=SPEAKER.kind,
        key=SPEAKER.key,
        mime_type=SPEAKER.mime_type,
        started_at_unix_ms=0,
    )
    assert "sounds" in stale_kinds(late)


@pytest.mark.parametrize("state", ["queued", "done", "failed", "parked"])
def test_everything_but_a_running_job_can_be_made_again(state: JobState) -> None:
    assert len(domain.retry(SESSION, "highlights", {"highlights": state}, USER, "")) == 2
    with pytest.raises(JobRunning):
        domain.retry(SESSION, "highlights", {"highlights": "running"}, USER, "")


def test_a_chosen_model_is_for_the_kind_itself() -> None:
    made = domain.retry(SESSION, "summary", {"summary": "done"}, USER, "large")
    assert {event.kind: event.model for event in made if isinstance(event, ArtifactRequeued)} == {
        "summary": "large",
        "quiz": "",
        "document": "",
    }


def test_only_a_model_of_the_installation_may_be_chosen() -> None:
    domain.check_model("", [])
    domain.check_model("base", ["tiny.en", "base"])
    with pytest.raises(InvalidField, match="tiny"):
        domain.check_model("huge", ["tiny.en"])


@pytest.mark.parametrize("state", ["done", "failed", "parked"])
def test_only_an_open_job_can_be_cancelled(state: JobState) -> None:
    with pytest.raises(JobNotOpen):
        domain.cancel(SESSION, "chapters", {"chapters": state}, USER, "Ada")
    assert len(domain.cancel(SESSION, "chapters", {"chapters": "running"}, USER, "Ada")) == 1


def test_what_nobody_asked_for_is_not_made_with_what_it_is_made_of() -> None:
    done: dict[ArtifactKind, JobState] = {"transcript": "done"}
    assert "subtitled" not in domain.affected({"transcript"}, done)
    assert "subtitled" not in domain.affected(set(), done)
    assert domain.affected({"subtitled"}, done) == ["subtitled"]
    asked: dict[ArtifactKind, JobState] = {**done, "subtitled": "done"}
    assert "subtitled" in domain.affected({"transcript"}, asked)
    assert domain.affected(set(), asked) == list(NEEDS)


def test_what_is_not_there_is_neither_made_again_nor_cancelled() -> None:
    with pytest.raises(NotFound):
        domain.retry(SESSION, "summary", {}, USER, "")
    with pytest.raises(NotFound):
        domain.cancel(SESSION, "subtitled", {}, USER, "Ada")
    assert len(domain.retry(SESSION, "subtitled", {}, USER, "")) == 1


def test_captions_are_drawn_only_into_a_programme() -> None:
    domain.check_recorded(["subtitled"], [SPEAKER, PROGRAMME])
    domain.check_recorded(["transcript"], [])
    with pytest.raises(NothingRecorded):
        domain.check_recorded(["subtitled"], [SPEAKER])


def test_a_kind_that_is_none_is_not_found() -> None:
    with pytest.raises(NotFound):
        domain.kind_named("summaries")


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("t/s/speakers/p/TR", ID),
        ("https://lectern.test/media/t/s/speakers/p/TR/all.ogg?exp=1&sig=x", ID),
        (f"/media/t/s/artifacts/replay/j.{ID}.ogg", ID),
        ("http://lectern.test/media/t/s/programme/1/index%2Em3u8", PROGRAMME.id),
    ],
)
def test_a_recording_is_named_by_its_key_or_by_our_link(url: str, found: UUID) -> None:
    assert domain.recording_at([SPEAKER, PROGRAMME], domain.key_of(url, OWN)) == found


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.test/media/t/s/speakers/p/TR",
        "https://lectern.test/t/s/speakers/p/TR",
        "file:///media/t/s/speakers/p/TR",
        "t/s/programme/1/index.m3u8/all.ogg",
        f"t/other/artifacts/replay/j.{ID}.ogg",
        "t/s/speakers/p/TR/../TR",
        "http://[",
    ],
)
def test_anything_else_is_refused(url: str) -> None:
    with pytest.raises(InvalidField):
        domain.recording_at([SPEAKER, PROGRAMME], domain.key_of(url, OWN))
