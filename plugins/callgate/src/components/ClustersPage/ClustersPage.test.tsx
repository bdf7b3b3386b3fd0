import { renderInTestApp } from '@backstage/frontend-test-utils';
import type {
  ClusterList,
  ClusterPlatform,
  PlatformField,
  PlatformPlace,
  PlatformProbes,
} from '@callgate/plugin-callgate-common';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { axe } from 'jest-axe';
import { CallgateApi, callgateApiRef, CallgateError } from '../../api';
import { clustersRouteRef, proposalsRouteRef } from '../../routes';
import { ProposalsPage } from '../ProposalsPage';
import { fakeCallgate } from '../RequestPage/__testUtils__/samples';
import { ClustersPage } from './ClustersPage';

const field = (changes: Partial<PlatformField> = {}): PlatformField => ({
  field: 'mesh.trustDomain',
  state: 'guessed',
  value: '"cluster.local"',
  conditional: true,
  found: [],
  suggestedBy: [],
  lines: [
    {
      below: 'spec.mesh',
      text: 'trustDomain: cluster.local',
      from: 'default',
    },
  ],
  ...changes,
});

const CONTRADICTION = field({
  field: 'cni.enforcesNetworkPolicy',
  state: 'contradicts',
  value: 'false',
  conditional: false,
  stated: { value: 'true', file: 'profiles/prod.yaml', line: 9 },
  found: [
    {
      value: 'false',
      object: 'DaemonSet kube-flannel/kube-flannel-ds',
      file: 'prod/daemonsets/kube-flannel.yaml',
    },
  ],
  uses: 'found',
  lines: [],
});

const platform = (changes: Partial<ClusterPlatform> = {}): ClusterPlatform => ({
  cluster: 'prod',
  hasProfile: true,
  fields: [field(), CONTRADICTION],
  missingKinds: ['/Node'],
  ...changes,
});

const list = (...clusters: ClusterPlatform[]): ClusterList => ({
  clusters,
  source: { branch: 'main', readAt: '2026-11-30T08:00:00Z', stale: false },
});

function open(answers: Partial<CallgateApi>) {
  return renderInTestApp(<ClustersPage />, {
    apis: [[callgateApiRef, fakeCallgate(answers)]],
    mountedRoutes: { '/access/proposals': proposalsRouteRef },
  });
}

const show = (...clusters: ClusterPlatform[]) =>
  open({ getClusters: async () => list(...clusters) });

const panel = () => screen.findByRole('region', { name: 'prod' });

describe('ClustersPage', () => {
  it('says that it loads until the answer is there', async () => {
    open({ getClusters: () => new Promise(() => {}) });
    expect(
      await screen.findByRole('status', { name: 'Loading' }),
    ).toBeInTheDocument();
  });

  it('says of a contradiction both places, and which is used', async () => {
    const { container } = show(platform());
    const own = await panel();
    expect(own).toHaveTextContent('2 things to settle');
    const items = within(own).getAllByRole('listitem');
    const contradiction = items.find(item =>
      within(item).queryByRole('heading', {
        name: 'cni.enforcesNetworkPolicy',
      }),
    );
    for (const text of [
      'contradiction',
      'Used: false',
      'The profile states true at profiles/prod.yaml:9',
      'DaemonSet kube-flannel/kube-flannel-ds says false at prod/daemonsets/kube-flannel.yaml',
      'What is found counts until both say the same: it is the stricter one.',
    ])
      expect(within(contradiction!).getByText(text)).toBeVisible();
    expect(await axe(container)).toHaveNoViolations();
  });

  it('copies the line that would state a guess, by the keyboard as well', async () => {
    const user = userEvent.setup();
    const written = jest.spyOn(navigator.clipboard, 'writeText');
    show(platform());
    const copy = await screen.findByRole('button', {
      name: 'Copy the line of mesh.trustDomain',
    });
    copy.focus();
    await user.keyboard('{Enter}');
    expect(written).toHaveBeenCalledWith('trustDomain: cluster.local');
    expect(await screen.findByText('Copied')).toBeVisible();
    expect(screen.getByText(/add below spec\.mesh:/)).toBeVisible();
  });

  it('says where the browser has no clipboard that the line can be selected', async () => {
    const user = userEvent.setup();
    jest
      .spyOn(navigator.clipboard, 'writeText')
      .mockRejectedValue(new Error('no'));
    show(platform());
    await user.click(
      await screen.findByRole('button', {
        name: 'Copy the line of mesh.trustDomain',
      }),
    );
    expect(
      await screen.findByText('It could not be copied: select the line.'),
    ).toBeVisible();
  });

  it('folds what does not have to be settled', async () => {
    show(
      platform({
        fields: [
          field({
            state: 'found',
            conditional: false,
            value: '"a.example"',
            found: [
              {
                value: '"a.example"',
                object: 'ConfigMap istio-system/istio',
                file: 'istio.yaml',
                line: 6,
              },
            ],
            lines: [],
          }),
        ],
      }),
    );
    const own = await panel();
    expect(own).toHaveTextContent('Nothing has to be settled.');
    const said = within(own).getByText(
      'ConfigMap istio-system/istio says "a.example" at istio.yaml:6',
    );
    expect(said).not.toBeVisible();
    await userEvent.click(
      within(own).getByText('1 found in objects of the cluster'),
    );
    expect(said).toBeVisible();
  });

  it('says of what is suggested that it is not believed, and that it opens access', async () => {
    show(
      platform({
        fields: [
          field({
            field: 'scrapers',
            value: '[]',
            conditional: false,
            suggestedBy: [
              {
                value: '{}',
                object: 'Prometheus monitoring/k8s',
                file: 'p.yaml',
                line: 1,
              },
            ],
            lines: [
              {
                below: 'spec',
                text: 'scrapers: []',
                from: 'suggested',
                suggestedBy: ['Prometheus monitoring/k8s'],
              },
            ],
          }),
        ],
      }),
    );
    const own = await panel();
    expect(own).toHaveTextContent(
      'Prometheus monitoring/k8s at p.yaml:1 suggests it, and is not believed',
    );
    expect(own).toHaveTextContent(
      'It opens access. If Prometheus monitoring/k8s is to be let in, add below spec:',
    );
  });

  const gateways = (...found: PlatformPlace[]) =>
    field({
      field: 'gateways',
      state: 'found',
      conditional: false,
      found,
      lines: [],
    });
  const gateway = (
    name: string,
    more: Partial<PlatformPlace> = {},
  ): PlatformPlace => ({
    value: '{}',
    object: `Gateway edge/${name}`,
    file: `${name}.yaml`,
    line: 3,
    takesFrom: 'cluster',
    ...more,
  });

  it('says from where calls come to a gateway, by which addresses, and that it is not programmed', async () => {
    const user = userEvent.setup();
    const { container } = show(
      platform({
        fields: [
          gateways(
            gateway('wide', {
              takesFrom: 'internet',
              addresses: ['203.0.113.7', '203.0.113.8'],
              programmed: false,
            }),
            gateway('kept', { takesFrom: 'network' }),
            gateway('dark', { takesFrom: 'unknown' }),
          ),
        ],
      }),
    );
    const own = await panel();
    await user.click(
      within(own).getByText('3 gateways, and from where calls come to them'),
    );
    const items = within(
      within(own).getByRole('list', { name: 'From where gateways take calls' }),
    ).getAllByRole('listitem');
    expect(items.map(item => item.textContent)).toEqual([
      'Gateway edge/wide takes calls from the internet. It asks for or has addresses of the internet: 203.0.113.7, 203.0.113.8. Not programmed by its controller, as its status says.At wide.yaml:3',
      'Gateway edge/kept takes calls from a private network.At kept.yaml:3',
      'From where Gateway edge/dark takes calls is not known.At dark.yaml:3',
    ]);
    expect(items[0]).toBeVisible();
    // It has its own place, and is not found a second time.
    expect(within(own).queryByText(/found in objects/)).toBeNull();
    expect(await axe(container)).toHaveNoViolations();
  });

  it('folds a long list of gateways, and says how many are left out', async () => {
    const user = userEvent.setup();
    show(
      platform({
        fields: [
          {
            ...gateways(
              ...['a', 'b', 'c', 'd', 'e', 'f'].map(name => gateway(name)),
            ),
            foundLeftOut: 2,
          },
        ],
      }),
    );
    const own = await panel();
    await user.click(within(own).getByText(/^8 gateways/));
    const fifth = within(own).getByText(/^Gateway edge\/e takes/);
    const sixth = within(own).getByText(/^Gateway edge\/f takes/);
    expect(fifth).toBeVisible();
    expect(sixth).not.toBeVisible();
    await user.click(within(own).getByText('1 more gateway'));
    expect(sixth).toBeVisible();
    expect(
      within(own).getByText(
        '2 more are not shown; callgate doctor cluster with -o json has all of them.',
      ),
    ).toBeVisible();
  });

  const probes = (changes: Partial<PlatformProbes> = {}): PlatformProbes => ({
    workloads: 20,
    ways: [
      {
        way: 'node',
        workloads: 19,
        ports: [6379, 8080],
        example: 'care/Deployment/desk',
      },
      {
        way: 'address',
        workloads: 1,
        ports: [50051],
        example: 'insight/Deployment/tips',
      },
    ],
    addresses: ['169.254.7.127/32'],
    ...changes,
  });

  it('says how many workloads are probed, on which ports, and what lets the probes through', async () => {
    const user = userEvent.setup();
    const { container } = show(
      platform({
        fields: [],
        probes: probes({
          workloads: 21,
          ways: [
            ...probes().ways,
            {
              way: 'unknown',
              workloads: 1,
              ports: [],
              example: 'new/Deployment/x',
            },
          ],
        }),
      }),
    );
    const own = await panel();
    // Nothing is kept out.
    expect(own).toHaveTextContent('Nothing has to be settled.');
    await user.click(
      within(own).getByText('21 workloads that the kubelet probes'),
    );
    const items = within(
      within(own).getByRole('list', { name: 'Probes of the kubelet' }),
    ).getAllByRole('listitem');
    expect(items.map(item => item.textContent)).toEqual([
      'care/Deployment/desk and 18 morelet throughThey come from the node of the pod, which no network policy keeps out (Kubernetes).Ports 6379, 8080',
      'insight/Deployment/tipslet throughThey come from 169.254.7.127/32, which Callgate lets in by what it generates.Port 50051',
      'new/Deployment/xnot knownNothing says whether they are in ambient mode; state mesh.mode.',
    ]);
    expect(items[0]).toBeVisible();
    expect(await axe(container)).toHaveNoViolations();
  });

  it('says nothing of probes and gateways of which nothing is known', async () => {
    show(platform());
    const own = await panel();
    expect(own).not.toHaveTextContent(/probe|gateway/i);
  });

  it('folds many ports', async () => {
    const user = userEvent.setup();
    const ports = Array.from({ length: 14 }, (_, index) => 9000 + index);
    show(
      platform({
        fields: [],
        probes: probes({
          ways: [{ way: 'node', workloads: 20, ports, example: 'a/Job/b' }],
        }),
      }),
    );
    const own = await panel();
    await user.click(within(own).getByText(/that the kubelet probes$/));
    const last = within(own).getByText('9012, 9013');
    expect(last).not.toBeVisible();
    await user.click(within(own).getByText('2 more ports'));
    expect(last).toBeVisible();
  });

  it.each([
    [
      'the Cilium that keeps them out',
      {
        closedBy: {
          value: '"policy"',
          object: 'ConfigMap kube-system/cilium-config',
          file: 'cilium.yaml',
          line: 7,
        },
      },
      'ConfigMap kube-system/cilium-config (cilium.yaml:7) keeps the node out that pods run on. Once a network policy closes them, the kubelet’s probes of 3 workloads fail, such as of shop/Deployment/a.',
      'Take allow-localhost: policy back, or admit the entity host by a CiliumClusterwideNetworkPolicy first.',
    ],
    [
      'the profile that states no address',
      {},
      'The profile states no address of probes. Once a network policy closes them, the kubelet’s probes of 3 workloads fail, such as of shop/Deployment/a.',
      'State the address in the profile, or leave the field out.',
    ],
  ])(
    'has probes that nothing lets through to be settled, and says what to do: %s',
    async (_, more, what, action) => {
      const { container } = show(
        platform({
          fields: [],
          probes: {
            workloads: 3,
            ways: [
              {
                way: 'refused',
                workloads: 3,
                ports: [8080],
                example: 'shop/Deployment/a',
              },
            ],
            ...more,
          },
        }),
      );
      const own = await panel();
      expect(own).toHaveTextContent('1 thing to settle');
      expect(own).not.toHaveTextContent('Nothing has to be settled.');
      expect(
        within(own).getByRole('heading', { name: 'Probes of the kubelet' }),
      ).toBeVisible();
      expect(within(own).getByText(what)).toBeVisible();
      expect(within(own).getByText(action)).toBeVisible();
      expect(await axe(container)).toHaveNoViolations();
    },
  );

  it('names no workload and no port of probes to whoever may not see everything', async () => {
    const user = userEvent.setup();
    show(
      platform({
        fields: [],
        probes: {
          workloads: 2,
          ways: [{ way: 'node', workloads: 2, ports: [] }],
          withheld: true,
        },
      }),
    );
    const own = await panel();
    await user.click(within(own).getByText(/that the kubelet probes$/));
    const shown = within(own).getByRole('list', {
      name: 'Probes of the kubelet',
    });
    expect(within(shown).getByRole('listitem')).toHaveTextContent(
      /^2 workloadslet through/,
    );
    expect(shown).not.toHaveTextContent(/Ports?/);
    expect(within(own).getByText(/may not see/)).toBeVisible();
  });

  it('says what is kept from whoever may not see everything', async () => {
    show(
      platform({
        fields: [
          field({
            field: 'owners',
            value: undefined,
            conditional: false,
            withheld: true,
            lines: [],
          }),
        ],
      }),
    );
    const own = await panel();
    expect(own).toHaveTextContent(/may name something that you may not see/);
    expect(own).not.toHaveTextContent('Nothing is used.');
  });

  it('says that there is no profile, and what was not read', async () => {
    show(platform({ hasProfile: false }));
    const own = await panel();
    expect(own).toHaveTextContent(/There is no platform profile that states/);
    expect(own).toHaveTextContent('1 kind of which nothing was read');
    expect(own).toHaveTextContent('Node');
  });

  it('does not say that nothing has to be settled of a cluster that was not read', async () => {
    const unread = platform({ hasProfile: false, fields: [] });
    const read = platform({ cluster: 'staging', fields: [] });
    const { source } = list();
    open({
      getClusters: async () => ({
        clusters: [unread, read],
        source: {
          ...source,
          estate: { state: 'partly', clusters: [{ name: 'prod' }] },
        },
      }),
    });
    const shown = await panel();
    expect(shown).toHaveTextContent('could not be read completely');
    expect(shown).not.toHaveTextContent('Nothing has to be settled');
    // Its profile may be what cannot be read.
    expect(shown).not.toHaveTextContent('no platform profile');
    expect(screen.getByRole('region', { name: 'staging' })).toHaveTextContent(
      'Nothing has to be settled',
    );
    expect(
      screen.getByRole('status', { name: 'What is known of the clusters' }),
    ).toHaveTextContent('prod');
  });

  it('says how clusters get there where none is', async () => {
    show();
    expect(await screen.findByText('No cluster is known.')).toBeVisible();
  });

  it.each([403, 404])('is no page for others (%s)', async status => {
    open({
      getClusters: async () => {
        throw new CallgateError({
          status,
          name: status === 403 ? 'NotAllowedError' : 'NotFoundError',
          message: 'Secret',
        });
      },
    });
    expect(await screen.findByText(/PAGE NOT FOUND/)).toBeInTheDocument();
    expect(screen.queryByText('Secret')).not.toBeInTheDocument();
  });

  it('can be tried again where it failed', async () => {
    const getClusters = jest
      .fn<Promise<ClusterList>, []>()
      .mockRejectedValueOnce(
        new CallgateError({ status: 500, name: 'Error', message: 'Broken' }),
      )
      .mockResolvedValue(list(platform()));
    open({ getClusters });
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'Clusters could not be read. Broken',
    );
    await userEvent.click(screen.getByRole('button', { name: /again/i }));
    expect(await panel()).toBeInTheDocument();
  });
});

describe('the link to it', () => {
  const links = (contestedClaims?: number) =>
    renderInTestApp(<ProposalsPage />, {
      apis: [
        [
          callgateApiRef,
          fakeCallgate({
            listProposals: async () => ({
              items: [],
              total: 0,
              ...(contestedClaims !== undefined && { contestedClaims }),
            }),
          }),
        ],
      ],
      mountedRoutes: {
        '/access/proposals': proposalsRouteRef,
        '/access/clusters': clustersRouteRef,
      },
    });

  it('is there for members of the platform team', async () => {
    links(0);
    expect(
      await screen.findByRole('link', { name: 'Clusters' }),
    ).toHaveAttribute('href', '/access/clusters');
  });

  it('and for nobody else', async () => {
    links();
    await screen.findByText('No pull request for access is open.');
    expect(
      screen.queryByRole('link', { name: 'Clusters' }),
    ).not.toBeInTheDocument();
  });
});
