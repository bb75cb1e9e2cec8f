import "@fontsource/source-sans-pro/400.css";
import "./programme.css";
import EgressHelper from "@livekit/egress-sdk";
import { Room } from "livekit-client";
import { createRoot } from "react-dom/client";
import { Programme } from "./Programme";
import { Stage } from "./stage";

/** Pictures that are on at the join get this long to come, as in our own worker; the recording then starts without. */
const SETTLE_MS = 1500;

/** LiveKit's egress opens this page with its address, a recorder's token and the layout, and waits for START_RECORDING. */
async function main(): Promise<void> {
  const room = new Room({ adaptiveStream: { pixelDensity: 1 } });
  const stage = new Stage(room, EgressHelper.getLayout());
  EgressHelper.onLayoutChanged((layout) => stage.setUsual(layout));
  const root = document.getElementById("programme");
  if (!root) throw new Error("the page is incomplete");
  createRoot(root).render(<Programme stage={stage} />);
  await room.connect(EgressHelper.getLiveKitURL(), EgressHelper.getAccessToken());
  EgressHelper.setRoom(room);
  await Promise.race([stage.settled(), new Promise((done) => setTimeout(done, SETTLE_MS))]);
  EgressHelper.startRecording();
}

main().catch((error: unknown) => {
  EgressHelper.endRecording();
  throw error;
});
