import { useRoomContext } from "@livekit/components-react";
import { useLocalStorage } from "@mantine/hooks";
import { useEffect, useMemo, useState } from "react";
import { type Audience, useAudience } from "../audience/useAudience";
import { canTeach, useUser } from "../auth/user";
import { CaptionOverlay } from "../captions/CaptionOverlay";
import { Alarms } from "../onair/failing/Alarms";
import { Announcer } from "../people/announcing/Announcer";
import { SpeakNotice } from "../people/hands/SpeakNotice";
import { useOrder } from "../people/order";
import { useClassPolls } from "../polls/usePolls";
import { factsOf } from "../sessions/events/facts";
import { useSessionEvents } from "../sessions/events/useSessionEvents";
import type { JoinReply } from "../sessions/queries";
import type { SessionView } from "../sessions/state/session";
import { StudioKeys } from "../studio/panel/StudioKeys";
import { penOf } from "../studio/pen";
import { useStudio } from "../studio/useStudio";
import classes from "./ClassRoom.module.css";
import { ControlBar } from "./controls/ControlBar";
import { LiveSign } from "./header/LiveSign";
import { RoomHeader } from "./header/RoomHeader";
import type { Departure } from "./leaving";
import { MediaNotice } from "./media/MediaNotice";
import type { Away } from "./media/useMedia";
import { focusSoon, PanelKeys } from "./panel/PanelKeys";
import { type PanelName, panelTabs, SidePanel } from "./panel/SidePanel";
import { RegionKeys } from "./shortcuts/RegionKeys";
import { Shortcuts } from "./shortcuts/Shortcuts";
import { Stage } from "./stage/Stage";

interface FloorProps {
  access: JoinReply;
  /** How the class was when one came in. */
  start: SessionView;
  away: Away | null;
  onDeparture: (departure: Departure) => void;
}

/** The class room proper: header, stage with captions, panel, controls. */
export function Floor({ access, start, away, onDeparture }: FloorProps) {
  const { session, participant } = access;
  const teaches = canTeach(useUser());
  const { log, way } = useSessionEvents(session.id, useRoomContext(), start);
  const facts = useMemo(() => factsOf(log), [log]);
  const [captions, setCaptions] = useLocalStorage({ key: "lectern.captions", defaultValue: true });
  const [panel, setPanel] = useState<PanelName | null>(teaches ? "people" : null);
  useEffect(() => {
    if (facts.ended) onDeparture({ kind: "ended" });
  }, [facts.ended, onDeparture]);

  const nameOf = (identity: string) =>
    identity === participant.id ? "You" : (facts.names.get(identity) ?? "Someone");
  const reader = {
    sessionId: session.id,
    me: participant.id,
    moderates: participant.role !== "student",
    nameOf,
    roleOf: (identity: string) => facts.roles.get(identity),
  };
  const studio = useStudio(session.id, log);
  const pen = penOf(participant, log.view);
  const audience = useAudience(log, reader, panel);
  const order = useOrder(log.view, session.id, participant.id);
  const hands = reader.moderates ? order.hands.length : 0;
  const polls = useClassPolls(log, reader.moderates, panel === "polls");
  const unread = { ...audience.unread, polls: polls.unread };
  const news = unread.chat + unread.questions + unread.polls + hands;
  return (
    <Shortcuts>
      {teaches && <StudioKeys studio={studio} />}
      <div className={classes.top} data-region tabIndex={-1}>
        <RoomHeader title={session.title} startedAt={facts.startedAt} />
        <MediaNotice away={away} />
        {away === null && <LiveSign way={way} />}
      </div>
      <main
        className={classes.stage}
        aria-label="Class"
        data-captions={captions}
        data-region
        tabIndex={-1}
      >
        <Stage
          roles={facts.roles}
          studio={studio}
          pen={pen}
          teaches={teaches}
          away={away !== null}
        />
        {captions && <CaptionOverlay events={log.events} nameOf={nameOf} />}
        <SpeakNotice />
      </main>
      {panel && (
        <SidePanel
          name={panel}
          onName={setPanel}
          onClose={() => {
            setPanel(null);
            focusSoon("[data-opens='panel']");
          }}
          sessionId={session.id}
          facts={facts}
          audience={audience}
          order={order}
          polls={polls}
          studio={studio}
          teaches={teaches}
          away={away !== null}
        />
      )}
      <ControlBar
        sessionId={session.id}
        order={order}
        teaches={teaches}
        captions={captions}
        onCaptions={setCaptions}
        panelOpen={panel !== null}
        news={panel ? 0 : news}
        onPanel={() => setPanel(panel ? null : firstPanel(unread))}
        onLeave={() => onDeparture({ kind: "left" })}
        onEnded={() => onDeparture({ kind: "ended" })}
      />
      <RegionKeys />
      <PanelKeys tabs={panelTabs(teaches)} onName={setPanel} />
      {teaches && <Alarms sessionId={session.id} changedAt={facts.destinationsAt} />}
      <Announcer log={log} me={participant.id} nameOf={nameOf} />
    </Shortcuts>
  );
}

/** Where the news is. */
function firstPanel({ chat, questions, polls }: Audience["unread"] & { polls: number }): PanelName {
  if (polls > 0) return "polls";
  if (chat > 0) return "chat";
  return questions > 0 ? "questions" : "people";
}
