import { Button, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { api, unwrap } from "../../api/client";
import { ConfirmButton } from "../../ui/ConfirmButton";
import { ProblemAlert } from "../../ui/ProblemAlert";

export function SignOutEverywhere() {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const signOut = useMutation({
    mutationFn: () => unwrap(api.POST("/api/auth/logout-everywhere")),
    onSuccess: async () => {
      await navigate("/login");
      queryClient.clear();
    },
  });
  return (
    <Stack align="start">
      <Title order={2} size="h4">
        Your devices
      </Title>
      <Text size="sm" c="dimmed">
        If you left yourself signed in somewhere, or lost a device, end all sign-ins at once.
      </Text>
      {signOut.error && <ProblemAlert title="You are still signed in" error={signOut.error} />}
      <ConfirmButton
        question="Sign out everywhere?"
        explanation="All your devices are signed out, this one too. Your API keys keep working."
        confirmLabel="Sign out everywhere"
        onConfirm={() => signOut.mutate()}
        button={(open) => (
          <Button variant="default" onClick={open} loading={signOut.isPending}>
            Sign out everywhere
          </Button>
        )}
      />
    </Stack>
  );
}
