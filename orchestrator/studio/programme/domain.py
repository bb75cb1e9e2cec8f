"""From the state of a session to what its programme shows: pure."""

from collections.abc import Callable

from orchestrator.state.session import SessionState
from orchestrator.state.studio import AssetState, SceneState, StudioState
from schema.programme import Brand, Picture, Shown, Surface
from schema.studio import Layout, PageSize, SceneMetadata

Link = Callable[[str], str]
"""From an object's key to a path on this server that opens for minutes."""

# As the pages have it: a board without a slide is 16:9.
BOARD = PageSize(width_px=1600, height_px=900)
WITH_SLIDES: frozenset[Layout] = frozenset({"slides", "slides_speaker"})


def describe(state: SessionState, sequence: int, brand: Brand, link: Link) -> Shown:
    """`sequence` is the session's last event."""
    studio = state.studio
    scene = studio.scenes[studio.active] if studio.active else None
    says = scene.metadata if scene else SceneMetadata()
    return Shown(
        sequence=sequence,
        name=state.title,
        layout=scene.layout if scene else None,
        title=says.title,
        lower_third=says.lower_third,
        background_color=says.background_color,
        background=_background(studio, says, link),
        pinned=str(says.pinned_participant_id) if says.pinned_participant_id else None,
        surface=_surface(studio, scene, link),
        countdown_to=says.countdown_to,
        captions=says.captions,
        brand=brand if says.logo else without_logo(brand),
    )


def without_logo(brand: Brand) -> Brand:
    return Brand(primary_color=brand.primary_color, accent_color=brand.accent_color)


def picture(key: str, width_px: int, height_px: int, link: Link) -> Picture:
    return Picture(key=key, link=link(key), width_px=width_px, height_px=height_px)


def _background(studio: StudioState, says: SceneMetadata, link: Link) -> Picture | None:
    if says.background_asset_id is None:
        return None
    return _page(studio.assets[says.background_asset_id], 1, link)


def _page(asset: AssetState, number: int, link: Link) -> Picture:
    size = asset.pages[number - 1]
    return picture(f"{asset.key}/{number:04d}.webp", size.width_px, size.height_px, link)


def _surface(studio: StudioState, scene: SceneState | None, link: Link) -> Surface | None:
    """The blank board before everything else, then the scene's slide where its layout has a place for one."""
    if studio.whiteboard:
        return Surface(picture=None, width_px=BOARD.width_px, height_px=BOARD.height_px)
    if scene is None or scene.slide is None or scene.layout not in WITH_SLIDES:
        return None
    slide = _page(studio.assets[scene.slide.asset_id], scene.slide.page, link)
    return Surface(
        picture=slide,
        width_px=slide.width_px,
        height_px=slide.height_px,
        asset_id=scene.slide.asset_id,
        page=scene.slide.page,
    )
