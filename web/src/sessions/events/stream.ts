import { type StoredEvent, storedEvent } from "./eventFeed";

/** A browser gives up on a stream that was refused; we ask again after this. */
const AGAIN_MS = 5_000;

interface StreamPorts {
  onEvent: (event: StoredEvent | null) => void;
  /** Whether the stream is up. */
  onOpen: (open: boolean) => void;
  /** Events after this one are wanted; asked whenever a connection is made anew. */
  after: () => number;
}

/** Follows a session by server-sent events until the class is over or the result is called. */
export function openStream(sessionId: string, { onEvent, onOpen, after }: StreamPorts): () => void {
  let source: EventSource;
  let timer: number | undefined;
  const close = () => {
    window.clearTimeout(timer);
    source.close();
  };
  const connect = () => {
    source = new EventSource(`/api/sessions/${sessionId}/events/stream?after=${after()}`);
    source.onopen = () => onOpen(true);
    source.onmessage = ({ data }: MessageEvent<string>) => onEvent(storedEvent(data));
    source.addEventListener("closed", close);
    source.onerror = () => {
      onOpen(false);
      if (source.readyState === EventSource.CLOSED) timer = window.setTimeout(connect, AGAIN_MS);
    };
  };
  connect();
  return close;
}
