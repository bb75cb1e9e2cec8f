/** Parts of the class room that F6 goes through, in the order of the page. */
const REGIONS = "[data-region]";
const FOCUSABLE =
  "button:not(:disabled), a[href], input:not(:disabled), textarea:not(:disabled), select, [tabindex='0']";

/** Where F6 leads from what has the focus: the first thing to use in the next region, or the region itself. */
export function nextStop(root: ParentNode, active: Element | null, step: 1 | -1): Element | null {
  const regions = [...root.querySelectorAll(REGIONS)];
  const here = regions.findIndex((region) => active !== null && region.contains(active));
  const start = here < 0 && step < 0 ? 0 : here;
  const region = regions.at((start + step) % regions.length);
  return region?.querySelector(FOCUSABLE) ?? region ?? null;
}
