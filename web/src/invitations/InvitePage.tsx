import { Button, Container, Paper, Stack, Text, TextInput, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { useCommand } from "../api/useCommand";
import { Brand } from "../ui/Brand";
import { ProblemAlert } from "../ui/ProblemAlert";
import { acceptInvitation } from "./commands";

/** A guest says their name, and is in the lobby of the class. The link's secret stands after the #. */
export function Component() {
  const token = useLocation().hash.slice(1);
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [name, setName] = useState("");
  const accept = useCommand(acceptInvitation, {
    onSuccess: async ({ sessionId }) => {
      queryClient.clear();
      await navigate(`/sessions/${sessionId}/room`, { replace: true });
    },
  });
  return (
    <Container component="main" size={440} py={80}>
      <Stack>
        <Brand />
        <Paper withBorder p="lg" radius="md">
          <form
            onSubmit={(event) => {
              event.preventDefault();
              accept.mutate({ token, name: name.trim() });
            }}
          >
            <Stack>
              <Title order={1} size="h3">
                You are invited to a class
              </Title>
              <Text size="sm" c="dimmed">
                No account is needed. Others in the class see your name.
              </Text>
              <TextInput
                label="Your name"
                autoComplete="name"
                required
                maxLength={80}
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
              />
              {accept.error && <ProblemAlert title="You could not come in" error={accept.error} />}
              <Button type="submit" loading={accept.isPending} disabled={!token || !name.trim()}>
                Go to the class
              </Button>
            </Stack>
          </form>
        </Paper>
      </Stack>
    </Container>
  );
}
