import {
  compileShop,
  policyText,
  shopCatalog,
  shopCluster,
} from '../__fixtures__/shop';
import type { Compilation } from '../compile/types';
import { meaning } from '../meaning/meaning';
import { compareMeaning } from '../meaning/compareMeaning';
import type { CatalogEntity } from '../model/types';
import { prove } from './prove';

const API = 'api:default/orders';
const CART = policyText('orders', ['cart: createOrder']);
const WITH_CHECKOUT = policyText('orders', [
  'cart: createOrder',
  'checkout: listOrders',
]);
const cluster = shopCluster();

/** `cart` takes in more workloads than it did. */
const widened: CatalogEntity[] = shopCatalog().map(entity =>
  entity.metadata.name === 'cart'
    ? {
        ...entity,
        metadata: {
          ...entity.metadata,
          annotations: {
            'backstage.io/kubernetes-label-selector': 'app in (cart, stock)',
            'backstage.io/kubernetes-namespace': 'shop',
          },
        },
      }
    : entity,
);

/** The tip, whose files were written with the catalog as it was, and a change, both read with the catalog as it is. */
function change(options: {
  files: Compilation['files'];
  before: string;
  after: string;
  catalog: CatalogEntity[];
}) {
  const { files, catalog } = options;
  const of = (text: string) =>
    compileShop([text], cluster, [...files], catalog);
  const before = {
    compilation: of(options.before),
    clusters: [cluster],
    files,
  };
  const after = { compilation: of(options.after), clusters: [cluster] };
  return {
    before,
    after,
    meaning: meaning({ before, after, api: API, catalog }),
  };
}

describe('what a proposal opens beside what it is about', () => {
  const files = compileShop([CART], cluster).files;
  const approved = change({
    files,
    before: CART,
    after: WITH_CHECKOUT,
    catalog: shopCatalog(),
  });
  const later = change({
    files,
    before: CART,
    after: WITH_CHECKOUT,
    catalog: widened,
  });

  it('is part of its meaning, whatever opens it', () => {
    expect(approved.meaning.restored).toEqual([]);
    expect(later.meaning.gained.map(({ caller }) => caller)).toEqual([
      'component:default/checkout',
    ]);
    expect(later.meaning.restored).toMatchObject([
      {
        caller: 'component:default/cart',
        clusters: [{ from: ['shop/Deployment/stock'] }],
      },
    ]);
    expect(later.meaning.text).toContain('restores cart → createOrder');
  });

  it('asks who approved before again', () => {
    expect(compareMeaning(approved.meaning, later.meaning)).toMatchObject({
      result: 'wider',
    });
  });

  it('blocks a proposal whose approval did not show it', () => {
    const proof = prove({ ...later, approved: [approved.meaning.content] });
    expect(proof.holds).toBe(false);
    expect(proof.unapproved).toMatchObject([
      { from: 'shop/Deployment/stock', to: 'shop/Deployment/orders' },
    ]);
    expect(prove({ ...later, approved: [later.meaning.content] }).holds).toBe(
      true,
    );
  });

  it('is told where somebody removed from the manifests by hand what is granted', () => {
    const both = compileShop([WITH_CHECKOUT], cluster).files;
    const cut = both.map(file => ({
      ...file,
      text: file.text
        .replace('- cluster.local/ns/shop/sa/cart', '- cluster.local/ns/x/sa/x')
        .replace('app: cart', 'app: nobody'),
    }));
    const restoring = change({
      files: cut,
      before: WITH_CHECKOUT,
      after: policyText('orders', [
        'cart: createOrder',
        'checkout: listOrders',
        'stock: getOrder',
      ]),
      catalog: shopCatalog(),
    });
    expect(restoring.meaning.restored.map(({ caller }) => caller)).toEqual([
      'component:default/cart',
    ]);
    const { content } = restoring.meaning;
    expect(prove({ ...restoring, approved: [content] }).holds).toBe(true);
    const unseen = {
      ...content,
      edges: content.edges.filter(
        ({ caller }) => caller !== 'component:default/cart',
      ),
    };
    expect(prove({ ...restoring, approved: [unseen] }).holds).toBe(false);
  });
});
