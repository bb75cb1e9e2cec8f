import { Button, FileButton, Group, Progress, Select } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { useState } from "react";
import { useCommand } from "../../api/useCommand";
import { ProblemAlert } from "../../ui/ProblemAlert";
import { type Upload, uploadAsset } from "../upload";
import type { Studio } from "../useStudio";

interface BackgroundPictureProps {
  studio: Studio;
  assetId: string | null;
  onChoose: (assetId: string | null) => void;
}

/** One of the session's pictures, or a new one. */
export function BackgroundPicture({ studio, assetId, onChoose }: BackgroundPictureProps) {
  const [sent, setSent] = useState(0);
  const upload = useCommand((input: Upload, key) => uploadAsset(input, key, setSent), {
    onSuccess: ({ id }) => onChoose(id),
  });
  const send = (file: File | null) => {
    if (!file) return;
    const { sessionId } = studio;
    const { name, size: sizeBytes } = file;
    upload.mutate({ sessionId, type: "image", sceneId: null, file, name, sizeBytes });
  };
  const pictures = studio.view.assets.filter(({ type }) => type === "image");
  return (
    <>
      <Group align="end" gap="xs" wrap="nowrap">
        <Select
          label="Background picture"
          placeholder="None"
          data={pictures.map(({ id, name }) => ({ value: id, label: name }))}
          value={assetId}
          clearable
          disabled={pictures.length === 0}
          style={{ flex: 1 }}
          onChange={onChoose}
        />
        <FileButton onChange={send} accept="image/png,image/jpeg,image/webp,image/gif">
          {(open) => (
            <Button
              {...open}
              variant="default"
              leftSection={<IconUpload size={16} aria-hidden />}
              loading={upload.isPending}
            >
              Upload
            </Button>
          )}
        </FileButton>
      </Group>
      {upload.isPending && <Progress value={sent * 100} aria-label="Upload of the picture" />}
      {upload.error && <ProblemAlert title="The picture was not added" error={upload.error} />}
    </>
  );
}
