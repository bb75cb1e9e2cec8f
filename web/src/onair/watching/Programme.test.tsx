import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { refusal, serving, show } from "../../app/testing";
import { Programme } from "./Programme";

const SESSION = "0199c1a0-0000-7000-8000-000000000001";
const POSTER = `GET /api/sessions/${SESSION}/poster`;
const PLAYLIST = `GET /api/sessions/${SESSION}/programme/playlist`;
const STILL = { url: "/media/poster.jpeg?exp=1&sig=a" };

const watch = async () =>
  userEvent.click(await screen.findByRole("button", { name: "Watch the programme" }));

test("as long as nothing was filmed there is nothing to watch", async () => {
  const asked = serving({ [POSTER]: () => ({ url: null }) });
  show(<Programme sessionId={SESSION} />);
  await waitFor(() => expect(asked).toHaveLength(1));
  expect(screen.queryByRole("button")).toBeNull();
});

test("the still gives way to the programme and comes back, each time by a new address", async () => {
  const asked = serving({ [POSTER]: () => STILL, [PLAYLIST]: () => ({ url: "/media/live.m3u8" }) });
  show(<Programme sessionId={SESSION} />);
  for (const times of [1, 2]) {
    await watch();
    expect(await screen.findByLabelText("The programme, live")).toHaveProperty("muted", true);
    expect(asked.filter(({ what }) => what === PLAYLIST)).toHaveLength(times);
    await userEvent.click(screen.getByRole("button", { name: "Stop watching" }));
    expect(screen.queryByLabelText("The programme, live")).toBeNull();
  }
});

test("what can't be watched now says why", async () => {
  serving({
    [POSTER]: () => STILL,
    [PLAYLIST]: () => refusal(409, "not_on_air", "Nothing of this class is on air now."),
  });
  show(<Programme sessionId={SESSION} />);
  await watch();
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("Nothing of this class is on air now.");
  expect(screen.queryByLabelText("The programme, live")).toBeNull();
});
