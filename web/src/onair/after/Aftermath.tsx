import { Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ProblemAlert } from "../../ui/ProblemAlert";
import { timelineQuery, WHOLE_CLASS_MINUTES } from "../queries";
import { HowItWent } from "./HowItWent";

/** How the streams of a class that is over went, for those who taught it. */
export function Aftermath({ sessionId }: { sessionId: string }) {
  const timelines = useQuery(timelineQuery(sessionId, WHOLE_CLASS_MINUTES));
  if (timelines.isPending) return <Skeleton height={60} />;
  if (!timelines.data) return <ProblemAlert error={timelines.error} />;
  if (timelines.data.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        This class was streamed nowhere.
      </Text>
    );
  }
  return (
    <Stack gap={0}>
      {timelines.data.map((timeline) => (
        <HowItWent key={timeline.destinationId} timeline={timeline} />
      ))}
    </Stack>
  );
}
