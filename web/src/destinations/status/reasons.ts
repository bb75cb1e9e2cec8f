/** The words with which an egress worker begins its reason (agents/media/relay/reasons.py), as a person says them. */
const SENTENCES: Record<string, string> = {
  barred: "This server's address is none that may be called.",
  refused: "Nothing listens at this address.",
  unreachable: "There is no way to this server; check its address.",
  connect_timeout: "The server does not answer.",
  no_tls: "The server does not open an encrypted connection.",
  no_rtmp: "The server hangs up at once; it may be away, or take rtmps:// only.",
  untrusted: "The server cannot prove that it is who it says it is: its certificate is wrong.",
  unavailable: "The machine that streams cannot send SRT.",
  rejected: "The server does not take this stream; check the stream key.",
  closed: "The server hung up.",
  stalled: "The server stopped taking the stream.",
  crashed: "Sending stopped unexpectedly.",
};

/** "refused: Connection refused" as a sentence; what is no such word stays as it is. */
export const plainReason = (reason: string): string =>
  SENTENCES[reason.split(":")[0] ?? ""] ?? reason;
