/** What evidence is about: the grants that were declared at a moment, or everything that was decided until then. */
export type EvidenceKind = 'grants' | 'decisions';

/** A person, group or entity by its ref; `hidden` where the catalog does not show it to whoever reads. */
export type EvidenceRef = string;

/** A decision, and as what it counted. */
export interface DecisionEvidence {
  event: string;
  /** Absent where Callgate itself did it. */
  by?: EvidenceRef;
  /** What the approval counted as when it was given. */
  role?: 'api-owner' | 'caller-owner' | 'platform' | 'security' | 'group';
  /** Of which API, caller or group. */
  of?: EvidenceRef;
  /** Digest of the meaning that was approved. */
  digest?: string;
  counts: boolean;
  note?: string;
  /** ISO 8601. */
  at: string;
}

/** A request with what came of it. */
export interface RequestEvidence {
  id: string;
  number: number;
  kind: string;
  state: string;
  requestedBy: EvidenceRef;
  requestedAt: string;
  reason?: string;
  /** It went on before anybody approved it: until when, ISO 8601, and what came of that. */
  breakGlass?: { expiresAt: string; afterwards: string };
  /** When people's texts were taken out. */
  blankedAt?: string;
  /** What was shown last, in one sentence, with its digest. */
  meaning: string;
  digest: string;
  pullRequest?: { number?: number; url?: string };
  /** The head that was merged. */
  commit?: string;
  mergedBy?: EvidenceRef;
  mergedAt?: string;
  /** The configuration by which Callgate merged it itself. */
  mergedUnder?: string;
}

/** A grant as it was declared. */
export interface GrantEvidence {
  api: EvidenceRef;
  caller: EvidenceRef;
  grant: string;
  /** As the declaration writes them: an id of the definition, or method and path, service or port. */
  operations: string[];
  /** Empty: wherever both ran. */
  clusters: string[];
  until?: string;
  /** The declaration says that nobody had approved it when it was made. */
  breakGlass?: true;
  acknowledges: string[];
  reason?: string;
  requestedBy?: EvidenceRef;
  approvedBy: EvidenceRef[];
  /** Id of the request that the declaration names. */
  requestId?: string;
  /** That request, where this portal has it and it is about this grant. */
  request?: RequestEvidence;
  decisions: DecisionEvidence[];
}

/** A decision with what it was about. */
export interface DecidedEvidence {
  api: EvidenceRef;
  caller: EvidenceRef;
  grant?: string;
  operations: string[];
  clusters: string[];
  until?: string;
  decision: DecisionEvidence;
  /** Absent: a review, which is of a grant and of no request. */
  request?: RequestEvidence;
}

/** Of what and when a document of evidence is. */
export interface EvidenceHead {
  kind: EvidenceKind;
  /** The moment that it is about, ISO 8601. */
  at: string;
  /** When it was made. */
  madeAt: string;
  /** The commit of the policy repository of that moment, and when it was made; absent before the first one. */
  commit?: { id: string; at: string };
}

/** What was left out: known at the end alone, because rows are sent as they are found. */
export interface EvidenceEnd {
  rows: number;
  /** Rows about an API or a caller that the catalog does not show to whoever reads. */
  leftOut: number;
  /** Declarations that could not be read at that moment: their grants are not known. */
  unreadable: number;
}

/** A document of evidence, row by row. */
export interface Evidence {
  head: EvidenceHead;
  rows: AsyncIterable<GrantEvidence | DecidedEvidence>;
  /** Asked once the rows are through. */
  end(): EvidenceEnd;
}
