import { renderInTestApp } from '@backstage/frontend-test-utils';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { axe } from 'jest-axe';
import { callgateApiRef, CallgateError, type EvidenceQuery } from '../../api';
import { fakeCallgate } from '../RequestPage/__testUtils__/samples';
import { ProposalsPage } from './ProposalsPage';

const content = new Blob(['"record"\r\n']);

async function openPage(
  takeEvidence: (query: EvidenceQuery) => Promise<{
    name: string;
    content: Blob;
  }> = async () => ({ name: 'callgate-grants.csv', content }),
  { evidence } = { evidence: true },
) {
  renderInTestApp(<ProposalsPage />, {
    apis: [
      [
        callgateApiRef,
        fakeCallgate({
          listProposals: async () => ({
            items: [],
            total: 0,
            ...(evidence && { evidence }),
          }),
          takeEvidence,
        }),
      ],
    ],
  });
  await screen.findByText('No pull request for access is open.');
}

const BUTTON = { name: 'Take out evidence' };

describe('taking out evidence', () => {
  const saved: { name: string; content: Blob }[] = [];
  let last: Blob;

  beforeEach(() => {
    saved.length = 0;
    // jsdom keeps no files.
    Object.assign(URL, {
      createObjectURL: (blob: Blob) => {
        last = blob;
        return 'blob:evidence';
      },
      revokeObjectURL: () => {},
    });
    jest
      .spyOn(HTMLAnchorElement.prototype, 'click')
      .mockImplementation(function click(this: HTMLAnchorElement) {
        saved.push({ name: this.download, content: last });
      });
  });
  afterEach(() => jest.restoreAllMocks());

  it('saves the file of the kind and the day that were chosen', async () => {
    const asked = jest.fn(async () => ({
      name: 'callgate-decisions.csv',
      content,
    }));
    await openPage(asked);
    await userEvent.click(screen.getByRole('button', BUTTON));
    const dialog = screen.getByRole('dialog', { name: 'Evidence' });
    expect(await axe(dialog)).toHaveNoViolations();
    await userEvent.click(
      screen.getByRole('radio', { name: 'Decisions until then' }),
    );
    await userEvent.type(screen.getByLabelText('At the end of'), '2026-03-01');
    await userEvent.click(screen.getByRole('button', { name: 'Download CSV' }));
    expect(
      await screen.findByText('callgate-decisions.csv is downloaded.'),
    ).toBeVisible();
    expect(asked.mock.calls).toEqual([
      [{ kind: 'decisions', format: 'csv', at: '2026-03-01' }],
    ]);
    expect(saved).toEqual([{ name: 'callgate-decisions.csv', content }]);
  });

  it('is of now without a day, and says why there is no file', async () => {
    const asked = jest.fn(async () => {
      throw new CallgateError({
        status: 503,
        name: 'ServiceUnavailableError',
        message: 'The policy repository cannot be reached.',
      });
    });
    await openPage(asked);
    await userEvent.click(screen.getByRole('button', BUTTON));
    await userEvent.click(
      screen.getByRole('button', { name: 'Download JSON' }),
    );
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'The evidence could not be taken out. The policy repository cannot be reached.',
    );
    expect(asked.mock.calls).toEqual([[{ kind: 'grants', format: 'json' }]]);
    expect(saved).toEqual([]);
  });

  it('is not there for who may not', async () => {
    await openPage(undefined, { evidence: false });
    expect(screen.queryByRole('button', BUTTON)).toBeNull();
  });
});
