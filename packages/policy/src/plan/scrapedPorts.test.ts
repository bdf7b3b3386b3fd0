import { planYaml } from './__testUtils__/planYaml';
import { CATALOG, ESTATE, grant, policy } from './__testUtils__/yaml';

/** The estate of the other tests with annotations on the pods of orders and on its Service. */
function messages(
  about: { pods?: object; service?: object; policy?: Record<string, unknown> },
  profile = '{ mesh: { mode: none } }',
): string[] {
  const estate = ESTATE.map(text => {
    const object = JSON.parse(text);
    if (object.metadata.name !== 'orders') return text;
    if (object.kind === 'Service')
      object.metadata.annotations = about.service ?? {};
    if (object.kind === 'Deployment')
      object.spec.template.metadata.annotations = about.pods ?? {};
    return JSON.stringify(object);
  });
  return planYaml({
    catalog: CATALOG,
    policies: [
      policy(
        [
          grant('component:default/checkout', {
            acknowledges: ['method-not-enforced'],
          }),
        ],
        about.policy,
      ),
    ],
    estate: { prod: estate },
    profiles: { prod: profile },
  })
    .findings.filter(({ code }) => code === 'scraped-port-closed')
    .map(({ message }) => message);
}

const scraped = { 'prometheus.io/scrape': 'true' };
const on = (port: string) => ({ ...scraped, 'prometheus.io/port': port });

describe('ports that Prometheus is asked to scrape', () => {
  it('are named when they close, and nobody is stated who scrapes them', () => {
    expect(messages({ service: on('9102') })).toEqual([
      'Prometheus is asked to scrape TCP 9102 (annotation of Service shop/orders) of shop/Deployment/orders; the profile of prod has no scraper for it, so only a grant lets one in',
    ]);
  });

  it('are every port of the pods, and the ports behind the Service, where no annotation names one', () => {
    const [message] = messages({ pods: scraped, service: scraped });
    expect(message).toContain(
      'TCP 8080 (annotation of its pods and of Service shop/orders)',
    );
  });

  it('are 15020 of pods with a sidecar, which the injector points the annotation at, unless they opt out', () => {
    const sidecar = '{ mesh: { mode: sidecar } }';
    expect(messages({ pods: on('8080') }, sidecar)[0]).toContain('TCP 15020 (');
    const optOut = { 'prometheus.istio.io/merge-metrics': 'false' };
    expect(
      messages({ pods: { ...on('8080'), ...optOut } }, sidecar)[0],
    ).toContain('TCP 8080 (');
  });

  it.each([
    ['nothing asks for it', { pods: {}, service: {} }],
    [
      'the annotation says no',
      { service: { 'prometheus.io/scrape': 'false' } },
    ],
    ['nothing is enforced', { service: scraped, policy: { mode: 'observe' } }],
  ])('are none when %s', (_, about) => {
    expect(messages(about)).toEqual([]);
  });

  it('are none when the profile states a scraper with the port, also in a range', () => {
    const scraper = (ports: string) =>
      `{ mesh: { mode: none }, scrapers: [{ namespace: monitoring, ports: [${ports}] }] }`;
    const about = { service: on('9102') };
    expect(messages(about, scraper('{ port: 9100, endPort: 9110 }'))).toEqual(
      [],
    );
    expect(
      messages(about, scraper('{ port: 9102, protocol: UDP }')),
    ).toHaveLength(1);
  });

  it.each(['metrics', '', '65536', '-1'])(
    'a port annotation that is no port (%s) counts as none',
    text => {
      expect(messages({ service: on(text) })[0]).toContain('TCP 8080 (');
    },
  );
});
