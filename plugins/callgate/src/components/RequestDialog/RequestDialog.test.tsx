import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { axe } from 'jest-axe';
import { CallgateError } from '../../api';
import { label, meaning } from '../RequestPage/__testUtils__/samples';
import {
  blockedPreview,
  component,
  fakeBackend,
  finding,
  OFFERED,
  openDialog,
  PLACES,
  previewOf,
} from './__testUtils__/dialogWorld';

const send = () => screen.findByRole('button', { name: 'Send request' });
const start = {
  caller: 'component:default/checkout',
  operations: [{ id: 'listOrders' }],
  reason: 'order status',
};

/** One approval of the Orders team. */
const orderNeed = {
  kind: 'group' as const,
  of: [label('group:default/orders-team', 'Orders team')],
  count: 1,
  because: [] as string[],
  fallback: false,
  approvals: [],
  open: 1,
  people: 3,
  names: [],
  text: '',
};

const SCOPE = finding(
  'scope-required',
  'The grant does not say where it holds',
  'Both ends run in prod-eu and staging.',
);

describe('RequestDialog', () => {
  afterEach(() => sessionStorage.clear());

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

  it('offers first whose name begins with what one writes, because Enter takes it', async () => {
    openDialog({
      more: [
        component('cart-cache', 'Basket cache', 'group:default/storefront'),
      ],
    });
    const caller = await screen.findByRole('textbox', {
      name: 'Who will call',
    });
    await userEvent.type(caller, 'cart');
    // The basket cache has it in its ref, and comes first by its title.
    await waitFor(() =>
      expect(
        screen.getAllByRole('option').map(({ textContent }) => textContent),
      ).toEqual([
        expect.stringMatching(/^Cart/),
        expect.stringMatching(/^Basket cache/),
      ]),
    );
    await userEvent.keyboard('{Enter}');
    await waitFor(() => expect(caller).toHaveValue('Cart'));
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
      await screen.findByText(/5 callers keep what is granted to them/),
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
    const answer = await screen.findByText(
      /5 callers keep what is granted to them/,
    );
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
    await screen.findByText(/5 callers keep what is granted to them/);
    await userEvent.type(
      screen.getByRole('textbox', { name: 'Why' }),
      'because',
    );
    expect(await send()).toBeEnabled();
    expect(backend.preview).toHaveBeenCalledTimes(1);
  });

  describe('that cannot be granted like this', () => {
    const inStaging = { ...start, in: ['staging'] };
    const noMethods = PLACES[1].blocked!;
    const blocked = () => {
      const backend = fakeBackend();
      backend.preview.mockImplementation(async draft => {
        const whole = draft.operations.every(({ tcp }) => tcp);
        const accepted = draft.acknowledges?.includes('method-not-enforced');
        return draft.in?.includes('staging') && !whole && !accepted
          ? blockedPreview(draft, noMethods, {
              places: PLACES,
              acknowledgeable: ['method-not-enforced'],
            })
          : previewOf(draft, { places: PLACES });
      });
      return backend;
    };

    it('says why in one sentence, once, and nothing of what it would change', async () => {
      openDialog({ backend: blocked(), start: inStaging });
      expect(
        await screen.findByText('Cannot be granted like this.', {
          selector: 'strong',
        }),
      ).toBeInTheDocument();
      // Once for the eyes; a second time for screen readers, as news.
      const told = screen.getAllByText(new RegExp(noMethods.message));
      expect(
        told.filter(each => !each.closest('[role="status"]')),
      ).toHaveLength(1);
      expect(screen.queryByText(/nobody’s access/)).not.toBeInTheDocument();
      expect(screen.queryByText(/Nobody loses/)).not.toBeInTheDocument();
      expect(
        screen.queryByText('Files in the pull request'),
      ).not.toBeInTheDocument();
      expect(await send()).toHaveAccessibleDescription(
        'It cannot be granted like this: “What this opens” says why.',
      );
    });

    it.each([
      ['Only in prod-eu', { in: ['prod-eu'] }],
      [
        'Ask for the whole port 8080',
        { in: ['staging'], operations: [{ tcp: { port: 8080 } }] },
      ],
      [
        'Accept that methods are not enforced',
        { in: ['staging'], acknowledges: ['method-not-enforced'] },
      ],
    ])('offers a way out: %s', async (name, asked) => {
      const backend = blocked();
      openDialog({ backend, start: inStaging });
      const ways = await screen.findByRole('list', { name: 'Ways out' });
      await userEvent.click(within(ways).getByRole('button', { name }));
      await waitFor(() =>
        expect(backend.preview).toHaveBeenLastCalledWith(
          expect.objectContaining(asked),
          expect.anything(),
        ),
      );
      await waitFor(async () => expect(await send()).toBeEnabled());
      expect(
        screen.queryByText('Cannot be granted like this.'),
      ).not.toBeInTheDocument();
    });

    it('says what to do to bring it into the mesh', async () => {
      openDialog({ backend: blocked(), start: inStaging });
      await userEvent.click(await screen.findByText('Bring it into the mesh'));
      expect(
        screen.getByText(/Ask the platform team for a sidecar/),
      ).toBeVisible();
    });

    it('offers no way that leads nowhere', async () => {
      const backend = fakeBackend();
      backend.preview.mockImplementation(async draft =>
        blockedPreview(
          draft,
          {
            ...finding('binding-missing', 'No workload', 'Nothing runs for it'),
            fix: 'Annotate the component.',
          },
          { places: [] },
        ),
      );
      openDialog({ backend, start });
      expect(
        await screen.findByText(/Nothing runs for it/, { selector: 'p' }),
      ).toBeInTheDocument();
      expect(screen.getByText('Annotate the component.')).toBeInTheDocument();
      expect(
        screen.queryByRole('list', { name: 'Ways out' }),
      ).not.toBeInTheDocument();
      expect(
        screen.queryByText('Bring it into the mesh'),
      ).not.toBeInTheDocument();
    });
  });

  describe('where', () => {
    const where = async () => screen.findByRole('group', { name: 'Where' });

    it('offers the clusters in which both run, each with what it can enforce, and means the only one in which it can be granted', async () => {
      const backend = fakeBackend();
      backend.preview.mockImplementation(async draft =>
        draft.in
          ? previewOf(draft, { places: PLACES })
          : blockedPreview(draft, SCOPE, { places: PLACES }),
      );
      openDialog({ backend, start });
      const eu = await within(await where()).findByRole('checkbox', {
        name: 'prod-eu',
        description: 'All 3 layers',
      });
      const staging = within(await where()).getByRole('checkbox', {
        name: 'staging',
        description: 'Methods cannot be enforced',
      });
      await waitFor(() => expect(eu).toBeChecked());
      expect(staging).not.toBeChecked();
      await waitFor(() =>
        expect(backend.preview).toHaveBeenLastCalledWith(
          expect.objectContaining({ in: ['prod-eu'] }),
          expect.anything(),
        ),
      );
      await userEvent.click(eu);
      expect(eu).not.toBeChecked();
    });

    it('leaves the choice open where it can be granted in several, and asks for it without calling it wrong', async () => {
      const places = PLACES.map(({ cluster }) => ({ ...PLACES[0], cluster }));
      const backend = fakeBackend();
      backend.preview.mockImplementation(async draft =>
        draft.in
          ? previewOf(draft, { places })
          : blockedPreview(draft, SCOPE, { places }),
      );
      openDialog({ backend, start });
      expect(
        await screen.findByText('Pick where it holds.', { selector: 'strong' }),
      ).toBeInTheDocument();
      expect(
        screen.queryByText('Cannot be granted like this.'),
      ).not.toBeInTheDocument();
      for (const box of within(await where()).getAllByRole('checkbox')) {
        expect(box).not.toBeChecked();
      }
      expect(screen.getByText('Pick at least one cluster.')).toBeVisible();
      await userEvent.click(
        screen.getByRole('button', { name: 'In all of them' }),
      );
      await waitFor(() =>
        expect(backend.preview).toHaveBeenLastCalledWith(
          expect.objectContaining({ in: ['prod-eu', 'staging'] }),
          expect.anything(),
        ),
      );
    });

    it('names clusters of the API in which the caller does not run apart, and keeps one that a link names', async () => {
      const backend = fakeBackend();
      backend.preview.mockImplementation(async draft =>
        previewOf(draft, { places: PLACES.slice(0, 1) }),
      );
      openDialog({ backend, start: { ...start, in: ['mars'] } });
      expect(
        await screen.findByText('Checkout does not run in staging.'),
      ).toBeInTheDocument();
      expect(
        within(await where()).getByRole('checkbox', { name: 'mars' }),
      ).toBeChecked();
      expect(
        within(await where()).getByText('Not both run there'),
      ).toBeVisible();
    });
  });

  describe('who decides', () => {
    it('is named once, by what this draft needs', async () => {
      const backend = fakeBackend();
      backend.preview.mockImplementation(async draft =>
        previewOf(draft, {
          deciders: {
            ...previewOf(draft).deciders,
            text: 'Security (nobody else owns the API), any of 2 people',
          },
        }),
      );
      openDialog({ backend, start });
      expect(await screen.findByText(/Decides: Security/)).toBeInTheDocument();
      expect(screen.queryByText(/Orders team/)).not.toBeInTheDocument();
    });

    it('changes with the draft, where a rule wants more', async () => {
      const backend = fakeBackend();
      const need = (name: string, count: number) => ({
        kind: 'group' as const,
        of: [label(`group:default/${name}`, name)],
        count,
        because: [],
        fallback: false,
        approvals: [],
        open: count,
        people: 3,
        names: [],
        text: '',
      });
      backend.preview.mockImplementation(async draft =>
        previewOf(draft, {
          needs:
            draft.operations.length > 1
              ? [need('Orders team', 1), need('Security', 2)]
              : [need('Orders team', 1)],
        }),
      );
      openDialog({ backend, start });
      expect(
        await screen.findByText(/Decides: Orders team, any of 3 people/),
      ).toBeInTheDocument();
      await userEvent.click(
        screen.getByRole('checkbox', { name: /Delete everything/ }),
      );
      expect(
        await screen.findByText('Needs: 1 of Orders team and 2 of Security'),
      ).toBeInTheDocument();
      expect(screen.queryByText(/Decides:/)).not.toBeInTheDocument();
    });

    it('says which rule wants it', async () => {
      const backend = fakeBackend();
      backend.preview.mockImplementation(async draft =>
        previewOf(draft, {
          needs: [
            { ...orderNeed, because: [] },
            {
              ...orderNeed,
              of: [label('group:default/security', 'Security')],
              count: 2,
              because: ['pci'],
            },
          ],
        }),
      );
      openDialog({ backend, start });
      expect(
        await screen.findByText(
          'Needs: 1 of Orders team and 2 of Security (rule pci)',
        ),
      ).toBeInTheDocument();
    });

    it('is nobody where a rule approves, and otherwise says what is in its way', async () => {
      const backend = fakeBackend();
      const approves = 'Approved by the rule reads: nobody has to approve it.';
      const blocked =
        'Not approved by the rule reads, because it cuts somebody off.';
      backend.preview.mockImplementation(async draft => {
        const writes = draft.operations.length > 1;
        return previewOf(draft, {
          needs: writes ? [orderNeed] : [],
          automatic: {
            approves: !writes,
            rules: ['reads'],
            text: writes ? blocked : approves,
          },
        });
      });
      openDialog({ backend, start });
      expect(await screen.findByText(approves)).toBeInTheDocument();
      expect(screen.queryByText(/Decides:/)).not.toBeInTheDocument();
      await userEvent.click(
        screen.getByRole('checkbox', { name: /Delete everything/ }),
      );
      expect(await screen.findByText(blocked)).toBeInTheDocument();
      expect(screen.getByText(/Decides: Orders team/)).toBeInTheDocument();
      expect(screen.queryByText(approves)).not.toBeInTheDocument();
    });

    it('may shorten the time, with the name of the rule beside the last day', async () => {
      const backend = fakeBackend();
      backend.preview.mockImplementation(async draft =>
        previewOf(draft, {
          lastDay: { today: '2027-02-15', latest: '2027-03-17', rule: 'pci' },
        }),
      );
      openDialog({ backend, start });
      expect(
        await screen.findByText(/^At most until .*2027.*, by the rule pci\./),
      ).toBeInTheDocument();
      expect(screen.getByLabelText('Last day')).toHaveAttribute(
        'max',
        '2027-03-17',
      );
    });
  });

  describe('a draft', () => {
    const why = () => screen.findByRole('textbox', { name: 'Why' });

    it('asks before it is discarded, and goes on where Escape is pressed again', async () => {
      const { onClose } = openDialog({ start });
      await userEvent.type(await why(), ' page');
      await userEvent.keyboard('{Escape}');
      const question = await screen.findByRole('dialog', {
        name: 'Discard what you have written?',
      });
      await userEvent.keyboard('{Escape}');
      await waitFor(() => expect(question).not.toBeInTheDocument());
      expect(onClose).not.toHaveBeenCalled();
      expect(await why()).toHaveValue('order status page');
      await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
      await userEvent.click(
        await screen.findByRole('button', { name: 'Discard' }),
      );
      expect(onClose).toHaveBeenCalled();
    });

    it('is there again after the page was left or loaded anew, for whoever wrote it', async () => {
      const first = openDialog({});
      await userEvent.click(
        await screen.findByRole('checkbox', { name: /List orders/ }),
      );
      await userEvent.type(await why(), 'order status');
      first.unmount();

      const stranger = openDialog({ person: 'user:default/stan' });
      await screen.findByRole('checkbox', { name: /List orders/ });
      expect(await why()).toHaveValue('');
      stranger.unmount();

      openDialog({});
      expect(
        await screen.findByText(/This is what you wrote before/),
      ).toBeInTheDocument();
      expect(await why()).toHaveValue('order status');
      expect(
        await screen.findByRole('checkbox', { name: /List orders/ }),
      ).toBeChecked();
      await userEvent.click(screen.getByRole('button', { name: 'Start anew' }));
      expect(await why()).toHaveValue('');
      expect(
        screen.getByRole('checkbox', { name: /List orders/ }),
      ).not.toBeChecked();
    });

    it('is forgotten once it is sent or discarded', async () => {
      const sent = openDialog({ start });
      await userEvent.type(await why(), ' page');
      await waitFor(async () => expect(await send()).toBeEnabled());
      await userEvent.click(await send());
      await waitFor(() => expect(sent.onSent).toHaveBeenCalled());
      sent.unmount();

      const second = openDialog({ start });
      expect(await why()).toHaveValue('order status');
      await userEvent.type(await why(), ' again');
      await userEvent.keyboard('{Escape}');
      await userEvent.click(
        await screen.findByRole('button', { name: 'Discard' }),
      );
      second.unmount();

      openDialog({ start });
      expect(await why()).toHaveValue('order status');
    });
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
    await screen.findByText(/5 callers keep what is granted to them/);
    expect(await axe(document.body)).toHaveNoViolations();
  });
});

async function tabTo(target: HTMLElement) {
  for (let step = 0; step < 40 && document.activeElement !== target; step++) {
    await userEvent.tab();
  }
  expect(target).toHaveFocus();
}
