import { renderTable } from './renderTable';

const table = {
  header: ['from', 'message'],
  rows: [
    ['shop/Deployment/checkout', 'may call orders with GET and with POST'],
    ['a', 'b'],
  ],
  whenEmpty: 'Nothing.',
};

describe('a table', () => {
  it('has lines as long as its cells where nobody says how long they may be', () => {
    expect(renderTable(table).split('\n')[1]).toBe(
      'shop/Deployment/checkout  may call orders with GET and with POST',
    );
  });

  it.each([60, 45, 30])('fits %i characters, and loses none', columns => {
    const lines = renderTable(table, columns).trimEnd().split('\n');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
    const letters = (text: string) => text.replace(/\s/g, '').split('').sort();
    expect(letters(lines.join(''))).toEqual(letters(renderTable(table)));
  });

  it('is wider than the terminal where that would leave columns of no use', () => {
    expect(renderTable(table, 5)).toContain('shop/Deploym');
  });
});
