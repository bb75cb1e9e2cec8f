import { Box, Modal, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ProblemAlert } from "../../ui/ProblemAlert";
import { timeOfDay } from "../../ui/time";
import { NAMES } from "./jobs";
import { originOf } from "./origin";
import { type ArtifactJob, changesQuery, versionsQuery } from "./queries";

interface VersionsProps {
  sessionId: string;
  kind: ArtifactJob["kind"];
  onClose: () => void;
}

const SIGNS = { same: " ", added: "+", removed: "−" };
const COLORS = { same: "dimmed", added: "green", removed: "red" };

/** How the newest version differs from the one before, and what made each. */
export function Versions({ sessionId, kind, onClose }: VersionsProps) {
  const versions = useQuery(versionsQuery(sessionId, kind));
  const made = versions.data?.items ?? [];
  return (
    <Modal opened onClose={onClose} title={`Versions of ${NAMES[kind]}`} size="lg">
      <Stack gap="md">
        {versions.error && <ProblemAlert error={versions.error} />}
        <Stack component="ol" gap={4} p={0} m={0} style={{ listStyle: "none" }}>
          {made.map(({ version, createdAt, provenance }) => (
            <Text component="li" key={version} size="sm">
              <b>{version}</b> at {timeOfDay(new Date(createdAt))}
              <Text span size="xs" c="dimmed">
                {" "}
                {originOf(provenance)}
              </Text>
            </Text>
          ))}
        </Stack>
        {made.length > 1 && <Changes sessionId={sessionId} kind={kind} />}
      </Stack>
    </Modal>
  );
}

function Changes({ sessionId, kind }: Omit<VersionsProps, "onClose">) {
  const changes = useQuery(changesQuery(sessionId, kind));
  if (changes.error) return <ProblemAlert error={changes.error} />;
  if (!changes.data) return null;
  const { lines, fromVersion, toVersion } = changes.data;
  return (
    <section aria-label="Changes">
      <Text size="sm" fw={550} mb={4}>
        {lines.length ? `From ${fromVersion} to ${toVersion}` : "Nothing is different."}
      </Text>
      <Box style={{ maxHeight: "50vh", overflowY: "auto" }}>
        {lines.map(({ op, text }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no name of their own and never move
          <Text key={index} size="xs" c={COLORS[op]} style={{ overflowWrap: "anywhere" }}>
            {SIGNS[op]} {text}
          </Text>
        ))}
      </Box>
    </section>
  );
}
