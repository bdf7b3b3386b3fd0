import { Finding, finding, FindingCode, FindingData } from '../findings';
import { SourcePosition } from '../source';

/** What findings of one policy or grant have in common. */
export interface ReportContext {
  api?: string;
  grantId?: string;
  at?: SourcePosition;
}

/**
 * Collects findings, each once, whatever number of workload pairs it was noticed on.
 */
export class Report {
  readonly #findings: Map<string, Finding>;
  readonly #context: ReportContext;
  #errors = 0;

  constructor(findings = new Map<string, Finding>(), context: ReportContext = {}) {
    this.#findings = findings;
    this.#context = context;
  }

  /** A report into the same list on behalf of something more precise. */
  within(context: ReportContext): Report {
    return new Report(this.#findings, { ...this.#context, ...context });
  }

  add(
    code: FindingCode,
    message: string,
    objects: readonly string[],
    details: { fix?: string; data?: FindingData } = {},
  ): void {
    this.take(finding(code, message, { ...this.#context, ...details, objects }));
  }

  take(found: Finding): void {
    if (found.severity === 'error') this.#errors++;
    const key = JSON.stringify([found.api, found.grantId, found.code, found.message, found.objects]);
    if (!this.#findings.has(key)) this.#findings.set(key, found);
  }

  /** Errors reported through this object alone. */
  get errors(): number {
    return this.#errors;
  }

  /** All findings: by API, grant, severity, code and message. */
  all(): Finding[] {
    const order = { error: 0, warning: 1, info: 2 };
    const key = (found: Finding) =>
      [found.api ?? '', found.grantId ?? '', order[found.severity], found.code, found.message].join('\u0001');
    return [...this.#findings.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  }
}
