import { Text } from "@mantine/core";
import type { Way } from "../../sessions/events/ways";
import classes from "./LiveSign.module.css";

const TEXTS: Record<Way, string | null> = {
  packets: null,
  stream: "Live updates are slow; you miss nothing.",
  none: "Live updates are interrupted. What you miss comes by itself.",
};

/** Says when what happens in the class does not come the quick way. */
export function LiveSign({ way }: { way: Way }) {
  const text = TEXTS[way];
  return (
    <div role="status" className={classes.sign ?? ""}>
      {text && (
        <Text size="xs" className={classes.text ?? ""}>
          {text}
        </Text>
      )}
    </div>
  );
}
