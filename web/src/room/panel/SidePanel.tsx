import { Badge, Tabs } from "@mantine/core";
import type { KeyboardEvent } from "react";
import { Chat } from "../../audience/chat/Chat";
import { Questions } from "../../audience/questions/Questions";
import type { Audience } from "../../audience/useAudience";
import { TranscriptSoFar } from "../../captions/transcript/TranscriptSoFar";
import { OnAir } from "../../onair/OnAir";
import type { Order } from "../../people/order";
import { People } from "../../people/People";
import { PollsPane } from "../../polls/PollsPane";
import type { ClassPolls } from "../../polls/usePolls";
import type { SessionFacts } from "../../sessions/events/facts";
import { StudioPanel } from "../../studio/panel/StudioPanel";
import type { Studio } from "../../studio/useStudio";
import type { PanelTab } from "./PanelKeys";
import classes from "./SidePanel.module.css";

export type PanelName =
  | "studio"
  | "people"
  | "chat"
  | "questions"
  | "polls"
  | "transcript"
  | "onair";

/** The tabs in their order; the teacher has two more. */
export const panelTabs = (teaches: boolean): PanelTab[] => [
  ...(teaches ? [{ name: "studio", label: "Studio" } as const] : []),
  { name: "people", label: "People" },
  { name: "chat", label: "Chat" },
  { name: "questions", label: "Questions" },
  { name: "polls", label: "Polls" },
  { name: "transcript", label: "Transcript" },
  ...(teaches ? [{ name: "onair", label: "On air" } as const] : []),
];

interface SidePanelProps {
  name: PanelName;
  onName: (name: PanelName) => void;
  onClose: () => void;
  sessionId: string;
  facts: SessionFacts;
  audience: Audience;
  order: Order;
  polls: ClassPolls;
  studio: Studio;
  teaches: boolean;
  /** The media server is not there. */
  away: boolean;
}

export function SidePanel(props: SidePanelProps) {
  const { name, onName, sessionId, facts, audience, order, polls, studio, teaches } = props;
  return (
    <aside
      className={classes.panel}
      aria-label="Panel"
      data-region
      onKeyDown={(event) => closes(event) && props.onClose()}
    >
      <Tabs
        value={name}
        onChange={(value) => onName(value as PanelName)}
        keepMounted={false}
        className={classes.tabs ?? ""}
      >
        <Tabs.List grow className={classes.names ?? ""}>
          {teaches && <Tabs.Tab value="studio">Studio</Tabs.Tab>}
          <Tabs.Tab value="people" rightSection={mark(order.hands.length, handsLabel)}>
            People
          </Tabs.Tab>
          <Tabs.Tab value="chat" rightSection={mark(audience.unread.chat, newLabel)}>
            Chat
          </Tabs.Tab>
          <Tabs.Tab value="questions" rightSection={mark(audience.unread.questions, newLabel)}>
            Questions
          </Tabs.Tab>
          <Tabs.Tab value="polls" rightSection={mark(polls.unread, newLabel)}>
            Polls
          </Tabs.Tab>
          <Tabs.Tab value="transcript">Transcript</Tabs.Tab>
          {teaches && <Tabs.Tab value="onair">On air</Tabs.Tab>}
        </Tabs.List>
        {teaches && (
          <Tabs.Panel value="studio" className={classes.content ?? ""}>
            <StudioPanel studio={studio} names={facts.names} />
          </Tabs.Panel>
        )}
        <Tabs.Panel value="people" className={classes.content ?? ""}>
          <People order={order} moderates={audience.reader.moderates} away={props.away} />
        </Tabs.Panel>
        <Tabs.Panel value="chat" className={classes.content ?? ""}>
          <Chat chat={audience.chat} rules={audience.rules} reader={audience.reader} />
        </Tabs.Panel>
        <Tabs.Panel value="questions" className={classes.content ?? ""}>
          <Questions asked={audience.asked} reader={audience.reader} />
        </Tabs.Panel>
        <Tabs.Panel value="polls" className={classes.content ?? ""}>
          <PollsPane told={polls} reader={audience.reader} />
        </Tabs.Panel>
        <Tabs.Panel value="transcript" className={classes.content ?? ""}>
          <TranscriptSoFar sessionId={sessionId} log={studio.log} reader={audience.reader} />
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

/** Not the Escape of a menu or dialog: React lets that bubble up to here too. */
const closes = ({ key, currentTarget, target }: KeyboardEvent<HTMLElement>) =>
  key === "Escape" && currentTarget.contains(target as Node);

/** Nothing at all for 0, so that the tab keeps no room for it. */
const mark = (count: number, label: (count: number) => string) =>
  count > 0 && (
    <Badge size="sm" circle={count < 10} aria-label={label(count)}>
      {count}
    </Badge>
  );

const newLabel = (count: number) => `${count} new`;
const handsLabel = (count: number) => (count === 1 ? "1 raised hand" : `${count} raised hands`);
