import { languageName } from "../../captions/settings/languages";
import type { Replay } from "../queries";

/** A text track of the film; the browser's own menu offers them by their labels. */
export interface Subtitle {
  language: string;
  label: string;
  url: string;
}

/** What was said, then its translations. */
export function subtitlesOf({
  transcript,
  translations = [],
}: Pick<Replay, "transcript" | "translations">): Subtitle[] {
  const spoken = transcript.vttUrl && {
    language: mostlySpoken(transcript.segments),
    label: "As spoken",
    url: transcript.vttUrl,
  };
  const translated = translations.map(({ language, vttUrl }) => ({
    language,
    label: languageName(language),
    url: vttUrl,
  }));
  return spoken ? [spoken, ...translated] : translated;
}

/** "und" is what BCP 47 has for an unknown language. */
function mostlySpoken(segments: readonly { language?: string }[]): string {
  const counts = new Map<string, number>();
  for (const { language } of segments)
    if (language) counts.set(language, (counts.get(language) ?? 0) + 1);
  const [most] = [...counts].sort((a, b) => b[1] - a[1]);
  return most?.[0] ?? "und";
}
