import type {
  AccessRequestSummary,
  AccessRow,
  Operation,
} from '@callgate/plugin-callgate-common';
import { label, OPERATIONS, ORDERS, OMAR, ROWS } from './shop';

/** The longest name that a label of Kubernetes can have, without a place to break. */
export const LONG = 'a'.repeat(63);

/** "Payments", as Arabic and Hebrew write it. */
export const ARABIC = 'المدفوعات';
export const HEBREW = 'תשלומים';

const TITLES = [undefined, LONG, ARABIC, HEBREW];

/** `count` callers of the Orders API, granted as Cart is; each fourth has a title as long as one can be, or of right to left. */
export function manyRows(count: number): AccessRow[] {
  const [granted] = ROWS;
  return Array.from({ length: count }, (_, index) => {
    const number = String(index + 1).padStart(3, '0');
    const title = TITLES[index % TITLES.length];
    return {
      ...granted,
      caller: label(
        `component:default/caller-${number}`,
        title ? `${title} ${number}` : `Caller ${number}`,
      ),
      grants: granted.grants.map(grant => ({
        ...grant,
        id: `grant-${number}`,
      })),
    };
  });
}

/** `count` operations in ten groups, with paths that have no place to break. */
export function manyOperations(count: number): Operation[] {
  return Array.from({ length: count }, (_, index) => ({
    ...OPERATIONS[index % OPERATIONS.length],
    id: `operation-${index + 1}`,
    path: `/${LONG}/{id}/${index + 1}`,
    tag: `Group ${index % 10}`,
    summary: `${ARABIC} ${index + 1}`,
  }));
}

/** `count` requests for the Orders API that wait for its owner. */
export function manyRequests(count: number): AccessRequestSummary[] {
  return manyRows(count).map(({ caller }, index) => {
    const at = new Date(Date.UTC(2026, 0, 1, 0, index)).toISOString();
    return {
      id: `request-${index + 1}`,
      number: index + 1,
      kind: 'new',
      api: ORDERS,
      caller,
      operations: [OPERATIONS[index % OPERATIONS.length]],
      in: ['prod-eu'],
      state: 'submitted',
      requestedBy: OMAR,
      createdAt: at,
      updatedAt: at,
      waitsFor: 'Waits for Orders team (2 can decide)',
      risk: { writes: false, flips: false, findings: 0, everything: false },
      summary: `${caller.title} asks for Orders API`,
      reasonLine: LONG.repeat(3),
      waitsForMe: true,
      mine: false,
      meaningChanged: false,
    };
  });
}
