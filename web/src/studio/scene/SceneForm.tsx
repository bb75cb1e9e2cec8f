import { Button, ColorInput, Group, Modal, Select, Stack, Switch, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useCommand } from "../../api/useCommand";
import { ProblemAlert } from "../../ui/ProblemAlert";
import { backgroundOf } from "../backgrounds";
import { LAYOUTS, layoutNames } from "../layouts";
import { changeScene, type Layout, type Scene } from "../queries";
import type { Studio } from "../useStudio";
import { BackgroundPicture } from "./BackgroundPicture";
import { fromLocal, toLocal } from "./moments";
import { ScenePreview } from "./ScenePreview";

/** Calm backgrounds that white text can be read on. */
const BACKGROUNDS = ["#10151d", "#12263a", "#1b2e1f", "#3a1626", "#2b2140"];

interface SceneFormProps {
  studio: Studio;
  scene: Scene;
  names: ReadonlyMap<string, string>;
  onClose: () => void;
}

/** Everything about one scene; refused when somebody else changed it since the form was opened. */
export function SceneForm({ studio, scene, names, onClose }: SceneFormProps) {
  const [name, setName] = useState(scene.name);
  const [layout, setLayout] = useState<Layout>(scene.layout);
  const [metadata, setMetadata] = useState(scene.metadata);
  const change = useCommand(changeScene, { onSuccess: onClose });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ scene, change: { name: name.trim(), layout, metadata } });
  };
  const say = (more: Partial<Scene["metadata"]>) => setMetadata({ ...metadata, ...more });
  return (
    <Modal opened onClose={onClose} title={`Edit “${scene.name}”`} centered>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label="Name"
            value={name}
            maxLength={80}
            required
            data-autofocus
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Select
            label="Layout"
            data={layoutNames.map((value) => ({ value, label: LAYOUTS[value].label }))}
            value={layout}
            allowDeselect={false}
            onChange={(value) => setLayout(value as Layout)}
          />
          <TextInput
            label="Title"
            description="Above the picture; on a slate in large letters."
            value={metadata.title ?? ""}
            maxLength={200}
            onChange={(event) => say({ title: event.currentTarget.value })}
          />
          <TextInput
            label="Lower third"
            description="A line over the picture, such as a name and a subject."
            value={metadata.lowerThird ?? ""}
            maxLength={200}
            onChange={(event) => say({ lowerThird: event.currentTarget.value })}
          />
          <Select
            label="In front"
            placeholder="Who speaks, or the teacher"
            data={[...names].map(([value, label]) => ({ value, label }))}
            value={metadata.pinnedParticipantId ?? null}
            clearable
            onChange={(value) => say({ pinnedParticipantId: value })}
          />
          <ColorInput
            label="Background color"
            placeholder="As the room"
            swatches={BACKGROUNDS}
            value={metadata.backgroundColor ?? ""}
            onChange={(value) => say({ backgroundColor: value.toLowerCase() || null })}
          />
          <BackgroundPicture
            studio={studio}
            assetId={metadata.backgroundAssetId ?? null}
            onChoose={(backgroundAssetId) => say({ backgroundAssetId })}
          />
          {layout === "countdown" && (
            <TextInput
              type="datetime-local"
              label="Counts down to"
              value={toLocal(metadata.countdownTo ?? null)}
              onChange={(event) => say({ countdownTo: fromLocal(event.currentTarget.value) })}
            />
          )}
          <Group gap="xl">
            <Switch
              label="Captions in the recording"
              checked={metadata.captions ?? false}
              onChange={(event) => say({ captions: event.currentTarget.checked })}
            />
            <Switch
              label="School logo"
              checked={metadata.logo ?? true}
              onChange={(event) => say({ logo: event.currentTarget.checked })}
            />
          </Group>
          <ScenePreview
            layout={layout}
            metadata={metadata}
            backgroundUrl={backgroundOf(studio, metadata)}
          />
          {change.error && <ProblemAlert title="Not saved" error={change.error} />}
          <Group justify="end" mt="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={change.isPending} disabled={!name.trim()}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
