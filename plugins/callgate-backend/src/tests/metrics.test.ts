import { metrics } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { startShop, type RunningShop } from '../__testUtils__/startShop';
import { approve, DRAFT, send } from '../__testUtils__/steps';

jest.setTimeout(120_000);

const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const reader = new PeriodicExportingMetricReader({
  exporter,
  // Longer than any test: what is collected is asked for.
  exportIntervalMillis: 3_600_000,
});
const provider = new MeterProvider({ readers: [reader] });
let shop: RunningShop;

beforeAll(async () => {
  // As a process that runs OpenTelemetry's SDK does it before the backend starts.
  metrics.setGlobalMeterProvider(provider);
  shop = await startShop();
});
afterAll(async () => {
  await shop?.stop();
  await provider.shutdown();
  metrics.disable();
});

/** Every figure, as `name attribute=value … value`; of a histogram how many and the sum. */
async function collected(): Promise<string[]> {
  const { resourceMetrics } = await reader.collect();
  return resourceMetrics.scopeMetrics
    .flatMap(scope => scope.metrics)
    .flatMap(({ descriptor, dataPoints }) =>
      dataPoints.map(({ attributes, value }) => {
        const said = Object.entries(attributes).map(
          ([key, text]) => `${key}=${text}`,
        );
        const figure =
          typeof value === 'object' && 'count' in value ? value.count : value;
        return [descriptor.name, ...said.sort(), figure].join(' ');
      }),
    );
}

describe('figures for operators', () => {
  it('count requests by kind and state, and how long people took to decide', async () => {
    const first = await send(shop, 'priya');
    await send(shop, 'priya', {
      ...DRAFT,
      operations: [{ id: 'getOrder' }],
      reason: 'another one',
    });
    expect(await collected()).toEqual(
      expect.arrayContaining([
        'callgate.requests kind=new state=submitted 2',
        'callgate.queue 0',
      ]),
    );
    await approve(shop, 'omar', first);
    const figures = await collected();
    expect(figures).toEqual(
      expect.arrayContaining([
        'callgate.requests kind=new state=submitted 1',
        'callgate.request.decision.duration kind=new state=approved 1',
      ]),
    );
    const names = new Set(figures.map(each => each.split(' ')[0]));
    expect(names).toContain('callgate.requests.age');
    expect(names).toContain('callgate.estate.age');
  });

  it('name nobody and nothing', async () => {
    for (const figure of await collected())
      expect(figure).not.toMatch(/priya|omar|orders|checkout|prod-eu|default/);
  });
});
