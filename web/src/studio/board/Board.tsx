import { type PointerEvent, useState } from "react";
import { newKey } from "../../api/intent";
import { asProblem } from "../../api/problem";
import type { EventLog } from "../../sessions/events/eventFeed";
import { tellFailure } from "../failure";
import { type BoardPlace, eraseStrokes, type Stroke } from "../queries";
import classes from "./Board.module.css";
import { Keys, Nib } from "./Keys";
import { GRID, outline, type Place, placeAt, touched } from "./strokes";
import { ERASER_RADIUS, type Tool } from "./tools";
import { type OwnInk, useBoard } from "./useBoard";
import { useHand } from "./useHand";
import { useKeyPen } from "./useKeyPen";

interface BoardProps {
  place: BoardPlace;
  /** Width by height. */
  aspect: number;
  log: EventLog;
  own: OwnInk;
  /** Null for who only looks. */
  tool: Tool | null;
}

/** What is drawn on one page, over whatever lies below; with a tool in hand one draws with mouse, touch, pen or keys. */
export function Board({ place, aspect, log, own: { ink, wet }, tool }: BoardProps) {
  const told = useBoard(place.sessionId, place.boardId, log) ?? [];
  const [rubbed, setRubbed] = useState<ReadonlySet<string>>(new Set());
  const wetIds = new Set(wet.map(({ id }) => id));
  const dry = told.filter(
    ({ id, page }) => page === place.page && !wetIds.has(id) && !rubbed.has(id),
  );

  const rub = (at: Place) => {
    const strokes = touched(dry, at, ERASER_RADIUS, aspect);
    if (strokes.length === 0) return;
    setRubbed(new Set([...rubbed, ...strokes]));
    // Somebody else's stroke, say: then it is seen again.
    eraseStrokes({ ...place, strokes }, newKey()).catch((error) => {
      tellFailure("Nothing was erased", asProblem(error));
      setRubbed((now) => new Set([...now].filter((id) => !strokes.includes(id))));
    });
  };
  const on = (event: PointerEvent<SVGSVGElement>) =>
    placeAt(event, event.currentTarget.getBoundingClientRect());
  const hand = useHand(tool, ink, rub);
  const pen = useKeyPen(hand, aspect);
  const down = (event: PointerEvent<SVGSVGElement>) => {
    if (!tool || event.button !== 0) return;
    pen.leave();
    event.currentTarget.setPointerCapture(event.pointerId);
    hand.press(on(event));
  };
  const move = (event: PointerEvent<SVGSVGElement>) => {
    if (!tool || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const box = event.currentTarget.getBoundingClientRect();
    for (const one of between(event)) hand.drag(placeAt(one, box));
  };
  return (
    <Keys pen={pen} draws={tool !== null && tool.kind !== "hand"}>
      <svg
        className={classes.board}
        viewBox={`0 0 ${GRID} ${GRID / aspect}`}
        data-tool={tool?.kind}
        role="img"
        aria-label={`Drawing with ${dry.length + wet.length} strokes`}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={hand.lift}
        onPointerCancel={hand.lift}
      >
        {dry.map((stroke) => (
          <Line key={stroke.id} stroke={stroke} aspect={aspect} />
        ))}
        {wet.map((stroke) => (
          <Line key={stroke.id} stroke={stroke} aspect={aspect} />
        ))}
        {pen.at && tool && <Nib at={pen.at} isDown={pen.isDown} tool={tool} aspect={aspect} />}
      </svg>
    </Keys>
  );
}

function Line({
  stroke,
  aspect,
}: {
  stroke: Pick<Stroke, "color" | "width" | "points">;
  aspect: number;
}) {
  return <path d={outline(stroke.points, stroke.width, aspect)} fill={stroke.color} />;
}

/** Every place of the pointer since the last event, where the browser tells. */
function between({ nativeEvent }: PointerEvent): { clientX: number; clientY: number }[] {
  const all = nativeEvent.getCoalescedEvents?.() ?? [];
  return all.length > 0 ? all : [nativeEvent];
}
