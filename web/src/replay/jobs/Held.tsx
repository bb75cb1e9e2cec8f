import { Text } from "@mantine/core";
import { useCountdown } from "../../audience/writing/countdown";
import { nextTry, waiting } from "./jobs";
import type { ArtifactJob } from "./queries";

/** What holds a job up, and when it is tried again; nothing where nothing does. */
export function Held({ job }: { job: ArtifactJob }) {
  const held = job.error ?? waiting(job);
  return (
    <>
      {held && (
        <Text size="xs" mt={4}>
          {held}
        </Text>
      )}
      {job.nextAttemptAt && <NextTry atMs={Date.parse(job.nextAttemptAt)} />}
    </>
  );
}

function NextTry({ atMs }: { atMs: number }) {
  return (
    <Text size="xs" c="dimmed">
      {nextTry(useCountdown(atMs))}
    </Text>
  );
}
