import {
  Button,
  CopyButton,
  Group,
  Modal,
  NumberInput,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconUserPlus } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useCommand } from "../api/useCommand";
import { ProblemAlert } from "../ui/ProblemAlert";
import { dayName, timeOfDay } from "../ui/time";
import { type Invitation, invitationsQuery, invite, revoke } from "./commands";

/** Makes links for guests, shows each once, and takes them back. */
export function InviteDialog({ sessionId }: { sessionId: string }) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconUserPlus size={15} aria-hidden />}
        onClick={open}
      >
        Invite guests
      </Button>
      <Modal opened={opened} onClose={close} title="Invite guests" centered>
        <Stack>
          <Text size="sm">
            A guest needs no account. The link lets them into this class and nothing else.
          </Text>
          <NewLink sessionId={sessionId} />
          <Links sessionId={sessionId} />
        </Stack>
      </Modal>
    </>
  );
}

function NewLink({ sessionId }: { sessionId: string }) {
  const queryClient = useQueryClient();
  const [name, setName] = useState("");
  const [maxUses, setMaxUses] = useState<number | null>(null);
  const make = useCommand(invite, {
    onSuccess: () => queryClient.invalidateQueries(invitationsQuery(sessionId)),
  });
  if (make.data) return <Shown url={make.data.url} onDone={() => make.reset()} />;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate({ sessionId, name, maxUses });
      }}
    >
      <Stack gap="xs">
        <TextInput
          label="For whom"
          description="Only staff see this"
          maxLength={120}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <NumberInput
          label="How many guests"
          description="Empty for any number"
          min={1}
          max={1000}
          value={maxUses ?? ""}
          onChange={(value) => setMaxUses(typeof value === "number" ? value : null)}
        />
        {make.error && <ProblemAlert error={make.error} />}
        <Button type="submit" loading={make.isPending}>
          Make a link
        </Button>
      </Stack>
    </form>
  );
}

function Shown({ url, onDone }: { url: string; onDone: () => void }) {
  return (
    <Stack gap="xs">
      <TextInput label="The link; it is shown only now" value={url} readOnly data-autofocus />
      <Group>
        <CopyButton value={url}>
          {({ copied, copy }) => <Button onClick={copy}>{copied ? "Copied" : "Copy link"}</Button>}
        </CopyButton>
        <Button variant="default" onClick={onDone}>
          Make another
        </Button>
      </Group>
    </Stack>
  );
}

function Links({ sessionId }: { sessionId: string }) {
  const found = useQuery(invitationsQuery(sessionId));
  const items = found.data?.items.filter((one) => !one.revoked) ?? [];
  if (found.error) return <ProblemAlert error={found.error} />;
  if (items.length === 0) return null;
  return (
    <Stack component="ul" gap="sm" p={0} m={0} aria-label="Links">
      {items.map((one) => (
        <Link key={one.id} invitation={one} />
      ))}
    </Stack>
  );
}

function Link({ invitation }: { invitation: Invitation }) {
  const queryClient = useQueryClient();
  const end = useCommand(revoke, {
    onSuccess: () => queryClient.invalidateQueries(invitationsQuery(invitation.sessionId)),
  });
  const { id, sessionId, name, uses, maxUses, expiresAt } = invitation;
  const until = new Date(expiresAt);
  const label = name || "A link";
  return (
    <Group component="li" justify="space-between" wrap="nowrap">
      <div>
        <Text size="sm">{label}</Text>
        <Text size="xs" c="dimmed">
          {maxUses ? `${uses} of ${maxUses} came` : `${uses} came`}, until{" "}
          {dayName(until, new Date())} {timeOfDay(until)}
        </Text>
        {end.error && <ProblemAlert error={end.error} />}
      </div>
      <Button.Group>
        <Button
          size="compact-sm"
          variant="default"
          aria-label={`Revoke ${label}`}
          loading={end.isPending}
          onClick={() => end.mutate({ sessionId, id, removeGuests: false })}
        >
          Revoke
        </Button>
        {uses > 0 && (
          <Button
            size="compact-sm"
            color="red"
            aria-label={`Revoke ${label} and remove its guests`}
            loading={end.isPending}
            onClick={() => end.mutate({ sessionId, id, removeGuests: true })}
          >
            and remove guests
          </Button>
        )}
      </Button.Group>
    </Group>
  );
}
