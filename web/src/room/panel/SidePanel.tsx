import { Tabs } from "@mantine/core";
import { TranscriptSoFar } from "../../captions/TranscriptSoFar";
import type { SessionFacts } from "../../sessions/events/facts";
import { OnAir } from "./OnAir";
import { People } from "./People";
import classes from "./SidePanel.module.css";

export type PanelName = "people" | "transcript" | "onair";

interface SidePanelProps {
  name: PanelName;
  onName: (name: PanelName) => void;
  sessionId: string;
  facts: SessionFacts;
  teaches: boolean;
}

export function SidePanel({ name, onName, sessionId, facts, teaches }: SidePanelProps) {
  return (
    <aside className={classes.panel} aria-label="Panel">
      <Tabs
        value={name}
        onChange={(value) => onName(value as PanelName)}
        keepMounted={false}
        className={classes.tabs ?? ""}
      >
        <Tabs.List grow>
          <Tabs.Tab value="people">People</Tabs.Tab>
          <Tabs.Tab value="transcript">Transcript</Tabs.Tab>
          {teaches && <Tabs.Tab value="onair">On air</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="people" className={classes.content ?? ""}>
          <People roles={facts.roles} />
        </Tabs.Panel>
        <Tabs.Panel value="transcript" className={classes.content ?? ""}>
          <TranscriptSoFar facts={facts} />
        </Tabs.Panel>
        {teaches && (
          <Tabs.Panel value="onair" className={classes.content ?? ""}>
            <OnAir sessionId={sessionId} changedAt={facts.destinationsAt} />
          </Tabs.Panel>
        )}
      </Tabs>
    </aside>
  );
}
