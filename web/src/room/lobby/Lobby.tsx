import { usePersistentUserChoices } from "@livekit/components-react";
import { Alert, Button, Container, Group, Stack, Text, Title } from "@mantine/core";
import { useCommand } from "../../api/useCommand";
import { canTeach, useUser } from "../../auth/user";
import { GoingLive } from "../../destinations/choosing/GoingLive";
import { type JoinReply, joinSession, type Session, startSession } from "../../sessions/queries";
import { BackLink } from "../../ui/BackLink";
import { ProblemAlert } from "../../ui/ProblemAlert";
import type { Departure } from "../leaving";
import { DevicePreview } from "./DevicePreview";

interface LobbyProps {
  session: Session;
  departure: Departure | null;
  onAccess: (access: JoinReply) => void;
}

/** The room before the room: choose and check devices, then start, join or wait. */
export function Lobby({ session, departure, onAccess }: LobbyProps) {
  const choices = usePersistentUserChoices();
  const { user } = useUser();
  return (
    <Container component="main" size="md" py="xl">
      <Stack gap="lg">
        {!user.guest && <BackLink to="/dashboard">Sessions</BackLink>}
        <div>
          <Title order={1} size="h2">
            {session.title}
          </Title>
          <Text c="dimmed">Check how you look and sound before you go in.</Text>
        </div>
        {departure && <DepartureNote departure={departure} />}
        <DevicePreview choices={choices} />
        <Enter session={session} onAccess={onAccess} />
      </Stack>
    </Container>
  );
}

function DepartureNote({ departure }: { departure: Departure }) {
  if (departure.kind === "lost") {
    return (
      <Alert color="yellow" role="alert" title="You are out of the class">
        {departure.text}
      </Alert>
    );
  }
  return (
    <Alert color="lectern" role="status">
      You left the class.
    </Alert>
  );
}

function Enter({ session, onAccess }: Omit<LobbyProps, "departure">) {
  const teaches = canTeach(useUser());
  const starts = session.status === "scheduled";
  const enter = useCommand(starts ? startSession : joinSession, { onSuccess: onAccess });
  if (starts && !teaches) {
    return (
      <Group role="status">
        <Button size="md" disabled>
          Join class
        </Button>
        <Text c="dimmed">The teacher hasn't started the class yet. You can stay on this page.</Text>
      </Group>
    );
  }
  return (
    <Stack align="start">
      {starts && <GoingLive sessionId={session.id} />}
      {enter.error && (
        <ProblemAlert
          title={starts ? "The class was not started" : "You could not join"}
          error={enter.error}
        />
      )}
      <Button size="md" loading={enter.isPending} onClick={() => enter.mutate(session.id)}>
        {starts ? "Start class" : "Join class"}
      </Button>
    </Stack>
  );
}
