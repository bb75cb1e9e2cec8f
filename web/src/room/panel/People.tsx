import { useIsMuted, useIsSpeaking, useParticipants } from "@livekit/components-react";
import { Avatar, Group, Stack, Text } from "@mantine/core";
import { IconMicrophone, IconMicrophoneOff } from "@tabler/icons-react";
import { type Participant, Track } from "livekit-client";
import { isPerson } from "../stage/tiles";

export function People({ roles }: { roles: ReadonlyMap<string, string> }) {
  const people = useParticipants().filter(isPerson);
  return (
    <Stack gap={4} p="sm">
      <Text size="xs" c="dimmed" px={4}>
        {people.length === 1 ? "Only you are here" : `${people.length} people are here`}
      </Text>
      <Stack component="ul" gap={2} p={0} m={0} aria-label="People">
        {people.map((person) => (
          <Person key={person.identity} person={person} role={roles.get(person.identity)} />
        ))}
      </Stack>
    </Stack>
  );
}

function Person({ person, role }: { person: Participant; role: string | undefined }) {
  const silent = useIsMuted({ participant: person, source: Track.Source.Microphone });
  const speaking = useIsSpeaking(person);
  const name = person.name || person.identity;
  const Face = silent ? IconMicrophoneOff : IconMicrophone;
  return (
    <Group component="li" gap="sm" wrap="nowrap" p={4}>
      <Avatar name={name} size={30} aria-hidden />
      <Text size="sm" flex={1} truncate>
        {name}
        {person.isLocal && " (you)"}
        {role && role !== "student" && (
          <Text span size="xs" c="dimmed">
            {" · "}
            {role}
          </Text>
        )}
      </Text>
      <Face
        size={18}
        stroke={1.7}
        color={speaking ? "var(--accent)" : "var(--stage-muted)"}
        aria-label={silent ? "Microphone off" : speaking ? "Speaking" : "Microphone on"}
      />
    </Group>
  );
}
