import { renderInTestApp } from '@backstage/frontend-test-utils';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import type { Explanation } from '@callgate/plugin-callgate-common';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { CallgateApi, callgateApiRef } from '../../api';
import { explainRouteRef } from '../../routes';
import { useLocation, useNavigate } from '../../routing';
import { fakeCallgate, ORDERS } from '../RequestPage/__testUtils__/samples';
import { ExplainPage } from './ExplainPage';

const REFUSED: Explanation = {
  cluster: 'prod-eu',
  verdict: 'deny',
  from: 'storefront/checkout',
  to: 'ordering/orders',
  hops: [],
  conditions: [],
  changes: [],
  findings: [],
  source: { branch: 'main', readAt: '2026-11-02T10:00:00Z', stale: false },
};

function Browser() {
  const { pathname, search } = useLocation();
  const navigate = useNavigate();
  return (
    <>
      <p>at {`${pathname}${search}`}</p>
      <button type="button" onClick={() => navigate(-1)}>
        Back
      </button>
    </>
  );
}

function open(query: string, answers: Partial<CallgateApi> = {}) {
  const explain = jest.fn(async () => [REFUSED]);
  renderInTestApp(
    <>
      <ExplainPage />
      <Browser />
    </>,
    {
      apis: [
        [
          callgateApiRef,
          fakeCallgate({
            explain,
            getApiOperations: async () => ({
              api: ORDERS,
              operations: [],
              methods: [],
              lastDay: { today: '2027-02-15' },
              ports: [],
              clusters: ['prod-eu', 'staging'],
              findings: [],
            }),
            ...answers,
          }),
        ],
        [
          catalogApiRef,
          catalogApiMock({
            entities: [
              {
                apiVersion: 'backstage.io/v1alpha1',
                kind: 'API',
                metadata: { name: 'orders', title: 'Orders API' },
              },
            ],
          }),
        ],
      ],
      mountedRoutes: { '/access/explain': explainRouteRef },
      initialRouteEntries: [`/?${query}`],
    },
  );
  return explain;
}

const ENDS = 'from=component:default/checkout&to=api:default/orders';
const called = (explain: jest.Mock) =>
  explain.mock.calls.map(([call]: unknown[]) => call);

describe('ExplainPage', () => {
  it('asks exactly the call that stands in the URL, and shows the answer', async () => {
    const explain = open(
      `${ENDS}&method=post&path=/orders&host=orders.example&port=8080&protocol=tcp&cluster=prod-eu`,
    );
    expect(await screen.findByText('Refused in prod-eu')).toBeInTheDocument();
    expect(
      screen.getByText(/By manifests in Git on main, read/),
    ).toBeInTheDocument();
    expect(called(explain)).toEqual([
      {
        caller: 'component:default/checkout',
        api: 'api:default/orders',
        method: 'POST',
        path: '/orders',
        host: 'orders.example',
        port: 8080,
        protocol: 'TCP',
        cluster: 'prod-eu',
      },
    ]);
    expect(
      await screen.findByRole('heading', { name: 'checkout calls Orders API' }),
    ).toBeInTheDocument();
  });

  it('asks about UDP as UDP, and leaves out what is not said', async () => {
    const explain = open(`${ENDS}&port=9125&protocol=UDP`);
    expect(await screen.findByText('Refused in prod-eu')).toBeInTheDocument();
    expect(called(explain)).toEqual([
      {
        caller: 'component:default/checkout',
        api: 'api:default/orders',
        port: 9125,
        protocol: 'UDP',
      },
    ]);
  });

  it('puts what is asked next into the URL, and Back shows the call before', async () => {
    const explain = open(`${ENDS}&method=GET&path=/orders`);
    expect(await screen.findByText('Refused in prod-eu')).toBeInTheDocument();
    const path = screen.getByLabelText('Path');
    await userEvent.clear(path);
    await userEvent.type(path, '/admin');
    await userEvent.click(screen.getByRole('button', { name: 'Explain' }));
    await waitFor(() => expect(explain).toHaveBeenCalledTimes(2));
    expect(screen.getByText(/^at /)).toHaveTextContent(
      'method=GET&path=%2Fadmin',
    );
    await userEvent.click(screen.getByRole('button', { name: 'Back' }));
    await waitFor(() => expect(explain).toHaveBeenCalledTimes(3));
    expect(called(explain)[2]).toMatchObject({ path: '/orders' });
    expect(screen.getByLabelText('Path')).toHaveValue('/orders');
  });

  it('copies a link that opens the same answer', async () => {
    const user = userEvent.setup();
    const writeText = jest
      .spyOn(navigator.clipboard, 'writeText')
      .mockResolvedValue();
    open(`${ENDS}&port=9125&protocol=UDP`);
    await user.click(await screen.findByRole('button', { name: 'Copy link' }));
    const [[copied]] = writeText.mock.calls;
    const link = new URL(copied);
    expect(link.pathname).toBe('/access/explain');
    expect(Object.fromEntries(link.searchParams)).toEqual({
      from: 'component:default/checkout',
      to: 'api:default/orders',
      port: '9125',
      protocol: 'UDP',
    });
  });

  it.each([
    ['to=api:default/orders', /does not say who calls/],
    ['from=checkout&to=api:default/orders', /does not say who calls/],
    ['from=component:default/checkout', /does not say what is called/],
    [
      'from=component:default/checkout&to=component:default/orders',
      /does not say what is called/,
    ],
    [`${ENDS}&port=70000`, /“70000” is no port/],
    [`${ENDS}&port=http`, /“http” is no port/],
    [`${ENDS}&protocol=quic`, /“quic” is no protocol/],
    [`${ENDS}&method=GET&path=orders`, /“orders” is no path/],
    [`${ENDS}&path=/orders`, /A path needs a method/],
    [`${ENDS}&host=orders.example`, /A host needs a method/],
    [`${ENDS}&method=GET&port=53&protocol=UDP`, /TCP alone, not of UDP/],
  ])('says what is wrong with ?%s, and asks nothing', async (query, said) => {
    const explain = open(query);
    expect(await screen.findByRole('alert')).toHaveTextContent(said);
    expect(explain).not.toHaveBeenCalled();
  });
});
