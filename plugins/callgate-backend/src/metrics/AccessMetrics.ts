import type { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import type { AccessRequest } from '@callgate/plugin-callgate-common';
import { type Histogram, type Meter, metrics } from '@opentelemetry/api';
import { OPEN_STATES } from '../access/requestLifecycle';
import type { AccessCounts } from '../database/DatabaseCounts';
import type { EstateSnapshot } from '../estate/EstateReader';

/** A working day is eight hours; most decisions take from minutes to weeks. */
const DECISION_SECONDS = [
  60, 600, 3_600, 14_400, 28_800, 86_400, 259_200, 604_800, 2_592_000,
];

/**
 * Figures of how access goes its way, by OpenTelemetry, as Backstage's own backends have theirs: whoever runs an SDK with an
 * exporter beside the backend gets them, and without one they cost nothing. They name no person, entity or cluster.
 *
 * `callgate.requests`, `callgate.requests.age`, `callgate.request.decision.duration`, `callgate.proposals`, `callgate.queue`,
 * `callgate.queue.failing`, `callgate.estate.age`.
 */
export class AccessMetrics {
  static create(options: {
    counts: { read(): Promise<AccessCounts> };
    estate: { readonly latest: Pick<EstateSnapshot, 'readAt'> | undefined };
    logger: LoggerService;
    now: () => number;
    /** That of whoever runs an SDK, by default. */
    meter?: Meter;
  }): AccessMetrics {
    const { meter = metrics.getMeter('callgate') } = options;
    const made = new AccessMetrics(
      meter.createHistogram('callgate.request.decision.duration', {
        description:
          'From when a request was sent, or sent again, to when people approved or rejected it',
        unit: 's',
        advice: { explicitBucketBoundaries: DECISION_SECONDS },
      }),
    );
    observe(meter, options);
    return made;
  }

  private constructor(private readonly duration: Histogram) {}

  /** Somebody decided on a request. What still waits for others is not decided. */
  decided({ kind, state, timeline }: AccessRequest): void {
    const decision = timeline.at(-1);
    if (decision?.event !== 'approve' && decision?.event !== 'reject') return;
    if (decision.from === decision.to) return;
    const asked = timeline.filter(
      ({ to, event }) => to === 'submitted' && event !== 'approve',
    );
    const sent = asked.at(-1);
    if (!sent) return;
    const seconds = (Date.parse(decision.at) - Date.parse(sent.at)) / 1000;
    this.duration.record(seconds, { kind, state });
  }
}

/** Asks the database once for all that is counted, when somebody collects. */
function observe(
  meter: Meter,
  {
    counts,
    estate,
    logger,
    now,
  }: Omit<Parameters<typeof AccessMetrics.create>[0], 'meter'>,
): void {
  const gauge = (name: string, description: string, unit = '1') =>
    meter.createObservableGauge(name, { description, unit });
  const requests = gauge('callgate.requests', 'Requests by kind and state');
  const age = gauge(
    'callgate.requests.age',
    'How long the oldest open request of a kind has been in its state',
    's',
  );
  const proposals = gauge('callgate.proposals', 'Pull requests by state');
  const queue = gauge(
    'callgate.queue',
    'APIs whose pull request is to be built',
  );
  const failing = gauge(
    'callgate.queue.failing',
    'Of these, those whose last attempt failed',
  );
  const read = gauge(
    'callgate.estate.age',
    'Since when what runs was read last without a problem',
    's',
  );
  const secondsSince = (moment: number) => Math.max(0, (now() - moment) / 1000);
  meter.addBatchObservableCallback(
    async result => {
      const { readAt } = estate.latest ?? {};
      if (readAt) result.observe(read, secondsSince(Date.parse(readAt)));
      let found: AccessCounts;
      try {
        found = await counts.read();
      } catch (error) {
        logger.warn(`Nothing could be counted: ${stringifyError(error)}`);
        return;
      }
      for (const { kind, state, count, since } of found.requests) {
        result.observe(requests, count, { kind, state });
        if (OPEN_STATES.includes(state))
          result.observe(age, secondsSince(since), { kind, state });
      }
      for (const { state, count } of found.proposals)
        result.observe(proposals, count, { state });
      result.observe(queue, found.queue.waiting);
      result.observe(failing, found.queue.failing);
    },
    [requests, age, proposals, queue, failing, read],
  );
}
