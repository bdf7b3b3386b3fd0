import { z } from 'zod';
import { shapeMessage } from './shapeMessage';

describe('shapeMessage', () => {
  it.each([
    [z.object({}), null, 'spec: expected object, found null'],
    [z.literal('a'), 'b', 'spec: expected "a"'],
    [z.enum(['a', 'b']), 'c', 'spec: expected one of "a"|"b"'],
    [
      z.string().refine(() => false, 'must be short'),
      'x',
      'spec must be short',
    ],
  ])('says what was expected at the place, %#', (schema, value, said) => {
    const { error } = schema.safeParse(value);
    expect(shapeMessage('spec', error!.issues[0].message)).toBe(said);
  });
});
