import type { DestinationPreset } from "../queries";

export const CUSTOM = "custom";
export const SRT = "srt";

/** The URL after another platform was picked: what a person typed stays, what a preset filled in goes. */
export function urlAfterPick(
  presets: DestinationPreset[],
  current: string,
  picked: DestinationPreset,
): string {
  const filledIn = presets.some(({ url }) => url === current.trim());
  return current.trim() === "" || filledIn ? (picked.url ?? "") : current;
}

/** What a platform demands, in sentences. */
export function rulesOf(preset: DestinationPreset): string[] {
  const rules = [preset.help];
  if (preset.requiresRtmps) rules.push("Only encrypted streams: the URL starts with rtmps://.");
  if (preset.oneTimeKey) rules.push("The key works for one broadcast; enter a new one each time.");
  if (preset.maxBitrateKbps) rules.push(`At most ${preset.maxBitrateKbps / 1000} Mb/s of video.`);
  if (preset.advisedBitrateKbps)
    rules.push(`Better not more than ${preset.advisedBitrateKbps / 1000} Mb/s of video.`);
  if (preset.maxFps) rules.push(`At most ${preset.maxFps} frames a second.`);
  if (preset.maxHours) rules.push(`A stream lasts ${preset.maxHours} hours at most.`);
  if (preset.upright) rules.push("Made for upright video (9:16).");
  if (preset.otherUrls.length > 0) rules.push(`Also possible: ${preset.otherUrls.join(", ")}`);
  return rules;
}
