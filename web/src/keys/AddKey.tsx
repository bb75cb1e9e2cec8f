import { Alert, Button, Group, Modal, Select, Stack, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import type { Schemas } from "../api/client";
import { useCommand } from "../api/useCommand";
import { describe, grantable } from "../auth/roles";
import { useUser } from "../auth/user";
import { useCourseTitle } from "../courses/useCourseTitle";
import { CopyField } from "../ui/CopyField";
import { ProblemAlert } from "../ui/ProblemAlert";
import { createKey, keysQuery } from "./queries";

const DAY_MS = 86_400_000;
const LIVES = [
  { value: "30", label: "30 days" },
  { value: "365", label: "A year" },
  { value: "", label: "Until it is revoked" },
];

export function AddKey({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="New API key">
      <KeyForm onClose={onClose} />
    </Modal>
  );
}

function KeyForm({ onClose }: { onClose: () => void }) {
  const queryClient = useQueryClient();
  const courseTitle = useCourseTitle();
  const grants = grantable(useUser().roles);
  const create = useCommand(createKey, {
    onSuccess: () => queryClient.invalidateQueries(keysQuery),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const grant = grants[Number(new FormData(event.currentTarget).get("grant"))];
    if (grant) create.mutate(keyFrom(new FormData(event.currentTarget), grant));
  };
  if (create.data) return <Made created={create.data} onClose={onClose} />;
  const roles = grants.map((grant, index) => ({
    value: String(index),
    label: describe(grant, courseTitle),
  }));
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Name"
          description="What will use it"
          name="name"
          maxLength={80}
          required
        />
        <Select
          label="May act as"
          name="grant"
          data={roles}
          defaultValue={String(grants.length - 1)}
          allowDeselect={false}
        />
        <Select
          label="Good for"
          name="days"
          data={LIVES}
          defaultValue="365"
          allowDeselect={false}
        />
        {create.error && <ProblemAlert title="No key was made" error={create.error} />}
        <Group justify="end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending}>
            Make key
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function keyFrom(fields: FormData, grant: Schemas["RoleGrant"]): Schemas["CreateApiKey"] {
  const days = Number(fields.get("days"));
  return {
    name: String(fields.get("name")).trim(),
    role: grant.name,
    scope: grant.scope,
    scopeId: grant.scopeId ?? null,
    expiresAt: days ? new Date(Date.now() + days * DAY_MS).toISOString() : null,
  };
}

function Made({ created, onClose }: { created: Schemas["CreatedApiKey"]; onClose: () => void }) {
  return (
    <Stack>
      {created.secret ? (
        <>
          <CopyField label={`The key ${created.key.name}`} value={created.secret} />
          <Alert color="yellow">Copy it now: it is stored nowhere and cannot be shown again.</Alert>
        </>
      ) : (
        <Alert color="yellow">
          The key was made, but its answer got lost on the way. Revoke it and make another.
        </Alert>
      )}
      <Group justify="end">
        <Button onClick={onClose}>Done</Button>
      </Group>
    </Stack>
  );
}
