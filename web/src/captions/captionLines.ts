/**
 * One utterance as last heard; `startMs` is when it began, `updatedMs` this browser's clock. While it goes
 * on, its first `stableWords` are likely to stay.
 */
export interface Caption {
  segmentId: string;
  identity: string;
  text: string;
  final: boolean;
  stableWords: number;
  startMs: number;
  updatedMs: number;
}

export type HeardCaption = Omit<Caption, "updatedMs">;

/** Captions of one speaker that stand together on the screen. */
export interface CaptionBlock {
  identity: string;
  captions: Caption[];
}

/** How long a finished caption stays readable, and when a partial without news is given up. */
const FINAL_SHOWN_MS = 6_000;
const PARTIAL_SHOWN_MS = 8_000;
const MAX_CAPTIONS = 3;

/**
 * What is known with what was heard: the newest text of a segment wins, but a late partial never
 * undoes a final. They stand in the order they were spoken. Unchanged text keeps its time, so that it
 * fades, and the same array comes back when nothing changed.
 */
export function mergeCaptions(
  known: readonly Caption[],
  heard: readonly HeardCaption[],
  nowMs: number,
): readonly Caption[] {
  const bySegment = new Map(known.map((caption) => [caption.segmentId, caption]));
  let changed = false;
  for (const caption of heard) {
    const old = bySegment.get(caption.segmentId);
    const undoes = old?.final === true && !caption.final;
    const same = old?.text === caption.text && old.final === caption.final;
    if (undoes || same) continue;
    if (caption.text.trim() !== "") {
      bySegment.set(caption.segmentId, { ...caption, updatedMs: nowMs });
      changed = true;
    } else if (caption.final) {
      // What was shown turned out to be no speech.
      changed = bySegment.delete(caption.segmentId) || changed;
    }
  }
  return changed ? [...bySegment.values()].sort((a, b) => a.startMs - b.startMs) : known;
}

const shown = (caption: Caption, nowMs: number): boolean =>
  nowMs - caption.updatedMs < (caption.final ? FINAL_SHOWN_MS : PARTIAL_SHOWN_MS);

/** The newest captions still worth reading, those of one speaker in a row joined to a block. */
export function captionBlocks(captions: readonly Caption[], nowMs: number): CaptionBlock[] {
  const blocks: CaptionBlock[] = [];
  for (const caption of captions.filter((one) => shown(one, nowMs)).slice(-MAX_CAPTIONS)) {
    const last = blocks.at(-1);
    if (last?.identity === caption.identity) last.captions.push(caption);
    else blocks.push({ identity: caption.identity, captions: [caption] });
  }
  return blocks;
}

/** What stays of a caption, and what may still change. */
export function firmAndLoose({ text, final, stableWords }: Caption): [string, string] {
  if (final) return [text, ""];
  const words = text.split(" ");
  return [words.slice(0, stableWords).join(" "), words.slice(stableWords).join(" ")];
}

/** The same blocks with what people corrected since, by segment; nothing is corrected while it is still being said. */
export const withCorrections = (
  blocks: CaptionBlock[],
  corrected: ReadonlyMap<string, string>,
): CaptionBlock[] =>
  blocks.map((block) => ({
    ...block,
    captions: block.captions.map((caption) => {
      const text = caption.final ? corrected.get(caption.segmentId) : undefined;
      return text === undefined ? caption : { ...caption, text };
    }),
  }));
