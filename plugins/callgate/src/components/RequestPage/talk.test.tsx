import { mockApis, renderInTestApp } from '@backstage/frontend-test-utils';
import { catalogApiRef, entityRouteRef } from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import type { AccessRequest } from '@callgate/plugin-callgate-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { axe } from 'jest-axe';
import { CallgateApi, callgateApiRef, CallgateError } from '../../api';
import { inboxRouteRef, proposalRouteRef } from '../../routes';
import { OFFERED, previewOf } from '../RequestDialog/__testUtils__/dialogWorld';
import { RequestPage } from './RequestPage';
import {
  fakeCallgate,
  label,
  OMAR,
  PRIYA,
  request,
} from './__testUtils__/samples';

jest.setTimeout(60_000);
beforeEach(() => sessionStorage.clear());

const PLATFORM = label('group:default/platform', 'Platform team');

function open(answers: Partial<CallgateApi>, me = 'user:default/omar') {
  return renderInTestApp(<RequestPage />, {
    apis: [
      [callgateApiRef, fakeCallgate(answers)],
      [
        catalogApiRef,
        catalogApiMock({
          entities: [
            {
              apiVersion: 'backstage.io/v1alpha1',
              kind: 'Group',
              metadata: { name: 'platform', title: 'Platform team' },
            },
          ],
        }),
      ],
      mockApis.identity({ userEntityRef: me }),
    ],
    mountedRoutes: {
      '/requests': inboxRouteRef,
      '/proposals/:id': proposalRouteRef,
      '/catalog/:namespace/:kind/:name': entityRouteRef,
    },
    mountPath: '/requests/:id',
    initialRouteEntries: ['/requests/r1'],
  });
}

const returned = (changes: Partial<AccessRequest> = {}) =>
  request({
    state: 'returned',
    waitsFor: 'Waits for Priya to change it',
    approve: { allowed: false, reason: 'The request is returned.' },
    askChange: { allowed: false, reason: 'The request is returned.' },
    timeline: [
      ...request().timeline,
      {
        at: new Date().toISOString(),
        actor: OMAR,
        from: 'submitted',
        to: 'returned',
        event: 'ask-change',
        reason: 'Reading is enough.',
      },
    ],
    ...changes,
  });

describe('asking for a change', () => {
  it('needs a note, goes with the version that was read, and says what is next', async () => {
    const askChange = jest.fn(async () => returned());
    open({ getRequest: async () => request(), askChange });
    const button = await screen.findByRole('button', {
      name: 'Ask for a change',
    });
    await userEvent.click(button);
    expect(screen.getByText('Say what to change.')).toBeInTheDocument();
    expect(askChange).not.toHaveBeenCalled();
    await userEvent.keyboard('Reading is enough.');
    await userEvent.click(button);
    expect(askChange).toHaveBeenCalledWith('r1', {
      note: 'Reading is enough.',
      version: 1,
    });
    expect(
      await screen.findByText(
        'Given back. The requester is told what to change.',
      ),
    ).toBeInTheDocument();
    expect(
      screen.getByText('Waits for Priya to change it'),
    ).toBeInTheDocument();
    expect(
      screen.getByText('Priya changes it and sends it again'),
    ).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Approve' })).toBeNull();
  });

  it('is not offered to who does not decide', async () => {
    const not = { allowed: false, reason: 'Only owners of the API decide.' };
    open({
      getRequest: async () =>
        request({ approve: not, reject: not, askChange: not }),
    });
    expect(await screen.findByText(not.reason)).toBeInTheDocument();
    expect(
      screen.queryByRole('button', { name: 'Ask for a change' }),
    ).toBeNull();
  });
});

describe('changing and sending again', () => {
  it('opens the dialog with what was asked, for the same caller, and sends all of it under the same request', async () => {
    const mine = returned({
      mine: true,
      operations: [
        {
          kind: 'http',
          id: 'listOrders',
          method: 'GET',
          path: '/orders',
          writes: false,
        },
      ],
      revise: { allowed: true },
    });
    // What is sent opens something else than what was there: that is what one changes it for.
    const reviseRequest = jest.fn(async () =>
      request({ mine: true, version: 3, digest: 'd-changed' }),
    );
    open(
      {
        getRequest: async () => mine,
        getApiOperations: async () => OFFERED,
        preview: async draft => previewOf(draft),
        reviseRequest,
      },
      'user:default/priya',
    );
    await userEvent.click(
      await screen.findByRole('button', { name: 'Change and send again' }),
    );
    const dialog = await screen.findByRole('dialog', {
      name: /^Change request 214: /,
    });
    expect(within(dialog).queryByLabelText('Who will call')).toBeNull();
    expect(await within(dialog).findByLabelText('Why')).toHaveValue(
      'Order status on the confirmation page.',
    );
    await userEvent.type(
      within(dialog).getByLabelText('What is different (who decides reads it)'),
      'Reading only',
    );
    const send = within(dialog).getByRole('button', { name: 'Send request' });
    await waitFor(() => expect(send).toBeEnabled());
    await userEvent.click(send);
    await waitFor(() =>
      expect(reviseRequest).toHaveBeenCalledWith(
        'r1',
        {
          operations: [{ id: 'listOrders' }],
          in: [],
          acknowledges: [],
          reason: 'Order status on the confirmation page.',
          note: 'Reading only',
          digest: expect.any(String),
          version: 1,
        },
        expect.any(String),
      ),
    );
    await waitFor(() => expect(dialog).not.toBeInTheDocument());
    expect(
      await screen.findByText('Waits for Orders team'),
    ).toBeInTheDocument();
    // Whoever changed it knows the difference: they were shown it before they sent it.
    expect(
      screen.queryByText('What this opens has changed while you looked at it'),
    ).toBeNull();
  });

  it('says what it would open while it is given back: it is neither over nor going on', async () => {
    open({ getRequest: async () => returned() });
    expect(
      await screen.findByRole('heading', { name: 'What this would open' }),
    ).toBeInTheDocument();
  });

  it('is no button for others', async () => {
    open({ getRequest: async () => returned() });
    expect(
      await screen.findByText('Waits for Priya to change it'),
    ).toBeInTheDocument();
    expect(
      screen.queryByRole('button', { name: 'Change and send again' }),
    ).toBeNull();
  });

  it('begins a new request where one has ended', async () => {
    open({
      getRequest: async () => request({ state: 'rejected', mine: true }),
    });
    const link = await screen.findByRole('button', { name: 'Ask again' });
    expect(link).toHaveAttribute(
      'href',
      '/catalog/default/api/orders/access?ask=request&caller=component%3Adefault%2Fcheckout&op=GET+%2Forders&reason=Order+status+on+the+confirmation+page.',
    );
  });
});

describe('comments', () => {
  const said = {
    id: 'c1',
    at: new Date().toISOString(),
    by: OMAR,
    text: '<img src=x onerror=alert(1)> is this for refunds?',
    mentions: [PLATFORM],
  };

  it('stand in the timeline as plain text, with whom they told', async () => {
    const { container } = open({
      getRequest: async () => request({ comments: [said] }),
    });
    expect(await screen.findByText(said.text)).toBeInTheDocument();
    expect(screen.getByText(/Omar commented/)).toBeInTheDocument();
    expect(screen.getByText('Told: Platform team')).toBeInTheDocument();
    expect(container.querySelector('img')).toBeNull();
    expect(await axe(container)).toHaveNoViolations();
  });

  it.each([
    ['returned', 'Who asked and who decides is told.'],
    ['merged', 'Who asked is told.'],
  ] as const)(
    'of a request that is %s say whom they tell',
    async (state, who) => {
      open({ getRequest: async () => request({ state }) });
      expect(await screen.findByText(who)).toBeInTheDocument();
    },
  );

  it('say that they are not for a reader who may not see everything', async () => {
    open({
      getRequest: async () =>
        request({ comments: [{ ...said, text: undefined }] }),
    });
    expect(
      await screen.findByText(/its comments are not shown to you/),
    ).toBeInTheDocument();
  });

  it('are sent once with one key, tell whom one picks, and leave the field empty', async () => {
    const failure = new CallgateError({
      name: 'ServiceUnavailableError',
      message: 'The catalog cannot be asked now.',
      status: 503,
    });
    const commentOnRequest = jest
      .fn<Promise<AccessRequest>, Parameters<CallgateApi['commentOnRequest']>>()
      .mockRejectedValueOnce(failure)
      .mockResolvedValueOnce(request({ comments: [said] }));
    open({ getRequest: async () => request(), commentOnRequest });
    const field = await screen.findByLabelText('Comment');
    const send = screen.getByRole('button', { name: 'Comment' });
    expect(send).toBeDisabled();
    await userEvent.type(field, 'Is this for refunds?');
    await userEvent.type(
      screen.getByLabelText('Tell somebody besides'),
      'platf',
    );
    await userEvent.click(
      await screen.findByRole('option', { name: /Platform team/ }),
    );
    await userEvent.click(send);
    expect(
      await screen.findByText('The catalog cannot be asked now.'),
    ).toBeInTheDocument();
    expect(field).toHaveValue('Is this for refunds?');
    await userEvent.click(send);
    expect(await screen.findByText(said.text)).toBeInTheDocument();
    expect(field).toHaveValue('');
    const [first, second] = commentOnRequest.mock.calls;
    expect(first.slice(0, 2)).toEqual([
      'r1',
      { text: 'Is this for refunds?', mentions: ['group:default/platform'] },
    ]);
    expect(second[2]).toBe(first[2]);
  });

  it('offer who has to do with the request before anything is looked up', async () => {
    open({ getRequest: async () => request() });
    await userEvent.type(await screen.findByLabelText('Comment'), 'Hi');
    await userEvent.click(screen.getByLabelText('Tell somebody besides'));
    const options = await screen.findAllByRole('option');
    expect(options.map(({ textContent }) => textContent)).toEqual([
      'Priya user',
      'Orders team group',
      'Omar user',
    ]);
    expect(PRIYA.title).toBe('Priya');
  });
});

describe('what is said on the pull request', () => {
  const said = {
    id: 'k1',
    at: new Date().toISOString(),
    by: 'petra-on-the-forge',
    forge: 'github',
    number: 41,
    text: '<img src=x onerror=alert(1)> why?',
    link: 'https://github.test/acme/policies/pull/41#1',
  };
  const show = (...all: AccessRequest['said'] & {}) =>
    open({ getRequest: async () => request({ said: all }) });

  it('stands in the timeline as plain text, by the name on the forge, with its place there', async () => {
    const { container } = show(said, {
      ...{ ...said, id: 'k2', text: 'Too wide' },
      ...{ decision: 'changes-requested', file: 'policies/orders.yaml' },
    });
    expect(await screen.findByText(said.text)).toBeInTheDocument();
    expect(
      screen.getByText(/^petra-on-the-forge said on pull request #41/),
    ).toBeInTheDocument();
    expect(
      screen.getByText(/asked for changes of pull request #41/),
    ).toBeInTheDocument();
    expect(screen.getByText('About policies/orders.yaml')).toBeInTheDocument();
    const [link] = screen.getAllByRole('link', { name: /See it there/ });
    expect(link).toHaveAttribute('href', said.link);
    expect(container.querySelector('img')).toBeNull();
    expect(await axe(container)).toHaveNoViolations();
  });

  it('says what is not shown: the rest of it, more of it, and what the reader may not see', async () => {
    const { text: _, link: __, ...untold } = said;
    show({ ...said, cut: true, more: true }, { ...untold, id: 'k2' });
    expect(
      await screen.findByText('It is longer: see there.'),
    ).toBeInTheDocument();
    expect(screen.getByText(/More was said on that/)).toBeInTheDocument();
    expect(
      screen.getByText(/so what was said is not shown to you/),
    ).toBeInTheDocument();
  });

  it('needs no words where somebody approved', async () => {
    show({ ...said, text: '', decision: 'approved', person: OMAR });
    expect(
      await screen.findByText(/Omar approved pull request #41/),
    ).toBeInTheDocument();
    expect(screen.queryByText(/is not shown to you/)).toBeNull();
  });
});
