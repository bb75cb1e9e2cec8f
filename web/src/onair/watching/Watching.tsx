import { Button, Group, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ProblemAlert } from "../../ui/ProblemAlert";
import { livePlaylistQuery } from "../queries";
import { LiveVideo } from "./LiveVideo";
import classes from "./Programme.module.css";

interface WatchingProps {
  sessionId: string;
  onStop: () => void;
}

/** The programme as it goes out; while it cannot be had it is asked for again. */
export function Watching({ sessionId, onStop }: WatchingProps) {
  const { data, error, dataUpdatedAt, refetch } = useQuery(livePlaylistQuery(sessionId));
  return (
    <Stack gap={6} className={classes.still ?? ""}>
      {error && <ProblemAlert title="The programme can't be watched now" error={error} />}
      {!error && data === undefined && <Skeleton className={classes.video ?? ""} />}
      {!error && data !== undefined && (
        <LiveVideo
          key={dataUpdatedAt}
          sessionId={sessionId}
          url={data}
          onStale={() => void refetch()}
        />
      )}
      <Group justify="space-between" gap="xs">
        <Text size="xs" c="dimmed">
          A few seconds behind the class, and silent until you turn the sound on.
        </Text>
        <Button size="compact-sm" variant="default" onClick={onStop}>
          Stop watching
        </Button>
      </Group>
    </Stack>
  );
}
