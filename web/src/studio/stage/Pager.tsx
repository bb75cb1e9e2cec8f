import { ActionIcon, Text } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useShortcut } from "../../room/shortcuts/useShortcut";
import { placeOf } from "../slides";
import type { Studio } from "../useStudio";
import { useTurning } from "../useTurning";
import classes from "./Surface.module.css";

/** Turns the pages for everybody: by buttons, arrow keys, or the PageUp and PageDown that presenters send. */
export function Pager({ studio }: { studio: Studio }) {
  const turn = useTurning(studio);
  const next = { label: "Next slide", group: "Studio", run: () => turn(1) };
  const previous = { label: "Previous slide", group: "Studio", run: () => turn(-1) };
  useShortcut({ keys: "arrowright", ...next });
  useShortcut({ keys: "pagedown", ...next });
  useShortcut({ keys: "arrowleft", ...previous });
  useShortcut({ keys: "pageup", ...previous });
  const place = studio.active ? placeOf(studio.active, studio.slides) : -1;
  return (
    <nav className={classes.pager} aria-label="Slides">
      <ActionIcon
        variant="subtle"
        size={34}
        aria-label="Previous slide (left arrow)"
        title="Previous slide (←)"
        disabled={place <= 0}
        onClick={() => turn(-1)}
      >
        <IconChevronLeft size={20} aria-hidden />
      </ActionIcon>
      <Text size="sm" ff="monospace" role="status">
        {place + 1} / {studio.slides.length}
      </Text>
      <ActionIcon
        variant="subtle"
        size={34}
        aria-label="Next slide (right arrow)"
        title="Next slide (→)"
        disabled={place + 1 >= studio.slides.length}
        onClick={() => turn(1)}
      >
        <IconChevronRight size={20} aria-hidden />
      </ActionIcon>
    </nav>
  );
}
