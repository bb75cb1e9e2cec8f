import type { default as Hls, HlsConfig, LoadPolicy } from "hls.js";
import { type Mending, mendedAgain } from "./mending";
import { PartAddresses } from "./partAddresses";

interface Attachment {
  url: string;
  /** Null begins a live class at its edge, whatever else where it begins. */
  startS: number | null;
  /** The playlist's address, signed anew. */
  renewed: () => Promise<string>;
  /** The signed address stopped working, or the store is away. */
  onStale: () => void;
  /** The bytes came but can't be played. */
  onBroken: (reason: string) => void;
}

const UNDECODABLE =
  "It is damaged, or this browser can't decode it. Try another browser; the transcript can be read all the same.";

/** Plays an HLS playlist in `video`, by hls.js where it runs and natively elsewhere; returns how to stop. */
export function attachHls(video: HTMLVideoElement, attachment: Attachment): () => void {
  const aborter = new AbortController();
  let hls: Hls | null = null;
  // The light build has all that one rendition needs, at half the size.
  import("hls.js/light").then(
    ({ default: Player }) => {
      if (aborter.signal.aborted) return;
      if (Player.isSupported()) hls = playByHls(Player, video, attachment);
      else playNatively(video, attachment, aborter.signal);
    },
    (error: unknown) => attachment.onBroken(String(error)),
  );
  return () => {
    aborter.abort();
    hls?.destroy();
    video.removeAttribute("src");
  };
}

function playByHls(Player: typeof Hls, video: HTMLVideoElement, attachment: Attachment): Hls {
  const hls = new Player({
    startPosition: attachment.startS ?? -1,
    ...renewing(Player, attachment),
  });
  let mending: Mending | null = null;
  const mend = () => {
    mending = mendedAgain(mending, video.currentTime);
    if (mending) {
      hls.recoverMediaError();
    } else {
      hls.destroy();
      attachment.onBroken(UNDECODABLE);
    }
  };
  hls.on(Player.Events.ERROR, (_event, { fatal, type, details }) => {
    if (!fatal) return;
    if (type === Player.ErrorTypes.NETWORK_ERROR) attachment.onStale();
    else if (type === Player.ErrorTypes.MEDIA_ERROR) mend();
    else attachment.onBroken(details);
  });
  hls.loadSource(attachment.url);
  hls.attachMedia(video);
  return hls;
}

/**
 * Loads parts, and a live class's playlist again and again, by addresses that are signed anew whenever they have expired:
 * an hour's pause ends where it began.
 */
function renewing(Player: typeof Hls, { renewed }: Attachment): Partial<HlsConfig> {
  const addresses = new PartAddresses(async () => {
    const url = await renewed();
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`The playlist is not there: ${answer.status}.`);
    return { url, text: await answer.text() };
  });
  const { fragLoadPolicy, playlistLoadPolicy } = Player.DefaultConfig;
  return {
    xhrSetup: async (xhr, url) => xhr.open("GET", await addresses.of(url), true),
    fragLoadPolicy: triedAnew(fragLoadPolicy, addresses),
    playlistLoadPolicy: triedAnew(playlistLoadPolicy, addresses),
  };
}

/** As `policy`, and what is refused for its address is asked for by the next one. */
function triedAnew({ default: usually }: LoadPolicy, addresses: PartAddresses): LoadPolicy {
  const { errorRetry } = usually;
  return {
    default: {
      ...usually,
      errorRetry: errorRetry && {
        ...errorRetry,
        shouldRetry: (policy, tries, _isTimeout, response, usual) =>
          usual || (addresses.refused(response?.code) && tries < (policy?.maxNumRetry ?? 0)),
      },
    },
  };
}

function playNatively(
  video: HTMLVideoElement,
  { url, startS, onStale }: Attachment,
  signal: AbortSignal,
): void {
  const once = { once: true, signal };
  const toStart = () => {
    if (startS !== null) video.currentTime = startS;
  };
  video.addEventListener("loadedmetadata", toStart, once);
  video.addEventListener("error", onStale, once);
  video.src = url;
}
