import type { Destination } from "./queries";

export const TYPE_NAMES = { rtmp: "Custom RTMP", youtube: "YouTube", twitch: "Twitch" } as const;

type Named = Pick<Destination, "type" | "name">;

const KINDS = { rtmp: "", youtube: "YouTube Channel: ", twitch: "Twitch: " } as const;

/** In the list of all: "YouTube Channel: MyClass". */
export const listedAs = ({ type, name }: Named): string => `${KINDS[type]}${name}`;

/** Where one is chosen: "YouTube (MyClass)". */
export const chosenAs = ({ type, name }: Named): string => `${TYPE_NAMES[type]} (${name})`;
