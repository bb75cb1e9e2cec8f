import { Button, PasswordInput, Stack, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { api, type Schemas, unwrap } from "../../api/client";
import { ProblemAlert } from "../../ui/ProblemAlert";

const changePassword = (body: Schemas["ChangePassword"]) =>
  unwrap(api.POST("/api/auth/password", { body }));

export function ChangePassword() {
  const change = useMutation({ mutationFn: changePassword });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    change.mutate(
      {
        currentPassword: String(fields.get("current")),
        newPassword: String(fields.get("new")),
      },
      {
        onSuccess: () => {
          form.reset();
          notifications.show({
            title: "Your password is changed",
            message: "Every other device is signed out.",
          });
        },
      },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack maw={420}>
        <Title order={2} size="h4">
          Password
        </Title>
        <PasswordInput
          label="Current password"
          name="current"
          autoComplete="current-password"
          required
        />
        <PasswordInput
          label="New password"
          description="At least 8 characters. Changing it signs you out on every other device."
          name="new"
          autoComplete="new-password"
          minLength={8}
          required
        />
        {change.error && <ProblemAlert title="The password was not changed" error={change.error} />}
        <Button type="submit" loading={change.isPending} style={{ alignSelf: "start" }}>
          Change password
        </Button>
      </Stack>
    </form>
  );
}
