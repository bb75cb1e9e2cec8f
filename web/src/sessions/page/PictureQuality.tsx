import { NativeSelect, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { api, idempotent, type Schemas, unwrap } from "../../api/client";
import { useCommand } from "../../api/useCommand";
import { ProblemAlert } from "../../ui/ProblemAlert";

type Settings = Schemas["ProgrammeSettings"];
type Quality = Settings["quality"];

const NAMES: Record<Quality, string> = {
  "720p30": "720p, 30 pictures a second",
  "1080p30": "1080p, 30 pictures a second",
  "1080p60": "1080p, 60 pictures a second",
  "720p30_vertical": "Upright (9:16), 720 × 1280",
  "1080p30_vertical": "Upright (9:16), 1080 × 1920",
};
const OPTIONS = Object.entries(NAMES).map(([value, label]) => ({ value, label }));

/** What the recording and every destination get; fixed once the class has begun. */
export function PictureQuality({ sessionId, planned }: { sessionId: string; planned: boolean }) {
  const queryClient = useQueryClient();
  const path = { session_id: sessionId };
  const queryKey = ["sessions", sessionId, "programme"];
  const settings = useQuery({
    queryKey,
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/sessions/{session_id}/programme", { params: { path }, signal })),
  });
  const choose = useCommand(
    (quality: Quality, key: string) =>
      unwrap(
        api.PUT("/api/sessions/{session_id}/programme", {
          params: { path },
          body: { quality },
          ...idempotent(key),
        }),
      ),
    { onSuccess: (chosen: Settings) => queryClient.setQueryData(queryKey, chosen) },
  );
  if (settings.isPending) return <Skeleton height={60} />;
  if (!settings.data) return <ProblemAlert error={settings.error} />;
  const { quality, videoKbps } = settings.data;
  const bitrate = `${videoKbps / 1000} Mbit/s to each destination.`;
  if (!planned) {
    return (
      <div>
        <Text>{NAMES[quality]}</Text>
        <Text size="sm" c="dimmed">
          {bitrate} It was fixed when the class began.
        </Text>
      </div>
    );
  }
  return (
    <Stack gap="xs" maw={420}>
      <NativeSelect
        label="Picture"
        description={`${bitrate} Fixed once the class begins.`}
        data={OPTIONS}
        value={choose.variables ?? quality}
        disabled={choose.isPending}
        onChange={(event) => choose.mutate(event.currentTarget.value as Quality)}
      />
      {choose.error && <ProblemAlert title="The picture was not changed" error={choose.error} />}
    </Stack>
  );
}
