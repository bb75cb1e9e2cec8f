import { Card, SegmentedControl, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCommand } from "../../api/useCommand";
import { ProblemAlert } from "../../ui/ProblemAlert";
import { defaultQuery, preferencesQuery, updatePreferences } from "../queries";

/** Whether a person's new sessions begin with all destinations or none; each session can still differ. */
export function DefaultChoice() {
  const queryClient = useQueryClient();
  const preferences = useQuery(preferencesQuery);
  const update = useCommand(updatePreferences, {
    onSuccess: async (kept) => {
      queryClient.setQueryData(preferencesQuery.queryKey, kept);
      await queryClient.invalidateQueries(defaultQuery);
    },
  });
  if (preferences.isPending) return <Skeleton height={92} radius="md" />;
  if (!preferences.data) return <ProblemAlert error={preferences.error} />;
  return (
    <Card withBorder component="section" aria-label="New sessions">
      <Stack gap="xs" align="start">
        <Title order={2} size="h5">
          New sessions
        </Title>
        <SegmentedControl
          aria-label="Destinations of new sessions"
          value={preferences.data.destinationsDefault}
          disabled={update.isPending}
          onChange={(value) =>
            update.mutate({ destinationsDefault: value === "all_on" ? "all_on" : "all_off" })
          }
          data={[
            { value: "all_off", label: "All off" },
            { value: "all_on", label: "All on" },
          ]}
        />
        <Text size="sm" c="dimmed">
          What is ticked when you create a session. Single-use keys are never ticked by themselves.
        </Text>
        {update.error && <ProblemAlert title="Nothing was changed" error={update.error} />}
      </Stack>
    </Card>
  );
}
