import { mockApis, renderInTestApp } from '@backstage/frontend-test-utils';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import type {
  AccessRequest,
  AccessRequestDraft,
  ApiOperations,
  EntityLabel,
  NewAccessRequest,
  Preview,
} from '@callgate/plugin-callgate-common';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { axe } from 'jest-axe';
import { CallgateApi, CallgateError, callgateApiRef } from '../../api';
import { requestRouteRef } from '../../routes';
import {
  blockedPreview,
  component,
  finding,
  OFFERED,
  ORDERS,
  previewOf,
} from '../RequestDialog/__testUtils__/dialogWorld';
import { readSitting, takeAlong } from './keptSitting';
import { SittingDialog } from './SittingDialog';

jest.setTimeout(60_000);

const CHECKOUT = 'component:default/checkout';
const PLACE = { person: 'user:default/priya', caller: CHECKOUT };
const api = (name: string, title: string): EntityLabel => ({
  ...ORDERS,
  ref: `api:default/${name}`,
  name,
  title,
});
const TARGETS = [
  ORDERS,
  api('payments', 'Payments API'),
  api('ledger', 'Ledger API'),
];
const NO_IDENTITY = finding(
  'identity-not-enforceable',
  'No identity',
  'Ledger has no identity there.',
);

/** Orders and Payments can be asked for, and Ledger cannot be granted. */
function backendOf() {
  let number = 7;
  return {
    getApiOperations: jest.fn(
      async (ref: string): Promise<ApiOperations> => ({
        ...OFFERED,
        api: TARGETS.find(each => each.ref === ref)!,
      }),
    ),
    preview: jest.fn(
      async (draft: AccessRequestDraft): Promise<Preview> =>
        draft.api.endsWith('/ledger')
          ? blockedPreview(draft, NO_IDENTITY)
          : previewOf(draft),
    ),
    createRequest: jest.fn(
      async (request: NewAccessRequest, _key: string) =>
        ({ id: request.api, number: number++ } as AccessRequest),
    ),
  };
}

function open(backend = backendOf()) {
  const onClose = jest.fn();
  const onSent = jest.fn();
  const { unmount } = renderInTestApp(
    <SittingDialog
      caller={CHECKOUT}
      targets={TARGETS}
      onClose={onClose}
      onSent={onSent}
    />,
    {
      apis: [
        [callgateApiRef, backend as Partial<CallgateApi> as CallgateApi],
        [
          catalogApiRef,
          catalogApiMock({
            entities: [
              component('checkout', 'Checkout', 'group:default/storefront'),
            ],
          }),
        ],
        mockApis.identity({
          userEntityRef: PLACE.person,
          ownershipEntityRefs: [PLACE.person, 'group:default/storefront'],
        }),
      ],
      mountedRoutes: { '/requests/:id': requestRouteRef },
    },
  );
  return { backend, onClose, onSent, unmount };
}

async function add(name: string) {
  await userEvent.type(await screen.findByLabelText('Add an API'), name);
  await userEvent.click(
    await screen.findByRole('option', { name: RegExp(name) }),
  );
}
const pick = async (name: RegExp) =>
  userEvent.click(await screen.findByRole('checkbox', { name }));
const rowOf = (name: string) =>
  within(
    screen
      .getAllByRole('listitem')
      .find(row =>
        within(row).queryByRole('button', { name: `Take out ${name}` }),
      )!,
  );
const why = (text: string) =>
  fireEvent.change(screen.getByLabelText('Why, for all of them'), {
    target: { value: text },
  });
const sendButton = (count: number) =>
  screen.findByRole('button', {
    name: count === 1 ? 'Send 1 request' : `Send ${count} requests`,
  });
async function send(count: number) {
  const button = await sendButton(count);
  await waitFor(() => expect(button).toBeEnabled());
  await userEvent.click(button);
}

/** Orders with one operation, Payments with another, and Ledger, which cannot be granted. */
async function chooseThree() {
  await add('Orders API');
  await pick(/List orders/);
  await add('Payments API');
  await pick(/Read one order/);
  await add('Ledger API');
  await pick(/Place an order/);
}

beforeEach(() => sessionStorage.clear());

describe('several APIs in one sitting', () => {
  it('chooses nothing by itself, shows of each what it opens, and sends a request each with one reason', async () => {
    const { backend, onSent } = open();
    expect(
      await screen.findByRole('heading', {
        name: 'Request access for Checkout',
      }),
    ).toBeVisible();
    await add('Orders API');
    // Nothing of it is asked before somebody chooses.
    expect(
      await screen.findByRole('checkbox', { name: /List orders/ }),
    ).not.toBeChecked();
    expect(backend.preview).not.toHaveBeenCalled();
    expect(
      screen.getByText(/^Choose operations of Orders API, or take it out/),
    ).toBeVisible();
    await pick(/List orders/);
    await add('Payments API');
    await pick(/Read one order/);
    await add('Ledger API');
    await pick(/Place an order/);
    expect(
      await rowOf('Ledger API').findByText('Cannot be granted'),
    ).toBeVisible();
    expect(
      rowOf('Ledger API').getAllByText(NO_IDENTITY.message)[0],
    ).toBeVisible();
    expect(await rowOf('Orders API').findByText('Can be asked')).toBeVisible();
    expect(await axe(screen.getByRole('dialog'))).toHaveNoViolations();
    // An API that is there is not offered again.
    await userEvent.type(screen.getByLabelText('Add an API'), 'API');
    expect(await screen.findByText('No API found')).toBeVisible();
    fireEvent.change(screen.getByLabelText('Add an API'), {
      target: { value: '' },
    });
    expect(screen.getByText('Say why: the owners decide on it.')).toBeVisible();
    why('The new basket');
    fireEvent.change(screen.getByLabelText('Last day of all of them'), {
      target: { value: '2027-06-30' },
    });
    expect(
      await screen.findByText(
        'What cannot be asked for stays here: Ledger API.',
      ),
    ).toBeVisible();
    await send(2);
    expect(await screen.findByText('Open request 8')).toBeVisible();
    const sent = backend.createRequest.mock.calls;
    const draft = (name: string, operation: string) => ({
      api: `api:default/${name}`,
      caller: CHECKOUT,
      operations: [{ id: operation }],
      until: '2027-06-30',
    });
    expect(sent.map(([request]) => request)).toEqual(
      [draft('orders', 'listOrders'), draft('payments', 'getOrder')].map(
        each => ({
          ...each,
          reason: 'The new basket',
          digest: previewOf(each).digest,
        }),
      ),
    );
    // A key each.
    expect(new Set(sent.map(([, key]) => key)).size).toBe(2);
    // What cannot be granted is there still, until somebody takes it out.
    await userEvent.click(
      screen.getByRole('button', { name: 'Take out Ledger API' }),
    );
    await userEvent.click(screen.getByRole('button', { name: 'Done' }));
    expect(onSent).toHaveBeenCalledTimes(1);
    expect(readSitting(PLACE)).toBeUndefined();
  });

  it('loses none of the others where one fails, and tries that one again with the same key', async () => {
    const backend = backendOf();
    const failure = new CallgateError({
      name: 'ServiceUnavailableError',
      message: 'The catalog cannot be asked.',
      status: 503,
      code: 'catalog-unreachable',
    });
    backend.createRequest.mockRejectedValueOnce(failure);
    open(backend);
    await chooseThree();
    why('The new basket');
    await send(2);
    expect(await screen.findByText('Open request 7')).toBeVisible();
    // Payments is sent: who leaves now is not told that nothing is.
    await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(
      await screen.findByText(
        '1 request is sent and stays. Only what is not sent goes.',
      ),
    ).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Keep writing' }));
    const orders = rowOf('Orders API');
    expect(orders.getByText('Not sent')).toBeVisible();
    expect(orders.getByText(failure.message)).toBeVisible();
    await userEvent.click(
      orders.getByRole('button', { name: 'Try again for Orders API' }),
    );
    expect(await screen.findByText('Open request 8')).toBeVisible();
    expect(backend.createRequest).toHaveBeenCalledTimes(3);
    const [[first, key], , [last, lastKey]] = backend.createRequest.mock.calls;
    expect(last).toEqual(first);
    expect(lastKey).toBe(key);
  });

  it('is there again after a reload, with the keys of what was on its way', async () => {
    const backend = backendOf();
    // The answer to the first never comes.
    backend.createRequest.mockImplementationOnce(() => new Promise(() => {}));
    const { unmount } = open(backend);
    await add('Orders API');
    await pick(/List orders/);
    why('The new basket');
    await send(1);
    await waitFor(() => expect(backend.createRequest).toHaveBeenCalledTimes(1));
    unmount();
    open(backend);
    expect(
      await screen.findByText(/^This is what you wrote before/),
    ).toBeVisible();
    expect(
      await screen.findByRole('checkbox', { name: /List orders/ }),
    ).toBeChecked();
    expect(screen.getByLabelText('Why, for all of them')).toHaveValue(
      'The new basket',
    );
    await send(1);
    expect(await screen.findByText('Open request 7')).toBeVisible();
    const [before, after] = backend.createRequest.mock.calls;
    expect(after).toEqual(before);
  });

  it('is nobody else’s, and asks before what was written goes', async () => {
    takeAlong(PLACE, {
      items: [{ api: ORDERS, operations: [], acknowledges: [] }],
      reason: 'Before',
      until: '',
    });
    // Another person in the same tab, and another caller of the same person.
    expect(
      readSitting({ ...PLACE, person: 'user:default/omar' }),
    ).toBeUndefined();
    expect(
      readSitting({ ...PLACE, caller: 'component:default/cart' }),
    ).toBeUndefined();
    const { onClose } = open();
    expect(
      await screen.findByRole('button', { name: 'Take out Orders API' }),
    ).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(onClose).not.toHaveBeenCalled();
    await userEvent.click(
      await screen.findByRole('button', { name: 'Discard' }),
    );
    expect(onClose).toHaveBeenCalledTimes(1);
    expect(readSitting(PLACE)).toBeUndefined();
  });

  it('adds what is written, also where Enter is faster than the search', async () => {
    open();
    const field = await screen.findByLabelText('Add an API');
    await userEvent.click(field);
    await screen.findByRole('option', { name: /Ledger/ });
    expect(await axe(screen.getByRole('dialog'))).toHaveNoViolations();
    fireEvent.change(field, { target: { value: 'Ledger' } });
    fireEvent.keyDown(field, { key: 'Enter' });
    expect(
      await screen.findByRole('button', { name: 'Take out Ledger API' }),
    ).toBeVisible();
    expect(
      screen.queryByRole('button', { name: 'Take out Orders API' }),
    ).toBeNull();
  });

  it('takes a reason and a last day of its own for one API', async () => {
    const { backend } = open();
    await add('Orders API');
    await pick(/List orders/);
    await userEvent.click(
      screen.getByText('Another reason or last day for this API'),
    );
    fireEvent.change(screen.getByLabelText('Why, for Orders API'), {
      target: { value: 'Only for the sale' },
    });
    fireEvent.change(screen.getByLabelText('Last day for Orders API'), {
      target: { value: '2027-03-01' },
    });
    await add('Payments API');
    await pick(/List orders/);
    why('The new basket');
    await send(2);
    await screen.findByText('Open request 8');
    expect(
      backend.createRequest.mock.calls.map(([{ reason, until }]) => [
        reason,
        until,
      ]),
    ).toEqual([
      ['Only for the sale', '2027-03-01'],
      ['The new basket', undefined],
    ]);
  });

  it('looks again at one of which the meaning has changed since it was shown', async () => {
    const backend = backendOf();
    const changed = new CallgateError({
      name: 'ConflictError',
      message: 'What this opens has changed since it was shown.',
      status: 409,
      code: 'meaning-changed',
    });
    backend.createRequest.mockRejectedValueOnce(changed);
    open(backend);
    await add('Orders API');
    await pick(/List orders/);
    why('The new basket');
    const [draft] = [
      {
        api: ORDERS.ref,
        caller: CHECKOUT,
        operations: [{ id: 'listOrders' }],
      },
    ];
    await sendButton(1);
    await waitFor(async () => expect(await sendButton(1)).toBeEnabled());
    backend.preview.mockResolvedValue(
      previewOf(draft, { digest: 'sha256:new' }),
    );
    await send(1);
    expect(await screen.findByText(changed.message)).toBeVisible();
    const again = screen.getByRole('button', {
      name: 'Try again for Orders API',
    });
    await waitFor(() => expect(again).toBeEnabled());
    await userEvent.click(again);
    expect(await screen.findByText('Open request 7')).toBeVisible();
    const [[, key], [second, secondKey]] = backend.createRequest.mock.calls;
    expect(second.digest).toBe('sha256:new');
    // It is another question.
    expect(secondKey).not.toBe(key);
  });
});
