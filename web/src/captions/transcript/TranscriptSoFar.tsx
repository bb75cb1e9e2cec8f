import { Button, Text } from "@mantine/core";
import { IconArrowDown } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { Reader } from "../../audience/reader";
import type { EventLog } from "../../sessions/events/eventFeed";
import { MorePages } from "../../ui/paging/MorePages";
import { clockTime } from "../../ui/time";
import { captionOptionsQuery } from "../queries";
import { CueLine } from "./CueLine";
import { found } from "./found";
import type { Cue } from "./spoken";
import { TranscriptHead } from "./TranscriptHead";
import classes from "./TranscriptSoFar.module.css";
import { useFollowing } from "./useFollowing";
import { useSpoken } from "./useSpoken";

interface TranscriptProps {
  sessionId: string;
  log: EventLog;
  reader: Reader;
}

/** What was said so far, also before one came in: searched, corrected by whom the class lets, and followed. */
export function TranscriptSoFar({ sessionId, log, reader }: TranscriptProps) {
  const { cues, older } = useSpoken(sessionId, log);
  const { data: options } = useQuery(captionOptionsQuery({ session: sessionId }));
  const [search, setSearch] = useState("");
  const [wanted, setWanted] = useState<string | null>(null);
  const lines = useRef(new Map<string, HTMLLIElement>());
  const { list, atEnd, toEnd, onScroll } = useFollowing(search || cues.at(-1)?.segmentId);
  useEffect(() => {
    if (wanted) lines.current.get(wanted)?.scrollIntoView({ block: "center" });
  }, [wanted]);
  const settings = log.view.captions.settings ?? options?.settings;
  const enabled = settings?.enabled !== false;
  const mayCorrect = ({ participantId }: Cue): boolean =>
    options?.mayCorrect === true ||
    (settings?.correctors === "speakers" && participantId === reader.me);
  const shown = found(cues, search, reader.nameOf);
  const startMs = Date.parse(log.view.startedAt ?? "");
  const jumpTo = (segmentId: string) => {
    setSearch("");
    setWanted(segmentId);
  };
  return (
    <>
      <TranscriptHead
        sessionId={sessionId}
        options={options}
        enabled={enabled}
        language={log.view.captions.languages[reader.me] ?? ""}
        search={search}
        onSearch={setSearch}
      />
      {shown.length === 0 && !older.loading && (search || enabled) && (
        <Text size="sm" c="dimmed" p="md">
          {search
            ? "Nobody said that, as far as it is loaded."
            : "Nothing has been said yet. Every finished sentence appears here."}
        </Text>
      )}
      <ol ref={list} className={classes.list} aria-label="Transcript so far" onScroll={onScroll}>
        <li>
          <MorePages pages={older} label="Earlier" />
        </li>
        {shown.map((cue) => (
          <CueLine
            key={cue.segmentId}
            ref={(line) => {
              if (line) lines.current.set(cue.segmentId, line);
              else lines.current.delete(cue.segmentId);
            }}
            sessionId={sessionId}
            cue={cue}
            speaker={reader.nameOf(cue.participantId)}
            time={clockTime(cue.startUnixMs - startMs)}
            mayCorrect={mayCorrect(cue)}
            onJump={search ? () => jumpTo(cue.segmentId) : null}
          />
        ))}
      </ol>
      {!atEnd && !search && (
        <Button
          className={classes.newest ?? ""}
          size="compact-sm"
          leftSection={<IconArrowDown size={14} aria-hidden />}
          onClick={toEnd}
        >
          Newest
        </Button>
      )}
    </>
  );
}
