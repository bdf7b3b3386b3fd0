import { needKey, type NeedOf } from '../approval/needs';
import type { StoredApproval, StoredTransition } from '../database/AccessStore';
import { decisionsOf, mergeOf, needOfKey } from './decisions';

const step = (
  at: number,
  event: StoredTransition['event'],
  more: Partial<StoredTransition> = {},
): StoredTransition => ({ at, event, to: 'submitted', ...more });

const approval = (
  at: number,
  more: Partial<StoredApproval> = {},
): StoredApproval => ({
  requestId: 'r',
  by: 'user:default/omar',
  digest: 'sha256:a',
  need: 'api-owner api:default/orders',
  at,
  ended: false,
  ...more,
});

describe('what was decided about a request', () => {
  it('is each approval with what it counted as, also one that does not count any more', () => {
    expect(
      decisionsOf(
        [step(1, 'submit'), step(5, 'approve', { actor: 'user:default/omar' })],
        [
          approval(2, { digest: 'sha256:old', ended: true }),
          approval(4, {
            by: 'user:default/sven',
            need: 'group group:default/security',
            note: 'Looked at it',
          }),
          approval(5),
        ],
      ),
    ).toEqual([
      {
        event: 'approved',
        by: 'user:default/omar',
        as: { kind: 'api-owner', api: 'api:default/orders' },
        digest: 'sha256:old',
        counts: false,
        at: 2,
      },
      {
        event: 'approved',
        by: 'user:default/sven',
        as: { kind: 'group', group: 'group:default/security' },
        digest: 'sha256:a',
        counts: true,
        note: 'Looked at it',
        at: 4,
      },
      {
        event: 'approved',
        by: 'user:default/omar',
        as: { kind: 'api-owner', api: 'api:default/orders' },
        digest: 'sha256:a',
        counts: true,
        at: 5,
      },
    ]);
  });

  it('says that nobody had to approve, which is not that somebody did', () => {
    expect(
      decisionsOf(
        [
          step(1, 'submit'),
          step(1, 'approve', { facts: { code: 'no-approval-needed' } }),
        ],
        [],
      ),
    ).toEqual([{ event: 'not-needed', counts: true, at: 1 }]);
  });

  it('is also how it ended without a merge', () => {
    expect(
      decisionsOf(
        [
          step(1, 'reject', { actor: 'user:default/omar', reason: 'No' }),
          step(2, 'decline', { actor: 'octocat', reason: 'Later' }),
          step(3, 'withdraw', { actor: 'user:default/priya' }),
          step(4, 'supersede'),
          step(5, 'propose'),
        ],
        [],
      ),
    ).toEqual([
      {
        event: 'rejected',
        by: 'user:default/omar',
        counts: true,
        note: 'No',
        at: 1,
      },
      {
        event: 'declined',
        by: 'octocat',
        counts: true,
        note: 'Later',
        at: 2,
      },
      {
        event: 'withdrawn',
        by: 'user:default/priya',
        counts: true,
        at: 3,
      },
      { event: 'superseded', counts: true, at: 4 },
    ]);
  });
});

it.each<NeedOf>([
  { kind: 'api-owner', api: 'api:default/orders' },
  { kind: 'caller-owner', caller: 'component:default/checkout' },
  { kind: 'group', group: 'group:default/security' },
  { kind: 'platform' },
])('reads the key of a need back: %p', need => {
  expect(needOfKey(needKey(need))).toEqual(need);
});

it('reads nothing of keys that name no need', () => {
  for (const key of ['', 'owner x', 'group', 'api-owner '])
    expect(needOfKey(key)).toBeUndefined();
});

it('knows who merged, and when', () => {
  expect(
    mergeOf([step(1, 'submit'), step(9, 'merge', { actor: 'octocat' })]),
  ).toEqual({ at: 9, by: 'octocat' });
  expect(mergeOf([step(1, 'submit')])).toBeUndefined();
  expect(
    mergeOf([
      step(9, 'merge', {
        actor: 'callgate',
        facts: { code: 'merged-after-end' },
      }),
    ]),
  ).toMatchObject({ by: 'callgate', byItself: true });
});
