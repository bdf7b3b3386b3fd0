import { renderInTestApp } from '@backstage/frontend-test-utils';
import type { EstateState } from '@callgate/plugin-callgate-common';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { EstateNotice } from './EstateNotice';

const HOUR = 3_600_000;
const ago = (milliseconds: number) =>
  new Date(Date.now() - milliseconds).toISOString();

describe('EstateNotice', () => {
  const reload = jest.fn();
  const show = (estate: EstateState | undefined, problem?: string) =>
    renderInTestApp(
      <EstateNotice
        source={{
          branch: 'main',
          readAt: ago(0),
          stale: problem !== undefined,
          ...(problem !== undefined && { problem }),
          ...(estate && { estate }),
        }}
        reload={reload}
      />,
    );
  const said = async () =>
    (await screen.findByRole('status', { name: /clusters/ })).textContent;
  beforeEach(() => reload.mockClear());

  it('says which setting is missing where no cluster is configured, and does not offer to look again', async () => {
    show({ state: 'none-configured', clusters: [] });
    expect(await said()).toMatch(
      /^No cluster is configured.*platform team.*callgate\.estate\.manifests/,
    );
    expect(screen.queryByRole('button')).not.toBeInTheDocument();
  });

  it('says since when a first reading is under way', async () => {
    show({ state: 'first-read', since: ago(2 * 60_000), clusters: [] });
    expect(await said()).toMatch(/first time, since 2 minutes ago/);
  });

  it('looks again by itself while a first reading is under way', async () => {
    jest.useFakeTimers();
    try {
      show({ state: 'first-read', since: ago(0), clusters: [] });
      await screen.findByRole('status', { name: /clusters/ });
      jest.advanceTimersByTime(5_000);
      expect(reload).toHaveBeenCalled();
    } finally {
      jest.useRealTimers();
    }
  });

  it('says why nothing could be read yet, and looks again on demand', async () => {
    show({ state: 'never-read', clusters: [] }, 'It does not answer.');
    expect(await said()).toMatch(
      /could not be read yet\.It does not answer\.It is tried again every minute/,
    );
    await userEvent.click(screen.getByRole('button', { name: 'Look again' }));
    expect(reload).toHaveBeenCalledTimes(1);
  });

  it('says how old what is shown is, and why', async () => {
    show(
      {
        state: 'stale',
        readAt: ago(3 * HOUR),
        clusters: [{ name: 'prod-eu' }],
      },
      'The folder does not exist.',
    );
    expect(await said()).toMatch(
      /last read 3 hours ago\.The folder does not exist\..*nothing is proposed meanwhile/,
    );
  });

  it('names the one cluster that cannot be read, and of when it is shown', async () => {
    show({
      state: 'partly',
      readAt: ago(HOUR),
      clusters: [{ name: 'staging', shownOf: ago(HOUR) }],
    });
    expect(await said()).toMatch(
      /^staging cannot be read now\.staging is shown as it was 1 hour ago\..*other clusters go on/,
    );
  });

  it('says nothing where all was read', async () => {
    show(undefined);
    expect(
      screen.queryByRole('status', { name: /clusters/ }),
    ).not.toBeInTheDocument();
  });
});
