import { Button, Group, Modal, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { ReactNode } from "react";

interface ConfirmButtonProps {
  question: string;
  explanation: string;
  confirmLabel: string;
  onConfirm: () => void;
  /** Draws what opens the question. */
  button: (open: () => void) => ReactNode;
}

/** Asks before something that cannot be undone. */
export function ConfirmButton(props: ConfirmButtonProps) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      {props.button(open)}
      <Modal opened={opened} onClose={close} title={props.question} centered size="sm">
        <Text size="sm">{props.explanation}</Text>
        <Group justify="end" mt="lg">
          <Button variant="default" onClick={close} data-autofocus>
            Cancel
          </Button>
          <Button
            color="red"
            onClick={() => {
              close();
              props.onConfirm();
            }}
          >
            {props.confirmLabel}
          </Button>
        </Group>
      </Modal>
    </>
  );
}
