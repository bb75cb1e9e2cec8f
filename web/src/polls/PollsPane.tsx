import { Button, Skeleton, Stack, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import type { Reader } from "../audience/reader";
import { ProblemAlert } from "../ui/ProblemAlert";
import { PollCard } from "./card/PollCard";
import { PollForm } from "./form/PollForm";
import type { Polls } from "./told";
import { usePolls } from "./usePolls";

interface PollsPaneProps {
  told: Polls;
  reader: Reader;
}

/** What the class is asked: staff prepare, open and close it here, students answer. */
export function PollsPane({ told, reader }: PollsPaneProps) {
  const { sessionId, moderates } = reader;
  const [editing, setEditing] = useState<string | null>(null);
  const { polls, query } = usePolls(sessionId, told, moderates);
  const done = () => setEditing(null);
  if (query.error) return <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return <Skeleton height={60} m="sm" />;
  return (
    <Stack gap="sm" p="sm">
      {moderates && editing !== "new" && (
        <Button
          variant="default"
          size="sm"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => setEditing("new")}
        >
          New poll
        </Button>
      )}
      {editing === "new" && <PollForm sessionId={sessionId} onDone={done} />}
      {polls.length === 0 && editing === null && (
        <Text size="sm" c="dimmed">
          {moderates ? "Ask the class something." : "Nothing is asked at the moment."}
        </Text>
      )}
      {polls.map((poll) =>
        poll.id === editing ? (
          <PollForm key={poll.id} sessionId={sessionId} poll={poll} onDone={done} />
        ) : (
          <PollCard
            key={poll.id}
            poll={poll}
            keeps={moderates}
            onEdit={() => setEditing(poll.id)}
          />
        ),
      )}
    </Stack>
  );
}
