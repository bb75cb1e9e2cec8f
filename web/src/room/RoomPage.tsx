import { Button, Center, Group, Loader } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { Link, useParams } from "react-router";
import { useUser } from "../auth/user";
import { useSessionNews } from "../sessions/events/useSessionNews";
import { type JoinReply, type Session, sessionQuery } from "../sessions/queries";
import { Notice } from "../ui/Notice";
import { ProblemAlert } from "../ui/ProblemAlert";
import { ClassRoom } from "./ClassRoom";
import type { Departure } from "./leaving";
import { Lobby } from "./lobby/Lobby";

/** Only while waiting, and in case that the stream is cut: inside the room the log tells. */
const WAITING_POLL_MS = 10_000;

/** Sessions in which something may still happen. */
const OPEN = ["scheduled", "live"];

export function Component() {
  const { sessionId = "" } = useParams();
  const [access, setAccess] = useState<JoinReply | null>(null);
  const [departure, setDeparture] = useState<Departure | null>(null);
  const queryClient = useQueryClient();
  const session = useQuery({
    ...sessionQuery(sessionId),
    refetchInterval: access ? false : WAITING_POLL_MS,
  });
  const { refetch } = session;
  useSessionNews(
    sessionId,
    access === null && OPEN.includes(session.data?.status ?? ""),
    useCallback(() => void refetch(), [refetch]),
  );

  const depart = useCallback(
    (how: Departure) => {
      setAccess(null);
      setDeparture(how);
      void queryClient.invalidateQueries({ queryKey: ["sessions"] });
    },
    [queryClient],
  );
  if (access) return <ClassRoom access={access} onDeparture={depart} />;
  if (session.isPending) return <Loading />;
  if (!session.data) {
    return (
      <Notice title="This class can't be opened">
        <ProblemAlert error={session.error} onRetry={() => void session.refetch()} />
        <BackToSessions />
      </Notice>
    );
  }
  const { status } = session.data;
  if (status === "ended" || departure?.kind === "ended") return <Over session={session.data} />;
  if (status === "cancelled") return <Cancelled />;
  return <Lobby session={session.data} departure={departure} onAccess={setAccess} />;
}

/** Guests have no sessions but this one. */
function BackToSessions() {
  if (useUser().user.guest) return null;
  return (
    <Button component={Link} to="/dashboard" variant="default">
      Back to sessions
    </Button>
  );
}

function Over({ session }: { session: Session }) {
  return (
    <Notice title="The class has ended" text={`“${session.title}” is being made into a replay.`}>
      <Group>
        <Button component={Link} to={`/sessions/${session.id}/replay`}>
          Watch replay
        </Button>
        <BackToSessions />
      </Group>
    </Notice>
  );
}

function Cancelled() {
  return (
    <Notice title="This class was cancelled">
      <BackToSessions />
    </Notice>
  );
}

function Loading() {
  return (
    <Center mih="100vh" role="status" aria-label="Loading the class">
      <Loader />
    </Center>
  );
}
