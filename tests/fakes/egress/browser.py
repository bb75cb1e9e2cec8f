"""The official worker's Chrome, as far as the room sees it: pkg/pipeline/source/web.go."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit

from livekit import api, rtc

from tests.fakes.egress.request import Ordered


class Browser:
    """`page` is what it opens, token and all; the page enters the room, says START_RECORDING, and END_RECORDING when the
    room lets go of it."""

    def __init__(self, ordered: Ordered, layout: str, ws_url: str, key: str, secret: str) -> None:
        token = recorder_token(ordered, key, secret)
        query = urlencode({"layout": layout, "url": ws_url, "token": token})
        self.page = f"{ordered.page}?{query}"
        self._room = rtc.Room()

    @property
    def told(self) -> str:
        """What the room says of the scene; the page draws by it."""
        return self._room.metadata

    async def open(self, end_recording: Callable[[], None]) -> None:
        given = parse_qs(urlsplit(self.page).query)
        self._room.on("disconnected", lambda *_: end_recording())
        options = rtc.RoomOptions(auto_subscribe=False)
        await self._room.connect(given["url"][0], given["token"][0], options)

    async def close(self) -> None:
        await self._room.disconnect()


def recorder_token(ordered: Ordered, key: str, secret: str) -> str:
    """livekit/protocol egress/token.go BuildEgressToken."""
    grants = api.VideoGrants(
        room_join=True,
        room=ordered.room,
        can_subscribe=True,
        can_publish=False,
        can_publish_data=False,
        hidden=True,
        recorder=True,
    )
    token = api.AccessToken(key, secret).with_identity(ordered.egress_id).with_kind("egress")
    return token.with_grants(grants).to_jwt()
