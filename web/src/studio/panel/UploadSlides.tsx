import { Button, FileButton, Progress, Text } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useCommand } from "../../api/useCommand";
import { ProblemAlert } from "../../ui/ProblemAlert";
import { LAYOUTS } from "../layouts";
import { activateScene, createScene, type Scene } from "../queries";
import { type Upload, uploadAsset } from "../upload";
import classes from "./StudioPanel.module.css";
import { useDrop } from "./useDrop";

const ACCEPT = "application/pdf,image/png,image/jpeg,image/webp,image/gif";

interface UploadSlidesProps {
  sessionId: string;
  /** Gets the slides; without one a scene for them is made and shown. */
  scene: Scene | null;
}

/**
 * Takes PDFs and pictures, chosen or dropped, one after the other, and tells how far it is: first on its way, then being
 * made into slides.
 */
export function UploadSlides({ sessionId, scene }: UploadSlidesProps) {
  const [sent, setSent] = useState(0);
  const [waiting, setWaiting] = useState<readonly File[]>([]);
  // The scene made for the first file, as long as the log has not told of it.
  const made = useRef<string | null>(null);
  const upload = useCommand((input: Upload, key) => addSlides(input, key, setSent), {
    onSuccess: ({ sceneId }) => {
      made.current = sceneId ?? null;
    },
    onError: () => setWaiting([]),
  });
  const { isPending, mutate } = upload;
  const { over, zone } = useDrop((files) => setWaiting((before) => [...before, ...files]));
  const sceneId = scene?.id ?? made.current;
  useEffect(() => {
    const [file, ...rest] = waiting;
    if (!file || isPending) return;
    setWaiting(rest);
    setSent(0);
    const { name, size: sizeBytes } = file;
    mutate({ sessionId, type: "slide", sceneId, file, name, sizeBytes });
  }, [waiting, isPending, mutate, sessionId, sceneId]);
  const sending = upload.isPending && sent < 1;
  return (
    <div className={classes.drop} data-over={over} {...zone}>
      <FileButton
        accept={ACCEPT}
        onChange={(file) => file && setWaiting([file])}
        disabled={upload.isPending}
      >
        {(open) => (
          <Button
            {...open}
            fullWidth
            variant="default"
            leftSection={<IconUpload size={16} aria-hidden />}
            loading={upload.isPending}
          >
            Add a PDF or a picture
          </Button>
        )}
      </FileButton>
      <Text size="xs" c="dimmed" mt={4}>
        {over ? "Let go to add it" : "Or drop files here"}
      </Text>
      {upload.isPending && (
        <div role="status">
          <Progress
            mt="xs"
            value={sending ? sent * 100 : 100}
            animated={!sending}
            aria-label="Upload"
          />
          <Text size="xs" c="dimmed" mt={4}>
            {sending ? `Uploading, ${Math.round(sent * 100)} %` : "Making slides…"}
          </Text>
        </div>
      )}
      {upload.error && <ProblemAlert title="No slides were added" error={upload.error} />}
    </div>
  );
}

/** Into the scene, or into a new one that is then shown. */
async function addSlides(upload: Upload, key: string, onProgress: (sent: number) => void) {
  if (upload.sceneId) return uploadAsset(upload, key, onProgress);
  const { sessionId } = upload;
  const name = LAYOUTS.slides_speaker.label;
  const scene = await createScene({ sessionId, name, layout: "slides_speaker" }, key);
  const asset = await uploadAsset({ ...upload, sceneId: scene.id }, key, onProgress);
  await activateScene(scene.id, key);
  return asset;
}
