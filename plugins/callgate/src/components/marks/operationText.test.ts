import type { Operation } from '@callgate/plugin-callgate-common';
import { operationInput, operationText } from './operationText';

/** What an API without methods offers: its one operation is known by its id, and on which port it is, the Service says. */
const WHOLE_API: Operation = { id: 'port', kind: 'port', writes: true };

describe('a whole port', () => {
  it('is asked for by its id where no number is known, and never as port 0', () => {
    expect(operationInput(WHOLE_API)).toEqual({ id: 'port' });
    expect(operationText(WHOLE_API)).toBe('everything');
  });

  it('is asked for by its number where somebody chose one', () => {
    const postgres: Operation = {
      kind: 'port',
      port: 5432,
      protocol: 'TCP',
      writes: true,
    };
    expect(operationInput(postgres)).toEqual({ tcp: { port: 5432 } });
    expect(operationText(postgres)).toBe('TCP 5432');
    expect(operationInput({ ...postgres, port: 53, protocol: 'UDP' })).toEqual({
      udp: { port: 53 },
    });
  });
});
