import { Group, Kbd, Stack, Switch, Text, Title } from "@mantine/core";
import { useCommand } from "../../api/useCommand";
import { ProblemAlert } from "../../ui/ProblemAlert";
import { hideBoard, showBoard } from "../queries";
import type { Studio } from "../useStudio";
import { SceneList } from "./SceneList";
import { SlideList } from "./SlideList";

interface StudioPanelProps {
  studio: Studio;
  /** Names by participant id, of all who joined. */
  names: ReadonlyMap<string, string>;
}

/** What the class is shown, in the teacher's hands. */
export function StudioPanel({ studio, names }: StudioPanelProps) {
  return (
    <Stack gap="lg" p="md">
      <SceneList studio={studio} names={names} />
      <SlideList studio={studio} />
      <Whiteboard studio={studio} />
    </Stack>
  );
}

function Whiteboard({ studio: { sessionId, view } }: { studio: Studio }) {
  const show = useCommand(showBoard);
  const hide = useCommand(hideBoard);
  const toggle = () => (view.whiteboard ? hide : show).mutate(sessionId);
  const error = show.error ?? hide.error;
  return (
    <section aria-label="Whiteboard">
      <Group justify="space-between">
        <Title order={3} size="h6">
          Whiteboard
        </Title>
        <Kbd size="xs">W</Kbd>
      </Group>
      <Switch
        mt="xs"
        label="Show the whiteboard to everybody"
        checked={view.whiteboard}
        disabled={show.isPending || hide.isPending}
        onChange={toggle}
      />
      <Text size="xs" c="dimmed" mt={4}>
        What is drawn on it stays when it is put away.
      </Text>
      {error && <ProblemAlert title="Nothing was changed" error={error} />}
    </section>
  );
}
