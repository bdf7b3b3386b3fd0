import { EngineError } from '../engines/EngineError';
import { Certificate, Oracle } from '../engines/Oracle';

/** What an end of mutual TLS shows and trusts. */
export interface Credentials {
  own: Certificate;
  authority: string;
}

/** Certificates of workloads, as an authority of the mesh would issue them: each once. */
export class Certificates {
  readonly #issued = new Map<string, Promise<Credentials>>();

  constructor(private readonly oracle: Oracle) {}

  /** @param name - SPIFFE id */
  of(name: string): Promise<Credentials> {
    const known = this.#issued.get(name) ?? this.#issue(name);
    this.#issued.set(name, known);
    return known;
  }

  async #issue(name: string): Promise<Credentials> {
    const answer = await this.oracle.ask({
      kind: 'certificates',
      names: [name],
    });
    const [own] = answer.certificates ?? [];
    if (!own || answer.authority === undefined)
      throw new EngineError(
        'oracle',
        `issues no certificate for ${name}: ${answer.error}`,
      );
    return { own, authority: answer.authority };
  }
}
