import { readFileSync } from 'fs';
import { resolve } from 'path';
import Ajv2020 from 'ajv/dist/2020';
import { z } from 'zod';
import { parsePlatformProfile } from './parsePlatformProfile';
import { platformProfileSchema } from './PlatformProfileSchema';

const published: object = JSON.parse(
  readFileSync(
    resolve(__dirname, '../../schema/platform-profile.schema.json'),
    'utf8',
  ),
);

/** Profiles by what is in `spec`, with whether one may write it. */
const PROFILES: [string, unknown, boolean][] = [
  ['nothing stated', {}, true],
  ['an unknown field', { scraper: [] }, false],
  ['an unknown field of a group', { mesh: { trustDomian: 'x' } }, false],
  ['a mode that exists', { mesh: { mode: 'ambient' } }, true],
  ['a mode that does not', { mesh: { mode: 'linkerd' } }, false],
  [
    'a normalization that meshConfig calls DEFAULT',
    { mesh: { pathNormalization: 'DEFAULT' } },
    false,
  ],
  ['a flag as text', { mesh: { ambientDryRun: 'true' } }, false],
  [
    'CIDRs of both families',
    { network: { podCidrs: ['10.0.0.0/8', 'fd00::/8'] } },
    true,
  ],
  ['an address alone', { network: { nodeCidrs: ['10.0.0.1', '::1'] } }, true],
  [
    'a CIDR that is too long',
    { network: { podCidrs: ['10.0.0.0/33'] } },
    false,
  ],
  ['a CIDR with an octal', { network: { podCidrs: ['010.0.0.0/8'] } }, false],
  ['two :: in a CIDR', { network: { podCidrs: ['1::2::3/64'] } }, false],
  ['too few groups in a CIDR', { network: { podCidrs: ['1:2:3/64'] } }, false],
  ['CIDRs as one text', { network: { podCidrs: '10.0.0.0/8' } }, false],
  ['a peer', { dns: [{ cidrs: ['::1/128'], ports: [{ port: 53 }] }] }, true],
  ['a peer without ports', { dns: [{ namespace: 'kube-system' }] }, false],
  ['a peer with no port', { dns: [{ namespace: 'a', ports: [] }] }, false],
  ['a port that is none', { dns: [{ ports: [{ port: 65536 }] }] }, false],
  ['half a port', { dns: [{ ports: [{ port: 53.5 }] }] }, false],
  [
    'a protocol in lower case',
    { dns: [{ ports: [{ port: 53, protocol: 'udp' }] }] },
    false,
  ],
  [
    'a CIDR of a peer that is none',
    { apiServer: [{ cidrs: ['kubernetes'], ports: [{ port: 443 }] }] },
    false,
  ],
  [
    'a label with a number',
    { scrapers: [{ podLabels: { a: 1 }, ports: [{ port: 1 }] }] },
    false,
  ],
  ['a gateway without a name', { gateways: [{ namespace: 'edge' }] }, false],
  [
    'a gateway for something unknown',
    { gateways: [{ namespace: 'edge', name: 'in', purpose: 'both' }] },
    false,
  ],
  [
    'no address east-west',
    { eastWest: [{ cluster: 'us', addresses: [] }] },
    false,
  ],
  [
    'owners of namespaces',
    {
      owners: [
        { namespaces: ['a'], owner: 'group:default/a-team' },
        {
          namespaces: { team: 'b' },
          selector: { app: 'x' },
          owner: 'user:ben',
        },
        { fromNamespaceLabel: 'team', as: 'group:default/{value}' },
      ],
    },
    true,
  ],
  [
    'an owner without a kind',
    { owners: [{ namespaces: ['a'], owner: 'a' }] },
    false,
  ],
  [
    'an owner that cannot own',
    { owners: [{ namespaces: ['a'], owner: 'component:default/a' }] },
    false,
  ],
  [
    'an owner of no namespace',
    { owners: [{ namespaces: [], owner: 'group:a' }] },
    false,
  ],
  ['an owner of nothing', { owners: [{ owner: 'group:a' }] }, false],
  [
    'an owner in two ways',
    {
      owners: [
        { namespaces: ['a'], owner: 'group:a', fromNamespaceLabel: 'b' },
      ],
    },
    false,
  ],
  [
    'an owner from a label without a place for its value',
    { owners: [{ fromNamespaceLabel: 'team', as: 'group:default/team' }] },
    false,
  ],
  [
    'owners outside',
    {
      addresses: [
        {
          cidrs: ['192.0.2.0/24'],
          identities: ['spiffe://a'],
          hosts: ['*.a.example'],
          owner: 'group:a',
        },
      ],
    },
    true,
  ],
  ['an address without an owner', { addresses: [{ cidrs: ['::1'] }] }, false],
  [
    'an owned block that is none',
    { addresses: [{ cidrs: ['a'], owner: 'group:a' }] },
    false,
  ],
  ['a platform team', { trust: { platform: { groups: ['admins'] } } }, true],
  [
    'an empty name of a group',
    { trust: { platform: { groups: [''] } } },
    false,
  ],
  [
    'a kind with a pod template',
    { workloadKinds: [{ group: 'a', kind: 'B', templatePath: 'spec.c' }] },
    true,
  ],
  [
    'a kind whose operator makes pods',
    {
      workloadKinds: [
        {
          group: 'a',
          kind: 'B',
          pods: { labels: { b: '{name}' }, serviceAccount: 'c' },
        },
      ],
    },
    true,
  ],
  [
    'a kind whose pods have no account',
    { workloadKinds: [{ group: 'a', kind: 'B', pods: { labels: {} } }] },
    false,
  ],
];

describe('schema/platform-profile.schema.json', () => {
  it('is what the parser reads', () => {
    expect(published).toEqual(
      JSON.parse(
        JSON.stringify(z.toJSONSchema(platformProfileSchema, { io: 'input' })),
      ),
    );
  });

  const validate = new Ajv2020({ strict: false }).compile(published);

  it.each(PROFILES)('and the parser say the same: %s', (_, spec, isValid) => {
    const document = {
      apiVersion: 'callgate.dev/v1alpha1',
      kind: 'PlatformProfile',
      metadata: { name: 'prod' },
      spec,
    };
    const { profile } = parsePlatformProfile({
      path: 'p.yaml',
      text: JSON.stringify(document),
    });
    expect([validate(document), profile !== undefined]).toEqual([
      isValid,
      isValid,
    ]);
  });

  it.each([
    [{ apiVersion: 'callgate.dev/v1', kind: 'PlatformProfile' }],
    [{ apiVersion: 'callgate.dev/v1alpha1', kind: 'Profile' }],
    [{ apiVersion: 'callgate.dev/v1alpha1', kind: 'PlatformProfile', x: 1 }],
  ])('and the parser refuse %j', head => {
    const document = { metadata: { name: 'prod' }, ...head };
    const text = JSON.stringify(document);
    expect(validate(document)).toBe(false);
    expect(parsePlatformProfile({ path: 'p.yaml', text }).profile).toBe(
      undefined,
    );
  });
});
