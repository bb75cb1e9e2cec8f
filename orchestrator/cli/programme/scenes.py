"""From a call of the API to the first picture of it at an RTMP server: scenes and strokes, through the whole of the stack."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from statistics import median
from typing import NamedTuple
from uuid import UUID, uuid4

import numpy as np
from numpy.typing import NDArray

from orchestrator.cli.artifacts.office import staff
from orchestrator.cli.classroom.people import Person
from orchestrator.cli.ground.report import Figure
from orchestrator.cli.ground.stack import Ground
from orchestrator.cli.probe.flv import Arrival, Watch
from orchestrator.cli.probe.media import probe
from orchestrator.cli.probe.receivers import receivers
from orchestrator.cli.programme.stage import NotInTime, until
from schema.studio import Stroke

KEY = "scenes"
CHANGES = 20
FIRST_WITHIN_S = 45
# Until one change is on air: one that comes while another is on its way takes its place.
PAUSE_S = 0.7
PAINTS = ("#000000", "#ffffff")
# Of the pictures' area: a stroke takes a twentieth of the board, a scene all but its letters.
STROKE_STEP, SCENE_STEP = 0.015, 0.5
SETTLE_FRAMES = 10
BAR_MS = 300.0

# In ten-thousandths of the board's width: 45 of its 900 lines.
STROKE_WIDTH = 250

Change = Callable[[], Awaitable[object]]
Series = NDArray[np.float64]


class Asked(NamedTuple):
    """time.monotonic of each call."""

    scenes: list[float]
    strokes: list[float]


async def measure(here: Ground) -> list[Figure]:
    """Twenty scenes, activated and edited in turn, then twenty strokes on the whiteboard."""
    async with (
        receivers([KEY]) as peers,
        staff(here) as person,
        Watch(peers.folder, KEY) as watch,
    ):
        asked = await _teach(person, peers.url(KEY), watch)
        sent = probe(str(peers.recordings(KEY)[0])).video
    seen_s = _seen_s(sent.times_s, watch.arrivals)
    board, drawing = np.searchsorted(seen_s, [asked.scenes[-1] + PAUSE_S, asked.strokes[0]])
    switched = changes(sent.white[:board], SCENE_STEP)
    drawn = [drawing + at for at in changes(sent.white[drawing:], STROKE_STEP)][:CHANGES]
    return [
        *_figures("scene", late_ms(asked.scenes, [float(seen_s[at]) for at in switched])),
        *_figures("stroke", late_ms(asked.strokes, [float(seen_s[at]) for at in drawn])),
    ]


async def _teach(person: Person, address: str, watch: Watch) -> Asked:
    """A class from its start to its end; nobody but the programme is in the room."""
    session_id = (await person.create_session("Measured")).id
    destination = await person.create_destination("Measured", address, KEY)
    await person.select(session_id, [destination.id])
    await person.activate_scene(await _slate(person, session_id, 0))
    await person.start(session_id)
    await until(lambda: bool(watch.arrivals), FIRST_WITHIN_S)
    await asyncio.sleep(PAUSE_S)
    scenes = await _switch(person, session_id)
    await person.show_board(session_id)
    await asyncio.sleep(PAUSE_S)
    strokes = await _draw(person, session_id)
    await person.end(session_id)
    await asyncio.sleep(PAUSE_S)
    return Asked(scenes, strokes)


def changes(white: Series, step: float) -> list[int]:
    """The first frame of each that has so much more or less white than before."""
    found: list[int] = []
    level, at = white[0], 0
    while at < len(white):
        if abs(white[at] - level) < step:
            at += 1
            continue
        found.append(at)
        at = min(at + SETTLE_FRAMES, len(white) - 1)
        level = white[at]
        at += 1
    return found


def late_ms(asked_s: Sequence[float], shown_s: Sequence[float]) -> list[float]:
    """Raises NotInTime unless each of what was asked for was shown, and nothing else."""
    if len(asked_s) != len(shown_s):
        raise NotInTime(f"{len(shown_s)} of {len(asked_s)} changes were seen")
    return [1000 * (shown - asked) for asked, shown in zip(asked_s, shown_s, strict=True)]


def _seen_s(times_s: Series, arrivals: Sequence[Arrival]) -> Series:
    """When each frame of the server's file was seen in it."""
    came_ms = np.array([one.at_ms for one in arrivals])
    came_s: Series = np.array([one.seen_s for one in arrivals])
    nearest = np.abs(came_ms[None, :] - 1000 * times_s[:, None]).argmin(axis=1)
    seen_s: Series = came_s[nearest]
    return seen_s


async def _switch(person: Person, session_id: UUID) -> list[float]:
    asked_s, scene = [], UUID(int=0)
    for number in range(1, CHANGES + 1):
        if number % 2:
            scene = await _slate(person, session_id, number)
            change = partial(person.activate_scene, scene)
        else:
            change = partial(person.paint_scene, scene, PAINTS[number % 2])
        asked_s.append(await _timed(change))
    return asked_s


async def _draw(person: Person, session_id: UUID) -> list[float]:
    """Lines across the whole board, one under the other."""
    asked_s = []
    for number in range(CHANGES):
        y = (2 * number + 1) * 10_000 // (2 * CHANGES)
        stroke = Stroke(uuid4(), PAINTS[0], STROKE_WIDTH, [0, y, 10_000, y])
        asked_s.append(await _timed(partial(person.draw, session_id, stroke)))
    return asked_s


async def _timed(change: Change) -> float:
    asked_s = time.monotonic()
    await change()
    await asyncio.sleep(PAUSE_S)
    return asked_s


async def _slate(person: Person, session_id: UUID, number: int) -> UUID:
    """Nothing but a background, whose colour is another than that of its neighbours."""
    scene = await person.create_scene(session_id, "waiting", PAINTS[number % 2])
    return scene.id


def _figures(key: str, late: Sequence[float]) -> list[Figure]:
    named = {"p50": median(late), "p95": float(np.percentile(late, 95))}
    return [
        Figure(
            key=f"{key}_{name}_ms",
            what=f"call to its first picture of a {key} at the RTMP server, {name}",
            value=value,
            unit="ms",
            bar=BAR_MS,
            least=False,
        )
        for name, value in named.items()
    ]
