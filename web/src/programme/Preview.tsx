import type { Schemas } from "../api/client";
import { inkOn, pictureArea, unitOf } from "./bars";
import type { Cast, Tile } from "./geometry";
import { ARRANGE } from "./layouts";

type Metadata = Schemas["SceneMetadata"];

interface PreviewProps {
  layout: Schemas["SceneView"]["layout"];
  metadata: Metadata;
  brand: Schemas["Branding"];
  backgroundUrl?: string | undefined;
  width: number;
  height: number;
}

const NAMES: Record<string, string> = {
  ada: "Speaker",
  bo: "Second",
  cy: "Third",
  screen: "Shared screen",
  surface: "Slide",
};

const CAST: Cast = {
  everyone: ["ada", "bo", "cy"],
  front: "ada",
  screen: null,
  surface: "surface",
};

/** How the programme will look, with made-up people: the same places as in recording and streams. */
export function Preview({ layout, metadata, brand, backgroundUrl, width, height }: PreviewProps) {
  const cast = layout === "screen_speaker" ? { ...CAST, screen: "screen" } : CAST;
  const title = metadata.title ?? "";
  const tiles = ARRANGE[layout](cast, pictureArea(width, height, title !== ""));
  const ground = metadata.backgroundColor ?? "#0e1116";
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={width > height ? "Preview, wide" : "Preview, upright"}
      style={{ background: ground, borderRadius: 6, width: "100%" }}
    >
      {backgroundUrl && (
        <image
          href={backgroundUrl}
          {...{ width, height }}
          preserveAspectRatio="xMidYMid slice"
          opacity={tiles.length === 0 ? 0.5 : 1}
        />
      )}
      {tiles.map((tile) => (
        <Place key={tile.id} tile={tile} />
      ))}
      {tiles.length === 0 ? (
        <Heading {...{ width, height, ground, layout }} text={title || "Your class"} />
      ) : (
        <Bars {...{ metadata, brand, width, height, title }} />
      )}
      {(metadata.logo ?? true) && brand.logoUrl && (
        <Logo {...{ width, height }} url={brand.logoUrl} />
      )}
      {metadata.captions && <Captions {...{ width, height }} />}
    </svg>
  );
}

function Place({ tile: { id, rect } }: { tile: Tile }) {
  const paper = id === "surface" || id === "screen";
  return (
    <g>
      <rect {...rect} fill={paper ? "#f4f6f8" : "#2b3a55"} stroke="#0e1116" strokeWidth={2} />
      <text
        x={rect.x + rect.width / 2}
        y={rect.y + rect.height / 2}
        textAnchor="middle"
        dominantBaseline="middle"
        fontSize={Math.min(56, rect.width / 8)}
        fill={paper ? "#46505e" : "#dfe6f0"}
      >
        {NAMES[id]}
      </text>
    </g>
  );
}

interface BarsProps {
  metadata: Metadata;
  brand: Schemas["Branding"];
  width: number;
  height: number;
  title: string;
}

function Bars({ metadata, brand, width, height, title }: BarsProps) {
  const unit = unitOf({ width, height });
  const y = height - unit * 3.3;
  return (
    <>
      {title && (
        <>
          <rect width={width} height={unit} fill={brand.primaryColor} />
          <text x={unit / 2} y={unit * 0.67} fontSize={unit / 2} fill={inkOn(brand.primaryColor)}>
            {title}
          </text>
        </>
      )}
      {metadata.lowerThird && (
        <>
          <rect
            x={unit * 0.75}
            y={y}
            width={Math.min(width * 0.7, metadata.lowerThird.length * unit * 0.25 + unit * 2)}
            height={unit * 1.2}
            fill="rgba(10, 12, 16, 0.78)"
          />
          <rect
            x={unit * 0.75}
            y={y}
            width={unit / 5}
            height={unit * 1.2}
            fill={brand.accentColor}
          />
          <text x={unit * 1.25} y={y + unit * 0.78} fontSize={unit / 2} fill="#f0f4f8">
            {metadata.lowerThird}
          </text>
        </>
      )}
    </>
  );
}

interface HeadingProps {
  width: number;
  height: number;
  ground: string;
  layout: string;
  text: string;
}

function Heading({ width, height, ground, layout, text }: HeadingProps) {
  const side = Math.min(width, height);
  const style = { textAnchor: "middle" as const, fill: inkOn(ground) };
  return (
    <>
      <text {...style} x={width / 2} y={height * 0.42} fontSize={side / 11}>
        {text}
      </text>
      <text
        {...style}
        x={width / 2}
        y={height * 0.57}
        fontSize={side / (layout === "countdown" ? 7 : 18)}
      >
        {layout === "countdown" ? "4:59" : "Please wait a moment"}
      </text>
    </>
  );
}

function Logo({ width, height, url }: { width: number; height: number; url: string }) {
  const unit = unitOf({ width, height });
  return (
    <image
      href={url}
      x={width - unit * 2.75}
      y={unit * 0.15}
      width={unit * 2.5}
      height={unit * 0.7}
      preserveAspectRatio="xMaxYMid meet"
    />
  );
}

function Captions({ width, height }: { width: number; height: number }) {
  const unit = unitOf({ width, height });
  return (
    <>
      <rect
        x={width / 2 - unit * 4}
        y={height - unit * 1.2}
        width={unit * 8}
        height={unit * 0.9}
        fill="rgba(10, 12, 16, 0.78)"
      />
      <text
        x={width / 2}
        y={height - unit * 0.58}
        fontSize={unit / 2}
        textAnchor="middle"
        fill="#f0f4f8"
      >
        Ada: What is said
      </text>
    </>
  );
}
