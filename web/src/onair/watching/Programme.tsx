import { Button } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Poster } from "../../sessions/poster/Poster";
import { posterQuery } from "../../sessions/queries";
import classes from "./Programme.module.css";
import { Watching } from "./Watching";

/** What viewers of a live class see: its newest still, and the programme itself when one wants to watch it. */
export function Programme({ sessionId }: { sessionId: string }) {
  const [watched, setWatched] = useState(false);
  const { data } = useQuery(posterQuery(sessionId, true));
  if (watched) return <Watching sessionId={sessionId} onStop={() => setWatched(false)} />;
  if (!data?.url) return null;
  return (
    <div className={classes.still}>
      <Poster sessionId={sessionId} live size="panel" />
      <Button
        className={classes.play ?? ""}
        leftSection={<IconPlayerPlay size={16} aria-hidden />}
        onClick={() => setWatched(true)}
      >
        Watch the programme
      </Button>
    </div>
  );
}
