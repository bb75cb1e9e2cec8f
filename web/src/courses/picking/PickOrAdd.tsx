import { Button, Group, NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Problem } from "../../api/problem";

interface Option {
  id: string;
  title: string;
}

interface PickOrAddProps {
  /** "Course", "Lesson": the field's label, and the word in "New course". */
  label: string;
  options: Option[];
  value: string;
  onChange: (id: string) => void;
  onAdd: (title: string) => void;
  adding: boolean;
  problem: Problem | null;
}

/** Choose one of what exists, or name a new one on the spot. */
export function PickOrAdd(props: PickOrAddProps) {
  const [typing, setTyping] = useState(false);
  if (typing || props.options.length === 0) {
    return <AddField {...props} onDone={() => setTyping(false)} />;
  }
  const data = props.options.map(({ id, title }) => ({ value: id, label: title }));
  return (
    <Group align="end" gap="xs" wrap="nowrap">
      <NativeSelect
        flex={1}
        label={props.label}
        data={data}
        value={props.value}
        onChange={(event) => props.onChange(event.currentTarget.value)}
      />
      <Button variant="default" onClick={() => setTyping(true)}>
        New {props.label.toLowerCase()}
      </Button>
    </Group>
  );
}

function AddField({
  label,
  options,
  onAdd,
  adding,
  problem,
  onDone,
}: PickOrAddProps & { onDone: () => void }) {
  const [title, setTitle] = useState("");
  const add = () => {
    if (title.trim() === "") return;
    onAdd(title.trim());
    onDone();
  };
  return (
    <Group align="end" gap="xs" wrap="nowrap">
      <TextInput
        flex={1}
        label={`New ${label.toLowerCase()}`}
        placeholder={`Title of the ${label.toLowerCase()}`}
        maxLength={200}
        value={title}
        error={problem?.message}
        onChange={(event) => setTitle(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          // Enter adds the course; it must not submit the form around it.
          event.preventDefault();
          add();
        }}
      />
      <Button onClick={add} loading={adding} disabled={title.trim() === ""}>
        Add {label.toLowerCase()}
      </Button>
      {options.length > 0 && (
        <Button variant="subtle" onClick={onDone}>
          Cancel
        </Button>
      )}
    </Group>
  );
}
