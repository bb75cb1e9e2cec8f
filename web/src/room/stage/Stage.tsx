import { useTracks } from "@livekit/components-react";
import { Track } from "livekit-client";
import type { CSSProperties } from "react";
import classes from "./Stage.module.css";
import { ScreenTile, Tile } from "./Tile";
import { columnsFor, planStage } from "./tiles";

const SOURCES = [
  { source: Track.Source.Camera, withPlaceholder: true },
  { source: Track.Source.ScreenShare, withPlaceholder: false },
];

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
  const columns = columnsFor(tiles.length);
  const rows = Math.ceil(tiles.length / columns);
  return (
    <div className={classes.grid} style={{ "--columns": columns, "--rows": rows } as CSSProperties}>
      {people}
      {more}
    </div>
  );
}
