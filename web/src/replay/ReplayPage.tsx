import { Button, Skeleton, Stack, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { Link, useParams, useSearchParams } from "react-router";
import { asProblem } from "../api/problem";
import { canTeach, useUser } from "../auth/user";
import { BackLink } from "../ui/BackLink";
import { Notice } from "../ui/Notice";
import { ProblemAlert } from "../ui/ProblemAlert";
import { Chapters } from "./Chapters";
import { JobBoard } from "./jobs/JobBoard";
import { Made } from "./made/Made";
import { Progress } from "./Progress";
import { Player, type PlayerHandle } from "./player/Player";
import { originOf, programmeParts, startOf } from "./player/parts";
import { subtitlesOf } from "./player/subtitles";
import { useAddresses } from "./player/useAddresses";
import { type Replay, replayQuery } from "./queries";
import classes from "./ReplayPage.module.css";
import { Aside } from "./room/Aside";
import { Downloads } from "./transcript/Downloads";
import { Transcript } from "./transcript/Transcript";

export function Component() {
  const { sessionId = "" } = useParams();
  const replay = useQuery(replayQuery(sessionId));
  if (replay.isPending) return <Skeleton height={420} role="status" aria-label="Loading replay" />;
  if (replay.data) return <Theatre replay={replay.data} />;
  if (asProblem(replay.error).code === "replay_not_ready") return <NotYet sessionId={sessionId} />;
  return <ProblemAlert error={replay.error} onRetry={() => void replay.refetch()} />;
}

function NotYet({ sessionId }: { sessionId: string }) {
  return (
    <Notice title="The class hasn't ended yet" text="Its replay appears here when it has.">
      <Button component={Link} to={`/sessions/${sessionId}/room`}>
        Go to the class
      </Button>
    </Notice>
  );
}

function Theatre({ replay }: { replay: Replay }) {
  const player = useRef<PlayerHandle>(null);
  const teaches = canTeach(useUser());
  const [search] = useSearchParams();
  const startMs = startOf(search);
  const [timeMs, setTimeMs] = useState(startMs);
  const seek = (toMs: number) => {
    setTimeMs(toMs);
    player.current?.seek(toMs);
  };
  const { session, transcript, chapters } = replay;
  return (
    <Stack gap="md">
      <Heading title={session.title} />
      {replay.state !== "ready" && <Progress replay={replay} />}
      <div className={classes.theatre}>
        <Stack gap="md" miw={0}>
          <Screen replay={replay} player={player} startMs={startMs} onTime={setTimeMs} />
          <Chapters chapters={chapters} timeMs={timeMs} onSeek={seek} />
          <Made replay={replay} onSeek={seek} />
        </Stack>
        <Stack gap="sm" className={classes.side ?? ""}>
          <Aside
            sessionId={session.id}
            originMs={originOf(replay.recordings)}
            timeMs={timeMs}
            onSeek={seek}
            transcript={
              <Transcript
                sessionId={session.id}
                segments={transcript.segments}
                translations={replay.translations ?? []}
                timeMs={timeMs}
                onSeek={seek}
              />
            }
          />
          <Downloads transcript={transcript} recordings={replay.recordings} />
        </Stack>
      </div>
      {teaches && <JobBoard sessionId={session.id} />}
    </Stack>
  );
}

interface ScreenProps {
  replay: Replay;
  player: React.RefObject<PlayerHandle | null>;
  startMs: number;
  onTime: (timeMs: number) => void;
}

function Screen({ replay, player, startMs, onTime }: ScreenProps) {
  const addressOf = useAddresses(replay.session.id);
  const parts = programmeParts(replay.recordings);
  if (parts.length === 0) {
    return (
      <div className={classes.empty}>
        {replay.state === "processing"
          ? "The recording is being finished…"
          : "This class has no recording."}
      </div>
    );
  }
  return (
    <Player
      key={parts.length}
      ref={player}
      parts={parts}
      startMs={startMs}
      addressOf={addressOf}
      subtitles={subtitlesOf(replay)}
      onTime={onTime}
    />
  );
}

function Heading({ title }: { title: string }) {
  return (
    <div>
      <BackLink to="/dashboard">Sessions</BackLink>
      <Title order={1} size="h2">
        {title}
      </Title>
    </div>
  );
}
