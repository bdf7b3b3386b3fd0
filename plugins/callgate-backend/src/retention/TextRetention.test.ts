import { mockServices } from '@backstage/backend-test-utils';
import { TextRetention } from './TextRetention';

const DAY = 86_400_000;
const NOW = 1_000 * DAY;

/** So many requests that are over, the first one 1 day ago, the second one 2 days ago, and so on. */
function retention(count: number, textsDays?: number) {
  const kept = new Map(
    Array.from({ length: count }, (_, at) => [
      String(at + 1),
      NOW - (at + 1) * DAY,
    ]),
  );
  const blankNotes = jest.fn(async (_before: number) => 0);
  const subject = new TextRetention({
    reviews: { blankNotes },
    requests: {
      idsWithTexts: async (before, limit) =>
        [...kept]
          .filter(([, at]) => at < before)
          .slice(0, limit)
          .map(([id]) => id),
      blankTexts: async id => {
        kept.delete(id);
        return {} as never;
      },
    },
    retention: { ...(textsDays !== undefined && { textsDays }) },
    logger: mockServices.logger.mock(),
    now: () => NOW,
  });
  return { subject, kept, blankNotes };
}

it('takes out what is older than that, and nothing else', async () => {
  const { subject, kept, blankNotes } = retention(5, 3);
  expect(await subject.runOnce()).toBe(2);
  expect([...kept.keys()]).toEqual(['1', '2', '3']);
  expect(await subject.runOnce()).toBe(0);
  // Of reviews the notes, from when they were made.
  expect(blankNotes).toHaveBeenCalledWith(NOW - 3 * DAY);
});

it('takes out nothing where nobody said when', async () => {
  const { subject, kept, blankNotes } = retention(5);
  expect(await subject.runOnce()).toBe(0);
  expect(blankNotes).not.toHaveBeenCalled();
  expect(kept.size).toBe(5);
});

it('goes through more than fit in one batch', async () => {
  const { subject, kept } = retention(350, 30);
  expect(await subject.runOnce()).toBe(320);
  expect(kept.size).toBe(30);
});
