import {
  type TrackReferenceOrPlaceholder,
  useSpeakingParticipants,
  useTracks,
} from "@livekit/components-react";
import { Text } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { Track } from "livekit-client";
import { type CSSProperties, type ReactNode, useEffect, useState } from "react";
import { backgroundOf } from "../../studio/backgrounds";
import { followsSpeaker, shapeOf } from "../../studio/layouts";
import { Slate } from "../../studio/stage/Slate";
import { Slides } from "../../studio/stage/Slides";
import { type Pen, Surface } from "../../studio/stage/Surface";
import type { Studio } from "../../studio/useStudio";
import classes from "./Stage.module.css";
import { ScreenTile, Tile } from "./Tile";
import { gridFor, isPerson, planStage, type StagePlan } from "./tiles";

const SOURCES = [
  { source: Track.Source.Camera, withPlaceholder: true },
  { source: Track.Source.ScreenShare, withPlaceholder: false },
];

const GAP_PX = 10;

interface StageProps {
  roles: ReadonlyMap<string, string>;
  studio: Studio;
  pen: Pen;
  teaches: boolean;
  /** The media server is not there. */
  away: boolean;
}

/** What the class sees: the active scene, or the default layout. */
export function Stage(props: StageProps) {
  const { roles, studio, away } = props;
  const tracks = useTracks(SOURCES, { onlySubscribed: false });
  const speaker = useLastSpeaker();
  const { layout = null, metadata } = studio.active ?? {};
  const lead = metadata?.pinnedParticipantId ?? (followsSpeaker(layout) ? speaker : null);
  const plan = planStage(tracks, roles, lead);
  const shape = shapeOf(layout, {
    screen: plan.screen !== null,
    board: studio.view.whiteboard,
  });
  const tile = (track: TrackReferenceOrPlaceholder) => (
    <Tile
      key={track.participant.identity}
      track={track}
      role={roles.get(track.participant.identity)}
      soundOnly={!shape.pictures}
    />
  );
  const others = shape.main === "speaker" ? plan.tiles.slice(1) : plan.tiles;
  const beside =
    away || shape.beside === "nobody"
      ? []
      : others.slice(0, shape.beside === "speaker" ? 1 : undefined);
  const main =
    away && NEEDS_MEDIA.has(shape.main) ? (
      <MediaAway />
    ) : (
      <Front {...props} plan={plan} main={shape.main} tile={tile} />
    );
  const background = metadata && backgroundOf(studio, metadata);
  const slate = shape.main === "countdown" || shape.main === "waiting";
  return (
    <div
      className={classes.scene}
      data-coloured={Boolean(metadata?.backgroundColor || background)}
      data-pictured={Boolean(background)}
      style={{ background: metadata?.backgroundColor ?? undefined }}
    >
      {background && <img className={classes.backdrop} src={background} alt="" />}
      {metadata?.title && !slate && <h2 className={classes.title}>{metadata.title}</h2>}
      <div className={beside.length > 0 ? classes.presenting : classes.alone}>
        {main}
        {beside.length > 0 && (
          <div className={classes.strip}>
            {beside.map(tile)}
            {shape.beside === "others" && <More hidden={plan.hidden} />}
          </div>
        )}
      </div>
      {metadata?.lowerThird && <p className={classes.lowerThird}>{metadata.lowerThird}</p>}
    </div>
  );
}

/** What there is nothing to see of while the media server is away. */
const NEEDS_MEDIA: ReadonlySet<Main> = new Set<Main>(["people", "pair", "speaker", "screen"]);

const MediaAway = () => (
  <div className={classes.away}>
    <Text fw={600}>No pictures at the moment</Text>
    <Text size="sm" c="dimmed">
      People are seen and heard again as soon as the media server is back.
    </Text>
  </div>
);

type Main = ReturnType<typeof shapeOf>["main"];

interface MainProps extends StageProps {
  plan: StagePlan;
  main: Main;
  tile: (track: TrackReferenceOrPlaceholder) => ReactNode;
}

function Front({ studio, pen, teaches, plan, main, tile }: MainProps) {
  const { sessionId, log, active } = studio;
  const [first, second] = plan.tiles;
  switch (main) {
    case "board":
      return (
        <Surface
          place={{ sessionId, boardId: sessionId, page: 1 }}
          aspect={16 / 9}
          log={log}
          pen={pen}
        />
      );
    case "slides":
      return <Slides studio={studio} pen={pen} teaches={teaches} />;
    case "screen":
      return plan.screen && <ScreenTile track={plan.screen} />;
    case "speaker":
      return <div className={classes.alone}>{first && tile(first)}</div>;
    case "countdown":
    case "waiting":
      return active && <Slate scene={active} />;
    case "pair":
      return <PeopleGrid tiles={[first, second].filter((one) => one !== undefined)} tile={tile} />;
    case "people":
      return <PeopleGrid tiles={plan.tiles} tile={tile} hidden={plan.hidden} />;
  }
}

interface PeopleGridProps {
  tiles: readonly TrackReferenceOrPlaceholder[];
  tile: (track: TrackReferenceOrPlaceholder) => ReactNode;
  hidden?: number;
}

function PeopleGrid({ tiles, tile, hidden = 0 }: PeopleGridProps) {
  const { ref, width, height } = useElementSize();
  const { columns, tileWidth } = gridFor(tiles.length, width, height, GAP_PX);
  const style = {
    gap: GAP_PX,
    maxWidth: columns * tileWidth + (columns - 1) * GAP_PX,
    "--tile-width": `${tileWidth}px`,
  };
  return (
    <div ref={ref} className={classes.stage}>
      <div className={classes.grid} style={style as CSSProperties}>
        {tiles.map(tile)}
        <More hidden={hidden} />
      </div>
    </div>
  );
}

const More = ({ hidden }: { hidden: number }) =>
  hidden > 0 && <p className={classes.more}>and {hidden} more</p>;

/** Who speaks, or spoke last: a pause between two sentences moves nobody. */
function useLastSpeaker(): string | null {
  const now = useSpeakingParticipants().find(isPerson)?.identity ?? null;
  const [last, setLast] = useState(now);
  useEffect(() => {
    if (now) setLast(now);
  }, [now]);
  return now ?? last;
}
