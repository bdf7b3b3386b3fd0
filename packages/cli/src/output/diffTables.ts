import type { Access, DiffResult } from '@callgate/policy';
import { accessText, callText, endpointText } from './accessText';
import type { TextTable } from './renderTable';

/** One table for access, one for layers, one for isolation. */
export function diffTables(result: DiffResult): TextTable[] {
  return [
    {
      title: 'Access',
      header: ['', 'from', 'to', 'access', 'for example'],
      rows: [
        ...result.gained.map(edge =>
          row('+', edge.from, edge.to, edge.access, callText(edge.witness)),
        ),
        ...result.lost.map(edge =>
          row('-', edge.from, edge.to, edge.access, callText(edge.witness)),
        ),
        ...result.changed.flatMap(edge => [
          ...(edge.gained.length > 0
            ? [
                row(
                  '+',
                  edge.from,
                  edge.to,
                  edge.gained,
                  callText(edge.witness),
                ),
              ]
            : []),
          ...(edge.lost.length > 0
            ? [row('-', edge.from, edge.to, edge.lost, callText(edge.witness))]
            : []),
        ]),
      ],
      whenEmpty: 'Nobody gains or loses access.',
    },
    {
      title: 'Single layers, where the whole stays the same',
      header: ['', 'layer', 'from', 'to', 'access', 'for example'],
      rows: result.layers.flatMap(change =>
        (['gained', 'lost'] as const)
          .filter(side => change[side].length > 0)
          .map(side => [
            side === 'gained' ? '+' : '-',
            change.layer,
            endpointText(change.from),
            endpointText(change.to),
            change[side].map(accessText).join(', '),
            callText(change.witness),
          ]),
      ),
      whenEmpty: 'No layer gains or loses anything.',
    },
    {
      title: 'Isolation',
      header: ['workload', 'direction', 'layer', 'ports', 'before', 'after'],
      rows: result.isolation.map(flip => [
        flip.workload,
        flip.direction,
        flip.layer,
        flip.ports,
        flip.before,
        flip.after,
      ]),
      whenEmpty: 'No workload is isolated or opened.',
    },
  ];
}

function row(
  mark: '+' | '-',
  from: Parameters<typeof endpointText>[0],
  to: Parameters<typeof endpointText>[0],
  access: readonly Access[],
  example: string,
): string[] {
  return [
    mark,
    endpointText(from),
    endpointText(to),
    access.map(accessText).join(', '),
    example,
  ];
}
