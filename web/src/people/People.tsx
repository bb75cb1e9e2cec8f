import { useIsMuted, useIsSpeaking, useParticipants } from "@livekit/components-react";
import { Avatar, Badge, Button, Text } from "@mantine/core";
import { IconMicrophone, IconMicrophoneOff } from "@tabler/icons-react";
import { type Participant, Track } from "livekit-client";
import { useCommand } from "../api/useCommand";
import { isPerson } from "../room/stage/tiles";
import { ClassRules } from "./ClassRules";
import { readmit } from "./commands";
import { Hands } from "./hands/Hands";
import { isAbove, type Order, type Person } from "./order";
import classes from "./People.module.css";
import { PersonMenu } from "./PersonMenu";

interface ListProps {
  order: Order;
  /** Keeps order here. The server decides; this only hides buttons. */
  moderates: boolean;
}

interface PeopleProps extends ListProps {
  /** The media server is not there. */
  away: boolean;
}

/** Who is here, whose hand is up, and what each may do. */
export function People({ order, moderates, away }: PeopleProps) {
  return (
    <div>
      {moderates && (
        <section className={classes.section} aria-label="Rules of this class">
          <ClassRules order={order} />
        </section>
      )}
      <Hands order={order} moderates={moderates} />
      <section className={classes.section} aria-label="In the class">
        {away ? (
          <Known order={order} moderates={moderates} />
        ) : (
          <InRoom order={order} moderates={moderates} />
        )}
      </section>
      {moderates && order.removed.length > 0 && <Removed order={order} />}
    </div>
  );
}

function InRoom({ order, moderates }: ListProps) {
  const present = useParticipants().filter(isPerson);
  return (
    <>
      <Text size="xs" c="dimmed" mb={4}>
        {present.length === 1 ? "Only you are here" : `${present.length} people are here`}
      </Text>
      <ul className={classes.list} aria-label="People">
        {present.map((one) => (
          <Present key={one.identity} participant={one} order={order} moderates={moderates} />
        ))}
      </ul>
    </>
  );
}

/** Without the media server nobody knows who is still here. */
function Known({ order, moderates }: ListProps) {
  const last = [...order.people.values()].filter((one) => !one.leftAt && !one.removed);
  return (
    <>
      <Text size="xs" c="dimmed" mb={4}>
        In the class when sound and pictures went
      </Text>
      <ul className={classes.list} aria-label="People">
        {last.map((person) => (
          <li key={person.id} className={classes.person}>
            <Avatar name={person.name} size={30} aria-hidden />
            <Text size="sm" flex={1} truncate>
              {person.name}
              {person.id === order.me?.id && " (you)"}
              <Standing person={person} />
            </Text>
            {moderates && isAbove(order.me, person) && <PersonMenu person={person} order={order} />}
          </li>
        ))}
      </ul>
    </>
  );
}

function Present({ participant, order, moderates }: ListProps & { participant: Participant }) {
  const silent = useIsMuted({ participant, source: Track.Source.Microphone });
  const speaking = useIsSpeaking(participant);
  const person = order.people.get(participant.identity);
  const name = participant.name || participant.identity;
  const Face = silent ? IconMicrophoneOff : IconMicrophone;
  return (
    <li className={classes.person}>
      <Avatar name={name} size={30} aria-hidden />
      <Text size="sm" flex={1} truncate>
        {name}
        {participant.isLocal && " (you)"}
        <Standing person={person} />
      </Text>
      {person?.guest && (
        <Badge size="xs" variant="light" color="gray">
          Guest
        </Badge>
      )}
      <Face
        size={18}
        stroke={1.7}
        color={speaking ? "var(--accent)" : "var(--stage-muted)"}
        aria-label={silent ? "Microphone off" : speaking ? "Speaking" : "Microphone on"}
        role="img"
      />
      {moderates && person && isAbove(order.me, person) && (
        <PersonMenu person={person} order={order} />
      )}
    </li>
  );
}

function Standing({ person }: { person: Person | undefined }) {
  const words = [
    person && person.role !== "student" && person.role,
    person?.role === "student" && person.permissions.publish.includes("microphone") && "may speak",
    person?.role === "student" && person.permissions.draw && "may draw",
  ].filter(Boolean);
  if (words.length === 0) return null;
  return (
    <Text span size="xs" c="dimmed">
      {" · "}
      {words.join(", ")}
    </Text>
  );
}

function Removed({ order }: { order: Order }) {
  const back = useCommand(readmit);
  return (
    <section className={classes.section} aria-label="Removed">
      <Text size="xs" c="dimmed" mb={4}>
        Removed from the class
      </Text>
      <ul className={classes.list}>
        {order.removed.map((person) => (
          <li key={person.id} className={classes.person}>
            <Text size="sm" flex={1} truncate>
              {person.name}
            </Text>
            <Button
              size="compact-sm"
              variant="default"
              aria-label={`Let ${person.name} in again`}
              disabled={back.isPending}
              onClick={() => back.mutate({ sessionId: order.sessionId, id: person.id })}
            >
              Let in again
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
