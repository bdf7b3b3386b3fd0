import {
  compareMeaning,
  type Finding,
  type Gap,
  type Grant,
  meaning,
  type Meaning,
  type Proof,
  prove,
} from '@callgate/policy';
import type { PolicyRepositoryConfig } from '../git/policyRepositoryConfig';
import { type AppliedDeclaration, applyDeclaration } from './applyDeclaration';
import { editDeclaration } from './editDeclaration';
import { judgeProof } from './judgeProof';
import { PreviewCache } from './PreviewCache';
import { proposedFiles } from './proposedFiles';
import { draftGrant, requestGrant } from './toGrant';
import type {
  BuiltProposal,
  CarriedRequest,
  ProposalDraft,
  ProposalPreview,
  Snapshot,
} from './types';

/** Which gap would have to be acknowledged for an error to go away. */
const GAPS: Partial<Record<Finding['code'], Gap>> = {
  'method-not-enforceable': 'method-not-enforced',
  'identity-not-enforceable': 'identity-not-enforced',
  'default-service-account': 'shared-service-account',
};

interface Change {
  applied?: AppliedDeclaration;
  meaning: Meaning;
  errors: readonly Finding[];
}

/**
 * What a request or a proposal comes to, relative to a snapshot. Pure: reads nothing, writes nothing.
 */
export class ProposalPlanner {
  readonly #previews = new PreviewCache();

  constructor(private readonly config: PolicyRepositoryConfig) {}

  /** What a draft would do; an API that is not in the catalog is an error among the findings. */
  preview(snapshot: Snapshot, draft: ProposalDraft): ProposalPreview {
    return this.#previews.get(snapshot, draft, () =>
      this.#preview(snapshot, draft),
    );
  }

  #preview(snapshot: Snapshot, draft: ProposalDraft): ProposalPreview {
    const change = this.#change(
      snapshot,
      draft.api,
      [draftGrant(draft)],
      draft.in,
      'draft',
    );
    const proof = this.#prove(snapshot, change, [change.meaning]);
    const problems = [
      ...change.errors,
      ...(proof ? judgeProof(snapshot, proof, draft.api).errors : []),
    ];
    const findings = unique([
      ...problems,
      ...change.meaning.findings,
      ...(proof?.findings ?? []).filter(({ api }) => api === draft.api),
    ]);
    const nothing =
      change.meaning.gained.length === 0
        ? 'The caller has all of this access already.'
        : undefined;
    const problem = problems[0]?.message ?? nothing;
    const acknowledged = new Set(draft.acknowledges);
    return {
      meaning: change.meaning,
      files: proposedFiles(
        change.applied?.changes ?? new Map(),
        snapshot.repository,
        this.config,
      ),
      findings,
      sendable: problem === undefined,
      ...(problem !== undefined && { problem }),
      acknowledgeable: [
        ...new Set(problems.flatMap(({ code }) => GAPS[code] ?? [])),
      ].filter(gap => !acknowledged.has(gap)),
      source: snapshot.source,
    };
  }

  /**
   * The proposal of an API with its approved requests. A request whose grant is at the tip already is not among
   * `requests`; one that cannot be carried now (an error of its own) does not hold up the others.
   */
  build(
    snapshot: Snapshot,
    api: string,
    requests: readonly CarriedRequest[],
  ): BuiltProposal {
    const carried: CarriedRequest[] = [];
    const approved: Meaning[] = [];
    const askAgain: { request: CarriedRequest; reason: string }[] = [];
    const notes: string[] = [];
    const blocked: { request: CarriedRequest; errors: readonly Finding[] }[] =
      [];
    let alone: Change | undefined;
    for (const request of requests) {
      const change = this.#change(
        snapshot,
        api,
        [requestGrant(request)],
        request.in,
        'proposal',
      );
      if (change.errors.length > 0) {
        blocked.push({ request, errors: change.errors });
        continue;
      }
      const { result, reasons } = compareMeaning(
        request.approved,
        change.meaning,
      );
      if (result === 'wider') {
        askAgain.push({ request, reason: reasons.join('; ') });
        continue;
      }
      notes.push(
        ...reasons.map(reason => `Request ${request.number}: ${reason}`),
      );
      carried.push(request);
      approved.push(change.meaning);
      alone = change;
    }
    const change =
      carried.length === 1 && alone
        ? alone
        : this.#change(
            snapshot,
            api,
            carried.map(requestGrant),
            carried.flatMap(each => each.in),
            'proposal',
          );
    const proof =
      carried.length > 0 ? this.#prove(snapshot, change, approved) : undefined;
    const judged = proof && judgeProof(snapshot, proof, api);
    const changes =
      change.applied?.changes ?? new Map<string, string | undefined>();
    return {
      api,
      base: snapshot.source.commit ?? '',
      carried,
      askAgain,
      blocked,
      notes,
      changes,
      files: proposedFiles(changes, snapshot.repository, this.config),
      meaning: change.meaning,
      ...(change.applied && { after: change.applied.state }),
      ...(proof && { proof }),
      checks: judged?.checks ?? [],
      errors: unique([...change.errors, ...(judged?.errors ?? [])]),
    };
  }

  #change(
    snapshot: Snapshot,
    api: string,
    grants: readonly Grant[],
    scope: readonly string[],
    stage: 'draft' | 'proposal',
  ): Change {
    const { policiesFolder } = this.config;
    const { edited, errors } = editDeclaration({
      snapshot,
      api,
      grants,
      policiesFolder,
    });
    const applied =
      edited &&
      applyDeclaration({ snapshot, api, edited, config: this.config, stage });
    return {
      ...(applied && { applied }),
      meaning: meaning({
        before: snapshot.state,
        after: applied?.state ?? snapshot.state,
        api,
        scope: [...new Set(scope)].sort(),
        catalog: snapshot.catalog,
      }),
      errors: [...errors, ...(applied?.errors ?? [])],
    };
  }

  #prove(
    snapshot: Snapshot,
    change: Change,
    approved: readonly Meaning[],
  ): Proof | undefined {
    if (!change.applied || change.errors.length > 0) return undefined;
    return prove({
      before: snapshot.state,
      after: change.applied.state,
      approved: approved.map(({ content }) => content),
    });
  }
}

function unique(findings: readonly Finding[]): Finding[] {
  return [
    ...new Map(
      findings.map(found => [
        JSON.stringify([found.code, found.message]),
        found,
      ]),
    ).values(),
  ];
}
