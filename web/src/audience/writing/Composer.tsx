import { ActionIcon, Group, Stack, Textarea } from "@mantine/core";
import { IconSend2 } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { Problem } from "../../api/problem";
import { useCommand } from "../../api/useCommand";
import { ProblemAlert } from "../../ui/ProblemAlert";
import type { Text } from "../commands";

/** As the server takes it (schema/audience.py). */
const MAX_CHARS = 2000;

interface ComposerProps {
  label: string;
  placeholder: string;
  sendLabel: string;
  /** What `send` gets as `id`. */
  target: string;
  send: (text: Text, key: string) => Promise<unknown>;
  initial?: string;
  /** Sends also when nothing is written. */
  mayBeEmpty?: boolean;
  /** Nothing can be sent yet, though it can be written. */
  held?: boolean;
  onSent?: () => void;
  onRefused?: (problem: Problem) => void;
  /** Given where the field was opened by a button: it then takes the focus. */
  onCancel?: () => void;
}

/** A field to write in: Enter sends, Shift+Enter breaks the line, Escape gives up. */
export function Composer(props: ComposerProps) {
  const [text, setText] = useState(props.initial ?? "");
  const sent = useRef("");
  const field = useRef<HTMLTextAreaElement>(null);
  const opened = props.onCancel !== undefined;
  useEffect(() => {
    if (opened) field.current?.focus();
  }, [opened]);
  const content = text.trim();
  const command = useCommand(props.send, {
    onSuccess: () => {
      // What was typed meanwhile is the next text.
      setText((now) => (now === sent.current ? "" : now));
      props.onSent?.();
    },
    onError: props.onRefused,
  });
  const ready = (content !== "" || props.mayBeEmpty === true) && !command.isPending && !props.held;
  const send = () => {
    if (!ready) return;
    sent.current = text;
    command.mutate({ id: props.target, content });
  };
  const onKey = (event: KeyboardEvent) => {
    // While an input method composes, Enter chooses a word.
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      send();
    }
    if (event.key === "Escape") props.onCancel?.();
  };
  return (
    <Stack gap="xs">
      {command.error && <ProblemAlert title="Not sent" error={command.error} />}
      <Group gap="xs" wrap="nowrap" align="end">
        <Textarea
          ref={field}
          aria-label={props.label}
          placeholder={props.placeholder}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={onKey}
          maxLength={MAX_CHARS}
          autosize
          maxRows={5}
          flex={1}
        />
        <ActionIcon size={36} aria-label={props.sendLabel} disabled={!ready} onClick={send}>
          <IconSend2 size={18} aria-hidden />
        </ActionIcon>
      </Group>
    </Stack>
  );
}
