import type { PullRequestReview } from './Forge';
import { standingObjections } from './standingObjections';

const PETRA = 'user:default/petra';
const PAVEL = 'user:default/pavel';
let minute = 0;

const review = (
  by: string,
  decision: PullRequestReview['decision'],
  more: Partial<PullRequestReview> = {},
): PullRequestReview => ({
  by,
  decision,
  at: `2026-11-02T10:${String(minute++).padStart(2, '0')}:00Z`,
  ...more,
});
const authors = (...reviews: PullRequestReview[]) =>
  standingObjections(reviews).map(({ by }) => by);

describe('an objection', () => {
  it('stands whatever others say, and whatever its author comments', () => {
    expect(
      authors(
        review(PETRA, 'changes-requested', { head: 'a' }),
        review(PAVEL, 'approved', { head: 'b' }),
        review(PETRA, 'commented', { head: 'b' }),
      ),
    ).toEqual([PETRA]);
  });

  it('is over when its author approves or takes it back, or somebody takes back theirs', () => {
    const objection = review(PETRA, 'changes-requested');
    expect(authors(objection, review(PETRA, 'approved'))).toEqual([]);
    expect(authors(objection, review(PETRA, 'withdrawn'))).toEqual([]);
    expect(
      authors(objection, review(PAVEL, 'withdrawn', { of: PETRA })),
    ).toEqual([]);
    expect(authors(objection, review(PAVEL, 'withdrawn'))).toEqual([PETRA]);
  });

  it('made again is another one, about everything that its author objected to', () => {
    const first = review(PETRA, 'changes-requested', { about: ['a'] });
    const second = review(PETRA, 'changes-requested', { about: ['b'] });
    const [alone] = standingObjections([first]);
    const [both] = standingObjections([first, second]);
    expect(both).toMatchObject({ at: second.at, about: ['a', 'b'] });
    expect(both.id).not.toBe(alone.id);
  });

  it('is about everything once it is not known what one of them was about', () => {
    const known = review(PETRA, 'changes-requested', { about: ['a'] });
    const unknown = review(PETRA, 'changes-requested');
    for (const reviews of [
      [known, unknown],
      [unknown, known],
    ]) {
      expect(standingObjections(reviews)[0].about).toBeUndefined();
    }
  });
});
