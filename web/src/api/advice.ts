import type { Problem } from "./problem";

const ADVICE: Record<string, string> = {
  network: "Check your connection; Lectern keeps trying.",
  not_signed_in: "Sign in again to go on.",
  forbidden: "Ask a teacher or an administrator for access.",
  not_found: "The link may be old. Go back to your sessions.",
  session_not_live: "Wait for the teacher to start the class.",
  session_over: "The class is over; its replay is in your sessions.",
  room_locked: "Wait until the teacher opens the class again.",
  chat_closed: "Wait until the teacher opens it; questions can still be asked.",
  muted: "Ask the teacher to let you write again.",
  message_filtered: "Say it in other words.",
  too_many_pins: "Unpin a message first.",
  poll_closed: "The result is shown in the poll.",
  poll_already_opened: "It was opened in the meantime; make a new poll instead.",
  question_closed: "Somebody was faster; the question is settled.",
  stale_edit: "Close this and open it again to see what changed.",
  replay_not_ready: "The replay appears when the class has ended.",
  not_on_air: "What is sent out can be watched a few seconds after the class begins.",
  job_running: "Wait until it is done, or cancel it first.",
  destination_in_use: "End the class or deselect the destination first.",
  account_expired: "Reconnect the account under Destinations.",
  single_use_key_taken: "Enter a new key under Destinations, or deselect it there.",
  too_many_tests: "A test takes ten seconds at most.",
  request_in_flight: "The same request is still being worked on. Try again in a moment.",
  idempotency_key_reused: "Reload the page and try again.",
  database_unavailable: "The server is recovering. Try again in a moment.",
  bus_unavailable: "The server is recovering. Try again in a moment.",
  storage_unavailable: "Recordings can't be reached right now. Try again in a moment.",
  livekit_unavailable: "The media server is recovering. Try again in a moment.",
};

/** What a person can do about a refusal, or undefined when its message says it all. */
export function adviceFor(problem: Problem): string | undefined {
  return ADVICE[problem.code] ?? (problem.status >= 500 ? "Try again in a moment." : undefined);
}
