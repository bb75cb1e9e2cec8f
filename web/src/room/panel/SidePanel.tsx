import { Badge, Tabs } from "@mantine/core";
import { Chat } from "../../audience/Chat";
import { Questions } from "../../audience/Questions";
import type { Audience } from "../../audience/useAudience";
import { TranscriptSoFar } from "../../captions/TranscriptSoFar";
import { PollsPane } from "../../polls/PollsPane";
import type { ClassPolls } from "../../polls/usePolls";
import type { SessionFacts } from "../../sessions/events/facts";
import { StudioPanel } from "../../studio/panel/StudioPanel";
import type { Studio } from "../../studio/useStudio";
import { OnAir } from "./OnAir";
import { People } from "./People";
import classes from "./SidePanel.module.css";

export type PanelName =
  | "studio"
  | "people"
  | "chat"
  | "questions"
  | "polls"
  | "transcript"
  | "onair";

interface SidePanelProps {
  name: PanelName;
  onName: (name: PanelName) => void;
  sessionId: string;
  facts: SessionFacts;
  audience: Audience;
  polls: ClassPolls;
  studio: Studio;
  teaches: boolean;
}

export function SidePanel(props: SidePanelProps) {
  const { name, onName, sessionId, facts, audience, polls, studio, teaches } = props;
  return (
    <aside className={classes.panel} aria-label="Panel">
      <Tabs
        value={name}
        onChange={(value) => onName(value as PanelName)}
        keepMounted={false}
        className={classes.tabs ?? ""}
      >
        <Tabs.List grow className={classes.names ?? ""}>
          {teaches && <Tabs.Tab value="studio">Studio</Tabs.Tab>}
          <Tabs.Tab value="people">People</Tabs.Tab>
          <Tabs.Tab value="chat" rightSection={unreadMark(audience.unread.chat)}>
            Chat
          </Tabs.Tab>
          <Tabs.Tab value="questions" rightSection={unreadMark(audience.unread.questions)}>
            Questions
          </Tabs.Tab>
          <Tabs.Tab value="polls" rightSection={unreadMark(polls.unread)}>
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
          <People roles={facts.roles} />
        </Tabs.Panel>
        <Tabs.Panel value="chat" className={classes.content ?? ""}>
          <Chat lines={audience.lines} rules={audience.rules} reader={audience.reader} />
        </Tabs.Panel>
        <Tabs.Panel value="questions" className={classes.content ?? ""}>
          <Questions questions={audience.questions} reader={audience.reader} />
        </Tabs.Panel>
        <Tabs.Panel value="polls" className={classes.content ?? ""}>
          <PollsPane told={polls} reader={audience.reader} />
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

/** Nothing at all for 0, so that the tab keeps no room for it. */
const unreadMark = (count: number) =>
  count > 0 && (
    <Badge size="sm" circle={count < 10} aria-label={`${count} new`}>
      {count}
    </Badge>
  );
