import { Tabs } from "@mantine/core";
import type { ReactNode } from "react";
import { PollsThen, QuestionsThen } from "./Audience";
import { InClass } from "./InClass";
import { Messages } from "./Messages";
import { Room, type Then } from "./Room";

interface AsideProps {
  sessionId: string;
  originMs: number;
  timeMs: number;
  onSeek: (timeMs: number) => void;
  transcript: ReactNode;
}

const ROOM = [
  { name: "Chat", show: (then: Then) => <Messages then={then} /> },
  { name: "Questions", show: (then: Then) => <QuestionsThen then={then} /> },
  { name: "Polls", show: (then: Then) => <PollsThen then={then} /> },
  { name: "Class", show: (then: Then) => <InClass then={then} /> },
];

/** Beside the picture: what is said in it, and the class room as it stood at the same moment. */
export function Aside({ transcript, ...room }: AsideProps) {
  return (
    <Tabs defaultValue="Transcript" keepMounted={false} aria-label="The class room then">
      <Tabs.List grow mb="sm">
        <Tabs.Tab value="Transcript" px={4}>
          Transcript
        </Tabs.Tab>
        {ROOM.map(({ name }) => (
          <Tabs.Tab key={name} value={name} px={4}>
            {name}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="Transcript">{transcript}</Tabs.Panel>
      {ROOM.map(({ name, show }) => (
        <Tabs.Panel key={name} value={name}>
          <Room {...room}>{show}</Room>
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
