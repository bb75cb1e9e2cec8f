import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useCommand } from "../api/useCommand";
import { ProblemAlert } from "../ui/ProblemAlert";
import { everyUsersQuery, type User, updateUser } from "./queries";

interface EditUserProps {
  user: User;
  opened: boolean;
  onClose: () => void;
}

export function EditUser({ user, opened, onClose }: EditUserProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={`Edit ${user.name}`}>
      <EditForm user={user} onClose={onClose} />
    </Modal>
  );
}

function EditForm({ user, onClose }: Omit<EditUserProps, "opened">) {
  const queryClient = useQueryClient();
  const update = useCommand(updateUser, {
    onSuccess: async () => {
      await queryClient.invalidateQueries(everyUsersQuery);
      onClose();
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const text = (field: string) => String(fields.get(field)).trim();
    update.mutate({ userId: user.id, changes: { name: text("name"), email: text("email") } });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Name"
          name="name"
          defaultValue={user.name}
          maxLength={120}
          required
          data-autofocus
        />
        <TextInput
          label="Email"
          name="email"
          type="email"
          defaultValue={user.email}
          maxLength={254}
          required
        />
        {update.error && <ProblemAlert title="Nothing was changed" error={update.error} />}
        <Group justify="end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={update.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
