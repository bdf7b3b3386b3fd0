import type { Grant } from '@callgate/policy';
import type {
  MergedRequest,
  StoredReview,
} from '../database/DatabaseGrantReviews';
import { grantRecordOf } from './grantRecord';

const of = { api: 'api:default/orders', caller: 'component:default/cart' };
const standing = (request?: string) => ({
  grant: { id: 'g', ...(request && { request }) } as Grant,
});
const merged = (
  id: string,
  kind: MergedRequest['kind'],
  at: number,
  declared = '',
): MergedRequest => ({ ...of, grant: 'g', id, kind, at, declared });
const reviewed = (id: string, at: number, declared = ''): StoredReview => ({
  ...of,
  ...{ id, at, declared, grant: 'g' },
  by: 'user:default/omar',
  role: 'api-owner api:default/orders',
  digest: 'sha256:a',
  terms: { operations: [] },
  follows: '',
});

describe('what is recorded of a grant', () => {
  it('is nothing of one that somebody wrote by hand', () => {
    expect(grantRecordOf(standing(), [], [])).toEqual({ reviews: [] });
  });

  it('is the request that made it', () => {
    expect(
      grantRecordOf(standing('A'), [merged('A', 'new', 10)], []),
    ).toMatchObject({ last: { id: 'A', at: 10 }, since: 10 });
  });

  it('is what changed, renewed or confirmed it since, and when it was made first', () => {
    const all = [
      merged('A', 'new', 10),
      merged('B', 'change', 20, 'A'),
      merged('C', 'renew', 30, 'B'),
    ];
    expect(grantRecordOf(standing('C'), all, [])).toMatchObject({
      last: { id: 'C', at: 30 },
      since: 10,
    });
    expect(
      grantRecordOf(standing('C'), [...all, merged('D', 'confirm', 40)], []),
    ).toMatchObject({ last: { id: 'D', at: 40 } });
  });

  it('is not a change of the caller’s side that nobody looked at, and a review of before counts still', () => {
    const all = [
      merged('A', 'new', 10),
      { ...merged('B', 'change', 30, 'A'), unseen: true as const },
      { ...merged('C', 'change', 40, 'B'), unseen: true as const },
    ];
    expect(grantRecordOf(standing('C'), all, [])).toMatchObject({
      last: { id: 'A', at: 10 },
      since: 10,
    });
    expect(
      grantRecordOf(standing('C'), all, [reviewed('R', 20, 'A')]),
    ).toMatchObject({ last: { id: 'R', at: 20 } });
  });

  it('is the review after it, and not the one before a change for the day', () => {
    const all = [merged('A', 'new', 10), merged('B', 'change', 30, 'A')];
    const early = reviewed('R', 20, 'A');
    const late = reviewed('S', 40, 'B');
    expect(grantRecordOf(standing('B'), all, [early])).toEqual({
      last: { id: 'B', at: 30 },
      since: 10,
      reviews: [early],
    });
    expect(grantRecordOf(standing('B'), all, [early, late]).last).toEqual({
      id: 'S',
      at: 40,
    });
  });

  it('of one by hand that was changed since it is not known when it began', () => {
    const record = grantRecordOf(
      standing('B'),
      [merged('B', 'change', 30)],
      [reviewed('R', 20)],
    );
    expect(record).toMatchObject({ last: { id: 'B', at: 30 } });
    expect(record).not.toHaveProperty('since');
    // It was reviewed before, when it named no request.
    expect(record.reviews.map(({ id }) => id)).toEqual(['R']);
  });

  it('is nothing of another grant that had its id: an end is between them, or another request is in it', () => {
    const before = [merged('A', 'new', 10), merged('E', 'end', 30, 'A')];
    const review = reviewed('R', 20, 'A');
    // Written again by hand, even with the request of before.
    expect(grantRecordOf(standing('A'), before, [review])).toEqual({
      reviews: [],
    });
    expect(grantRecordOf(standing(), before, [reviewed('R', 20)])).toEqual({
      reviews: [],
    });
    expect(
      grantRecordOf(
        standing('F'),
        [...before, merged('F', 'new', 40)],
        [review],
      ),
    ).toEqual({ last: { id: 'F', at: 40 }, since: 40, reviews: [] });
    // Somebody replaced it by hand: that other one is nowhere recorded.
    expect(
      grantRecordOf(standing('X'), [merged('A', 'new', 10)], [review]),
    ).toEqual({ reviews: [] });
  });

  it('comes to an end where requests name each other in a circle', () => {
    const circle = [
      merged('A', 'change', 10, 'B'),
      merged('B', 'renew', 20, 'A'),
    ];
    expect(grantRecordOf(standing('B'), circle, [])).toMatchObject({
      last: { id: 'B', at: 20 },
    });
  });
});
