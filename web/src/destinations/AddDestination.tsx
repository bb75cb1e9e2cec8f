import { Button, Group, Modal, PasswordInput, Stack, Tabs, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import type { Problem } from "../api/problem";
import { useCommand } from "../api/useCommand";
import { ProblemAlert } from "../ui/ProblemAlert";
import { createDestination, destinationsQuery, type NewDestination } from "./queries";

export function AddDestination({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Add destination">
      <Tabs defaultValue="rtmp">
        <Tabs.List mb="md">
          <Tabs.Tab value="rtmp">Custom RTMP</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="rtmp">
          <RtmpForm onClose={onClose} />
        </Tabs.Panel>
      </Tabs>
    </Modal>
  );
}

function read(form: HTMLFormElement): NewDestination {
  const fields = new FormData(form);
  return { url: String(fields.get("url")).trim(), streamKey: String(fields.get("streamKey")) };
}

const about = (problem: Problem | null, field: string) =>
  problem?.field === field ? problem.message : null;

function RtmpForm({ onClose }: { onClose: () => void }) {
  const queryClient = useQueryClient();
  const add = useCommand(createDestination, {
    onSuccess: async () => {
      await queryClient.invalidateQueries(destinationsQuery);
      onClose();
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    add.mutate(read(event.currentTarget));
  };
  const urlError = about(add.error, "url");
  const keyError = about(add.error, "streamKey");
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Server URL"
          name="url"
          placeholder="rtmps://live.example.org/app"
          description="rtmp:// or rtmps://, as your streaming service shows it."
          error={urlError}
          required
          data-autofocus
        />
        <PasswordInput
          label="Stream key"
          name="streamKey"
          description="Stored encrypted; nobody can read it here again."
          autoComplete="off"
          error={keyError}
          required
        />
        {add.error && !urlError && !keyError && (
          <ProblemAlert title="The destination was not added" error={add.error} />
        )}
        <Group justify="end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={add.isPending}>
            Add destination
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
