import hashlib
from typing import get_args
from uuid import UUID

import msgspec
import pytest

from pipelines.kind import Made, Task
from pipelines.registry import KINDS
from pipelines.runner import provenance
from pipelines.sound import yamnet
from pipelines.text import meaning
from schema.jobs import NEEDS, ArtifactKind, ClaimedJob
from schema.recordings import ReplayManifest
from tests.pipelines.builders import caption, source
from tests.support.programme import PROGRAMME, recorded

CAPTIONS = [
    caption(1, "Ada", 1_000, 5_000, "Gravity pulls the apple to the ground."),
    caption(2, "Ben", 6_000, 9_000, "How fast does the apple fall?"),
]


def make_all() -> dict[ArtifactKind, Made]:
    made: dict[ArtifactKind, Made] = {}
    for name in NEEDS:
        given = source(CAPTIONS, recordings=[PROGRAMME], done=dict.fromkeys(made, "key"))
        needed: dict[str, bytes] = {need: made[need].files["json"] for need in NEEDS[name]}
        made[name] = KINDS[name].make(Task(given, needed, read=recorded().get))
    return made


@pytest.fixture(scope="module")
def every() -> dict[ArtifactKind, Made]:
    return make_all()


def test_every_kind_of_the_vocabulary_is_made_after_what_it_needs(
    every: dict[ArtifactKind, Made],
) -> None:
    assert set(KINDS) == set(get_args(ArtifactKind)) == set(NEEDS)
    assert list(every) == list(NEEDS)


def test_the_same_input_makes_the_same_bytes(every: dict[ArtifactKind, Made]) -> None:
    one, other = dict(every), make_all()
    # A Word document is an archive that notes when it was packed.
    del one["document"], other["document"]
    assert one == other


# What has a model of its own; the transcript has one once the careful pass is done.
WITH_MODEL = {
    "chapters": meaning.MODEL,
    "summary": meaning.MODEL,
    "speech": "tiny.en",
    "sounds": yamnet.MODEL,
}


@pytest.mark.parametrize("kind", NEEDS)
def test_every_artifact_says_of_what_and_how_it_was_made(
    kind: ArtifactKind, every: dict[ArtifactKind, Made]
) -> None:
    made = every[kind]
    job = ClaimedJob(
        id=UUID(int=9),
        kind=kind,
        attempt=1,
        lease_token="lease",
        lease_s=60,
        input=source(CAPTIONS),
        input_hash="hash",
    )
    told = provenance(job, made)
    assert (told["firstSequence"], told["lastSequence"]) == (1, job.input.last_sequence)
    assert (told["pipeline"], told["version"]) == (kind, KINDS[kind].version)
    assert told["inputHash"] == "hash"
    assert told["contentHash"] == hashlib.sha256(made.files["json"]).hexdigest()
    assert told["method"]
    assert told["model"] == WITH_MODEL.get(kind, "")
    assert set(told) == {
        "pipeline",
        "version",
        "inputHash",
        "contentHash",
        "firstSequence",
        "lastSequence",
        "method",
        "model",
        "parameters",
    }


def test_the_careful_pass_says_how_the_class_wanted_to_be_heard(
    every: dict[ArtifactKind, Made],
) -> None:
    parameters = every["speech"].recipe.parameters
    assert {"language", "languages", "glossary", "maskProfanity", "silent", "windowS"} <= set(
        parameters
    )


def test_the_manifest_counts_what_is_there(every: dict[ArtifactKind, Made]) -> None:
    manifest = msgspec.json.decode(every["replay"].files["json"], type=ReplayManifest)
    assert (manifest.segment_count, manifest.chapter_count) == (2, 1)
    assert manifest.duration_ms == 9_000
    assert manifest.highlight_count >= 1
    assert set(manifest.artifacts) == {"transcript", "slides", "chapters", "highlights"}
