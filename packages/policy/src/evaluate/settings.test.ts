import { policy, shop } from './__testUtils__/ask';
import { worldOf } from './__testUtils__/worlds';
import { explain } from './explain';

const object = (apiVersion: string, kind: string, name: string, spec: string) =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: ${name}, namespace: shop }\nspec: ${spec}\n---\n`;
const tokens = (name: string, spec: string) =>
  object('security.istio.io/v1', 'RequestAuthentication', name, spec);
const JWT = 'jwtRules: [{ issuer: a, jwksUri: "https://a.example" }]';

function considered(text: string) {
  const { objects } = explain(worldOf(shop + text, { mesh: 'sidecar' }), {
    from: 'shop/Deployment/checkout',
    to: 'shop/Deployment/orders',
    port: 8080,
  });
  return objects
    .filter(({ kind }) => kind !== 'AuthorizationPolicy')
    .map(({ kind, name, considered: isUsed, text: why }) => [
      `${kind} ${name}`,
      isUsed,
      why,
    ]);
}

describe('objects that say little about access', () => {
  it('are named with what they say: Telemetry and ProxyConfig, and nothing for other workloads', () => {
    expect(
      considered(
        object('telemetry.istio.io/v1', 'Telemetry', 'logs', '{}') +
          object(
            'telemetry.istio.io/v1',
            'Telemetry',
            'others',
            '{ selector: { matchLabels: { app: pay } } }',
          ) +
          object(
            'networking.istio.io/v1beta1',
            'ProxyConfig',
            'threads',
            '{ concurrency: 2 }',
          ) +
          object(
            'networking.istio.io/v1beta1',
            'ProxyConfig',
            'hbone',
            '{ environmentVariables: { ISTIO_META_ENABLE_HBONE: "true" } }',
          ),
      ),
    ).toEqual([
      [
        'Telemetry logs',
        false,
        'It is about metrics, traces and logs, and says nothing about access.',
      ],
      [
        'ProxyConfig threads',
        false,
        'It says nothing about access: settings of proxies do not.',
      ],
      ['ProxyConfig hbone', true, 'It says whether proxies take HBONE.'],
    ]);
  });

  it('are named with what a request without a token may do, and whether anybody asks for one', () => {
    const all =
      tokens('own', `{ ${JWT} }`) +
      tokens('none', '{}') +
      tokens('others', `{ selector: { matchLabels: { app: pay } }, ${JWT} }`) +
      tokens('wrong', '{ jwtRules: [{ issuer: "" }] }');
    const rest = [
      [
        'RequestAuthentication none',
        false,
        'It has no jwtRules, and validates nothing.',
      ],
      [
        'RequestAuthentication wrong',
        false,
        'The API server would refuse it: spec.jwtRules[0].issuer must be a text that is not empty.',
      ],
    ];
    expect(considered(all)).toEqual([
      [
        'RequestAuthentication own',
        false,
        'It refuses tokens that are wrong; a request without one passes, and no policy here asks for any.',
      ],
      ...rest,
    ]);
    const asks = policy(
      '{ rules: [{ from: [{ source: { requestPrincipals: ["*"] } }] }] }',
    );
    expect(considered(all + asks)).toEqual([
      [
        'RequestAuthentication own',
        true,
        'Tokens are validated for shop/Deployment/orders, and a policy asks what they say, which is not judged.',
      ],
      ...rest,
    ]);
  });
});
