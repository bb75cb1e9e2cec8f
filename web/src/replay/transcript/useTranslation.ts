import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { TranscriptSegment, Translation } from "../queries";

/** As the artifact has it (schema/recordings.py). */
interface Translated {
  language: string;
  lines: TranslatedLine[];
}

interface TranslatedLine {
  segmentId: string;
  text: string;
}

/** The transcript as one reads it: what was said, or its translation into the `language` one chose. */
export function useTranslation(segments: TranscriptSegment[], translations: Translation[]) {
  const [language, choose] = useState("");
  const chosen = translations.find((one) => one.language === language);
  const { data, error } = useQuery({
    queryKey: ["translations", chosen?.linesUrl],
    queryFn: ({ signal }) => linesAt(chosen?.linesUrl ?? "", signal),
    enabled: chosen !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (known) => known,
  });
  const lines = data?.find((one) => one.language === chosen?.language)?.lines;
  return {
    language: chosen ? language : "",
    choose,
    error,
    segments: lines ? translated(segments, lines) : segments,
  };
}

async function linesAt(url: string, signal: AbortSignal): Promise<Translated[]> {
  const answer = await fetch(url, { signal });
  if (!answer.ok) throw new Error("The translation could not be loaded. Reload the page.");
  return answer.json();
}

/** What nobody has translated yet stays as it was said. */
export function translated(
  segments: TranscriptSegment[],
  lines: TranslatedLine[],
): TranscriptSegment[] {
  const texts = new Map(lines.map(({ segmentId, text }) => [segmentId, text]));
  return segments.map((segment) => {
    const text = texts.get(segment.id);
    return text === undefined ? segment : { ...segment, text, words: [] };
  });
}
