import type { Cue } from "./spoken";

const plain = (text: string): string =>
  text.toLocaleLowerCase().normalize("NFD").replace(/\p{M}/gu, "");

/** Cues that hold every word of the search, or whose speaker's name does; all of them for an empty one. */
export function found(
  cues: readonly Cue[],
  search: string,
  nameOf: (participantId: string) => string,
): readonly Cue[] {
  const words = plain(search).split(/\s+/).filter(Boolean);
  if (words.length === 0) return cues;
  return cues.filter((cue) => {
    const text = plain(`${nameOf(cue.participantId)} ${cue.text}`);
    return words.every((word) => text.includes(word));
  });
}
