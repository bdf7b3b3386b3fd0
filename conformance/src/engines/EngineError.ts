/** An engine is missing, does not build, ends, or does not answer. */
export class EngineError extends Error {
  constructor(engine: string, what: string) {
    super(`${engine}: ${what}`);
    this.name = 'EngineError';
  }
}
