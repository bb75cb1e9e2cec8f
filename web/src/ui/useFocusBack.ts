import { useEffect } from "react";

/** A button that is off while it works loses the focus: it gets it back when it is on again, unless one went elsewhere. */
export function useFocusBack(): void {
  useEffect(() => {
    let last: EventTarget | null = null;
    const remember = ({ target }: Event) => {
      last = target;
    };
    const forget = () => {
      last = null;
    };
    const changed = () => {
      const lost = document.activeElement === document.body;
      if (lost && last instanceof HTMLElement && last.isConnected) last.focus();
    };
    const observer = new MutationObserver(changed);
    observer.observe(document.body, { subtree: true, attributeFilter: ["disabled"] });
    document.addEventListener("focusin", remember);
    document.addEventListener("pointerdown", forget);
    return () => {
      observer.disconnect();
      document.removeEventListener("focusin", remember);
      document.removeEventListener("pointerdown", forget);
    };
  }, []);
}
