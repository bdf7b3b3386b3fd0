import { Cache } from './Cache';
import { TooComplexError } from './budget';
import { Memo } from './Memo';

describe('Cache', () => {
  it('holds no more than twice its capacity and one value, however long it is used', () => {
    const cache = new Cache<number>(value => value, 1_000);
    for (let i = 0; i < 10_000; i++) {
      cache.set(`${i}`, i % 300);
      expect(cache.weight).toBeLessThanOrEqual(2 * (1_000 + 304));
    }
    expect(cache.get('0')).toBeUndefined();
    expect(cache.get('9999')).toBe(9999 % 300);
  });

  it('keeps what is in use', () => {
    const cache = new Cache<number>(() => 10, 200);
    cache.set('used', 7);
    for (let i = 0; i < 1_000; i++) {
      cache.set(`${i}`, i);
      expect(cache.get('used')).toBe(7);
    }
  });

  it('never forgets what is pinned', () => {
    const cache = new Cache<{ name: string }>(() => 100, 100);
    const constant = { name: 'nothing' };
    cache.pin('constant', constant);
    for (let i = 0; i < 100; i++) cache.set(`${i}`, { name: `${i}` });
    expect(cache.get('constant')).toBe(constant);
  });
});

describe('Memo', () => {
  it('asks once, also where there is no answer', () => {
    const memo = new Memo<number>(() => 1);
    let asked = 0;
    const refuse = () => {
      asked++;
      throw new TooComplexError('more than anybody has');
    };
    expect(() => memo.get('a', refuse)).toThrow('more than anybody has');
    expect(() => memo.get('a', refuse)).toThrow('more than anybody has');
    expect(memo.get('b', () => 5)).toBe(5);
    expect(memo.get('b', refuse)).toBe(5);
    expect(asked).toBe(1);
  });

  it('does not remember a mistake of ours as an answer', () => {
    const memo = new Memo<number>(() => 1);
    const broken = () => {
      throw new TypeError('broken');
    };
    expect(() => memo.get('a', broken)).toThrow(TypeError);
    expect(memo.get('a', () => 1)).toBe(1);
  });
});
