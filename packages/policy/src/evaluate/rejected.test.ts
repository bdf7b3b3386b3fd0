import { kinds, policy, shop, sidecar } from './__testUtils__/ask';
import { worldOf } from './__testUtils__/worlds';

/** Rules of istio `pkg/config/validation` (`ValidateAuthorizationPolicy`) and of the CRD. */
describe('AuthorizationPolicies that Istio would reject', () => {
  const many = (count: number, item: string) =>
    `[${new Array(count).fill(item).join(', ')}]`;

  it.each([
    [
      'CUSTOM without a provider',
      '{ action: CUSTOM, rules: [{}] }',
      'spec.provider.name',
    ],
    [
      'CUSTOM without rules',
      '{ action: CUSTOM, provider: { name: x } }',
      'spec.rules',
    ],
    [
      'CUSTOM that asks for an identity',
      '{ action: CUSTOM, provider: { name: x }, rules: [{ from: [{ source: { principals: ["*"] } }] }] }',
      'spec.rules[0].from[0].source.principals',
    ],
    [
      'CUSTOM with a key of an identity',
      '{ action: CUSTOM, provider: { name: x }, rules: [{ when: [{ key: source.principal, values: [x] }] }] }',
      'spec.rules[0].when[0].key',
    ],
    [
      'a provider with another action',
      '{ provider: { name: x }, rules: [{}] }',
      'spec.provider',
    ],
    ['DENY without rules', '{ action: DENY }', 'spec.rules'],
    ['DENY with no rule', '{ action: DENY, rules: [] }', 'spec.rules'],
    ['a rule that is null', '{ rules: [null] }', 'spec.rules[0]'],
    ['more than 512 rules', `{ rules: ${many(513, '{}')} }`, 'spec.rules'],
    [
      'more than 16 service accounts',
      `{ rules: [{ from: [{ source: { serviceAccounts: ${many(
        17,
        'a',
      )} } }] }] }`,
      'spec.rules[0].from[0].source.serviceAccounts',
    ],
    [
      'a selector beside targets',
      '{ selector: { matchLabels: { app: orders } }, targetRefs: [{ kind: Service, name: orders }] }',
      'spec.selector',
    ],
    [
      'a target in another namespace',
      '{ targetRefs: [{ kind: Service, name: orders, namespace: other }] }',
      'spec.targetRefs[0].namespace',
    ],
    [
      'a target of another kind',
      '{ targetRefs: [{ group: apps, kind: Deployment, name: orders }] }',
      'spec.targetRefs[0]',
    ],
    [
      'a target without a name',
      '{ targetRefs: [{ kind: Service }] }',
      'spec.targetRefs[0].name',
    ],
    [
      'more than 16 targets',
      `{ targetRefs: ${many(17, '{ kind: Service, name: orders }')} }`,
      'spec.targetRefs',
    ],
    [
      'both spellings of targets',
      '{ targetRef: { kind: Service, name: a }, targetRefs: [{ kind: Service, name: b }] }',
      'spec.targetRef',
    ],
    ['targets that are no list', '{ targetRefs: orders }', 'spec.targetRefs'],
    ['a target that is text', '{ targetRef: orders }', 'spec.targetRef'],
    [
      'a target whose group is a number',
      '{ targetRefs: [{ group: 1, kind: Service, name: orders }] }',
      'spec.targetRefs[0].group',
    ],
    ['a selector that is text', '{ selector: orders }', 'spec.selector'],
    [
      'labels of a selector that are text',
      '{ selector: { matchLabels: orders } }',
      'spec.selector.matchLabels',
    ],
    [
      'a label longer than 63 characters',
      `{ selector: { matchLabels: { app: ${'x'.repeat(64)} } } }`,
      'spec.selector.matchLabels.app',
    ],
  ])('%s: the field is named', (_, spec, field) => {
    expect(
      worldOf(shop + policy(spec), sidecar).findings.map(({ code, at }) => [
        code,
        at?.field,
      ]),
    ).toEqual([['invalid-object', field]]);
  });

  it('admit nothing, and what an earlier version refuses is not known', () => {
    expect(kinds(shop + policy('{ action: DENY }'), {}, sidecar)).toEqual([
      'invalid-object',
    ]);
  });
});

/** Istio's `checkDryRunAnnotation` and `ValidatePeerAuthentication`. */
describe('Objects of Istio that it would reject', () => {
  const object = (kind: string, spec: string, annotations: string) =>
    `apiVersion: security.istio.io/v1\nkind: ${kind}\nmetadata: { name: p, namespace: shop, annotations: { ${annotations} } }\nspec: ${spec}\n---\n`;
  const dryRun = (value: string) => `istio.io/dry-run: "${value}"`;
  const annotation = 'metadata.annotations.istio.io/dry-run';

  it.each([
    ['AuthorizationPolicy', '{ action: AUDIT, rules: [{}] }', dryRun('true')],
    ['AuthorizationPolicy', '{ rules: [{}] }', dryRun('yes')],
    ['PeerAuthentication', '{ mtls: { mode: STRICT } }', dryRun('false')],
  ])('%s %s with the annotation %s', (kind, spec, annotations) => {
    expect(
      worldOf(shop + object(kind, spec, annotations), sidecar).findings.map(
        ({ code, message }) => [code, message.includes(annotation)],
      ),
    ).toEqual([['invalid-object', true]]);
  });

  it.each([
    ['{ mtls: STRICT }', 'spec.mtls must be an object'],
    ['{ mtls: [STRICT] }', 'spec.mtls must be an object'],
    ['{ mtls: { Mode: STRICT } }', 'spec.mtls.Mode is no field of mutual TLS'],
    ['{ selector: orders }', 'spec.selector must be an object'],
    [
      '{ selector: { matchLabels: [orders] } }',
      'spec.selector.matchLabels must be an object',
    ],
    ['{ portLevelMtls: 8080 }', 'spec.portLevelMtls must be an object'],
    [
      '{ selector: { matchLabels: { app: orders } }, portLevelMtls: { 8080: STRICT } }',
      'spec.portLevelMtls.8080 must be an object',
    ],
    [
      '{ selector: { matchLabels: { app: orders } }, portLevelMtls: { 8080: { mode: STRICT, port: 1 } } }',
      'spec.portLevelMtls.8080.port is no field of mutual TLS',
    ],
    [
      '{ selector: { matchLabels: { app: orders } }, portLevelMtls: { "8e3": { mode: STRICT } } }',
      'spec.portLevelMtls.8e3 is no port',
    ],
    [
      '{ selector: { matchLabels: { app: orders } }, portLevelMtls: { 8080: null } }',
      'spec.portLevelMtls must name a port',
    ],
    ['[]', 'spec must be an object'],
  ])('PeerAuthentication of other shapes: %s', (spec, message) => {
    expect(
      worldOf(
        shop + object('PeerAuthentication', spec, ''),
        sidecar,
      ).findings.map(each => [each.code, each.message]),
    ).toEqual([['invalid-object', `PeerAuthentication shop/p: ${message}.`]]);
  });

  it('PeerAuthentication that names no port', () => {
    const spec =
      '{ selector: { matchLabels: { app: orders } }, portLevelMtls: {} }';
    expect(
      worldOf(
        shop + object('PeerAuthentication', spec, ''),
        sidecar,
      ).findings.map(({ code, message }) => [code, message]),
    ).toEqual([
      [
        'invalid-object',
        'PeerAuthentication shop/p: spec.portLevelMtls must name a port.',
      ],
    ]);
  });
});
