import type { Layout } from "../src/studio/queries";

/** A page, a logo or a background; `link` is a path on this server that opens for minutes; the metadata says the next one in time. */
export interface Picture {
  link: string;
  widthPx: number;
  heightPx: number;
}

/** What the programme shows: `Shown` of schema/programme.py, as the room's metadata says it. */
export interface Shown {
  sequence: number;
  name: string;
  layout: Layout | null;
  title: string;
  lowerThird: string;
  backgroundColor: string | null;
  background: Picture | null;
  pinned: string | null;
  surface: { picture: Picture | null; widthPx: number; heightPx: number } | null;
  countdownTo: string | null;
  captions: boolean;
  brand: { primaryColor: string; accentColor: string; logo: Picture | null };
}

export const UNTOLD: Shown = {
  sequence: -1,
  name: "",
  layout: null,
  title: "",
  lowerThird: "",
  backgroundColor: null,
  background: null,
  pinned: null,
  surface: null,
  countdownTo: null,
  captions: false,
  brand: { primaryColor: "#16324f", accentColor: "#40a0ff", logo: null },
};

/** The description to go on with: what is none, or is older, changes nothing. */
export function following(known: Shown, metadata: string | undefined): Shown {
  try {
    const told = { ...UNTOLD, ...(JSON.parse(metadata || "{}") as Partial<Shown>) };
    return told.sequence >= Math.max(0, known.sequence) ? told : known;
  } catch {
    return known;
  }
}
