import { Button, ColorInput, Group, Stack } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useCommand } from "../api/useCommand";
import { Previews } from "../programme/Previews";
import { ProblemAlert } from "../ui/ProblemAlert";
import { type Branding, brandingQuery, changeBranding } from "./queries";

const COLOR = /^#[0-9a-f]{6}$/;
const SAMPLE = { title: "Photosynthesis", lowerThird: "Ada Lovelace, biology", captions: true };

/** The two colours, with what they make of a scene. */
export function Colors({ branding }: { branding: Branding }) {
  const client = useQueryClient();
  const [primaryColor, setPrimary] = useState(branding.primaryColor);
  const [accentColor, setAccent] = useState(branding.accentColor);
  const change = useCommand(changeBranding, {
    onSuccess: (reply) => client.setQueryData(brandingQuery.queryKey, reply),
  });
  const valid = COLOR.test(primaryColor) && COLOR.test(accentColor);
  const changed = primaryColor !== branding.primaryColor || accentColor !== branding.accentColor;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ primaryColor, accentColor });
  };
  const brand = valid ? { ...branding, primaryColor, accentColor } : branding;
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Previews layout="speaker" metadata={SAMPLE} brand={brand} />
        <Group grow align="start">
          <ColorInput
            label="Main colour"
            description="The bar of the title"
            value={primaryColor}
            onChange={(value) => setPrimary(value.toLowerCase())}
          />
          <ColorInput
            label="Accent"
            description="Who speaks, and the lower third"
            value={accentColor}
            onChange={(value) => setAccent(value.toLowerCase())}
          />
        </Group>
        {change.error && <ProblemAlert title="Not saved" error={change.error} />}
        <Group justify="end">
          <Button type="submit" disabled={!valid || !changed} loading={change.isPending}>
            Save colours
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
