/** HTTP status of an address that has expired, ours and those of object stores. */
const EXPIRED = 403;

/** Reads a playlist by a newly signed address: that address, and the text. */
export type ReadPlaylist = () => Promise<{ url: string; text: string }>;

/**
 * The signed addresses of a playlist and its parts, which open for minutes only. A player reads the playlist of a finished
 * class once, that of a live one all the time: after one of them is refused, the next question brings new ones for all.
 */
export class PartAddresses {
  #newest: ReadonlyMap<string, string> = new Map();
  #renewal: Promise<void> | null = null;
  #refused = false;
  readonly #read: ReadPlaylist;

  constructor(read: ReadPlaylist) {
    this.#read = read;
  }

  /** Whether this answer says that addresses have expired. */
  refused(status: number | undefined): boolean {
    if (status !== EXPIRED) return false;
    this.#refused = true;
    return true;
  }

  /** The newest address of what `url` names. */
  async of(url: string): Promise<string> {
    if (this.#refused) {
      this.#refused = false;
      this.#renewal = this.#renew();
    }
    await this.#renewal;
    return this.#newest.get(nameOf(url)) ?? url;
  }

  async #renew(): Promise<void> {
    const { url, text } = await this.#read();
    this.#newest = new Map([url, ...partsOf(text, url)].map((one) => [nameOf(one), one]));
  }
}

/** What stays of an address when it is signed anew. */
const nameOf = (url: string): string => url.replace(/\?.*/, "");

/** Every address that a playlist names, absolute. */
export function partsOf(playlist: string, url: string): string[] {
  return playlist
    .split("\n")
    .flatMap((line) =>
      line.startsWith("#") ? (/URI="([^"]+)"/.exec(line)?.[1] ?? []) : line.trim(),
    )
    .filter((part) => part !== "")
    .map((part) => new URL(part, url).href);
}
