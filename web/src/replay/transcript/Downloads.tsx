import { Button, Group } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import type { Replay } from "../queries";

export function Downloads({ transcript }: { transcript: Replay["transcript"] }) {
  const files = [
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
