import {
  Button,
  Fieldset,
  Group,
  Modal,
  SimpleGrid,
  Skeleton,
  Stack,
  TextInput,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPencil } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useCommand } from "../../api/useCommand";
import { DestinationChecklist } from "../../destinations/choosing/DestinationChecklist";
import { sessionDestinationsQuery } from "../../destinations/queries";
import { ProblemAlert } from "../../ui/ProblemAlert";
import { type Session, sessionToEdit } from "../queries";
import { applyEdit } from "./applyEdit";
import { changesOf, planOf } from "./plan";

export function EditSession({ session }: { session: Session }) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button variant="default" leftSection={<IconPencil size={18} aria-hidden />} onClick={open}>
        Edit
      </Button>
      <Modal opened={opened} onClose={close} title={`Edit ${session.title}`}>
        {opened && <Newest id={session.id} onClose={close} />}
      </Modal>
    </>
  );
}

/** What is edited is asked for anew: the page may be a little behind, and an edit has to know what it is based on. */
function Newest({ id, onClose }: { id: string; onClose: () => void }) {
  const newest = useQuery({
    queryKey: ["sessions", id, "to edit"],
    queryFn: () => sessionToEdit(id),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (newest.isPending) return <Skeleton height={200} />;
  if (!newest.data) return <ProblemAlert error={newest.error} />;
  return <Form {...newest.data} onClose={onClose} />;
}

interface FormProps {
  session: Session;
  version: number;
  onClose: () => void;
}

function Form({ session, version, onClose }: FormProps) {
  const [plan, setPlan] = useState(() => planOf(session));
  const queryClient = useQueryClient();
  const chosen = useQuery(sessionDestinationsQuery(session.id));
  const [destinationIds, setDestinationIds] = useState<string[] | null>(null);
  const edit = useCommand(applyEdit, {
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries({ queryKey: ["sessions"] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const changes = changesOf(session, plan);
    if (Object.keys(changes).length === 0 && destinationIds === null) onClose();
    else edit.mutate({ id: session.id, version, changes, destinationIds });
  };
  const set = (field: keyof typeof plan) => (event: { currentTarget: { value: string } }) =>
    setPlan({ ...plan, [field]: event.currentTarget.value });
  const ordered = plan.start < plan.end;
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Title"
          value={plan.title}
          maxLength={200}
          onChange={set("title")}
          required
          data-autofocus
        />
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
          <TextInput
            type="datetime-local"
            label="Starts"
            value={plan.start}
            onChange={set("start")}
            required
          />
          <TextInput
            type="datetime-local"
            label="Ends"
            value={plan.end}
            onChange={set("end")}
            error={ordered ? null : "The end must be after the start."}
            required
          />
        </SimpleGrid>
        <Fieldset legend="Multistreaming">
          {chosen.isPending ? (
            <Skeleton height={48} />
          ) : (
            <DestinationChecklist
              selected={destinationIds ?? chosen.data?.map((one) => one.destinationId) ?? []}
              onChange={setDestinationIds}
            />
          )}
        </Fieldset>
        {edit.error && <ProblemAlert title="The session was not changed" error={edit.error} />}
        <Group justify="end">
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
          <Button type="submit" loading={edit.isPending} disabled={!ordered}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
