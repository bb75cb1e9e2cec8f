import {
  Button,
  Fieldset,
  Group,
  Modal,
  SegmentedControl,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { type FormEvent, useState } from "react";
import { LessonPicker } from "../../courses/picking/LessonPicker";
import { usePlannable } from "../../courses/plannable";
import { DestinationChecklist } from "../../destinations/choosing/DestinationChecklist";
import { ProblemAlert } from "../../ui/ProblemAlert";
import { emptyForm, formError, type NewSessionForm, withStart } from "./newSessionForm";
import { useCreateSession } from "./useCreateSession";

export function NewSession({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="New session" size="lg">
      {opened && <Form onClose={onClose} />}
    </Modal>
  );
}

function Form({ onClose }: { onClose: () => void }) {
  const [typed, setForm] = useState(() => emptyForm(new Date()));
  const { plannable } = usePlannable();
  const form = { ...typed, lessonId: typed.lessonId ?? plannable?.lessons[0]?.id ?? "" };
  const [touched, setTouched] = useState(false);
  const create = useCreateSession(onClose);
  const change = (part: Partial<NewSessionForm>) => setForm((old) => ({ ...old, ...part }));
  const error = formError(form);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTouched(true);
    if (!error) create.mutate(form);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <LessonPicker
          value={form.lessonId}
          onChange={(lesson) => change({ lessonId: lesson?.id ?? "" })}
        />
        <TextInput
          label="Title"
          description="Left empty, it is the lesson's title."
          maxLength={200}
          value={form.title}
          onChange={(event) => change({ title: event.currentTarget.value })}
        />
        <When form={form} onChange={setForm} />
        <Fieldset legend="Multistreaming">
          <DestinationChecklist
            selected={form.destinationIds}
            onChange={(destinationIds) => change({ destinationIds })}
          />
        </Fieldset>
        {touched && error && (
          <Text size="sm" c="red" role="alert">
            {error}
          </Text>
        )}
        {create.error && <ProblemAlert title="The session was not created" error={create.error} />}
        <Group justify="end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending}>
            {form.mode === "now" ? "Start now" : "Schedule"}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface WhenProps {
  form: NewSessionForm;
  onChange: (form: NewSessionForm) => void;
}

function When({ form, onChange }: WhenProps) {
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label="When"
        value={form.mode}
        onChange={(mode) => onChange({ ...form, mode: mode === "now" ? "now" : "later" })}
        data={[
          { value: "now", label: "Now" },
          { value: "later", label: "Later" },
        ]}
      />
      {form.mode === "later" && (
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
          <TextInput
            type="datetime-local"
            label="Starts"
            value={form.start}
            onChange={(event) => onChange(withStart(form, event.currentTarget.value))}
          />
          <TextInput
            type="datetime-local"
            label="Ends"
            value={form.end}
            onChange={(event) => onChange({ ...form, end: event.currentTarget.value })}
          />
        </SimpleGrid>
      )}
    </Stack>
  );
}
