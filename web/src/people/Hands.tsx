import { Button, Group, Text } from "@mantine/core";
import { IconHandStop } from "@tabler/icons-react";
import { useCommand } from "../api/useCommand";
import { ProblemAlert } from "../ui/ProblemAlert";
import { changeRights, lowerAllHands, lowerHand } from "./commands";
import { isAbove, type Order, type Person } from "./order";
import classes from "./People.module.css";
import { withSource } from "./rights";

interface HandsProps {
  order: Order;
  moderates: boolean;
}

/** Raised hands, the first first; who keeps order answers them here. */
export function Hands({ order, moderates }: HandsProps) {
  const all = useCommand(lowerAllHands);
  if (order.hands.length === 0) return null;
  return (
    <section className={classes.section} aria-label="Raised hands">
      <Group justify="space-between" mb={4}>
        <Text size="xs" c="dimmed">
          {order.hands.length === 1 ? "1 raised hand" : `${order.hands.length} raised hands`}
        </Text>
        {moderates && (
          <Button
            size="compact-xs"
            variant="subtle"
            loading={all.isPending}
            onClick={() => all.mutate(order.sessionId)}
          >
            Lower all
          </Button>
        )}
      </Group>
      <ol className={classes.list} aria-label="Hands in order">
        {order.hands.map((person) => (
          <Hand key={person.id} person={person} order={order} moderates={moderates} />
        ))}
      </ol>
    </section>
  );
}

function Hand({ person, order, moderates }: HandsProps & { person: Person }) {
  const target = { sessionId: order.sessionId, id: person.id };
  const allow = useCommand(changeRights);
  const lower = useCommand(lowerHand);
  const change = { publish: withSource(person.permissions, "microphone") };
  return (
    <li className={classes.person}>
      <IconHandStop size={18} stroke={1.7} aria-hidden />
      <Text size="sm" flex={1} truncate>
        {person.name}
      </Text>
      {moderates && isAbove(order.me, person) && (
        <Button
          size="compact-sm"
          aria-label={`Allow ${person.name} to speak`}
          loading={allow.isPending}
          onClick={() => allow.mutate({ ...target, change })}
        >
          Allow to speak
        </Button>
      )}
      {moderates && (
        <Button
          size="compact-sm"
          variant="default"
          aria-label={`Lower ${person.name}'s hand`}
          loading={lower.isPending}
          onClick={() => lower.mutate(target)}
        >
          Lower
        </Button>
      )}
      {(allow.error ?? lower.error) && <ProblemAlert error={allow.error ?? lower.error} />}
    </li>
  );
}
