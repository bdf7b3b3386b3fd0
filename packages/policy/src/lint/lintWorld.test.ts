import { readFileSync, readdirSync } from 'fs';
import { resolve } from 'path';
import { Cluster } from '../estate/types';
import { crossedPolicy } from '../__fixtures__/crossedPaths';
import { networkPolicy, policy, shop } from '../evaluate/__testUtils__/ask';
import {
  deployment,
  statedProfile,
  worldOf,
} from '../evaluate/__testUtils__/worlds';
import { createWorld } from '../evaluate/World';
import { allRows } from './__testUtils__/allRows';
import { lint } from './lint';

describe('lint', () => {
  it('has a case for every code that it raises', () => {
    const raised = readdirSync(__dirname)
      .filter(name => /\.ts$/.test(name) && !name.endsWith('.test.ts'))
      .flatMap(name => [
        ...readFileSync(resolve(__dirname, name), 'utf8').matchAll(
          /notice\(\s*'([a-z-]+)'/g,
        ),
      ])
      .map(([, code]) => code);
    expect(raised.length).toBeGreaterThan(40);
    const cases = new Set<string>(allRows.map(({ code }) => code));
    // These two have tests of their own below: they need several clusters, or very many rules.
    const others = ['trust-domain-alias', 'too-complex'];
    expect(
      [...new Set(raised)].filter(
        code => !cases.has(code) && !others.includes(code),
      ),
    ).toEqual([]);
  });

  it('says nothing about manifests without a mistake', () => {
    const world =
      shop +
      networkPolicy('{ podSelector: {} }') +
      networkPolicy(
        '{ podSelector: { matchLabels: { app: orders } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: checkout } } }], ports: [{ port: 8080, protocol: TCP }] }] }',
        'orders',
      );
    expect(lint(worldOf(world, { mesh: 'sidecar' }))).toEqual([]);
  });

  it('also tells what was noticed while policies were read', () => {
    const world = worldOf(
      shop + networkPolicy('{ podSelector: {}, ingres: [] }'),
    );
    expect(world.findings).toHaveLength(1);
    expect(lint(world)).toEqual(world.findings);
  });

  it('sorts what it finds by file and line', () => {
    const findings = lint(
      worldOf(
        shop +
          networkPolicy('{ podSelector: { matchLabels: { app: x } } }', 'a') +
          networkPolicy('{ podSelector: { matchLabels: { app: y } } }', 'b') +
          policy('{ selector: { matchLabels: { app: z } } }', 'c'),
        { mesh: 'sidecar' },
      ),
    );
    expect(findings.map(({ objects }) => objects[0])).toEqual([
      'NetworkPolicy shop/a',
      'NetworkPolicy shop/b',
      'AuthorizationPolicy shop/c',
    ]);
  });

  // I5 (istio#41666): an alias makes one of two domains, whatever runs in them.
  describe('of two clusters', () => {
    const { mesh } = statedProfile();
    const cluster = (
      name: string,
      environment: string,
      trustDomain: string,
      trustDomainAliases: string[],
    ): Cluster => {
      const [built] = worldOf(
        shop +
          policy('{ rules: [{ from: [{ source: { namespaces: [shop] } }] }] }'),
        {
          mesh: 'sidecar',
          profile: statedProfile({
            name,
            environments: [environment],
            mesh: { ...mesh, trustDomain, trustDomainAliases },
          }),
        },
      ).clusters;
      return { ...built, name };
    };
    const codes = (...clusters: Cluster[]) =>
      lint(createWorld(clusters)).map(({ code, message }) => [
        code,
        message.includes('prod') && message.includes('staging'),
      ]);
    const staging = cluster('staging', 'test', 'staging.example', []);

    it('warns where an alias lets another environment in', () => {
      const prod = cluster('prod', 'live', 'prod.example', ['staging.example']);
      expect(codes(prod, staging)).toEqual([['trust-domain-alias', true]]);
    });

    it('does not where the alias is of the same environment, or there is none', () => {
      const twin = cluster('twin', 'test', 'twin.example', ['staging.example']);
      const prod = cluster('prod', 'live', 'prod.example', []);
      expect(codes(twin, staging)).toEqual([]);
      expect(codes(prod, staging)).toEqual([]);
    });
  });

  it('bounds what it compares, and says so', () => {
    const peers = (count: number) =>
      new Array(count)
        .fill('')
        .map(
          (_, index) =>
            `{ from: [{ podSelector: { matchLabels: { app: orders } } }], ports: [{ port: ${
              index + 1
            } }] }`,
        )
        .join(', ');
    const world = worldOf(
      deployment('shop/orders') +
        networkPolicy(`{ podSelector: {}, ingress: [${peers(1500)}] }`),
    );
    expect(lint(world).map(({ code }) => code)).toEqual(['too-complex']);
  });

  it('calls no rule shadowed by one that it cannot be compared with', () => {
    const denied = crossedPolicy(11, 'b', 'DENY').replace('by-hand', 'denied');
    const world = worldOf(
      `${deployment('shop/orders')}${crossedPolicy(11, 'a')}---\n${denied}`,
      { mesh: 'sidecar', profile: statedProfile() },
    );
    expect(lint(world).map(({ code }) => code)).not.toContain('shadowed-rule');
  });
});
