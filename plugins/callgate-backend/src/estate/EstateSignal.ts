/** A cluster in which much happens changes every second, and whoever reads again then asks for all of a page. */
const QUIET_MS = 15_000;

/** Says that the estate has changed: the first time at once, and from then on no more often than every so many milliseconds. */
export class EstateSignal {
  #quiet: NodeJS.Timeout | undefined;
  #waiting: string | undefined;

  constructor(
    private readonly tell: (digest: string) => void,
    private readonly quietMs = QUIET_MS,
  ) {}

  /** @param digest - of what runs now */
  changed(digest: string): void {
    if (this.#quiet) {
      this.#waiting = digest;
      return;
    }
    this.#waiting = undefined;
    this.#quiet = setTimeout(() => this.#again(), this.quietMs);
    this.#quiet.unref();
    this.tell(digest);
  }

  #again(): void {
    this.#quiet = undefined;
    if (this.#waiting !== undefined) this.changed(this.#waiting);
  }
}
