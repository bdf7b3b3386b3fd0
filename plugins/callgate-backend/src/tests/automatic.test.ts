import { createBackendModule } from '@backstage/backend-plugin-api';
import {
  type ApprovalEvaluator,
  callgateApprovalRulesExtensionPoint,
} from '@callgate/plugin-callgate-node';
import type { AccessRequest } from '@callgate/plugin-callgate-common';
import {
  editFile,
  startChangedShop,
  type ChangedShop,
  type ShopChanges,
} from '../__testUtils__/changedShop';
import {
  approve,
  commitElsewhere,
  DRAFT,
  git,
  mergeShown,
  proposalOf,
  reaches,
  send,
} from '../__testUtils__/steps';

jest.setTimeout(120_000);

const rule = (
  name: string,
  when: string,
  terms: string,
  hold: string,
  not: string,
) => `
    - name: ${name}
      when: ${JSON.stringify(when)}
      ${terms}
      examples: { hold: [${hold}], not: [${not}] }
`;
const READS = rule(
  'reads',
  '!request.writes',
  'auto: true',
  '{}',
  '{ request: { writes: true } }',
);
const WATCHED = rule(
  'orders-are-watched',
  "api.name == 'orders'",
  'needs: [{ role: security }]',
  '{ api: { name: orders } }',
  '{}',
);
const file = (...rules: string[]) => `apiVersion: callgate.dev/v1alpha1
kind: Approvals
spec:
  rules:
${rules.join('')}`;

let shop: ChangedShop;
afterEach(() => shop?.stop());

const start = async (rules: string[], changes: ShopChanges = {}) => {
  const { files, config, ...rest } = changes;
  shop = await startChangedShop({
    ...rest,
    files: { 'repository/approvals.yaml': () => file(...rules), ...files },
    config: { securityTeam: 'group:default/security', ...config },
  });
};
const preview = async (draft: object = DRAFT) =>
  (await shop.as('priya').post('/previews', draft)).body;
/** The target branch is there once it was read. */
const tipOf = async () => {
  await preview();
  return git(shop, 'rev-parse', 'main').trim();
};
/** What is merged is planned once more, by what holds then. */
const refusesToMerge = async (asked: AccessRequest) => {
  await shop.run('refresh-estate');
  const proposal = await proposalOf(shop, asked);
  expect((await mergeShown(shop, 'petra', proposal)).status).toBe(409);
  await shop.run('build-proposals');
};
const lastStep = ({ timeline }: AccessRequest) => timeline[timeline.length - 1];

describe('a rule by which nobody has to approve', () => {
  it('approves when it is sent, says so with its version, and stands in Git as no person', async () => {
    await start([READS]);
    const tip = await tipOf();
    expect((await preview()).automatic).toEqual({
      approves: true,
      rules: ['reads'],
      text: 'Approved by the rule reads: nobody has to approve it.',
    });
    const asked = await send(shop, 'priya');
    expect(asked.state).toBe('approved');
    expect(asked.timeline.map(({ event, to }) => [event, to])).toEqual([
      ['submit', 'submitted'],
      ['approve', 'approved'],
    ]);
    expect(lastStep(asked)).toMatchObject({
      reason: `Nobody has to approve it, by the rule reads at ${tip.slice(
        0,
        7,
      )}.`,
    });
    expect(lastStep(asked).actor).toBeUndefined();
    const proposal = await proposalOf(shop, asked);
    expect(proposal.body).toContain(
      `approved by the rule reads at ${tip.slice(0, 7)}`,
    );
    // Petra asked for nothing and approved nothing.
    expect((await mergeShown(shop, 'petra', proposal)).status).toBe(200);
    await reaches(shop, asked, 'merged');
    expect(git(shop, 'show', 'main:policies/default/orders.yaml')).toMatch(
      new RegExp(`approvedBy:\\s+- ["']?rule:reads@${tip}["']?\n`),
    );
    const receipts = git(
      shop,
      'ls-tree',
      '-r',
      '--name-only',
      'main',
      'policies/.receipts',
    )
      .trim()
      .split('\n');
    const receipt = JSON.parse(git(shop, 'show', `main:${receipts[0]}`));
    const { predicate } = JSON.parse(
      Buffer.from(receipt.payload, 'base64').toString('utf8'),
    );
    expect(predicate.requests[0].approvals).toEqual([
      expect.objectContaining({ by: `rule:reads@${tip}`, role: 'automatic' }),
    ]);
    const page = (await shop.as('omar').get('/apis/default/orders')).body;
    const grants = page.callers.flatMap(
      ({ grants: all }: { grants: object[] }) => all,
    );
    expect(JSON.stringify(grants)).toContain(
      `the rule reads at ${tip.slice(0, 7)}`,
    );
  });

  it('approves nothing that it is not about', async () => {
    await start([READS]);
    const asked = await send(shop, 'priya', {
      ...DRAFT,
      operations: [{ id: 'createOrder' }],
    });
    expect(asked.state).toBe('submitted');
  });

  it('has an owner decide when the rule is gone before the merge', async () => {
    await start([READS]);
    const asked = await send(shop, 'priya');
    await proposalOf(shop, asked);
    commitElsewhere(shop, { 'approvals.yaml': () => file(WATCHED) });
    await refusesToMerge(asked);
    const again = await reaches(shop, asked, 'submitted');
    expect(again.waitsFor).toBe('Waits for Orders team and Security');
    expect(again.idleApprovals).toMatchObject([
      { by: { title: expect.stringMatching(/^the rule reads at /) } },
    ]);
    await approve(shop, 'omar', asked);
    await approve(shop, 'sam', asked);
    const proposal = await proposalOf(shop, asked);
    expect((await mergeShown(shop, 'petra', proposal)).status).toBe(200);
    await reaches(shop, asked, 'merged');
    expect(
      git(shop, 'show', 'main:policies/default/orders.yaml'),
    ).not.toContain('rule:reads');
  });

  it('does not stand for another rule of another name', async () => {
    await start([READS]);
    const asked = await send(shop, 'priya');
    await proposalOf(shop, asked);
    commitElsewhere(shop, {
      'approvals.yaml': text =>
        text.replace('name: reads', 'name: other-reads'),
    });
    await refusesToMerge(asked);
    expect((await reaches(shop, asked, 'submitted')).waitsFor).toBe(
      'Waits for Orders team',
    );
  });

  it('stands while the file cannot be read, by its last version that could be', async () => {
    await start([READS]);
    const asked = await send(shop, 'priya');
    await proposalOf(shop, asked);
    commitElsewhere(shop, {
      'approvals.yaml': text => `${text}  escalate: soon\n`,
    });
    const proposal = await proposalOf(shop, asked);
    expect((await mergeShown(shop, 'petra', proposal)).status).toBe(200);
  });

  it('has an owner decide when it means more before the merge', async () => {
    await start([READS]);
    const asked = await send(shop, 'priya');
    await proposalOf(shop, asked);
    editFile(`${shop.folder}/estate/prod-eu/storefront.yaml`, text => {
      const deployment = text
        .split('---\n')
        .find(part =>
          /kind: Deployment\nmetadata:\n {2}name: checkout\n/.test(part),
        );
      return `${text}---\n${deployment!.replace(
        /name: checkout\n/,
        'name: checkout-more\n',
      )}`;
    });
    await refusesToMerge(asked);
    const again = await reaches(shop, asked, 'submitted');
    expect(again.waitsFor).toBe('Waits for Orders team');
  });

  const blocked = async (...changes: Parameters<typeof start>) => {
    await start(...changes);
    const { automatic } = await preview();
    const asked = await send(shop, 'priya');
    expect([automatic.approves, asked.state]).toEqual([false, 'submitted']);
    return automatic.text;
  };

  it('does not approve where another rule asks for somebody', async () => {
    expect(await blocked([READS, WATCHED])).toBe(
      "Not approved by the rule reads, because orders-are-watched asks for somebody's approval.",
    );
  });

  it.each([1, 2])(
    'does not approve where a guardrail asks for %s approvers',
    async count => {
      const text = await blocked([READS], {
        files: {
          'repository/guardrails.yaml': () => `apiVersion: callgate.dev/v1alpha1
kind: Guardrails
spec:
  rules:
    - name: eyes
      subject: edge
      message: Orders need eyes
      match: edge.api.name == 'orders' && edge.grant.request != ''
      expression: size(edge.grant.approvedBy) >= ${count}
      examples:
        pass: [{ edge: { api: { name: orders }, grant: { request: r, approvedBy: [a, b] } } }]
        fail: [{ edge: { api: { name: orders }, grant: { request: r } } }]
`,
        },
      });
      expect(text).toContain("eyes asks for somebody's approval");
    },
  );

  const SAME_SYSTEM = rule(
    'same-system-reads',
    'caller.system == api.system && !request.writes',
    'auto: true',
    '{ caller: { system: ordering }, api: { system: ordering } }',
    '{ caller: { system: storefront }, api: { system: ordering } }',
  );

  it('believes nobody who says in their own file that they belong to the system', async () => {
    expect(
      await blocked([SAME_SYSTEM], {
        entities: {
          'component:checkout': entity => ({
            ...entity,
            spec: { ...entity.spec, system: 'ordering' },
          }),
        },
      }),
    ).toContain('nobody but the caller says that it belongs to its system');
  });

  it('a file with a rule that reads what callers say of themselves is not used', async () => {
    await start([
      rule(
        'trusting',
        "'trusted' in caller.tags",
        'auto: true',
        '{ caller: { tags: [trusted] } }',
        '{}',
      ),
    ]);
    const { send: sendable } = await preview();
    expect(sendable.reason).toContain("caller's own team writes");
  });
});

describe('the security team', () => {
  it('is a role, whose members decide', async () => {
    await start([WATCHED]);
    const asked = await send(shop, 'priya');
    expect(asked.needs).toMatchObject([
      { kind: 'api-owner' },
      {
        kind: 'security',
        of: [{ ref: 'group:default/security' }],
        because: ['orders-are-watched'],
      },
    ]);
    expect((await approve(shop, 'sam', asked)).state).toBe('submitted');
    expect((await approve(shop, 'omar', asked)).state).toBe('approved');
  });

  it('that nobody has configured is a need that nobody can meet, said when it is asked', async () => {
    await start([WATCHED], { config: { securityTeam: undefined } });
    expect((await preview()).send.reason).toMatch(
      /orders-are-watched asks for 1 of the security team, which is not configured/,
    );
  });
});

describe('how long access lasts, by rule', () => {
  const SHORT = rule(
    'short',
    "api.name == 'orders'",
    'maxDays: 30',
    '{ api: { name: orders } }',
    '{}',
  );
  const USUAL = rule(
    'usual',
    "api.name == 'orders'",
    'defaultDays: 7',
    '{ api: { name: orders } }',
    '{}',
  );
  const inDays = (days: number) =>
    new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

  it('is the shorter of them where nobody says it, and is in what is sent', async () => {
    await start([SHORT, USUAL]);
    expect((await preview()).lastDay).toMatchObject({
      usual: inDays(7),
      latest: inDays(30),
      rule: 'short',
    });
    expect((await send(shop, 'priya')).until).toBe(inDays(7));
  });

  it.each(['', inDays(31)])(
    'refuses the last day "%s" with the name of the rule',
    async until => {
      await start(
        [SHORT],
        until === '' ? {} : { config: { lifecycle: { maxDays: 90 } } },
      );
      const draft = { ...DRAFT, until };
      const shown = await preview(draft);
      expect(shown.send.reason).toContain(
        'by the rule short, such access lasts at most 30 days',
      );
      const sent = await shop
        .as('priya')
        .post('/requests', { ...draft, digest: shown.digest });
      expect([sent.status, sent.body.error.code]).toEqual([400, 'bad-until']);
      expect(sent.body.error.message).toContain('the rule short');
      expect(
        (await send(shop, 'priya', { ...DRAFT, until: inDays(30) })).until,
      ).toBe(inDays(30));
    },
  );

  it('does not make the time of the configuration longer', async () => {
    await start([SHORT], { config: { lifecycle: { maxDays: 10 } } });
    expect(await preview()).not.toHaveProperty('lastDay');
    const sent = await shop
      .as('priya')
      .post('/previews', { ...DRAFT, until: inDays(11) });
    expect([sent.status, sent.body.error?.code]).toEqual([400, 'bad-until']);
  });
});

describe('rules in the configuration', () => {
  const CONFIGURED = {
    name: 'configured',
    when: "api.name == 'orders'",
    needs: [{ role: 'platform' }],
    examples: { hold: [{ api: { name: 'orders' } }], not: [{}] },
  };

  it('add up with those of the file', async () => {
    await start([WATCHED], { config: { approval: { rules: [CONFIGURED] } } });
    const { needs } = await send(shop, 'priya');
    expect(needs.map(({ kind, because }) => [kind, because])).toEqual([
      ['api-owner', []],
      ['security', ['orders-are-watched']],
      ['platform', ['configured']],
    ]);
  });

  it('stop the start with the field of the one that cannot be used', async () => {
    await expect(
      start([], {
        config: { approval: { rules: [{ ...CONFIGURED, when: 'api.nam' }] } },
      }),
    ).rejects.toThrow(/callgate\.approval\.rules\[0\]\.when does not compile/);
  });

  it('approve by themselves as well, with their own version', async () => {
    const { needs: _, ...rest } = CONFIGURED;
    await start([], {
      files: {
        'repository/approvals.yaml': () =>
          file().replace('rules:\n', 'rules: []\n'),
      },
      config: { approval: { rules: [{ ...rest, auto: true }] } },
    });
    const asked = await send(shop, 'priya');
    expect(asked.state).toBe('approved');
    expect(lastStep(asked).reason).toMatch(
      /by the rule configured at configuration [0-9a-f]{12}\.$/,
    );
  });
});

describe('code that asks for approvals', () => {
  const withCode = (...evaluators: ApprovalEvaluator[]) => ({
    features: [
      createBackendModule({
        pluginId: 'callgate',
        moduleId: 'our-rules',
        register: env =>
          env.registerInit({
            deps: { rules: callgateApprovalRulesExtensionPoint },
            init: async ({ rules }) => rules.addEvaluator(evaluators),
          }),
      }),
    ],
  });
  const evaluator = (
    name: string,
    evaluate: ApprovalEvaluator['evaluate'],
  ): ApprovalEvaluator => ({
    name,
    description: 'Where the change calendar is closed',
    otherwise: [{ role: 'platform' }],
    evaluate,
  });

  it('adds needs, is told what it is about, and keeps a rule from approving', async () => {
    const evaluate = jest.fn(async () => [{ group: 'security', count: 2 }]);
    await start([READS], withCode(evaluator('calendar', evaluate)));
    const { automatic } = await preview();
    expect(automatic).toMatchObject({
      approves: false,
      text: "Not approved by the rule reads, because calendar asks for somebody's approval.",
    });
    const asked = await send(shop, 'priya');
    expect(asked.needs).toMatchObject([
      { kind: 'api-owner', count: 1 },
      {
        kind: 'group',
        of: [{ ref: 'group:default/security' }],
        count: 2,
        because: ['calendar'],
      },
    ]);
    expect(evaluate).toHaveBeenLastCalledWith(
      expect.objectContaining({
        api: 'api:default/orders',
        caller: 'component:default/checkout',
        requestedBy: 'user:default/priya',
        kind: 'new',
        writes: false,
        methods: ['GET'],
        clusters: ['prod-eu'],
        days: 0,
      }),
      { signal: expect.any(AbortSignal) },
    );
  });

  it('that asks for nobody leaves everything as it is', async () => {
    await start([READS], withCode(evaluator('calendar', async () => [])));
    expect((await send(shop, 'priya')).state).toBe('approved');
  });

  it('asks, by itself, for what it says where it fails, and ends no approval of a proposal then', async () => {
    let fails = true;
    await start([], {
      files: {
        'repository/approvals.yaml': () =>
          file().replace('rules:\n', 'rules: []\n'),
      },
      ...withCode(
        evaluator('calendar', async () => {
          if (fails) throw new Error('no route to the calendar');
          return [];
        }),
        evaluator('other', async () => [{ role: 'security' }]),
      ),
    });
    const asked = await send(shop, 'priya');
    expect(asked.needs.map(({ kind, because }) => [kind, because])).toEqual([
      ['api-owner', []],
      ['platform', ['calendar']],
      ['security', ['other']],
    ]);
    // It answers again: nobody of the platform team is needed any more.
    fails = false;
    await approve(shop, 'sam', asked);
    expect((await approve(shop, 'omar', asked)).state).toBe('approved');
    fails = true;
    await proposalOf(shop, asked);
  });
});

describe('GET /approval-rules', () => {
  it('lists the rules that hold with where they come from, for anybody', async () => {
    await start([READS, WATCHED], {
      config: {
        approval: {
          rules: [
            {
              name: 'configured',
              when: 'request.writes',
              needs: [{ group: 'security', count: 2 }],
              maxDays: 90,
              examples: { hold: [{ request: { writes: true } }], not: [{}] },
            },
          ],
        },
      },
    });
    const tip = await tipOf();
    const { status, body } = await shop.as('stan').get('/approval-rules');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      rules: [
        {
          name: 'reads',
          when: '!request.writes',
          needs: [],
          automatic: true,
          source: 'repository',
          file: 'approvals.yaml',
          version: tip,
        },
        {
          name: 'orders-are-watched',
          needs: ['1 of the security team'],
          automatic: false,
        },
        {
          name: 'configured',
          needs: ['2 of Security'],
          maxDays: 90,
          source: 'configuration',
          version: expect.stringMatching(/^config-/),
        },
      ],
      evaluators: [],
      stops: false,
      findings: [],
      source: { branch: 'main', commit: tip, stale: false },
    });
    expect(body).not.toHaveProperty('standIn');
  });

  it('says why the newest version cannot be read, and which one holds', async () => {
    await start([READS]);
    const before = await tipOf();
    commitElsewhere(shop, {
      'approvals.yaml': text => text.replace('!request', '!requests'),
    });
    await shop.as('priya').post('/previews', DRAFT);
    await send(shop, 'priya');
    const { body } = await shop.as('stan').get('/approval-rules');
    expect(body).toMatchObject({
      rules: [{ name: 'reads', version: before }],
      standIn: { commit: before },
      stops: false,
      findings: [
        {
          code: 'approvals-invalid',
          message: expect.stringContaining('does not compile'),
        },
      ],
    });
  });

  it('keeps an expression from whom it names something to that is hidden', async () => {
    await start(
      [
        rule(
          'cart',
          "caller.ref == 'component:default/cart'",
          'needs: [{ role: security }]',
          "{ caller: { ref: 'component:default/cart' } }",
          '{}',
        ),
      ],
      {
        hides: (person, ref) =>
          person.endsWith('/stan') && ref === 'component:default/cart',
      },
    );
    const of = async (person: string) =>
      (await shop.as(person).get('/approval-rules')).body.rules[0];
    expect(await of('omar')).toHaveProperty('when');
    expect(await of('stan')).not.toHaveProperty('when');
    expect(await of('stan')).toHaveProperty('name', 'cart');
  });
});
