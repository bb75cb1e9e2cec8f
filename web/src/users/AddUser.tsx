import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useCommand } from "../api/useCommand";
import { CopyField } from "../ui/CopyField";
import { ProblemAlert } from "../ui/ProblemAlert";
import { createUser, everyUsersQuery } from "./queries";

export function AddUser({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Add a person">
      <UserForm onClose={onClose} />
    </Modal>
  );
}

function UserForm({ onClose }: { onClose: () => void }) {
  const queryClient = useQueryClient();
  const create = useCommand(createUser, {
    onSuccess: () => queryClient.invalidateQueries(everyUsersQuery),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    create.mutate({
      name: String(fields.get("name")).trim(),
      email: String(fields.get("email")).trim(),
    });
  };
  if (create.data) {
    return (
      <Stack>
        <Text size="sm">
          Send this link to {create.data.user.name}: it lets them choose a password, once, within
          three days. Then give them a role.
        </Text>
        <CopyField label="Password link" value={create.data.link.url} />
        <Group justify="end">
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    );
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput label="Name" name="name" maxLength={120} required data-autofocus />
        <TextInput label="Email" name="email" type="email" maxLength={254} required />
        {create.error && <ProblemAlert title="Nobody was added" error={create.error} />}
        <Group justify="end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending}>
            Add person
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
