import { Button, Group } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import type { Replay } from "../queries";

export function Downloads({ transcript, recordings }: Pick<Replay, "transcript" | "recordings">) {
  const videos = recordings.flatMap(({ downloadUrls }) => downloadUrls ?? []);
  const files = [
    ...videos.map((url, n) => ({ label: videos.length > 1 ? `Video ${n + 1}` : "Video", url })),
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
