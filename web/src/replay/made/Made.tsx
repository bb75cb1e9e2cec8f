import { Tabs } from "@mantine/core";
import { Highlights } from "../Highlights";
import type { Replay } from "../queries";
import { Quiz } from "./Quiz";
import { Slides } from "./Slides";
import { Speakers } from "./Speakers";
import { Summary } from "./Summary";

interface MadeProps {
  replay: Replay;
  onSeek: (timeMs: number) => void;
}

/** What was made of the class, each in its tab; what isn't there has none. */
export function Made({ replay, onSeek }: MadeProps) {
  const { highlights, slides = [], summary, statistics, quiz = [], recordings } = replay;
  const tabs = [
    highlights.length > 0 && {
      name: "Highlights",
      body: <Highlights highlights={highlights} onSeek={onSeek} />,
    },
    summary && { name: "Summary", body: <Summary summary={summary} onSeek={onSeek} /> },
    slides.length > 0 && { name: "Slides", body: <Slides slides={slides} onSeek={onSeek} /> },
    statistics && {
      name: "Speakers",
      body: (
        <Speakers sessionId={replay.session.id} statistics={statistics} recordings={recordings} />
      ),
    },
    quiz.length > 0 && { name: "Quiz", body: <Quiz quiz={quiz} /> },
  ].filter((tab) => !!tab);
  const first = tabs[0];
  if (!first) return null;
  return (
    <Tabs key={first.name} defaultValue={first.name} keepMounted={false}>
      <Tabs.List>
        {tabs.map(({ name }) => (
          <Tabs.Tab key={name} value={name}>
            {name}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ name, body }) => (
        <Tabs.Panel key={name} value={name} pt="sm">
          {body}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
