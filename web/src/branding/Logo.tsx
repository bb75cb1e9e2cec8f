import { Button, FileButton, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useCommand } from "../api/useCommand";
import { ProblemAlert } from "../ui/ProblemAlert";
import { brandingQuery, removeLogo, uploadLogo } from "./queries";

/** At the upper right of every programme; best with a transparent ground. */
export function Logo({ logoUrl }: { logoUrl: string | null }) {
  const client = useQueryClient();
  const again = () => client.invalidateQueries({ queryKey: brandingQuery.queryKey });
  const upload = useCommand(uploadLogo, { onSuccess: again });
  const remove = useCommand(removeLogo, { onSuccess: again });
  const error = upload.error ?? remove.error;
  const send = (file: File | null) =>
    file && upload.mutate({ file, name: file.name, sizeBytes: file.size });
  return (
    <Stack component="section" gap="xs">
      <Title order={2} size="h5">
        Logo
      </Title>
      {logoUrl ? (
        <Paper bg="dark.7" p="md" w="fit-content" withBorder>
          <img src={logoUrl} alt="The school's logo" style={{ maxWidth: 240, maxHeight: 80 }} />
        </Paper>
      ) : (
        <Text size="sm" c="dimmed">
          None yet. A PNG or WebP picture with a transparent ground looks best.
        </Text>
      )}
      {error && <ProblemAlert title="The logo was not changed" error={error} />}
      <Group>
        <FileButton onChange={send} accept="image/png,image/webp,image/jpeg,image/gif">
          {(props) => (
            <Button {...props} variant="default" loading={upload.isPending}>
              {logoUrl ? "Replace logo" : "Upload logo"}
            </Button>
          )}
        </FileButton>
        {logoUrl && (
          <Button
            variant="subtle"
            color="red"
            loading={remove.isPending}
            onClick={() => remove.mutate(undefined)}
          >
            Remove logo
          </Button>
        )}
      </Group>
    </Stack>
  );
}
