import { expect, test } from "vitest";
import { chosenAs, listedAs } from "./names";

const named = (type: "rtmp" | "youtube" | "twitch", name: string) => ({ type, name });

test("a channel is listed with its platform, a server by its name", () => {
  expect(listedAs(named("youtube", "MyClass"))).toBe("YouTube Channel: MyClass");
  expect(listedAs(named("twitch", "Gaming101"))).toBe("Twitch: Gaming101");
  expect(listedAs(named("rtmp", "Backup"))).toBe("Backup");
});

test("a choice says its kind first", () => {
  expect(chosenAs(named("youtube", "MyClass"))).toBe("YouTube (MyClass)");
  expect(chosenAs(named("rtmp", "Backup"))).toBe("Custom RTMP (Backup)");
});
