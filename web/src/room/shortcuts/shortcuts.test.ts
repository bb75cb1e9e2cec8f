// @vitest-environment jsdom
import { expect, test } from "vitest";
import { type Shortcut, shortcutFor, shownKeys } from "./shortcuts";

const shortcut = (keys: string, label: string): Shortcut => ({
  keys,
  label,
  group: "Test",
  run: () => {},
});
const known = [shortcut("h", "first"), shortcut("m", "other"), shortcut("h", "last")];
const plain = {
  code: "",
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  shiftKey: false,
  target: document.body,
};

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

test("Alt and a digit is a key of its own, whatever letter the system makes of it", () => {
  const press = { ...plain, key: "¡", code: "Digit1", altKey: true };
  expect(shortcutFor(press, [shortcut("1", "panel"), shortcut("alt+1", "scene")])?.label).toBe(
    "scene",
  );
});

test("F6 leaves a field, and Shift turns it round; in a dialog it stays", () => {
  const keys = [shortcut("f6", "next"), shortcut("shift+f6", "before")];
  const target = document.createElement("textarea");
  expect(shortcutFor({ ...plain, key: "F6", target }, keys)?.label).toBe("next");
  expect(shortcutFor({ ...plain, key: "F6", shiftKey: true, target }, keys)?.label).toBe("before");
  const dialog = document.createElement("div");
  dialog.setAttribute("role", "dialog");
  expect(shortcutFor({ ...plain, key: "F6", target: dialog }, keys)).toBeUndefined();
});

test("arrows turn no slide where they move between tabs", () => {
  const tabs = document.createElement("div");
  tabs.setAttribute("role", "tablist");
  const arrow = [shortcut("arrowright", "next slide")];
  expect(shortcutFor({ ...plain, key: "ArrowRight", target: tabs }, arrow)).toBeUndefined();
  expect(shortcutFor({ ...plain, key: "ArrowRight" }, arrow)?.label).toBe("next slide");
});

test.each([
  ["h", "H"],
  ["alt+1", "Alt + 1"],
  ["shift+f6", "Shift + F6"],
  ["arrowleft", "←"],
])("%s is shown as %s", (keys, shown) => {
  expect(shownKeys(keys)).toBe(shown);
});
