import { Group, List, Text } from "@mantine/core";
import { timeOfDay } from "../../ui/time";
import classes from "../OnAir.module.css";
import type { Timeline } from "../queries";
import { Sparkline } from "../timeline/Sparkline";
import { WORDS } from "../words";
import { factsLine, spells } from "./facts";

/** One destination of a class that is over. */
export function HowItWent({ timeline }: { timeline: Timeline }) {
  const { name, samples } = timeline;
  return (
    <section aria-label={name} className={classes.row ?? ""}>
      <Text fw={500} className={classes.name ?? ""}>
        {name}
      </Text>
      <Text size="sm">{factsLine(timeline) ?? "Nothing was measured here."}</Text>
      <Curve samples={samples} />
      <Incidents timeline={timeline} />
    </section>
  );
}

function Curve({ samples }: Pick<Timeline, "samples">) {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || first === last) return null;
  const until = new Date(last.at);
  return (
    <>
      <Sparkline samples={samples} until={until} label="Bitrate of the class" />
      <Group justify="space-between">
        {[new Date(first.at), until].map((moment) => (
          <Text key={moment.getTime()} size="xs" c="dimmed">
            {timeOfDay(moment)}
          </Text>
        ))}
      </Group>
    </>
  );
}

/** "10:22 AM", or "10:22 AM to 10:25 AM". */
const between = (from: Date, to: Date): string =>
  [...new Set([from, to].map((at) => timeOfDay(at)))].join(" to ");

/** What went wrong when, and what the platform said. */
function Incidents({ timeline: { samples, platform } }: { timeline: Timeline }) {
  const bad = spells(samples);
  if (bad.length + platform.length === 0) return null;
  return (
    <List size="sm" mt={4}>
      {bad.map(({ from, to, what }) => (
        <List.Item key={from.getTime()}>
          {between(from, to)}: {what}
        </List.Item>
      ))}
      {platform.map(({ since, status, issues }) => (
        <List.Item key={since}>
          {timeOfDay(new Date(since))}, says the platform: {WORDS[status].text}
          {issues.map(({ message }) => (
            <Text key={message} size="xs" c="dimmed">
              {message}
            </Text>
          ))}
        </List.Item>
      ))}
    </List>
  );
}
