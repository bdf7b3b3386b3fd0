import { mayMatchSelector, parseLabelSelectorText } from './labelSelector';

describe('parseLabelSelectorText', () => {
  const labels = { app: 'web', track: 'canary', 'x.io/y': '' };

  it.each([
    ['app=web', true],
    ['app==web', true],
    ['app = web', true],
    ['app=web,track=stable', false],
    ['app!=web', false],
    ['missing!=web', true],
    ['track in (stable, canary)', true],
    ['track notin (stable,canary)', false],
    ['missing notin (a)', true],
    ['app', true],
    ['!app', false],
    ['!missing', true],
    ['x.io/y=', true],
    ['constructor', false],
  ])('%s fits: %s', (text, fits) => {
    expect(parseLabelSelectorText(text)?.fits(labels)).toBe(fits);
  });

  it.each(['', ' ', ',', 'app=web=x', 'app in web', 'a b', 'app in (a', '=x'])(
    '%j is no selector, and never one that selects everything',
    text => {
      expect(parseLabelSelectorText(text)).toBeUndefined();
    },
  );
});

describe('mayMatchSelector', () => {
  it('reads matchLabels and matchExpressions together', () => {
    const selector = {
      matchLabels: { app: 'web' },
      matchExpressions: [{ key: 'track', operator: 'NotIn', values: ['old'] }],
    };
    expect(mayMatchSelector(selector, { podLabels: { app: 'web' } })).toBe(
      true,
    );
    expect(
      mayMatchSelector(selector, { podLabels: { app: 'web', track: 'old' } }),
    ).toBe(false);
    expect(mayMatchSelector({}, { podLabels: {} })).toBe(true);
  });

  it('takes what it cannot read as selecting', () => {
    expect(
      mayMatchSelector(
        { matchExpressions: [{ key: 'a', operator: 'Gt', values: ['1'] }] },
        { podLabels: {} },
      ),
    ).toBe(true);
    expect(mayMatchSelector('all', { podLabels: {} })).toBe(true);
  });
});
