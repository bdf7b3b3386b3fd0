import { renderInTestApp } from '@backstage/frontend-test-utils';
import type { Source } from '@callgate/plugin-callgate-common';
import { screen } from '@testing-library/react';
import { SourceLine } from './SourceLine';

const NOW = Date.UTC(2026, 10, 2, 12);
const before = (seconds: number) =>
  new Date(NOW - seconds * 1000).toISOString();

const SOURCE: Source = {
  commit: '3f2a91c0d5e6f708192a3b4c5d6e7f8091a2b3c4',
  branch: 'main',
  committedAt: before(7_200),
  readAt: before(10),
  estateReadAt: before(180),
  stale: false,
};

describe('SourceLine', () => {
  beforeEach(() => {
    jest.spyOn(Date, 'now').mockReturnValue(NOW);
  });
  afterEach(() => jest.restoreAllMocks());

  it.each([
    [
      'manifests alone',
      {},
      'By manifests in Git at 3f2a91c on main, committed 2 hours ago',
    ],
    [
      'one cluster as its API server says',
      { observed: ['prod-eu'] },
      'In the cluster prod-eu, read 3 minutes ago · By manifests in Git at 3f2a91c on main, committed 2 hours ago',
    ],
    [
      'several',
      { observed: ['prod-eu', 'staging'] },
      'In the clusters prod-eu, staging, read 3 minutes ago · By manifests in Git at 3f2a91c on main, committed 2 hours ago',
    ],
    [
      'a cluster that was never read completely: that has a notice of its own',
      { observed: ['prod-eu'], estateReadAt: undefined },
      'By manifests in Git at 3f2a91c on main, committed 2 hours ago',
    ],
  ])('says that a page rests on %s', async (_, more, text) => {
    renderInTestApp(
      <p data-testid="line">
        <SourceLine source={{ ...SOURCE, ...more }} />
      </p>,
    );
    expect(await screen.findByTestId('line')).toHaveTextContent(text, {
      normalizeWhitespace: true,
    });
  });
});
