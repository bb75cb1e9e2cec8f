import { ActionIcon, Button, Group, Menu, Stack, Text, Title } from "@mantine/core";
import { type Icon, IconPencil, IconPlus, IconSparkles, IconTrash } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useCommand } from "../../api/useCommand";
import { ConfirmButton } from "../../ui/ConfirmButton";
import { ProblemAlert } from "../../ui/ProblemAlert";
import { LAYOUTS, layoutNames } from "../layouts";
import { activateScene, createScene, deactivateScene, deleteScene, type Scene } from "../queries";
import { SceneForm } from "../scene/SceneForm";
import type { Studio } from "../useStudio";
import classes from "./StudioPanel.module.css";

interface SceneListProps {
  studio: Studio;
  names: ReadonlyMap<string, string>;
}

/** The scenes, and which of them is on stage; Alt with a number switches. */
export function SceneList({ studio, names }: SceneListProps) {
  const { view, active, sessionId } = studio;
  const [edited, setEdited] = useState<Scene | null>(null);
  const activate = useCommand(activateScene);
  const deactivate = useCommand(deactivateScene);
  const remove = useCommand(deleteScene);
  const error = activate.error ?? deactivate.error ?? remove.error;
  const byDefault = () => active && deactivate.mutate(active.id);
  return (
    <section aria-label="Scenes">
      <Group justify="space-between" mb="xs">
        <Title order={3} size="h6">
          Scenes
        </Title>
        <AddScene sessionId={sessionId} />
      </Group>
      <Stack component="ul" gap={4} p={0} m={0} className={classes.list ?? ""}>
        <Row
          name="Automatic"
          text="People, or a shared screen"
          face={IconSparkles}
          shortcut="Alt+0"
          onStage={active === null}
          onShow={byDefault}
        />
        {view.scenes.map((scene, n) => (
          <Row
            key={scene.id}
            name={scene.name}
            text={LAYOUTS[scene.layout].label}
            face={LAYOUTS[scene.layout].icon}
            shortcut={n < 9 ? `Alt+${n + 1}` : null}
            onStage={scene.id === active?.id}
            onShow={() => activate.mutate(scene.id)}
          >
            <ActionIcon
              variant="subtle"
              aria-label={`Edit the scene ${scene.name}`}
              onClick={() => setEdited(scene)}
            >
              <IconPencil size={16} aria-hidden />
            </ActionIcon>
            <ConfirmButton
              question={`Delete the scene “${scene.name}”?`}
              explanation="Its slides stay in this session."
              confirmLabel="Delete scene"
              onConfirm={() => remove.mutate(scene.id)}
              button={(open) => (
                <ActionIcon
                  variant="subtle"
                  color="red"
                  aria-label={`Delete the scene ${scene.name}`}
                  onClick={open}
                >
                  <IconTrash size={16} aria-hidden />
                </ActionIcon>
              )}
            />
          </Row>
        ))}
      </Stack>
      {error && <ProblemAlert title="The scene was not changed" error={error} />}
      {edited && (
        <SceneForm
          key={edited.id}
          studio={studio}
          scene={edited}
          names={names}
          onClose={() => setEdited(null)}
        />
      )}
    </section>
  );
}

function AddScene({ sessionId }: { sessionId: string }) {
  const create = useCommand(createScene);
  return (
    <>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            loading={create.isPending}
          >
            Add scene
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {layoutNames.map((layout) => {
            const { label, icon: Face } = LAYOUTS[layout];
            return (
              <Menu.Item
                key={layout}
                leftSection={<Face size={16} aria-hidden />}
                onClick={() => create.mutate({ sessionId, name: label, layout })}
              >
                {label}
              </Menu.Item>
            );
          })}
        </Menu.Dropdown>
      </Menu>
      {create.error && <ProblemAlert title="No scene was added" error={create.error} />}
    </>
  );
}

interface RowProps {
  name: string;
  text: string;
  face: Icon;
  shortcut: string | null;
  onStage: boolean;
  onShow: () => void;
  children?: ReactNode;
}

function Row({ name, text, face: Face, shortcut, onStage, onShow, children }: RowProps) {
  return (
    <li className={classes.row} data-active={onStage}>
      <button type="button" className={classes.show} aria-pressed={onStage} onClick={onShow}>
        <Face size={20} stroke={1.7} aria-hidden />
        <span className={classes.words}>
          <Text span size="sm" fw={600} truncate>
            {name}
          </Text>
          <Text span size="xs" c="dimmed" truncate>
            {onStage ? "On stage" : text}
            {shortcut && !onStage && ` · ${shortcut}`}
          </Text>
        </span>
      </button>
      {children}
    </li>
  );
}
