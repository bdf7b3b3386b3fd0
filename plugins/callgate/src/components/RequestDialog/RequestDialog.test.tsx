import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { axe } from 'jest-axe';
import { CallgateError } from '../../api';
import { label, meaning } from '../RequestPage/__testUtils__/samples';
import {
  fakeBackend,
  OFFERED,
  openDialog,
  previewOf,
} from './__testUtils__/dialogWorld';

const send = () => screen.findByRole('button', { name: 'Send request' });
const start = {
  caller: 'component:default/checkout',
  operations: [{ id: 'listOrders' }],
  reason: 'order status',
};

describe('RequestDialog', () => {
  it('asks for what was picked, with the digest that was shown', async () => {
    const { backend, onSent } = openDialog({});
    await userEvent.click(
      await screen.findByRole('textbox', { name: 'Who will call' }),
    );
    await userEvent.click(
      await screen.findByRole('option', { name: /Checkout/ }),
    );
    await userEvent.click(
      await screen.findByRole('checkbox', { name: /List orders/ }),
    );
    await userEvent.click(
      screen.getByRole('checkbox', { name: /Read one order/ }),
    );
    await userEvent.type(
      screen.getByRole('textbox', { name: 'Why' }),
      'order status',
    );

    await waitFor(async () => expect(await send()).toBeEnabled());
    expect(
      screen.getByText(/Orders team, any of 3 people/),
    ).toBeInTheDocument();
    await userEvent.click(await send());

    await waitFor(() => expect(onSent).toHaveBeenCalled());
    const draft = {
      api: 'api:default/orders',
      caller: 'component:default/checkout',
      operations: [{ id: 'listOrders' }, { id: 'getOrder' }],
    };
    expect(backend.createRequest).toHaveBeenCalledWith(
      { ...draft, reason: 'order status', digest: previewOf(draft).digest },
      expect.stringMatching(/^[0-9a-f]{32}$/),
    );
  });

  it('works by keyboard alone', async () => {
    const { backend, onSent } = openDialog({});
    await screen.findByRole('checkbox', { name: /List orders/ });
    const caller = screen.getByRole('textbox', { name: 'Who will call' });
    await tabTo(caller);
    await userEvent.keyboard('check');
    // The list is filtered a moment after the last key.
    await waitFor(() =>
      expect(
        screen.getAllByRole('option').map(({ textContent }) => textContent),
      ).toEqual([expect.stringContaining('Checkout')]),
    );
    await userEvent.keyboard('{Enter}');
    await waitFor(() => expect(caller).toHaveValue('Checkout'));

    await tabTo(screen.getByRole('checkbox', { name: /List orders/ }));
    await userEvent.keyboard(' {ArrowDown}');
    await waitFor(() =>
      expect(
        screen.getByRole('checkbox', { name: /Read one order/ }),
      ).toHaveFocus(),
    );
    await userEvent.keyboard(' ');
    await tabTo(screen.getByRole('textbox', { name: 'Why' }));
    await userEvent.keyboard('order status');
    await waitFor(async () => expect(await send()).toBeEnabled());
    await tabTo(await send());
    await userEvent.keyboard('{Enter}');

    await waitFor(() => expect(onSent).toHaveBeenCalled());
    expect(backend.createRequest).toHaveBeenCalledWith(
      expect.objectContaining({
        caller: 'component:default/checkout',
        operations: [{ id: 'listOrders' }, { id: 'getOrder' }],
      }),
      expect.any(String),
    );
  });

  it('closes with Escape', async () => {
    const { onClose } = openDialog({});
    await screen.findByRole('checkbox', { name: /List orders/ });
    await userEvent.keyboard('{Escape}');
    expect(onClose).toHaveBeenCalled();
  });

  it('preselects nothing, and says what is missing beside Send', async () => {
    openDialog({});
    expect(await screen.findByText('Pick who will call.')).toBeInTheDocument();
    expect(await send()).toBeDisabled();
    for (const box of await screen.findAllByRole('checkbox')) {
      expect(box).not.toBeChecked();
    }
  });

  it('opens filled in by a link and previews it at once', async () => {
    const { backend } = openDialog({ start: { ...start, in: ['staging'] } });
    expect(await screen.findByText('1 of 4, read only')).toBeInTheDocument();
    expect(
      await screen.findByText(/5 callers keep their access/),
    ).toBeInTheDocument();
    expect(backend.preview).toHaveBeenLastCalledWith(
      {
        api: 'api:default/orders',
        caller: 'component:default/checkout',
        operations: [{ id: 'listOrders' }],
        in: ['staging'],
      },
      expect.anything(),
    );
  });

  it('keeps the old answer while a new one is worked out, and tells screen readers', async () => {
    const backend = fakeBackend();
    openDialog({ backend, start });
    const answer = await screen.findByText(/5 callers keep their access/);
    let answered = () => {};
    backend.preview.mockImplementation(
      draft =>
        new Promise(resolve => (answered = () => resolve(previewOf(draft)))),
    );
    await userEvent.click(
      screen.getByRole('checkbox', { name: /Read one order/ }),
    );

    expect(answer).toBeVisible();
    expect(answer.closest('[aria-busy="true"]')).not.toBeNull();
    expect(await send()).toBeDisabled();
    await waitFor(() => expect(backend.preview).toHaveBeenCalledTimes(2));
    answered();
    expect(
      await screen.findByText(
        'What this opens is up to date: 1 caller, 2 operations',
      ),
    ).toBeInTheDocument();
  });

  it('does not ask again because somebody writes a reason', async () => {
    const { backend } = openDialog({ start: { ...start, reason: undefined } });
    await screen.findByText(/5 callers keep their access/);
    await userEvent.type(
      screen.getByRole('textbox', { name: 'Why' }),
      'because',
    );
    expect(await send()).toBeEnabled();
    expect(backend.preview).toHaveBeenCalledTimes(1);
  });

  it('offers the clusters where the finding says that one must be named', async () => {
    const backend = fakeBackend();
    backend.preview.mockImplementation(async draft =>
      previewOf(draft, {
        findings: draft.in
          ? []
          : [
              {
                code: 'scope-required',
                severity: 'error',
                title: 'The grant does not say where it holds',
                message: 'Both ends run in prod-eu and staging.',
                objects: [],
              },
            ],
      }),
    );
    openDialog({ backend, start });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Only in prod-eu' }),
    );
    await waitFor(() =>
      expect(backend.preview).toHaveBeenLastCalledWith(
        expect.objectContaining({ in: ['prod-eu'] }),
        expect.anything(),
      ),
    );
    await waitFor(() =>
      expect(
        screen.queryByRole('button', { name: 'Only in prod-eu' }),
      ).not.toBeInTheDocument(),
    );
  });

  it('says that it cannot be granted like this, why and the ways out, and nothing of what it would change', async () => {
    const backend = fakeBackend();
    const message = 'Both ends run in prod-eu and staging.';
    backend.preview.mockImplementation(async draft =>
      previewOf(draft, {
        meaning: meaning({ gained: [], text: 'Changes nobody’s access.' }),
        findings: [
          {
            code: 'scope-required',
            severity: 'error',
            title: 'The grant does not say where it holds',
            message,
            fix: 'Name clusters.',
            objects: [],
          },
        ],
        send: { allowed: false, reason: message },
      }),
    );
    openDialog({ backend, start });
    expect(
      await screen.findByText('Cannot be granted like this.', {
        selector: 'strong',
      }),
    ).toBeInTheDocument();
    expect(
      screen.getByText(/The grant does not say where it holds\./),
    ).toBeInTheDocument();
    expect(screen.getByText('Name clusters.')).toBeInTheDocument();
    expect(
      screen.getByRole('button', { name: 'Only in prod-eu' }),
    ).toBeInTheDocument();
    expect(screen.queryByText(/nobody’s access/)).not.toBeInTheDocument();
    expect(screen.queryByText(/Nobody loses/)).not.toBeInTheDocument();
    expect(
      screen.queryByText('Files in the pull request'),
    ).not.toBeInTheDocument();
    expect(
      screen.getByText(`Cannot be granted like this. ${message}`),
    ).toBeInTheDocument();
  });

  it('names the first of whom it cuts, and folds the others behind one number', async () => {
    const backend = fakeBackend();
    const names = ['A', 'B', 'C', 'D', 'E', 'F', 'G'];
    backend.preview.mockImplementation(async draft =>
      previewOf(draft, {
        meaning: meaning({
          flips: [
            {
              cluster: 'prod-eu',
              workload: 'shop/Deployment/orders',
              layer: 'kernel',
              cut: names.map(name => label(`component:default/${name}`, name)),
              cutWorkloads: ['ops/Deployment/batch'],
            },
          ],
        }),
      }),
    );
    openDialog({ backend, start });
    const line = (await screen.findByText(/becomes closed in/)).closest('li')!;
    expect(line).toHaveTextContent(
      'Cut, allowed today without a grant: A, B, C, D, E and 3 more.',
    );
    expect(within(line).getByText('F')).not.toBeVisible();
    await userEvent.click(within(line).getByText('Who else'));
    expect(within(line).getByText('F')).toBeVisible();
    expect(line).toHaveTextContent(
      'F, G, 1 workload without a name in the catalog',
    );
  });

  it('adds HEAD beside every GET when the finding offers it', async () => {
    const backend = fakeBackend();
    backend.preview.mockImplementation(async draft =>
      previewOf(draft, {
        findings: [
          {
            code: 'head-not-included',
            severity: 'info',
            title: 'HEAD is not granted with GET',
            message: 'HEAD is not granted with GET on /orders.',
            objects: [],
          },
        ],
      }),
    );
    openDialog({ backend, start });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Add HEAD' }),
    );
    await waitFor(() =>
      expect(backend.preview).toHaveBeenLastCalledWith(
        expect.objectContaining({
          operations: [
            { id: 'listOrders' },
            { http: { methods: ['HEAD'], paths: ['/orders'] } },
          ],
        }),
        expect.anything(),
      ),
    );
    expect(
      screen.queryByRole('button', { name: 'Add HEAD' }),
    ).not.toBeInTheDocument();
    expect(
      screen.getByRole('button', { name: 'Remove HEAD /orders' }),
    ).toBeInTheDocument();
  });

  it('sends nothing with a gap until it is accepted by name', async () => {
    const backend = fakeBackend();
    backend.preview.mockImplementation(async draft =>
      draft.acknowledges?.includes('method-not-enforced')
        ? previewOf(draft)
        : previewOf(draft, {
            send: {
              allowed: false,
              reason: 'Methods cannot be enforced here.',
            },
            acknowledgeable: ['method-not-enforced'],
          }),
    );
    openDialog({ backend, start });
    expect(
      await screen.findByText('Methods cannot be enforced here.'),
    ).toBeInTheDocument();
    expect(await send()).toBeDisabled();
    await userEvent.click(
      await screen.findByRole('checkbox', {
        name: /I accept that methods are not enforced/,
      }),
    );
    await waitFor(async () => expect(await send()).toBeEnabled());
    await userEvent.click(await send());
    expect(backend.createRequest).toHaveBeenCalledWith(
      expect.objectContaining({ acknowledges: ['method-not-enforced'] }),
      expect.any(String),
    );
  });

  it('says when the meaning changed meanwhile, and shows it anew', async () => {
    const backend = fakeBackend();
    backend.createRequest.mockRejectedValue(
      new CallgateError({
        name: 'ConflictError',
        message: 'What this opens has changed.',
        status: 409,
        code: 'meaning-changed',
      }),
    );
    const { onSent } = openDialog({ backend, start });
    await waitFor(async () => expect(await send()).toBeEnabled());
    await userEvent.click(await send());
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('Look at it again, then send it.');
    await userEvent.click(
      within(alert).getByRole('button', { name: 'Try again' }),
    );
    await waitFor(() => expect(backend.preview).toHaveBeenCalledTimes(2));
    expect(onSent).not.toHaveBeenCalled();
  });

  it('tries to send the same request with the same key', async () => {
    const backend = fakeBackend();
    backend.createRequest.mockRejectedValueOnce(
      new Error('The network is down'),
    );
    const { onSent } = openDialog({ backend, start });
    await waitFor(async () => expect(await send()).toBeEnabled());
    await userEvent.click(await send());
    expect(await screen.findByText(/The network is down/)).toBeInTheDocument();
    await userEvent.click(await send());
    await waitFor(() => expect(onSent).toHaveBeenCalled());
    const keys = backend.createRequest.mock.calls.map(
      (call: unknown[]) => call[1],
    );
    expect(keys[0]).toBe(keys[1]);
  });

  it('says why a preview fails, and Send stays disabled with the same reason', async () => {
    const backend = fakeBackend();
    backend.preview.mockRejectedValue(
      new Error('The repository cannot be reached'),
    );
    openDialog({ backend, start });
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'The repository cannot be reached',
    );
    expect(await send()).toBeDisabled();
  });

  it('says nothing of a preview whose place another window of the same person took, and asks again', async () => {
    const backend = fakeBackend();
    backend.preview.mockRejectedValueOnce(
      new CallgateError({
        name: 'ConflictError',
        message: 'A newer question of yours took the place of this one.',
        status: 409,
        code: 'superseded',
      }),
    );
    openDialog({ backend, start });
    await waitFor(() => expect(backend.preview).toHaveBeenCalledTimes(1));
    await waitFor(() => expect(backend.preview).toHaveBeenCalledTimes(2), {
      timeout: 5_000,
    });
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
    await waitFor(async () => expect(await send()).toBeEnabled());
  });

  it('offers a port or a path by hand when the definition does not parse, with the place of the error', async () => {
    const backend = fakeBackend();
    backend.getApiOperations.mockResolvedValue({
      ...OFFERED,
      operations: [],
      findings: [
        {
          code: 'contract-unreadable',
          severity: 'error',
          title: 'The definition cannot be read',
          message: 'Unexpected indentation.',
          objects: [],
          at: { file: 'definition', line: 12, column: 3 },
        },
      ],
    });
    openDialog({ backend, start: { caller: 'component:default/checkout' } });
    expect(await screen.findByText('in definition:12:3')).toBeInTheDocument();
    await userEvent.click(
      screen.getByRole('checkbox', {
        name: 'The whole API on port 8080 (methods not limited)',
      }),
    );
    await waitFor(() =>
      expect(backend.preview).toHaveBeenLastCalledWith(
        expect.objectContaining({ operations: [{ tcp: { port: 8080 } }] }),
        expect.anything(),
      ),
    );
    const path = screen.getByRole('textbox', { name: 'Path' });
    await userEvent.type(path, '/files/*.pdf{Enter}');
    expect(screen.getByText(/A path starts with \//)).toBeInTheDocument();
    await userEvent.clear(path);
    await userEvent.type(
      path,
      '/orders/{{id}}{Enter}'.replace('{{id}}', '{{id}'),
    );
    await waitFor(() =>
      expect(backend.preview).toHaveBeenLastCalledWith(
        expect.objectContaining({
          operations: [
            { tcp: { port: 8080 } },
            { http: { methods: ['GET'], paths: ['/orders/{id}'] } },
          ],
        }),
        expect.anything(),
      ),
    );
  });

  it('gives who owns nothing the whole catalog and a link for the owners', async () => {
    const user = userEvent.setup();
    const written = jest.spyOn(navigator.clipboard, 'writeText');
    openDialog({ ownerships: ['user:default/stan'] });
    expect(
      await screen.findByText(/You own nothing the catalog knows/),
    ).toBeInTheDocument();
    await user.click(screen.getByRole('textbox', { name: 'Who will call' }));
    await user.click(await screen.findByRole('option', { name: /Reporting/ }));
    await user.click(
      await screen.findByRole('checkbox', { name: /List orders/ }),
    );
    await user.click(
      await screen.findByRole('button', {
        name: 'Copy link for Reporting’s owners',
      }),
    );
    expect(await screen.findByText('Link copied')).toBeInTheDocument();
    expect(written).toHaveBeenCalledWith(
      'http://localhost/catalog/default/api/orders/access?ask=request&caller=component%3Adefault%2Freporting&op=listOrders',
    );
  });

  it('says that the operations cannot be read and tries again', async () => {
    const backend = fakeBackend();
    backend.getApiOperations.mockRejectedValueOnce(new Error('Bad gateway'));
    openDialog({ backend });
    expect(await screen.findByRole('alert')).toHaveTextContent('Bad gateway');
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(
      await screen.findByRole('checkbox', { name: /List orders/ }),
    ).toBeInTheDocument();
  });

  it('lets an owner grant access to any entity', async () => {
    const { backend } = openDialog({
      mode: 'grant',
      ownerships: ['group:default/orders-team'],
      start: { operations: [{ id: 'listOrders' }] },
    });
    expect(
      await screen.findByRole('dialog', { name: 'Grant access to Orders API' }),
    ).toBeInTheDocument();
    await userEvent.click(
      screen.getByRole('textbox', { name: 'Who will call' }),
    );
    await userEvent.click(
      await screen.findByRole('option', { name: /Reporting/ }),
    );
    await waitFor(() => expect(backend.preview).toHaveBeenCalled());
    expect(
      screen.queryByRole('button', { name: /Copy link/ }),
    ).not.toBeInTheDocument();
  });

  it('has no accessibility violations, empty and filled in', async () => {
    const { unmount } = openDialog({});
    await screen.findByRole('checkbox', { name: /List orders/ });
    expect(await axe(document.body)).toHaveNoViolations();
    unmount();
    openDialog({ start });
    await screen.findByText(/5 callers keep their access/);
    expect(await axe(document.body)).toHaveNoViolations();
  });
});

async function tabTo(target: HTMLElement) {
  for (let step = 0; step < 40 && document.activeElement !== target; step++) {
    await userEvent.tab();
  }
  expect(target).toHaveFocus();
}
