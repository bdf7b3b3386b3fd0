import { mockApis, renderInTestApp } from '@backstage/frontend-test-utils';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import type { Proposal, RevertStep } from '@callgate/plugin-callgate-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { CallgateApi, callgateApiRef, CallgateError } from '../../api';
import { requestRouteRef } from '../../routes';
import {
  grantPage,
  OFFERED,
  previewOf,
} from '../RequestDialog/__testUtils__/dialogWorld';
import {
  CHECKOUT,
  fakeCallgate,
  proposal,
  request,
} from '../RequestPage/__testUtils__/samples';
import { RevertPanel } from './RevertPanel';

jest.setTimeout(60_000);
beforeEach(() => sessionStorage.clear());

const of = {
  id: 'r1',
  summary: 'Checkout → GET /orders',
  state: 'merged' as const,
  caller: CHECKOUT,
};

function open(revert: RevertStep[], answers: Partial<CallgateApi> = {}) {
  const merged: Proposal = proposal({ state: 'merged', revert });
  return renderInTestApp(<RevertPanel proposal={merged} />, {
    apis: [
      [
        callgateApiRef,
        fakeCallgate({
          getApiOperations: async () => OFFERED,
          preview: async draft => previewOf(draft),
          ...answers,
        }),
      ],
      [catalogApiRef, catalogApiMock({ entities: [] })],
      mockApis.identity({ userEntityRef: 'user:default/priya' }),
    ],
    mountedRoutes: { '/requests/:id': requestRouteRef },
  });
}

describe('undoing a merged pull request', () => {
  it('opens the request that ends what was granted, with its reason, and sends it', async () => {
    const createRequest = jest.fn(async () => request({ kind: 'end' }));
    open(
      [
        {
          request: of,
          draft: {
            kind: 'end',
            api: 'api:default/orders',
            grant: 'checkout-reads',
            caller: '',
            operations: [],
            whenLast: 'open',
            reason: 'Undoes pull request 41',
          },
        },
      ],
      { getGrant: async () => grantPage(), createRequest },
    );
    await userEvent.click(
      await screen.findByRole('button', {
        name: 'End this grant: Checkout → GET /orders',
      }),
    );
    const dialog = await screen.findByRole('dialog');
    expect(await within(dialog).findByLabelText('Why')).toHaveValue(
      'Undoes pull request 41',
    );
    const send = within(dialog).getByRole('button', { name: 'Send request' });
    await waitFor(() => expect(send).toBeEnabled());
    await userEvent.click(send);
    await waitFor(() =>
      expect(createRequest).toHaveBeenCalledWith(
        expect.objectContaining({
          kind: 'end',
          grant: 'checkout-reads',
          whenLast: 'open',
          reason: 'Undoes pull request 41',
        }),
        expect.any(String),
      ),
    );
    expect(await screen.findByText(/Open request 214/)).toBeInTheDocument();
  });

  it('changes back to the terms of before, and takes away a day that there was not', async () => {
    const preview = jest.fn<
      ReturnType<CallgateApi['preview']>,
      Parameters<CallgateApi['preview']>
    >(async draft => previewOf(draft));
    open(
      [
        {
          request: of,
          draft: {
            kind: 'change',
            api: 'api:default/orders',
            grant: 'checkout-reads',
            caller: '',
            operations: [{ id: 'listOrders' }],
            in: [],
            acknowledges: [],
            until: '',
            reason: 'Undoes pull request 41',
          },
        },
      ],
      { getGrant: async () => grantPage({ until: '2027-06-01' }), preview },
    );
    await userEvent.click(
      await screen.findByRole('button', { name: /^Change it back/ }),
    );
    await waitFor(() =>
      expect(preview.mock.calls.map(([draft]) => draft)).toContainEqual({
        kind: 'change',
        grant: 'checkout-reads',
        api: 'api:default/orders',
        caller: 'component:default/checkout',
        operations: [{ id: 'listOrders' }],
        in: [],
        acknowledges: [],
        until: '',
      }),
    );
  });

  it('says why something cannot be undone, and is not there where there is nothing', async () => {
    const reason = 'The grant has ended already.';
    const { unmount } = open([{ request: of, reason }]);
    expect(await screen.findByText(reason)).toBeInTheDocument();
    expect(screen.queryByRole('button')).toBeNull();
    unmount();
    open([]);
    await waitFor(() =>
      expect(
        screen.queryByText('Undo this pull request'),
      ).not.toBeInTheDocument(),
    );
  });

  it('says that the grant could not be read', async () => {
    open(
      [
        {
          request: of,
          draft: {
            kind: 'end',
            api: 'api:default/orders',
            grant: 'checkout-reads',
            caller: '',
            operations: [],
          },
        },
      ],
      {
        getGrant: async () => {
          throw new CallgateError({
            name: 'ServiceUnavailableError',
            message: 'The catalog cannot be asked now.',
            status: 503,
          });
        },
      },
    );
    await userEvent.click(
      await screen.findByRole('button', { name: /^End this grant/ }),
    );
    expect(
      await screen.findByText('The catalog cannot be asked now.'),
    ).toBeInTheDocument();
  });
});
