import { Button, Group } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import type { Replay } from "../queries";

export function Downloads({ transcript, recordings }: Pick<Replay, "transcript" | "recordings">) {
  const videos = recordings.flatMap(({ downloadUrls }) => downloadUrls ?? []);
  const captioned = recordings.flatMap(({ subtitledUrls }) => subtitledUrls ?? []);
  const files = [
    ...numbered("Video", videos),
    ...numbered("Video with captions", captioned),
    { label: "WebVTT", url: transcript.vttUrl },
    { label: "SRT", url: transcript.srtUrl },
    { label: "Text", url: transcript.txtUrl },
    { label: "Word", url: transcript.docxUrl },
  ].filter((file): file is { label: string; url: string } => Boolean(file.url));
  if (files.length === 0) return null;
  return (
    <Group gap="xs" component="section" aria-label="Downloads">
      {files.map(({ label, url }) => (
        <Button
          key={label}
          component="a"
          href={url}
          download
          size="xs"
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
        >
          {label}
        </Button>
      ))}
    </Group>
  );
}

const numbered = (name: string, urls: string[]) =>
  urls.map((url, n) => ({ label: urls.length > 1 ? `${name} ${n + 1}` : name, url }));
