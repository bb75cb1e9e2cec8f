import { type CSSProperties, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { inkOn, pictureArea, unitOf } from "../src/programme/bars";
import { even, type Rect } from "../src/programme/geometry";
import { ARRANGE } from "../src/programme/layouts";
import { Slate } from "./Slate";
import type { Shown } from "./shown";
import { castOf, layoutOf, type Source, type Stage, SURFACE } from "./stage";

/** The whole canvas, which is the window; drawn as agents/media/picture/compositor.py draws it. */
export function Programme({ stage }: { stage: Stage }) {
  const view = useSyncExternalStore(stage.follow, stage.view);
  const [width, height] = [even(window.innerWidth), even(window.innerHeight)];
  const { shown, sources, active } = view;
  const layout = layoutOf(view);
  const tiles = ARRANGE[layout](castOf(view), pictureArea(width, height, shown.title !== ""));
  const style = {
    width,
    height,
    background: shown.backgroundColor ?? "#0e1116",
    "--unit": `${unitOf({ width, height })}px`,
    "--primary": shown.brand.primaryColor,
    "--ink": inkOn(shown.brand.primaryColor),
    "--accent": shown.brand.accentColor,
  };
  return (
    <main className="programme" data-sequence={shown.sequence} style={style as CSSProperties}>
      {shown.background && (
        <img
          className="backdrop"
          data-slate={tiles.length === 0}
          src={shown.background.link}
          alt=""
        />
      )}
      {tiles.map(({ id, rect }) =>
        id === SURFACE ? (
          <Page key={id} shown={shown} rect={rect} />
        ) : (
          <Tile
            key={id}
            source={sources.get(id)}
            rect={rect}
            speaks={id === active && tiles.length > 1 && BORDERED.has(layout)}
            pictures={layout !== "audio_only"}
          />
        ),
      )}
      {tiles.length === 0 ? (
        <Slate shown={shown} />
      ) : (
        <>
          {shown.title && <p className="title">{shown.title}</p>}
          {shown.lowerThird && <p className="lower-third">{shown.lowerThird}</p>}
        </>
      )}
      {shown.brand.logo && <img className="logo" src={shown.brand.logo.link} alt="" />}
      {shown.captions && view.captions.length > 0 && (
        <p className="captions">
          <span>{view.captions.join("\n")}</span>
        </p>
      )}
    </main>
  );
}

const BORDERED = new Set(["grid", "speaker", "side_by_side", "audio_only"]);

const at = ({ x, y, width, height }: Rect): CSSProperties => ({ left: x, top: y, width, height });

/** A slide in its shape, or the blank board. */
function Page({ shown: { surface }, rect }: { shown: Shown; rect: Rect }) {
  const picture = surface?.picture;
  const aspect = (surface?.widthPx ?? 16) / (surface?.heightPx ?? 9);
  const width = Math.min(rect.width, rect.height * aspect);
  return (
    <div className="tile" style={at(rect)}>
      {picture ? (
        <img className="page" src={picture.link} alt="" />
      ) : (
        <div className="board" style={{ width, height: width / aspect }} />
      )}
    </div>
  );
}

interface TileProps {
  source: Source | undefined;
  rect: Rect;
  speaks: boolean;
  pictures: boolean;
}

function Tile({ source, rect, speaks, pictures }: TileProps) {
  const video = useRef<HTMLVideoElement>(null);
  const track = pictures ? source?.picture?.track : undefined;
  useEffect(() => {
    const element = video.current;
    if (!element || !track) return;
    track.attach(element);
    return () => void track.detach(element);
  }, [track]);
  const bar = Math.min(36, Math.max(20, even(rect.height / 10)));
  const name = source?.name ?? "";
  return (
    <div className="tile" data-speaks={speaks} style={at(rect)}>
      {track ? <video ref={video} playsInline muted /> : <Initials name={name} rect={rect} />}
      <p
        className="label"
        dir="auto"
        style={{ height: bar, fontSize: Math.floor(bar * 0.6), paddingInline: bar / 2 }}
      >
        {name}
      </p>
    </div>
  );
}

/** The same colour for the same name, as in agents/media/picture/labels.py. */
const AVATARS = ["#3f5183", "#14625c", "#7a3e4c", "#5c488c", "#6e521e", "#2c5c36"];

function Initials({ name, rect }: { name: string; rect: Rect }) {
  const [bytes] = useState(() => new TextEncoder().encode(name));
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  const words = name.split(/\s+/).filter(Boolean);
  const [first = "?", last] = words.length > 1 ? [words[0], words.at(-1)] : words;
  const fontSize = Math.max(12, Math.floor(Math.min(rect.width, rect.height) / 3));
  return (
    <p className="initials" style={{ background: AVATARS[sum % AVATARS.length], fontSize }}>
      {([...first][0] ?? "").toUpperCase()}
      {([...(last ?? "")][0] ?? "").toUpperCase()}
    </p>
  );
}
