import type {
  AccessRequestDraft,
  Preview,
} from '@callgate/plugin-callgate-common';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { axe } from 'jest-axe';
import {
  fakeBackend,
  openDialog,
  previewOf,
} from './__testUtils__/dialogWorld';

const CHOICE = 'Open it before anybody approves it (break-glass)';
const start = {
  caller: 'component:default/checkout',
  operations: [{ id: 'listOrders' }],
  reason: 'Orders get lost',
};

function backendWith(
  offer: Partial<Preview['breakGlass'] & object> | undefined,
  change: Partial<Preview> = {},
) {
  const backend = fakeBackend();
  backend.preview.mockImplementation(async (draft: AccessRequestDraft) =>
    previewOf(draft, {
      ...(offer && {
        breakGlass: {
          hours: 4,
          expiresAt: '2027-02-15T14:00:00.000Z',
          send: { allowed: true },
          ...offer,
        },
      }),
      ...change,
    }),
  );
  return backend;
}

describe('what cannot wait', () => {
  afterEach(() => sessionStorage.clear());

  it('is a choice apart, with what follows, and is sent as that', async () => {
    const { backend, onSent } = openDialog({ start, backend: backendWith({}) });
    const choice = await screen.findByRole('checkbox', { name: CHOICE });
    expect(choice).not.toBeChecked();
    expect(choice).toHaveAccessibleDescription(
      /^It goes on at once and is to end on .*2027.*; somebody else still has to merge/,
    );
    await userEvent.click(choice);
    // It says no day of its own.
    expect(screen.queryByLabelText('Last day')).toBeNull();
    const send = await screen.findByRole('button', { name: 'Open it now' });
    await waitFor(() => expect(send).toBeEnabled());
    expect(
      screen.getByText('Decide afterwards: Orders team, any of 3 people'),
    ).toBeVisible();
    const { container } = { container: screen.getByRole('dialog') };
    expect(await axe(container)).toHaveNoViolations();
    await userEvent.click(send);
    await waitFor(() => expect(onSent).toHaveBeenCalled());
    const draft = {
      api: 'api:default/orders',
      caller: 'component:default/checkout',
      operations: [{ id: 'listOrders' }],
      breakGlass: true,
    };
    expect(backend.createRequest).toHaveBeenCalledWith(
      {
        ...draft,
        reason: 'Orders get lost',
        digest: previewOf(draft).digest,
      },
      expect.any(String),
    );
  });

  it('says why it is not possible for this, and cannot be chosen then', async () => {
    const reason = 'This cannot go on before anybody approves it: it closes.';
    openDialog({
      start,
      backend: backendWith({ send: { allowed: false, reason } }),
    });
    const choice = await screen.findByRole('checkbox', { name: CHOICE });
    expect(choice).toBeDisabled();
    expect(choice).toHaveAccessibleDescription(reason);
    expect(
      await screen.findByRole('button', { name: 'Send request' }),
    ).toBeEnabled();
  });

  it.each([
    ['where there is no such thing, or not for the reader', undefined, {}],
    [
      'where nothing could be sent at all',
      {},
      { send: { allowed: false, reason: 'No' } },
    ],
  ])('is not there %s', async (_, offer, change) => {
    const { backend } = openDialog({
      start,
      backend: backendWith(offer, change),
    });
    await waitFor(() => expect(backend.preview).toHaveBeenCalled());
    await screen.findByText(/1 caller, 1 operations/);
    expect(screen.queryByRole('checkbox', { name: CHOICE })).toBeNull();
  });
});
