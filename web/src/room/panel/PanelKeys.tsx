import { useShortcut } from "../shortcuts/useShortcut";
import type { PanelName } from "./SidePanel";

export interface PanelTab {
  name: PanelName;
  label: string;
}

interface PanelKeysProps {
  tabs: readonly PanelTab[];
  onName: (name: PanelName) => void;
}

/** Digits open the tabs of the panel in their order, and take the keyboard there. */
export function PanelKeys({ tabs, onName }: PanelKeysProps) {
  return tabs.map((tab, index) => (
    <PanelKey key={tab.name} digit={String(index + 1)} tab={tab} onName={onName} />
  ));
}

interface PanelKeyProps {
  digit: string;
  tab: PanelTab;
  onName: (name: PanelName) => void;
}

function PanelKey({ digit, tab, onName }: PanelKeyProps) {
  const run = () => {
    onName(tab.name);
    focusSoon("[role='tab'][aria-selected='true']");
  };
  useShortcut({ keys: digit, label: tab.label, group: "Panel", run });
  return null;
}

/** After the next paint, when what was opened is there. */
export function focusSoon(selector: string) {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => document.querySelector<HTMLElement>(selector)?.focus()),
  );
}
