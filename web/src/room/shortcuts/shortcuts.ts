import { createContext } from "react";

/** A key and what it does, as the overlay lists it. */
export interface Shortcut {
  /** One key as the keyboard event names it: "h", "?", "1". */
  keys: string;
  label: string;
  group: string;
  run: () => void;
}

export interface ShortcutRegistry {
  add: (shortcut: Shortcut) => () => void;
}

export const ShortcutContext = createContext<ShortcutRegistry | null>(null);

/** What is typed into belongs to the typist, and a dialog or menu has keys of its own. */
const TAKEN = "input, textarea, select, [contenteditable='true'], [role='dialog'], [role='menu']";

interface Press {
  key: string;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
  target: EventTarget | null;
}

/** The last one registered for this key press, or undefined when the press is not meant for us. */
export function shortcutFor(press: Press, known: readonly Shortcut[]): Shortcut | undefined {
  if (press.ctrlKey || press.altKey || press.metaKey) return undefined;
  if (press.target instanceof Element && press.target.closest(TAKEN)) return undefined;
  return known.findLast(({ keys }) => keys === press.key.toLowerCase());
}
