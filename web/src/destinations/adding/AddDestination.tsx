import {
  Button,
  Group,
  List,
  Modal,
  NativeSelect,
  PasswordInput,
  Stack,
  Tabs,
  TextInput,
} from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useCommand } from "../../api/useCommand";
import { ProblemAlert } from "../../ui/ProblemAlert";
import { ConnectAccounts } from "../accounts/ConnectAccounts";
import { about } from "../changes";
import {
  createDestination,
  type DestinationPreset,
  destinationsQuery,
  presetsQuery,
} from "../queries";
import { CUSTOM, rulesOf, SRT, urlAfterPick } from "./presets";

export function AddDestination({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Add destination">
      <Tabs defaultValue="rtmp">
        <Tabs.List mb="md">
          <Tabs.Tab value="rtmp">Custom RTMP</Tabs.Tab>
          <Tabs.Tab value="oauth">OAuth Services</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="rtmp">
          <RtmpForm onClose={onClose} />
        </Tabs.Panel>
        <Tabs.Panel value="oauth">
          <ConnectAccounts />
        </Tabs.Panel>
      </Tabs>
    </Modal>
  );
}

function RtmpForm({ onClose }: { onClose: () => void }) {
  const queryClient = useQueryClient();
  const presets = useQuery(presetsQuery).data?.items ?? [];
  const [preset, setPreset] = useState<DestinationPreset>();
  const [url, setUrl] = useState("");
  const add = useCommand(createDestination, {
    onSuccess: async () => {
      await queryClient.invalidateQueries(destinationsQuery);
      onClose();
    },
  });
  const pick = (picked: DestinationPreset | undefined) => {
    setPreset(picked);
    if (picked) setUrl(urlAfterPick(presets, url, picked));
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const streamKey = String(new FormData(event.currentTarget).get("streamKey"));
    const platform = preset && preset.id !== CUSTOM ? { name: preset.name } : {};
    add.mutate({ preset: preset?.id ?? CUSTOM, url: url.trim(), streamKey, ...platform });
  };
  const urlError = about(add.error, "url");
  const keyError = about(add.error, "streamKey");
  return (
    <form onSubmit={submit}>
      <Stack>
        <PlatformPicker presets={presets} picked={preset} onPick={pick} />
        <TextInput
          label="Server URL"
          name="url"
          value={url}
          onChange={(event) => setUrl(event.currentTarget.value)}
          placeholder={
            preset?.id === SRT ? "srt://live.example.org:9000" : "rtmps://live.example.org/app"
          }
          description="rtmp://, rtmps:// or srt://, as your streaming service shows it."
          error={urlError}
          required
          data-autofocus
        />
        <PasswordInput
          label="Stream key"
          name="streamKey"
          description="Stored encrypted; nobody can read it here again."
          autoComplete="off"
          error={keyError}
          required
        />
        {add.error && !urlError && !keyError && (
          <ProblemAlert title="The destination was not added" error={add.error} />
        )}
        <Group justify="end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={add.isPending}>
            Add destination
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface PlatformPickerProps {
  presets: DestinationPreset[];
  picked: DestinationPreset | undefined;
  onPick: (preset: DestinationPreset | undefined) => void;
}

/** A help only: without the presets the form works as it is. */
function PlatformPicker({ presets, picked, onPick }: PlatformPickerProps) {
  if (presets.length === 0) return null;
  return (
    <Stack gap="xs">
      <NativeSelect
        label="Platform"
        data={presets.map(({ id, name }) => ({ value: id, label: name }))}
        value={picked?.id ?? CUSTOM}
        onChange={(event) => onPick(presets.find(({ id }) => id === event.currentTarget.value))}
      />
      {picked && (
        <List size="sm" c="dimmed" aria-label={`What ${picked.name} needs`}>
          {rulesOf(picked).map((rule) => (
            <List.Item key={rule}>{rule}</List.Item>
          ))}
        </List>
      )}
    </Stack>
  );
}
