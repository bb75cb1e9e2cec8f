import { Button, Group, Text } from "@mantine/core";
import { IconHandStop } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useCommand } from "../../api/useCommand";
import { ProblemAlert } from "../../ui/ProblemAlert";
import { changeRights, lowerAllHands, lowerHand } from "../commands";
import { isAbove, type Order, type Person } from "../order";
import classes from "../People.module.css";
import { withSource } from "../rights";

interface HandsProps {
  order: Order;
  moderates: boolean;
}

/** Raised hands, the first first; who keeps order answers them here. */
export function Hands({ order, moderates }: HandsProps) {
  const all = useCommand(lowerAllHands);
  const { list, onAnswer } = useNextFocus(order.hands.length);
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
            onClick={() => {
              onAnswer();
              all.mutate(order.sessionId);
            }}
          >
            Lower all
          </Button>
        )}
      </Group>
      <ol ref={list} className={classes.list} aria-label="Hands in order">
        {order.hands.map((person) => (
          <Hand
            key={person.id}
            person={person}
            order={order}
            moderates={moderates}
            onAnswer={onAnswer}
          />
        ))}
      </ol>
    </section>
  );
}

interface HandProps extends HandsProps {
  person: Person;
  onAnswer: () => void;
}

function Hand({ person, order, moderates, onAnswer }: HandProps) {
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
          onClick={() => {
            onAnswer();
            allow.mutate({ ...target, change });
          }}
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
          onClick={() => {
            onAnswer();
            lower.mutate(target);
          }}
        >
          Lower
        </Button>
      )}
      {(allow.error ?? lower.error) && <ProblemAlert error={allow.error ?? lower.error} />}
    </li>
  );
}

/** Whoever answers a hand loses the button with it: the focus goes on to the next hand, after the last to the panel's tab. */
function useNextFocus(hands: number) {
  const list = useRef<HTMLOListElement>(null);
  const answered = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the hand that goes takes the focus with it
  useEffect(() => {
    if (!answered.current || document.activeElement !== document.body) return;
    answered.current = false;
    const tab = document.querySelector<HTMLElement>("[role='tab'][aria-selected='true']");
    (list.current?.querySelector("button") ?? tab)?.focus();
  }, [hands]);
  const onAnswer = () => {
    answered.current = true;
  };
  return { list, onAnswer };
}
