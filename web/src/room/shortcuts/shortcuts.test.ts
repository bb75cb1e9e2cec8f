import { expect, test } from "vitest";
import { type Shortcut, shortcutFor } from "./shortcuts";

const shortcut = (keys: string, label: string): Shortcut => ({
  keys,
  label,
  group: "Test",
  run: () => {},
});
const known = [shortcut("h", "first"), shortcut("m", "other"), shortcut("h", "last")];
const plain = { ctrlKey: false, altKey: false, metaKey: false, target: document.body };

test("the one that came last has the key, in small letters or capitals", () => {
  expect(shortcutFor({ ...plain, key: "h" }, known)?.label).toBe("last");
  expect(shortcutFor({ ...plain, key: "H" }, known)?.label).toBe("last");
  expect(shortcutFor({ ...plain, key: "x" }, known)).toBeUndefined();
});

test("a browser's or a screen reader's own keys are left alone", () => {
  expect(shortcutFor({ ...plain, key: "h", ctrlKey: true }, known)).toBeUndefined();
  expect(shortcutFor({ ...plain, key: "h", altKey: true }, known)).toBeUndefined();
});

test.each(["input", "textarea"])("what is typed into an %s is no shortcut", (name) => {
  const target = document.createElement(name);
  expect(shortcutFor({ ...plain, key: "h", target }, known)).toBeUndefined();
});
