import { Stack, Text } from "@mantine/core";
import { IconHandStop } from "@tabler/icons-react";
import type { SessionView } from "../../sessions/state/session";
import type { Then } from "./Room";
import classes from "./Room.module.css";

/** Who was there, who wanted to speak, and what was on the stage. */
export function InClass({ then: { view } }: { then: Then }) {
  const present = view.participants.filter(({ leftAt, removed }) => !leftAt && !removed);
  const hands = present.filter(({ handRaisedAt }) => handRaisedAt);
  return (
    <Stack gap="sm">
      <Text size="sm">
        <b>On stage:</b> {onStage(view.studio)}
      </Text>
      <Text size="sm">
        <b>Hands up:</b> {hands.length === 0 ? "none" : hands.map(({ name }) => name).join(", ")}
      </Text>
      <ul className={classes.list} aria-label="In class then">
        {present.map(({ id, name, role, handRaisedAt }) => (
          <li key={id}>
            <Text size="sm">
              {name}{" "}
              <Text span size="xs" c="dimmed">
                {role}
              </Text>{" "}
              {handRaisedAt && <IconHandStop size={14} aria-label="Hand up" />}
            </Text>
          </li>
        ))}
      </ul>
    </Stack>
  );
}

/** The active scene with the page it shows, and the whiteboard where it lay over it. */
export function onStage({
  scenes,
  assets,
  activeScene,
  whiteboard,
}: SessionView["studio"]): string {
  const scene = scenes.find(({ id }) => id === activeScene);
  const deck = assets.find(({ id }) => id === scene?.slide?.assetId);
  const shown = [
    scene?.name ?? "Default layout",
    deck && `${deck.name}, page ${scene?.slide?.page}`,
    whiteboard && "whiteboard",
  ];
  return shown.filter((part) => !!part).join(" · ");
}
