import { Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import type { CaptionOptions } from "../queries";
import { OwnLanguage } from "../settings/OwnLanguage";
import classes from "./TranscriptSoFar.module.css";

interface TranscriptHeadProps {
  sessionId: string;
  options: CaptionOptions | undefined;
  enabled: boolean;
  /** The language one chose for oneself. */
  language: string;
  search: string;
  onSearch: (search: string) => void;
}

export function TranscriptHead(props: TranscriptHeadProps) {
  const { sessionId, options, enabled, language, search, onSearch } = props;
  return (
    <div className={classes.head}>
      <TextInput
        size="xs"
        aria-label="Search the transcript"
        placeholder="Search the transcript"
        leftSection={<IconSearch size={14} aria-hidden />}
        value={search}
        onChange={(event) => onSearch(event.currentTarget.value)}
      />
      {options && <OwnLanguage sessionId={sessionId} options={options} chosen={language} />}
      {!enabled && (
        <Text size="sm" c="dimmed" role="status">
          Captions are off in this class.
        </Text>
      )}
    </div>
  );
}
