import { renderInTestApp } from '@backstage/frontend-test-utils';
import type {
  ClusterList,
  ClusterPlatform,
  PlatformField,
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
    expect(own).toHaveTextContent('2 fields to settle');
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

  it('says from where calls come to a gateway', async () => {
    show(
      platform({
        fields: [
          field({
            field: 'gateways',
            state: 'found',
            conditional: false,
            found: [
              {
                value: '{}',
                object: 'Gateway edge/edge',
                file: 'g.yaml',
                takesFrom: 'internet',
              },
            ],
            lines: [],
          }),
        ],
      }),
    );
    expect(await panel()).toHaveTextContent(
      'Gateway edge/edge says {} at g.yaml; takes calls from the internet',
    );
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
