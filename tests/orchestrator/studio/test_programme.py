"""What the programme is told to show, after whatever was done at the studio."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import msgspec
from msgspec.structs import replace

from orchestrator.state.session import SessionState
from orchestrator.state.studio import AssetState, SceneState, StudioState
from orchestrator.studio.programme.director import encode, same
from orchestrator.studio.programme.domain import describe
from schema.programme import Brand, Picture, Shown
from schema.studio import Layout, PageSize, SceneMetadata, Slide

SCENE, ASSET, ADA = UUID(int=1), UUID(int=2), UUID(int=3)
LOGO = Picture(key="t/logo", link="/media/t/logo", width_px=10, height_px=4)
BRAND = Brand(primary_color="#102030", logo=LOGO)
PAGES = (PageSize(width_px=1600, height_px=900), PageSize(width_px=900, height_px=1600))


def shown(
    layout: Layout | None = "slides_speaker",
    metadata: SceneMetadata | None = None,
    slide: Slide | None = None,
    *,
    board: bool = False,
) -> Shown:
    scene = SceneState("Start", layout or "grid", metadata or SceneMetadata(), 4, (ASSET,), slide)
    studio = StudioState(
        scenes={SCENE: scene},
        assets={ASSET: AssetState("slide", "plan.pdf", "t/s/assets/a", PAGES)},
        active=SCENE if layout else None,
        whiteboard=board,
    )
    state = SessionState(title="Algebra", studio=studio)
    return describe(state, 7, BRAND, lambda key: f"/media/{key}?sig=1")


def test_without_a_scene_the_usual_is_shown_under_the_sessions_name() -> None:
    assert shown(None) == Shown(sequence=7, name="Algebra", brand=BRAND)


def test_a_scene_says_all_that_it_shows() -> None:
    to = datetime(2026, 11, 21, tzinfo=UTC)
    says = SceneMetadata(
        title="T",
        lower_third="L",
        background_color="#000000",
        pinned_participant_id=ADA,
        countdown_to=to,
        captions=True,
    )
    told = shown("single", says)
    assert (told.layout, told.title, told.lower_third, told.pinned) == (
        "single",
        "T",
        "L",
        str(ADA),
    )
    assert (told.background_color, told.countdown_to, told.captions) == ("#000000", to, True)
    assert told.brand == BRAND


def test_a_scene_may_leave_the_logo_out() -> None:
    assert shown(metadata=SceneMetadata(logo=False)).brand == Brand(primary_color="#102030")


def test_a_slide_is_named_by_its_object_and_by_a_link() -> None:
    surface = shown(slide=Slide(asset_id=ASSET, page=2)).surface
    assert surface is not None
    assert surface.picture == Picture(
        key="t/s/assets/a/0002.webp",
        link="/media/t/s/assets/a/0002.webp?sig=1",
        width_px=900,
        height_px=1600,
    )


def test_a_background_is_named_by_its_object_and_by_a_link() -> None:
    background = shown("grid", SceneMetadata(background_asset_id=ASSET)).background
    assert background == Picture(
        key="t/s/assets/a/0001.webp",
        link="/media/t/s/assets/a/0001.webp?sig=1",
        width_px=1600,
        height_px=900,
    )


def test_a_slide_is_told_only_where_the_layout_has_a_place_for_it() -> None:
    assert shown("speaker", slide=Slide(asset_id=ASSET)).surface is None
    assert shown("slides").surface is None


def test_the_blank_board_comes_before_the_slide() -> None:
    surface = shown(slide=Slide(asset_id=ASSET), board=True).surface
    assert surface is not None
    assert surface.picture is None


def test_an_event_that_changes_nothing_of_it_is_not_told_again() -> None:
    now = shown()
    assert same(encode(now), replace(now, sequence=99))
    assert not same(encode(now), replace(now, title="Another"))
    assert not same("", now)
    assert not same('{"layout": "speaker-dark"', now)


def test_the_largest_description_is_a_small_message() -> None:
    """LiveKit takes 64 000 bytes of metadata, and every person in the room gets it."""
    says = SceneMetadata(title="\u8bfe" * 200, lower_third="\u8bfe" * 200, captions=True)
    told = shown(metadata=says, slide=Slide(asset_id=ASSET))
    assert len(encode(replace(told, pinned=str(uuid4()))).encode()) < 3000
    assert msgspec.json.decode(encode(told), type=Shown) == told
