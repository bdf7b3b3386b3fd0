import type {
  AccessRequest,
  AccessRequestDraft,
  NewAccessRequest,
} from '@callgate/plugin-callgate-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { axe } from 'jest-axe';
import { CallgateError } from '../../api';
import { readSitting, takeAlong } from '../Sitting/keptSitting';
import {
  blockedPreview,
  component,
  fakeBackend,
  finding,
  openDialog,
  ORDERS,
  previewOf,
} from './__testUtils__/dialogWorld';

const start = {
  caller: 'component:default/checkout',
  operations: [{ id: 'listOrders' }],
  in: ['prod-eu'],
  reason: 'order status',
};
const OURS = 'group:default/storefront';
const more = [
  component('web', 'Web', OURS),
  component('returns', 'Returns', OURS),
];
const NO_IDENTITY = finding(
  'identity-not-enforceable',
  'No identity',
  'Web has no identity there.',
);

/** Cart can ask, Web cannot be granted it, and Returns has it. */
function backendOf() {
  const backend = fakeBackend();
  backend.preview.mockImplementation(async (draft: AccessRequestDraft) => {
    if (draft.caller.endsWith('/web'))
      return blockedPreview(draft, NO_IDENTITY);
    const preview = previewOf(draft);
    return draft.caller.endsWith('/returns')
      ? {
          ...preview,
          meaning: { ...preview.meaning, gained: [] },
          send: { allowed: false, reason: 'The caller has all of it.' },
        }
      : preview;
  });
  let number = 7;
  const createRequest = jest.fn(
    async (request: NewAccessRequest, _key: string) =>
      ({
        id: request.caller,
        number: number++,
        waitsFor: '',
      } as AccessRequest),
  );
  return { ...backend, createRequest };
}

const other = (name: string) => screen.findByRole('checkbox', { name });
const stateOf = async (name: string) => {
  const box = await other(name);
  return within(box.closest('li')!);
};

describe('the same for several callers', () => {
  afterEach(() => sessionStorage.clear());

  it('says of each how it stands, and sends a request for each that can be asked', async () => {
    const backend = backendOf();
    const { onSent } = openDialog({ start, more, backend: backend as never });
    for (const name of ['Cart', 'Web', 'Returns'])
      await userEvent.click(await other(name));
    expect(
      await (await stateOf('Cart')).findByText('Can be asked'),
    ).toBeVisible();
    const web = await stateOf('Web');
    expect(await web.findByText('Cannot be granted')).toBeVisible();
    expect(web.getByText(NO_IDENTITY.message)).toBeVisible();
    expect(
      await (await stateOf('Returns')).findByText('Has it already'),
    ).toBeVisible();
    // Nobody else's are offered.
    expect(screen.queryByRole('checkbox', { name: 'Reporting' })).toBeNull();
    expect(await axe(screen.getByRole('dialog'))).toHaveNoViolations();
    const send = await screen.findByRole('button', { name: 'Send 2 requests' });
    await waitFor(() => expect(send).toBeEnabled());
    await userEvent.click(send);
    expect(await screen.findByText('Open request 8')).toBeVisible();
    const sent = backend.createRequest.mock.calls;
    const draft = {
      api: 'api:default/orders',
      operations: [{ id: 'listOrders' }],
      in: ['prod-eu'],
    };
    expect(
      sent.map(([{ caller, digest, reason, in: where }]) => ({
        caller,
        digest,
        reason,
        where,
      })),
    ).toEqual(
      ['component:default/checkout', 'component:default/cart'].map(caller => ({
        caller,
        digest: previewOf({
          api: draft.api,
          caller,
          operations: draft.operations,
          in: draft.in,
        }).digest,
        reason: 'order status',
        where: ['prod-eu'],
      })),
    );
    // A key each.
    expect(new Set(sent.map(([, key]) => key)).size).toBe(2);
    await userEvent.click(screen.getByRole('button', { name: 'Done' }));
    expect(onSent).toHaveBeenCalledTimes(1);
    expect(onSent.mock.calls[0][0]).toMatchObject([
      { number: 7 },
      { number: 8 },
    ]);
  });

  it('is stopped for no caller by another, and tries again what was not sent, with the same key', async () => {
    const backend = backendOf();
    const failure = new CallgateError({
      name: 'ServiceUnavailableError',
      message: 'The catalog cannot be asked.',
      status: 503,
      code: 'catalog-unreachable',
    });
    backend.createRequest.mockRejectedValueOnce(failure);
    openDialog({ start, more, backend: backend as never });
    await userEvent.click(await other('Cart'));
    const send = await screen.findByRole('button', { name: 'Send 2 requests' });
    await waitFor(() => expect(send).toBeEnabled());
    await userEvent.click(send);
    expect(await screen.findByText('Open request 7')).toBeVisible();
    expect(screen.getByText('Not sent')).toBeVisible();
    expect(screen.getByText(failure.message)).toBeVisible();
    await userEvent.click(
      screen.getByRole('button', { name: 'Back to those that were not sent' }),
    );
    const again = await screen.findByRole('button', { name: 'Send request' });
    await waitFor(() => expect(again).toBeEnabled());
    expect((await other('Cart')) as HTMLInputElement).not.toBeChecked();
    await userEvent.click(again);
    expect(await screen.findByText('Open request 8')).toBeVisible();
    expect(backend.createRequest).toHaveBeenCalledTimes(3);
    const [[first, key], , [last, lastKey]] = backend.createRequest.mock.calls;
    expect(last).toEqual(first);
    expect(lastKey).toBe(key);
  });

  it('says what is sent and stays before the rest is discarded, and tells the page of it', async () => {
    const backend = backendOf();
    backend.createRequest.mockRejectedValueOnce(new Error('Not now.'));
    const { onClose, onSent } = openDialog({
      start,
      more,
      backend: backend as never,
    });
    await userEvent.click(await other('Cart'));
    const send = await screen.findByRole('button', { name: 'Send 2 requests' });
    await waitFor(() => expect(send).toBeEnabled());
    await userEvent.click(send);
    await screen.findByText('Open request 7');
    await userEvent.click(
      screen.getByRole('button', { name: 'Back to those that were not sent' }),
    );
    await userEvent.click(
      await screen.findByRole('button', { name: 'Cancel' }),
    );
    expect(
      await screen.findByText(
        '1 request is sent and stays. Only what is not sent goes.',
      ),
    ).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Discard' }));
    expect(onClose).not.toHaveBeenCalled();
    expect(onSent.mock.calls).toEqual([
      [[expect.objectContaining({ number: 7 })]],
    ]);
  });

  it('cannot be closed while one is on its way', async () => {
    const backend = backendOf();
    backend.createRequest.mockImplementationOnce(() => new Promise(() => {}));
    const { onClose, onSent } = openDialog({
      start,
      more,
      backend: backend as never,
    });
    await userEvent.click(await other('Cart'));
    const send = await screen.findByRole('button', { name: 'Send 2 requests' });
    await waitFor(() => expect(send).toBeEnabled());
    await userEvent.click(send);
    await screen.findAllByText('Sending');
    expect(screen.getByRole('button', { name: 'Close' })).toBeDisabled();
    await userEvent.keyboard('{Escape}');
    expect(onClose).not.toHaveBeenCalled();
    expect(onSent).not.toHaveBeenCalled();
  });
});

describe('other APIs as well', () => {
  afterEach(() => sessionStorage.clear());

  it('takes along what is written, and leaves what stands there for other APIs', async () => {
    const place = {
      person: 'user:default/priya',
      caller: 'component:default/checkout',
    };
    const ledger = { ...ORDERS, ref: 'api:default/ledger', name: 'ledger' };
    const blank = { operations: [], acknowledges: [] };
    takeAlong(place, {
      items: [{ api: ledger, ...blank }],
      reason: '',
      until: '',
    });
    const onSeveral = jest.fn();
    openDialog({ start, backend: backendOf() as never, onSeveral });
    expect(
      await screen.findByRole('checkbox', { name: /List orders/ }),
    ).toBeChecked();
    await userEvent.click(
      await screen.findByRole('checkbox', { name: /Read one order/ }),
    );
    await userEvent.click(
      screen.getByRole('button', { name: 'Ask for other APIs as well' }),
    );
    expect(onSeveral).toHaveBeenCalledWith(place.caller);
    expect(readSitting(place)).toMatchObject({
      items: [
        { api: { ref: ledger.ref } },
        {
          api: { ref: 'api:default/orders' },
          operations: [{ id: 'listOrders' }, { id: 'getOrder' }],
          clusters: ['prod-eu'],
        },
      ],
      reason: 'order status',
    });
    // It is written there now, and not here as well.
    expect(
      Object.keys(sessionStorage).filter(key => /^callgate-draft/.test(key)),
    ).toEqual([]);
  });

  it('are not offered where it is about this API alone', async () => {
    openDialog({ start, backend: backendOf() as never });
    await screen.findByRole('checkbox', { name: /List orders/ });
    await screen.findByRole('checkbox', { name: 'Cart' });
    expect(
      screen.queryByRole('button', { name: 'Ask for other APIs as well' }),
    ).toBeNull();
  });
});
