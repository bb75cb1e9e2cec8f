import { useContext, useLayoutEffect, useRef } from "react";
import { type Shortcut, ShortcutContext } from "./shortcuts";

/** A key for as long as the component is there; it is listed in the overlay that `?` opens. */
export function useShortcut({ keys, label, group, run }: Shortcut): void {
  const registry = useContext(ShortcutContext);
  const latest = useRef(run);
  latest.current = run;
  useLayoutEffect(
    () => registry?.add({ keys, label, group, run: () => latest.current() }),
    [registry, keys, label, group],
  );
}
