import { Button, Group, NativeSelect, Stack, Switch, TagsInput, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useCommand } from "../../api/useCommand";
import { ProblemAlert } from "../../ui/ProblemAlert";
import {
  type CaptionOptions,
  type CaptionSettings,
  captionOptionsQuery,
  type Place,
  setCaptionSettings,
} from "../queries";
import { languageChoices } from "./languages";

const CORRECTORS = [
  { value: "staff", label: "Staff only" },
  { value: "speakers", label: "Staff, and everybody their own words" },
  { value: "everyone", label: "Everybody in class" },
];

interface FormProps {
  place: Place;
  options: CaptionOptions;
}

export function SettingsForm({ place, options }: FormProps) {
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState(options.settings);
  const change = (part: Partial<CaptionSettings>) => setDraft({ ...draft, ...part });
  const save = useCommand(
    (settings: CaptionSettings, key: string) => setCaptionSettings(place, settings, key),
    {
      onSuccess: (reply) => {
        setDraft(reply.settings);
        queryClient.setQueryData(captionOptionsQuery(place).queryKey, reply);
      },
    },
  );
  const saved = JSON.stringify(draft) === JSON.stringify(options.settings);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(draft);
      }}
    >
      <Stack maw={560}>
        <Switch
          label="Live captions"
          description="Speech is written down while it is spoken."
          checked={draft.enabled}
          onChange={(event) => change({ enabled: event.currentTarget.checked })}
        />
        <NativeSelect
          label="Language of the class"
          description="Speakers may choose another one for themselves."
          data={languageChoices(options.languages, "Found out while listening")}
          value={draft.language}
          onChange={(event) => change({ language: event.currentTarget.value })}
        />
        <TagsInput
          label="Names and terms"
          description="Up to 60 that the captions should know how to write. Enter or comma ends each."
          maxTags={60}
          value={draft.glossary}
          onChange={(glossary) => change({ glossary })}
        />
        <Switch
          label="Mask swear words"
          checked={draft.maskProfanity}
          onChange={(event) => change({ maskProfanity: event.currentTarget.checked })}
        />
        <NativeSelect
          label="Who may correct captions"
          data={CORRECTORS}
          value={draft.correctors}
          onChange={(event) =>
            change({ correctors: event.currentTarget.value as CaptionSettings["correctors"] })
          }
        />
        {save.error && <ProblemAlert title="Nothing was saved" error={save.error} />}
        <Group>
          <Button type="submit" loading={save.isPending} disabled={saved || !options.mayChange}>
            Save
          </Button>
          {save.isSuccess && saved && (
            <Text size="sm" c="dimmed" role="status">
              Saved. It holds from the next sentence on.
            </Text>
          )}
        </Group>
      </Stack>
    </form>
  );
}
