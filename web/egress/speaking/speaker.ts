/** As agents/media/sound/speaker.py, whose cases (tests/data/speakers.json) this is held to. */
const SPEECH_DBFS = -45;
export const SILENCE_DBFS = -100;
const TAKE_S = 0.3;
const HOLD_S = 1.5;
const DECAY_DB = 1.5;

/** Who speaks, by level, with a hold so that a pause or a cough changes nothing. Fed block by block of 33 ms. */
export class ActiveSpeaker {
  current: string | null = null;
  #levels = new Map<string, number>();
  #challenger: string | null = null;
  #challengedS = 0;

  hear(levelsDbfs: ReadonlyMap<string, number>, elapsedS: number): void {
    const fallen = (id: string) => (this.#levels.get(id) ?? SILENCE_DBFS) - DECAY_DB;
    this.#levels = new Map(
      [...levelsDbfs].map(([id, level]) => [id, Math.max(level, fallen(id))] as const),
    );
    const loudest = this.#loudest();
    if (loudest === null || loudest === this.current) {
      this.#challenge(null);
      return;
    }
    if (loudest !== this.#challenger) this.#challenge(loudest);
    this.#challengedS += elapsedS;
    if (this.#challengedS < (this.#currentIsQuiet() ? TAKE_S : HOLD_S)) return;
    this.current = loudest;
    this.#challenger = null;
  }

  /** Someone left; nobody is shown as speaking until somebody does. */
  forget(id: string): void {
    this.#levels.delete(id);
    if (this.current === id) this.current = null;
  }

  #challenge(id: string | null): void {
    this.#challenger = id;
    this.#challengedS = 0;
  }

  #loudest(): string | null {
    let [found, most] = [null as string | null, SPEECH_DBFS];
    for (const [id, level] of this.#levels)
      if (found === null ? level >= most : level > most) [found, most] = [id, level];
    return found;
  }

  #currentIsQuiet(): boolean {
    return (this.#levels.get(this.current ?? "") ?? SILENCE_DBFS) < SPEECH_DBFS;
  }
}

/** Root mean square of a block against full scale. */
export function levelDbfs(samples: Float32Array): number {
  const square = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  return square > 0 ? Math.max(SILENCE_DBFS, 10 * Math.log10(square)) : SILENCE_DBFS;
}
