import { Text, Title } from "@mantine/core";
import { useEffect, useState } from "react";
import type { Scene } from "../queries";
import { countdown } from "./fit";
import classes from "./Surface.module.css";

/** What the class sees instead of people: the time until it begins, or a word to wait. */
export function Slate({ scene }: { scene: Scene }) {
  const until = Date.parse(scene.metadata.countdownTo ?? "");
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const timer = window.setInterval(() => setNowMs(Date.now()), 500);
    return () => window.clearInterval(timer);
  }, []);
  const left = scene.layout === "countdown" ? countdown(until, nowMs) : null;
  return (
    <div className={classes.slate} data-slate>
      <Title order={2}>{scene.metadata.title || "Welcome"}</Title>
      {left ? (
        <p className={classes.clock} role="timer">
          {left}
        </p>
      ) : (
        <Text size="lg">
          {scene.layout === "countdown" ? "Starting any moment" : "Please wait a moment"}
        </Text>
      )}
    </div>
  );
}
