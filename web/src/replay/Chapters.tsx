import { Title } from "@mantine/core";
import { clockTime } from "../ui/time";
import classes from "./Chapters.module.css";
import type { Chapter } from "./queries";

interface ChaptersProps {
  chapters: Chapter[];
  timeMs: number;
  onSeek: (timeMs: number) => void;
}

/** The class as a strip, each chapter as wide as it is long. */
export function Chapters({ chapters, timeMs, onSeek }: ChaptersProps) {
  if (chapters.length === 0) return null;
  return (
    <section aria-label="Chapters">
      <Title order={2} size="h5" mb={6}>
        Chapters
      </Title>
      <ol className={classes.strip}>
        {chapters.map(({ startMs, endMs, title }) => (
          <li key={startMs} style={{ flexGrow: Math.max(1, endMs - startMs) }}>
            <button
              type="button"
              className={classes.chapter}
              aria-current={startMs <= timeMs && timeMs < endMs ? "true" : undefined}
              onClick={() => onSeek(startMs)}
            >
              <span className={classes.time}>{clockTime(startMs)}</span>
              <span className={classes.title}>{title}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
