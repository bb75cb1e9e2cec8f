import { Button, Group, Modal, MultiSelect, Stack, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useCommand } from "../api/useCommand";
import { about } from "../destinations/changes";
import { ProblemAlert } from "../ui/ProblemAlert";
import { createEndpoint, endpointsQuery, eventTypesQuery } from "./queries";
import { SecretShown } from "./SecretShown";

interface AddEndpointProps {
  opened: boolean;
  onClose: () => void;
}

export function AddEndpoint({ opened, onClose }: AddEndpointProps) {
  const [secret, setSecret] = useState<string>();
  const close = () => {
    setSecret(undefined);
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title="Add webhook endpoint">
      {secret ? (
        <SecretShown secret={secret} onClose={close} />
      ) : (
        <EndpointForm onMade={setSecret} onClose={close} />
      )}
    </Modal>
  );
}

interface EndpointFormProps {
  onMade: (secret: string) => void;
  onClose: () => void;
}

function EndpointForm({ onMade, onClose }: EndpointFormProps) {
  const queryClient = useQueryClient();
  const types = useQuery(eventTypesQuery).data?.items ?? [];
  const [eventTypes, setEventTypes] = useState<string[]>([]);
  const add = useCommand(createEndpoint, {
    onSuccess: async ({ secret }) => {
      onMade(secret);
      await queryClient.invalidateQueries(endpointsQuery);
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    add.mutate({
      url: String(fields.get("url")).trim(),
      description: String(fields.get("description")),
      eventTypes,
    });
  };
  const urlError = about(add.error, "url");
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="URL"
          name="url"
          type="url"
          placeholder="https://example.org/lectern"
          description="Takes a POST with JSON and answers 2xx within 15 seconds."
          error={urlError}
          required
          data-autofocus
        />
        <TextInput label="Description" name="description" maxLength={200} />
        <MultiSelect
          label="Events"
          description="None chosen means all of them."
          data={types}
          value={eventTypes}
          onChange={setEventTypes}
          searchable
          clearable
        />
        {add.error && !urlError && (
          <ProblemAlert title="The endpoint was not added" error={add.error} />
        )}
        <Group justify="end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={add.isPending}>
            Add endpoint
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
