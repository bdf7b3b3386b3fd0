import { Finding, finding, FindingCode, FindingData } from '../findings';
import { byKey, keyed } from '../keyed';
import { SourcePosition } from '../source';
import { Words } from '../words';

/** What findings of one policy or grant have in common. */
export interface ReportContext {
  api?: string;
  grantId?: string;
  at?: SourcePosition;
}

/** An answer with what was reported on the way to it. */
export interface Recorded<T> {
  value: T;
  findings: ReadonlyMap<string, Finding>;
}

const ORDER = { error: 0, warning: 1, info: 2 };

/** By API, grant, severity, code and message. */
const orderKey = keyed((found: Finding) =>
  [
    found.api ?? '',
    found.grantId ?? '',
    ORDER[found.severity],
    found.code,
    found.message,
  ].join('\u0001'),
);

/**
 * Collects findings, each once with all its objects, whatever number of workload pairs it was noticed on.
 */
export class Report {
  readonly #findings: Map<string, Finding>;
  readonly #context: ReportContext;

  constructor(
    findings = new Map<string, Finding>(),
    context: ReportContext = {},
  ) {
    this.#findings = findings;
    this.#context = context;
  }

  /** Keeps what is reported with the answer, for {@link replay}. */
  static record<T>(make: (report: Report) => T): Recorded<T> {
    const findings = new Map<string, Finding>();
    return { value: make(new Report(findings)), findings };
  }

  /** Reports what was reported on the way to an answer. */
  replay<T>({ value, findings }: Recorded<T>): T {
    for (const found of findings.values()) this.#keep(found);
    return value;
  }

  /** A report into the same list on behalf of something more precise. */
  within(context: ReportContext): Report {
    return new Report(this.#findings, { ...this.#context, ...context });
  }

  add(
    code: FindingCode,
    message: string | Words,
    objects: readonly string[],
    details: { fix?: string | Words; data?: FindingData } = {},
  ): void {
    this.take(finding(code, message, { ...details, objects }));
  }

  /** Takes a finding made elsewhere; what it does not say about API, grant and place, this report does. */
  take(made: Finding): void {
    this.#keep({ ...this.#context, ...made });
  }

  /** The same words about several objects are one finding about all of them. */
  #keep(found: Finding): void {
    const key = JSON.stringify([
      found.api,
      found.grantId,
      found.code,
      found.message,
      found.data,
    ]);
    const known = this.#findings.get(key);
    if (!known) {
      this.#findings.set(key, found);
      return;
    }
    const objects = new Set([...known.objects, ...found.objects]);
    if (objects.size > known.objects.length)
      this.#findings.set(key, { ...known, objects: [...objects].sort() });
  }

  /** All findings: by API, grant, severity, code and message. */
  all(): Finding[] {
    return byKey([...this.#findings.values()], orderKey);
  }
}
