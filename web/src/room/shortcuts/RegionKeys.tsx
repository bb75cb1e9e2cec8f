import { nextStop } from "./regions";
import { useShortcut } from "./useShortcut";

/** F6 goes from one part of the page to the next, as in desktop programs. */
export function RegionKeys() {
  const go = (step: 1 | -1) => () => {
    const stop = nextStop(document, document.activeElement, step);
    if (stop instanceof HTMLElement) stop.focus();
  };
  const group = "Class room";
  useShortcut({ keys: "f6", label: "Next part of the page", group, run: go(1) });
  useShortcut({ keys: "shift+f6", label: "Previous part of the page", group, run: go(-1) });
  return null;
}
