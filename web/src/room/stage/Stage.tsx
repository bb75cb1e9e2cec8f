import { useTracks } from "@livekit/components-react";
import { useElementSize } from "@mantine/hooks";
import { Track } from "livekit-client";
import type { CSSProperties, ReactNode } from "react";
import classes from "./Stage.module.css";
import { ScreenTile, Tile } from "./Tile";
import { gridFor, planStage } from "./tiles";

const SOURCES = [
  { source: Track.Source.Camera, withPlaceholder: true },
  { source: Track.Source.ScreenShare, withPlaceholder: false },
];

const GAP_PX = 10;

export function Stage({ roles }: { roles: ReadonlyMap<string, string> }) {
  const tracks = useTracks(SOURCES, { onlySubscribed: false });
  const { screen, tiles, hidden } = planStage(tracks, roles);
  const people = tiles.map((tile) => (
    <Tile
      key={tile.participant.identity}
      track={tile}
      role={roles.get(tile.participant.identity)}
    />
  ));
  const more = hidden > 0 && <p className={classes.more}>and {hidden} more</p>;
  if (screen) {
    return (
      <div className={classes.presenting}>
        <ScreenTile track={screen} />
        <div className={classes.strip}>
          {people}
          {more}
        </div>
      </div>
    );
  }
  return (
    <PeopleGrid count={tiles.length}>
      {people}
      {more}
    </PeopleGrid>
  );
}

function PeopleGrid({ count, children }: { count: number; children: ReactNode }) {
  const { ref, width, height } = useElementSize();
  const { columns, tileWidth } = gridFor(count, width, height, GAP_PX);
  const style = {
    gap: GAP_PX,
    maxWidth: columns * tileWidth + (columns - 1) * GAP_PX,
    "--tile-width": `${tileWidth}px`,
  };
  return (
    <div ref={ref} className={classes.stage}>
      <div className={classes.grid} style={style as CSSProperties}>
        {children}
      </div>
    </div>
  );
}
