import { finding, findingTexts } from './findings';
import {
  detail,
  details,
  entities,
  entity,
  idText,
  said,
  sayWords,
  workload,
  workloads,
} from './words';

const titles = {
  workload: (id: string) =>
    ({ 'shop/Deployment/orders': 'Orders', 'shop/Deployment/cart': 'Cart' }[
      id
    ] ?? 'a workload'),
  entity: (ref: string) => ref.toUpperCase(),
};

describe('words', () => {
  it('are ids for whoever works on files, and names for a reader', () => {
    const words = said`${workload('shop/Deployment/cart')} calls ${entity(
      'api:default/orders',
    )} on ${8080}${detail(' (ingress[0])', '')}`;
    expect(idText(words)).toBe(
      'shop/Deployment/cart calls api:default/orders on 8080 (ingress[0])',
    );
    expect(sayWords(words, titles)).toBe(
      'Cart calls API:DEFAULT/ORDERS on 8080',
    );
  });

  it('tell names that are alike once, and count more than five', () => {
    const ids = ['shop/Deployment/cart', 'a/Job/b', 'a/Job/c'];
    expect(sayWords(said`also ${workloads(ids)}`, titles)).toBe(
      'also Cart, a workload',
    );
    const many = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    expect(sayWords(said`${entities(many, ' and ')} do`, titles)).toBe(
      'A, B, C, D, E and 2 more do',
    );
  });

  it('count objects that are looked up elsewhere', () => {
    const kinds = ['a hand-written policy', 'hand-written policies'] as const;
    const by = (...names: string[]) => said`closed by ${details(names, kinds)}`;
    expect(sayWords(by('a'), titles)).toBe('closed by a hand-written policy');
    expect(sayWords(by('a', 'b'), titles)).toBe(
      'closed by 2 hand-written policies',
    );
    expect(idText(by('a', 'b'))).toBe('closed by a, b');
  });

  it('never read names in text that looks like one', () => {
    expect(sayWords(said`${'shop/Deployment/cart'} is text`, titles)).toBe(
      'shop/Deployment/cart is text',
    );
  });
});

describe('texts of a finding', () => {
  it('name what it is about as the reader knows it, and advise whoever decides', () => {
    const found = finding(
      'identity-not-enforceable',
      said`${workload('shop/Deployment/cart')} is not in the mesh`,
      { objects: ['shop/Deployment/cart'] },
    );
    expect(found.message).toBe('shop/Deployment/cart is not in the mesh');
    expect(found.fix).toContain('acknowledge identity-not-enforced');
    expect(findingTexts(found, titles)).toEqual({
      message: 'Cart is not in the mesh',
      fix: 'Bring the caller into the mesh, or accept the gap that identities are not enforced.',
    });
  });

  it('are those that were stored, of a finding without words', () => {
    const { words: _, ...stored } = finding('port-not-found', 'a has no port', {
      objects: ['a'],
      fix: said`Ask ${entity('group:default/a')}.`,
    });
    expect(findingTexts(stored, titles)).toEqual({
      message: 'a has no port',
      fix: 'Ask group:default/a.',
    });
  });
});
