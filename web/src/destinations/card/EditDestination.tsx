import { Button, Group, Modal, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import type { Problem } from "../../api/problem";
import { useCommand } from "../../api/useCommand";
import { ProblemAlert } from "../../ui/ProblemAlert";
import { about, changesOf, type EditedFields, isAccount } from "../changes";
import { type Destination, destinationsQuery, updateDestination } from "../queries";

interface EditDestinationProps {
  destination: Destination;
  opened: boolean;
  onClose: () => void;
}

export function EditDestination({ destination, opened, onClose }: EditDestinationProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={`Edit ${destination.name}`}>
      <EditForm destination={destination} onClose={onClose} />
    </Modal>
  );
}

function read(form: HTMLFormElement): EditedFields {
  const fields = new FormData(form);
  const text = (field: string) => String(fields.get(field) ?? "");
  return { name: text("name"), url: text("url"), streamKey: text("streamKey") };
}

const FIELDS = ["name", "url", "streamKey"];

function EditForm({ destination, onClose }: Omit<EditDestinationProps, "opened">) {
  const queryClient = useQueryClient();
  const update = useCommand(updateDestination, {
    onSuccess: async () => {
      await queryClient.invalidateQueries(destinationsQuery);
      onClose();
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const changes = changesOf(destination, read(event.currentTarget));
    if (Object.keys(changes).length === 0) onClose();
    else update.mutate({ id: destination.id, changes });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Name"
          name="name"
          defaultValue={destination.name}
          error={about(update.error, "name")}
          required
          data-autofocus
        />
        {!isAccount(destination) && <KeyFields destination={destination} error={update.error} />}
        {update.error && !FIELDS.includes(update.error.field ?? "") && (
          <ProblemAlert title="The destination was not changed" error={update.error} />
        )}
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

interface KeyFieldsProps {
  destination: Destination;
  error: Problem | null;
}

function KeyFields({ destination, error }: KeyFieldsProps) {
  const hint = destination.keyHint ? ` (ends in ${destination.keyHint})` : "";
  return (
    <>
      <TextInput
        label="Server URL"
        name="url"
        defaultValue={destination.url}
        error={about(error, "url")}
        required
      />
      <PasswordInput
        label="New stream key"
        name="streamKey"
        description={`Leave it empty to keep the stored key${hint}.`}
        autoComplete="off"
        error={about(error, "streamKey")}
      />
    </>
  );
}
