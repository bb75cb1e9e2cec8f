import { ActionIcon, Button, Checkbox, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import {
  MAX_OPTIONS,
  MIN_OPTIONS,
  type Sketch,
  withCorrect,
  withOption,
  withoutOption,
  withText,
} from "./draft";

interface OptionListProps {
  sketch: Sketch;
  onSketch: (sketch: Sketch) => void;
}

export function OptionList({ sketch, onSketch }: OptionListProps) {
  return (
    <Stack gap={6} component="fieldset" bd={0} p={0} m={0}>
      <Text component="legend" size="sm" fw={500} p={0}>
        Options
      </Text>
      {sketch.options.map((option, index) => (
        <Group key={option.id} gap="xs" wrap="nowrap">
          {sketch.kind === "quiz" && (
            <Checkbox
              aria-label={`Option ${index + 1} is correct`}
              checked={option.correct}
              onChange={({ currentTarget: { checked } }) =>
                onSketch(withCorrect(sketch, option.id, checked))
              }
            />
          )}
          <TextInput
            aria-label={`Option ${index + 1}`}
            size="xs"
            flex={1}
            maxLength={200}
            value={option.text}
            onChange={({ currentTarget: { value } }) =>
              onSketch(withText(sketch, option.id, value))
            }
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Remove option ${index + 1}`}
            disabled={sketch.options.length <= MIN_OPTIONS}
            onClick={() => onSketch(withoutOption(sketch, option.id))}
          >
            <IconX size={14} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      <Button
        size="compact-xs"
        variant="default"
        disabled={sketch.options.length >= MAX_OPTIONS}
        onClick={() => onSketch(withOption(sketch))}
      >
        Add option
      </Button>
    </Stack>
  );
}
