import type {
  AccessRequestDraft,
  GrantPage,
} from '@callgate/plugin-callgate-common';
import { screen, waitFor } from '@testing-library/react';
import { fireEvent } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { CallgateError } from '../../api';
import { grantStart } from '../Grants/grantStart';
import type { GrantKind } from '../../draft';
import {
  fakeBackend,
  grantPage,
  OFFERED,
  openDialog,
  previewOf,
} from './__testUtils__/dialogWorld';

jest.setTimeout(60_000);

beforeEach(() => sessionStorage.clear());

const ABOUT = {
  kind: 'change',
  grant: 'checkout-reads',
  api: 'api:default/orders',
  caller: 'component:default/checkout',
  operations: [{ id: 'listOrders' }, { id: 'getOrder' }],
  in: ['prod-eu'],
} as const;

function open(
  kind: GrantKind,
  change?: Partial<GrantPage>,
  backend = fakeBackend(),
) {
  const grant = grantPage(change);
  return openDialog({ backend, grant, start: grantStart(kind, grant) });
}

/** A preview in which all that the draft names is lost. */
const losing =
  (left?: (draft: AccessRequestDraft) => 'closed' | 'open') =>
  async (draft: AccessRequestDraft) => {
    const { meaning } = previewOf(draft);
    return previewOf(draft, {
      meaning: {
        ...meaning,
        gained: [],
        lost: meaning.gained,
        ...(left && { left: left(draft) }),
      },
    });
  };

async function writeWhy() {
  await userEvent.type(await screen.findByLabelText('Why'), 'Not needed');
}

async function send() {
  const button = screen.getByRole('button', { name: 'Send request' });
  await waitFor(() => expect(button).toBeEnabled());
  await userEvent.click(button);
}

describe('an API that is deprecated', () => {
  const flags = [
    { kind: 'api-deprecated' as const, text: 'Orders API is deprecated.' },
  ];

  it('says so before anything is sent, and not to who ends what they have', async () => {
    const backend = fakeBackend();
    backend.getApiOperations.mockResolvedValue({ ...OFFERED, flags });
    const { unmount } = openDialog({ backend });
    expect(await screen.findByText('Orders API is deprecated.')).toBeVisible();
    unmount();
    open('end', {}, backend);
    expect(await screen.findByLabelText('Why')).toBeVisible();
    expect(screen.queryByText('Orders API is deprecated.')).toBeNull();
  });
});

describe('a request about a grant', () => {
  it('ends it: says who loses what, whom nobody asks, and sends what was shown', async () => {
    const backend = fakeBackend();
    backend.preview.mockImplementation(losing());
    open('end', {}, backend);
    expect(
      await screen.findByRole('heading', {
        name: 'End the access of Checkout to Orders API',
      }),
    ).toBeVisible();
    // Who calls and what it is about is the grant's: there is nothing to pick.
    expect(screen.queryByLabelText('Who will call')).toBeNull();
    expect(screen.queryByLabelText('Last day')).toBeNull();
    expect(await screen.findByText('Loses')).toBeInTheDocument();
    expect(
      screen.getByText('Nobody has to approve it: it opens nothing.'),
    ).toBeVisible();
    expect(screen.queryByRole('radiogroup')).toBeNull();
    // Nobody decides, so that no owner is said to.
    expect(
      screen.getByText('Say why: whoever it concerns reads it.'),
    ).toBeVisible();
    await writeWhy();
    await send();
    const draft = { ...ABOUT, kind: 'end' };
    await waitFor(() =>
      expect(backend.createRequest).toHaveBeenCalledWith(
        {
          ...draft,
          reason: 'Not needed',
          digest: expect.stringContaining('"kind":"end"'),
        },
        expect.any(String),
      ),
    );
  });

  it('says when an end with notice is proposed, and sends that it is urgent where the reader may say so', async () => {
    const backend = fakeBackend();
    backend.preview.mockImplementation(async draft => ({
      ...(await losing()(draft)),
      notice: {
        days: 7,
        urgent: true,
        ...(!draft.urgent && { proposeOn: '2027-03-08' }),
      },
    }));
    open('end', {}, backend);
    expect(
      await screen.findByText(/proposed on 8 March 2027/),
    ).toBeInTheDocument();
    await userEvent.click(
      screen.getByRole('checkbox', { name: /^It is urgent/ }),
    );
    expect(
      await screen.findByText('It is proposed at once.'),
    ).toBeInTheDocument();
    await writeWhy();
    await send();
    await waitFor(() =>
      expect(backend.createRequest).toHaveBeenCalledWith(
        expect.objectContaining({ kind: 'end', urgent: true }),
        expect.any(String),
      ),
    );
  });

  it('leaves it to the others to say that an end is urgent where the reader may not', async () => {
    const backend = fakeBackend();
    backend.preview.mockImplementation(async draft => ({
      ...(await losing()(draft)),
      notice: { days: 7, urgent: false, proposeOn: '2027-03-08' },
    }));
    open('end', {}, backend);
    await screen.findByText(/proposed on 8 March 2027/);
    expect(screen.queryByRole('checkbox', { name: /urgent/ })).toBeNull();
  });

  it('says which request asks already, leads to it, and cannot be sent', async () => {
    const backend = fakeBackend();
    const reason = 'This grant is to end already, in request 12.';
    backend.preview.mockImplementation(async draft =>
      previewOf(draft, {
        send: { allowed: false, reason },
        asked: { id: 'r12', number: 12 },
        needs: [],
        deciders: { labels: [], people: 0, fallback: false, text: '' },
      }),
    );
    open('end', {}, backend);
    expect(await screen.findByText(reason)).toBeInTheDocument();
    // Nobody decides about an end, and "Decides:" with nobody behind it says nothing.
    expect(screen.queryByText(/^Decides:/)).toBeNull();
    expect(
      screen.getByRole('link', { name: 'Open request 12' }),
    ).toHaveAttribute('href', '/requests/r12');
    expect(screen.getByRole('button', { name: 'Send request' })).toBeDisabled();
  });

  it('asks what becomes of an API of which the last grant ends', async () => {
    const backend = fakeBackend();
    backend.preview.mockImplementation(
      losing(({ whenLast }) => (whenLast === 'open' ? 'open' : 'closed')),
    );
    open('end', {}, backend);
    const keep = await screen.findByRole('radio', {
      name: /Closed to everyone/,
    });
    expect(keep).toBeChecked();
    expect(
      screen.getByText(
        'Nobody may call Orders API then: it is closed to everyone.',
      ),
    ).toBeVisible();
    await userEvent.click(
      screen.getByRole('radio', { name: /Open to everyone/ }),
    );
    expect(
      await screen.findByText('Everyone may call Orders API then.'),
    ).toBeVisible();
    await writeWhy();
    await send();
    await waitFor(() =>
      expect(backend.createRequest).toHaveBeenCalledWith(
        expect.objectContaining({ whenLast: 'open' }),
        expect.any(String),
      ),
    );
  });

  it('chooses nothing for an API of which nothing is closed today, and says so', async () => {
    const backend = fakeBackend();
    const answer = losing(({ whenLast }) =>
      whenLast === 'open' ? 'open' : 'closed',
    );
    backend.preview.mockImplementation(async draft => {
      if (draft.whenLast === undefined) {
        throw Object.assign(new Error('Say what becomes of the API.'), {
          code: 'when-last-missing',
        });
      }
      return answer(draft);
    });
    open('end', {}, backend);
    const keep = await screen.findByRole('radio', {
      name: /Closed to everyone/,
    });
    const leave = screen.getByRole('radio', { name: /Open to everyone/ });
    expect(keep).not.toBeChecked();
    expect(leave).not.toBeChecked();
    expect(
      screen.getByText(/Everyone can call Orders API today/),
    ).toBeVisible();
    // Nothing is opened, so that no owner decides about that; closing it is what cuts.
    expect(leave).toHaveAccessibleName(/without a grant, as today/);
    expect(keep).toHaveAccessibleName(/whoever calls it today is cut/);
    // It is a question, and no failure.
    expect(
      screen.getByText('Say what becomes of the API to see what it changes.'),
    ).toBeVisible();
    expect(
      screen.queryByText('What this changes cannot be worked out now.'),
    ).toBeNull();
    await writeWhy();
    expect(screen.getByRole('button', { name: 'Send request' })).toBeDisabled();
    expect(screen.getByText('Say what becomes of the API.')).toBeVisible();
    await userEvent.click(keep);
    expect(
      await screen.findByText(
        'Nobody may call Orders API then: it is closed to everyone.',
      ),
    ).toBeVisible();
    expect(keep).toBeChecked();
    await send();
    await waitFor(() =>
      expect(backend.createRequest).toHaveBeenCalledWith(
        expect.objectContaining({ whenLast: 'keep-closed' }),
        expect.any(String),
      ),
    );
  });

  it('changes it from what it is now, and leaves the day that it has', async () => {
    const backend = fakeBackend();
    open('change', { until: '2027-03-01' }, backend);
    expect(await screen.findByLabelText('Last day')).toHaveValue('2027-03-01');
    await userEvent.click(
      await screen.findByRole('checkbox', { name: /GET \/orders\/\{id\}/ }),
    );
    await writeWhy();
    await send();
    await waitFor(() => expect(backend.createRequest).toHaveBeenCalledTimes(1));
    const [[sent]] = backend.createRequest.mock.calls as unknown as [
      [AccessRequestDraft],
    ];
    expect(sent).toMatchObject({
      ...ABOUT,
      operations: [{ id: 'listOrders' }],
      acknowledges: [],
    });
    expect(sent).not.toHaveProperty('until');
    expect(sent).not.toHaveProperty('whenLast');
  });

  it('says nothing of a change before there is one', async () => {
    open('change');
    expect(
      await screen.findByText(
        'Add or take away operations, or set another last day, to see what it changes.',
      ),
    ).toBeVisible();
    await screen.findByRole('checkbox', { name: /GET \/orders\/\{id\}/ });
    // Neither who decides it nor that nobody does.
    expect(screen.queryByText(/^Decides|^Nobody has to approve/)).toBeNull();
    expect(screen.queryByText('Files in the pull request')).toBeNull();
    await userEvent.click(
      screen.getByRole('checkbox', { name: /GET \/orders\/\{id\}/ }),
    );
    expect(await screen.findByText(/^Nobody has to approve/)).toBeVisible();
    expect(screen.getByText('Files in the pull request')).toBeVisible();
  });

  it('says of what takes nothing from anybody that nobody has to approve it, and not that it takes away', async () => {
    const backend = fakeBackend();
    // It ends sooner, and nothing else: until then everything stays.
    backend.preview.mockImplementation(async draft =>
      previewOf(draft, {
        needs: [],
        deciders: { labels: [], people: 0, fallback: false, text: '' },
        meaning: {
          ...previewOf(draft).meaning,
          gained: [],
          until: '2027-02-20',
          text: 'Keeps what is granted until 20 February 2027, and changes nobody’s access.',
        },
      }),
    );
    open('change', { until: '2027-03-01' }, backend);
    fireEvent.change(await screen.findByLabelText('Last day'), {
      target: { value: '2027-02-20' },
    });
    expect(
      await screen.findByText('Nobody has to approve it: it opens nothing.'),
    ).toBeVisible();
    expect(screen.getByRole('dialog')).not.toHaveTextContent(/takes away/);
  });

  it('takes the last day away where somebody clears it', async () => {
    const backend = fakeBackend();
    open('change', { until: '2027-03-01' }, backend);
    fireEvent.change(await screen.findByLabelText('Last day'), {
      target: { value: '' },
    });
    await waitFor(() =>
      expect(backend.preview).toHaveBeenLastCalledWith(
        expect.objectContaining({ until: '' }),
        expect.anything(),
      ),
    );
  });

  it('renews it once a day is said, and not before', async () => {
    const backend = fakeBackend();
    open('renew', { until: '2027-03-01' }, backend);
    const field = await screen.findByLabelText('Last day');
    expect(field).toHaveValue('');
    expect(
      screen.getByText(/It is until 1 March 2027 now\./),
    ).toBeInTheDocument();
    expect(screen.getByText('Say the last day.')).toBeVisible();
    expect(backend.preview).not.toHaveBeenCalled();
    fireEvent.change(field, { target: { value: '2027-06-01' } });
    await writeWhy();
    await send();
    await waitFor(() =>
      expect(backend.createRequest).toHaveBeenCalledWith(
        expect.objectContaining({ kind: 'renew', until: '2027-06-01' }),
        expect.any(String),
      ),
    );
  });
});

describe('a renewal', () => {
  it('says that what has no end gets one, and what stays until when', async () => {
    const backend = fakeBackend();
    backend.preview.mockImplementation(async draft => {
      const { meaning } = previewOf(draft);
      // The new day is part of what is decided on.
      return previewOf(draft, {
        meaning: {
          ...meaning,
          gained: [],
          ...(draft.until && { until: draft.until }),
        },
      });
    });
    open('renew', {}, backend);
    const field = await screen.findByLabelText('Last day');
    expect(screen.getByText(/^It has no end now\./)).toBeVisible();
    fireEvent.change(field, { target: { value: '2027-06-01' } });
    expect(
      await screen.findByText(
        'What is granted stays as it is, until 1 June 2027.',
      ),
    ).toBeVisible();
    expect(screen.queryByText(/changes nobody/)).toBeNull();
  });
});

describe('the last day of a new request', () => {
  const start = {
    caller: 'component:default/checkout',
    operations: [{ id: 'listOrders' }],
  };

  it('is what the company gives, within its limit, and is sent as it stands there', async () => {
    const backend = fakeBackend();
    backend.getApiOperations.mockResolvedValue({
      ...OFFERED,
      lastDay: {
        today: '2027-02-15',
        usual: '2027-03-17',
        latest: '2027-05-16',
      },
    });
    openDialog({ backend, start });
    const field = await screen.findByLabelText('Last day');
    expect(field).toHaveValue('2027-03-17');
    expect(field).toHaveAttribute('max', '2027-05-16');
    expect(screen.getByText(/At most until 16 May 2027\./)).toBeVisible();
    await waitFor(() =>
      expect(backend.preview).toHaveBeenLastCalledWith(
        expect.objectContaining({ until: '2027-03-17' }),
        expect.anything(),
      ),
    );
  });

  it('is told at the field where it cannot be', async () => {
    const backend = fakeBackend();
    backend.preview.mockRejectedValue(
      new CallgateError({
        name: 'InputError',
        message: 'until is 2020-01-01, which is over.',
        code: 'bad-until',
        status: 400,
      }),
    );
    openDialog({ backend, start });
    fireEvent.change(await screen.findByLabelText('Last day'), {
      target: { value: '2020-01-01' },
    });
    await waitFor(() =>
      expect(screen.getByLabelText('Last day')).toBeInvalid(),
    );
  });
});
