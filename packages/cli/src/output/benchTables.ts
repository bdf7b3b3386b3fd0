import type { OtherMeasurement } from '../bench/compareWithNca';
import type { Measurement } from '../bench/measure';
import type { TextTable } from './renderTable';

const short = (ms: number) =>
  ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms.toFixed(2)} ms`;

function perUnit({ cpuMs, units }: Measurement): string {
  if (!units) return '';
  const micro = (cpuMs * 1000) / units.count;
  return `${micro.toFixed(1)} µs/${units.name}`;
}

/** Measurements as tables, with what an earlier run and another analyzer took. */
export function benchTables(
  result: {
    measurements: readonly Measurement[];
    others: readonly OtherMeasurement[];
    growth?: number;
  },
  earlier: readonly Pick<Measurement, 'id' | 'cpuMs'>[],
): TextTable[] {
  const { measurements, others, growth } = result;
  const tables: TextTable[] = [
    {
      header: [
        'id',
        'what',
        'cpu',
        'clock',
        'each',
        'peak MB',
        ...(earlier.length > 0 ? ['before', 'ratio'] : []),
      ],
      rows: measurements.map(each => {
        const before = earlier.find(({ id }) => id === each.id);
        return [
          each.id,
          each.what,
          short(each.cpuMs),
          short(each.wallMs),
          perUnit(each),
          each.peakMb.toFixed(0),
          ...(earlier.length === 0
            ? []
            : [
                before ? short(before.cpuMs) : '',
                before ? (each.cpuMs / before.cpuMs).toFixed(2) : '',
              ]),
        ];
      }),
      whenEmpty: 'Nothing was measured.',
    },
  ];
  if (growth !== undefined)
    tables.push({
      title: 'Growth of reach with the number of workloads',
      header: ['exponent'],
      rows: [[growth.toFixed(2)]],
      whenEmpty: '',
    });
  if (others.length > 0)
    tables.push({
      title: 'network-config-analyzer on the same worlds',
      header: ['id', 'cpu', 'clock', 'times our CPU', 'problem'],
      rows: others.map(other => {
        const own = measurements.find(({ id }) => id === other.id);
        return [
          other.id,
          short(other.cpuMs),
          short(other.wallMs),
          own && other.problem === undefined
            ? (other.cpuMs / own.cpuMs).toFixed(0)
            : '',
          other.problem ?? '',
        ];
      }),
      whenEmpty: '',
    });
  return tables;
}
