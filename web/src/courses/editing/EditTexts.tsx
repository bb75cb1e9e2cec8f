import { Button, Group, Modal, Stack, Textarea, TextInput } from "@mantine/core";
import type { FormEvent } from "react";
import { useCommand } from "../../api/useCommand";
import { ProblemAlert } from "../../ui/ProblemAlert";

interface Texts {
  title: string;
  description: string;
}

interface EditTextsProps {
  what: Texts;
  opened: boolean;
  onClose: () => void;
  save: (texts: Texts, key: string) => Promise<unknown>;
  onSaved: () => Promise<void>;
}

/** Title and description of a course or a lesson. */
export function EditTexts(props: EditTextsProps) {
  const { what, opened, onClose } = props;
  return (
    <Modal opened={opened} onClose={onClose} title={`Edit ${what.title}`}>
      <Form {...props} />
    </Modal>
  );
}

function Form({ what, onClose, save, onSaved }: EditTextsProps) {
  const edit = useCommand(save, {
    onSuccess: async () => {
      await onSaved();
      onClose();
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const text = (name: string) => String(fields.get(name)).trim();
    edit.mutate({ title: text("title"), description: text("description") });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Title"
          name="title"
          defaultValue={what.title}
          maxLength={200}
          required
          data-autofocus
        />
        <Textarea
          label="Description"
          name="description"
          defaultValue={what.description}
          maxLength={5000}
          autosize
          minRows={3}
          maxRows={12}
        />
        {edit.error && <ProblemAlert title="Nothing was changed" error={edit.error} />}
        <Group justify="end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={edit.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
