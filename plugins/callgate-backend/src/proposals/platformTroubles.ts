import { type Finding, FINDINGS } from '@callgate/policy';
import type { Snapshot, StandIn } from './types';

/** Something that the platform team wrote or keeps and that cannot be read. */
export interface PlatformTrouble {
  /** The same for as long as it is about the same. */
  key: string;
  /** What cannot be read, for people: a file, or a cluster. */
  what: string;
  /** Where, why, and what holds meanwhile. It goes to everybody of the team, and so quotes no manifest. */
  text: string;
}

/** What cannot be read now and is for the platform team to mend. */
export function platformTroubles(snapshot: Snapshot): PlatformTrouble[] {
  const { standIns } = snapshot;
  return [
    ...ofRules(snapshot, 'guardrail-invalid', standIns.guardrails),
    ...ofRules(snapshot, 'approvals-invalid', standIns.approvals),
    ...snapshot.unread.map(({ cluster, findings }) => ({
      key: `cluster ${cluster}`,
      what: `the cluster ${cluster}`,
      text: `${places(
        findings,
      )} cannot be read. Nothing is proposed for what runs there until it is corrected; the other clusters go on.`,
    })),
  ];
}

/** Warnings that something is not read, or not judged: they stop nobody, and nobody else would be told. */
const NOT_JUDGED: readonly Finding['code'][] = [
  'estate-empty',
  'link-broken',
  'operator-pods-unknown',
  'part-not-read',
  'workload-kind-unknown',
];

/** The same as findings, with file, line and reason, and with what is not judged. */
export function platformFindings(snapshot: Snapshot): Finding[] {
  const all = [
    // These say as well which cluster it is, and what that means.
    ...snapshot.unread.flatMap(({ findings }) => findings),
    ...snapshot.findings.filter(
      ({ severity, code }) => severity === 'error' || NOT_JUDGED.includes(code),
    ),
  ];
  const unique = new Map<string, Finding>();
  for (const found of all) {
    const key = JSON.stringify([found.code, found.at, found.objects]);
    if (!unique.has(key)) unique.set(key, found);
  }
  return [...unique.values()];
}

function ofRules(
  { findings }: Snapshot,
  code: Finding['code'],
  standIn: StandIn | undefined,
): PlatformTrouble[] {
  const [first] = findings.filter(found => found.code === code);
  if (!first) return [];
  const [file] = first.objects;
  const holds = standIn
    ? `Until it is corrected, its version of commit ${standIn.commit.slice(
        0,
        7,
      )} holds.`
    : 'Nothing is sent or proposed until it is corrected: no earlier version can be read.';
  const line = first.at?.line === undefined ? '' : `Line ${first.at.line}: `;
  return [
    {
      key: `rules ${file}`,
      what: file,
      text: `${line}${FINDINGS[code].title}: ${first.message}. ${holds}`,
    },
  ];
}

/** Names of manifests may tell what runs there; that of a profile tells its cluster. */
function places(findings: readonly Finding[]): string {
  const profile = findings.find(({ code }) => code === 'profile-invalid');
  const others = findings.filter(({ code }) => code !== 'profile-invalid');
  return [
    ...(profile?.at
      ? [
          `The profile ${profile.at.file}${
            profile.at.line === undefined ? '' : ` (line ${profile.at.line})`
          }`,
        ]
      : []),
    ...(others.length > 0
      ? [others.length === 1 ? 'A manifest' : `${others.length} manifests`]
      : []),
  ].join(' and ');
}
