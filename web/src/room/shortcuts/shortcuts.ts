import { createContext } from "react";

/** A key and what it does, as the overlay lists it. */
export interface Shortcut {
  /** One key as the keyboard event names it, in small letters: "h", "?", "pagedown"; "alt+1", "shift+f6". */
  keys: string;
  label: string;
  group: string;
  run: () => void;
}

export interface ShortcutRegistry {
  add: (shortcut: Shortcut) => () => void;
}

export const ShortcutContext = createContext<ShortcutRegistry | null>(null);

/** A dialog or menu has keys of its own. */
const CLOSED = "[role='dialog'], [role='menu']";
/** What is typed into belongs to the typist; F keys write nothing. */
const TYPED = "input, textarea, select, [contenteditable='true']";
/** Where arrow keys have a meaning of their own. */
const MOVED_IN = "[role=tablist], [role=listbox], [role=radiogroup], [role=application]";

interface Press {
  key: string;
  /** Where the key lies: with Alt some systems make another letter of it. */
  code: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
  target: EventTarget | null;
}

/** The last one registered for this key press, or undefined when the press is not meant for us. */
export function shortcutFor(press: Press, known: readonly Shortcut[]): Shortcut | undefined {
  const pressed = nameOf(press);
  if (press.ctrlKey || press.metaKey || isTaken(pressed, press.target)) return undefined;
  return known.findLast(({ keys }) => keys === pressed);
}

function nameOf({ key, code, altKey, shiftKey }: Press): string {
  if (altKey) return `alt+${code.replace("Digit", "").toLowerCase()}`;
  return `${shiftKey && key.length > 1 ? "shift+" : ""}${key.toLowerCase()}`;
}

function isTaken(pressed: string, target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest(CLOSED)) return true;
  if (pressed.startsWith("arrow") && target.closest(MOVED_IN)) return true;
  return !pressed.endsWith("f6") && target.closest(TYPED) !== null;
}

const SIGNS: Record<string, string> = {
  arrowright: "→",
  arrowleft: "←",
  pagedown: "Page down",
  pageup: "Page up",
};

/** How a key is shown. */
export const shownKeys = (keys: string): string =>
  SIGNS[keys] ??
  keys
    .split("+")
    .map((key) => key.charAt(0).toUpperCase() + key.slice(1))
    .join(" + ");

/** Whether a key may surprise who speaks or types with help: those can be switched off (WCAG 2.1.4). */
export const isSingle = ({ keys }: Shortcut): boolean => keys.length === 1;
