import { ATTACHED, ATTACHED_ONCE, duration, name, selector } from './common';
import {
  atMostOne,
  fields,
  flag,
  list,
  map,
  number,
  oneOf,
  text,
} from './shape';

const providers = list(fields({ name }, { required: ['name'] }));
const side = oneOf(
  'is no side of a call',
  'CLIENT_AND_SERVER',
  'CLIENT',
  'SERVER',
);

export const telemetry = fields(
  {
    ...ATTACHED,
    accessLogging: list(
      fields({
        match: fields({ mode: side }),
        providers,
        disabled: flag,
        filter: fields({ expression: text() }),
      }),
    ),
    metrics: list(
      fields({
        providers,
        overrides: list(
          fields({
            match: fields(
              { mode: side, customMetric: name },
              { rules: [atMostOne('metric', 'customMetric')] },
            ),
            disabled: flag,
          }),
        ),
        reportingInterval: duration,
      }),
    ),
    tracing: list(
      fields({
        match: fields({ mode: side }),
        providers,
        randomSamplingPercentage: number({ least: 0, most: 100 }, false),
        disableSpanReporting: flag,
      }),
    ),
  },
  { rules: [ATTACHED_ONCE] },
);

export const proxyConfig = fields({
  selector,
  concurrency: number({ least: 0, most: 2_147_483_647 }),
  environmentVariables: map(text({ most: 2048 })),
  image: fields({ imageType: text() }),
});
