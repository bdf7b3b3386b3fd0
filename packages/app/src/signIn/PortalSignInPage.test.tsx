import type { IdentityApi } from '@backstage/core-plugin-api';
import { mockApis, renderInTestApp } from '@backstage/frontend-test-utils';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { axe } from 'jest-axe';
import { PortalSignInPage } from './PortalSignInPage';

const ADA = { entityRef: 'user:default/ada', title: 'Ada', role: 'Owner' };
const GRACE = { entityRef: 'user:default/grace', title: 'Grace', role: 'Dev' };

const session = {
  providerInfo: {},
  profile: {},
  backstageIdentity: {
    // Header and payload of a token that does not expire within the test; nobody checks the signature here.
    token: `e30.${window.btoa(JSON.stringify({ exp: 4_102_444_800 }))}.s`,
    identity: {
      type: 'user',
      userEntityRef: ADA.entityRef,
      ownershipEntityRefs: [ADA.entityRef],
    },
  },
};

function answer(status: number, body: unknown): Response {
  return {
    ok: status < 400,
    status,
    statusText: '',
    url: 'http://backend/refresh',
    headers: new Headers({ 'content-type': 'application/json' }),
    json: async () => body,
    text: async () => JSON.stringify(body),
  } as Response;
}

function refusal(status: number, message: string): Response {
  return answer(status, {
    error: { name: 'Error', message },
    response: { statusCode: status },
  });
}

describe('PortalSignInPage', () => {
  const realFetch = global.fetch;
  const fetchMock = jest.fn<
    Promise<Response>,
    [string, { headers: Headers }]
  >();
  const onSignInSuccess = jest.fn<void, [IdentityApi]>();

  beforeEach(() => {
    global.fetch = fetchMock as unknown as typeof fetch;
    window.sessionStorage.clear();
  });
  afterEach(() => {
    global.fetch = realFetch;
    jest.resetAllMocks();
  });

  const renderPage = (people = [ADA, GRACE]) =>
    renderInTestApp(<PortalSignInPage onSignInSuccess={onSignInSuccess} />, {
      config: {
        app: { title: 'Portal' },
        auth: { providers: { demo: { people } } },
      },
      apis: [mockApis.discovery()],
    });

  it('shows every person with what they do, and is accessible', async () => {
    const { container } = renderPage();
    expect(
      await screen.findByRole('button', { name: /^Sign in as\s+Ada\s*Owner$/ }),
    ).toBeVisible();
    expect(
      screen.getByRole('button', { name: /^Sign in as\s+Grace\s*Dev$/ }),
    ).toBeVisible();
    expect(await axe(container)).toHaveNoViolations();
  });

  it('signs in as the person that was chosen, and remembers them for this tab', async () => {
    fetchMock.mockResolvedValue(answer(200, session));
    renderPage();
    await userEvent.click(
      await screen.findByRole('button', { name: /^Sign in as\s+Ada/ }),
    );
    await waitFor(() => expect(onSignInSuccess).toHaveBeenCalledTimes(1));

    const [url, { headers }] = fetchMock.mock.calls[0];
    expect(url).toMatch(/\/auth\/demo\/refresh$/);
    expect(headers.get('x-callgate-demo-user')).toBe(ADA.entityRef);
    expect(Object.values({ ...window.sessionStorage })).toEqual([
      ADA.entityRef,
    ]);
  });

  it('forgets the person at sign-out, so that the next page asks again', async () => {
    fetchMock.mockResolvedValue(answer(200, session));
    renderPage();
    await userEvent.click(
      await screen.findByRole('button', { name: /^Sign in as\s+Ada/ }),
    );
    await waitFor(() => expect(onSignInSuccess).toHaveBeenCalledTimes(1));
    const identity = onSignInSuccess.mock.calls[0][0];
    expect(await identity.getProfileInfo()).toEqual({ displayName: 'Ada' });

    await identity.signOut();
    expect(window.sessionStorage).toHaveLength(0);
  });

  it('waits while the catalog is loading and then signs in by itself', async () => {
    fetchMock
      .mockResolvedValueOnce(refusal(503, 'The catalog is still loading'))
      .mockResolvedValueOnce(answer(200, session));
    renderPage();
    await userEvent.click(
      await screen.findByRole('button', { name: /^Sign in as\s+Ada/ }),
    );
    expect(
      await screen.findByText('The catalog is still loading'),
    ).toBeVisible();
    await waitFor(() => expect(onSignInSuccess).toHaveBeenCalledTimes(1), {
      timeout: 4000,
    });
  });

  it('says why somebody is refused and offers the others', async () => {
    fetchMock.mockResolvedValue(refusal(403, 'This person is not listed.'));
    renderPage();
    await userEvent.click(
      await screen.findByRole('button', { name: /^Sign in as\s+Ada/ }),
    );
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'This person is not listed.',
    );
    await userEvent.click(
      screen.getByRole('button', { name: 'Choose another person' }),
    );
    expect(
      await screen.findByRole('button', { name: /^Sign in as\s+Grace/ }),
    ).toBeVisible();
    expect(onSignInSuccess).not.toHaveBeenCalled();
  });

  it('offers sign-in by GitHub where there are no demo people', async () => {
    renderPage([]);
    expect(
      await screen.findByText('Sign in with your GitHub account'),
    ).toBeVisible();
    expect(screen.queryByText('Who are you today?')).not.toBeInTheDocument();
  });

  it('asks again when the person it remembers is not in the configuration', async () => {
    window.sessionStorage.setItem('callgate.demo.person', 'user:default/gone');
    renderPage();
    expect(
      await screen.findByRole('button', { name: /^Sign in as\s+Ada/ }),
    ).toBeVisible();
    expect(fetchMock).not.toHaveBeenCalled();
  });
});
