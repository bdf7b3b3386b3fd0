import { join, resolve } from 'node:path';
import { findEstates } from './findEstates';

/** A company with policies by hand, where its files are, and how it is imported. */
export interface Estate {
  name: string;
  /** Files and folders with entities. */
  catalog: readonly string[];
  /** Folder of definitions that do not lie beside the catalog. */
  definitions?: string;
  clusters: readonly {
    name: string;
    profile: string;
    /** Files and folders; what runs, and every policy. */
    manifests: readonly string[];
  }[];
  /** APIs that are written although that changes access. */
  accept?: readonly string[];
  acceptUndeclaredPorts?: boolean;
  /** What is asked of ports that speak HTTP. */
  paths: readonly string[];
  /** Operations of the definitions that grants may name, in our own words. */
  operations?: Readonly<
    Record<string, { method: string; path: RegExp; example: string }>
  >;
}

const ROOT = resolve(__dirname, '../../..');
const BOOKS = join(ROOT, 'conformance/estates/bookinfo');
const SHOP = join(ROOT, 'examples/shop');
const BOUTIQUE = join(ROOT, 'packages/cli/testdata/online-boutique');

const shopCluster = (name: string): Estate['clusters'][number] => ({
  name,
  profile: join(SHOP, `repository/profiles/${name}.yaml`),
  manifests: [
    join(SHOP, 'estate', name),
    join(SHOP, 'repository/clusters', name),
  ],
});

/** The demo company: a default deny, and a policy that lets operations in. The latter is accepted: a scraper gains. */
const shop: Estate = {
  name: 'the demo company',
  catalog: [join(SHOP, 'catalog')],
  clusters: [shopCluster('prod-eu'), shopCluster('staging')],
  accept: ['api:default/orders'],
  paths: ['/', '/orders', '/orders/7', '/payments'],
};

const boutique = (folder: string): Estate => ({
  name: 'Online Boutique',
  catalog: [join(BOUTIQUE, 'catalog.yaml')],
  definitions: join(folder, 'online-boutique'),
  clusters: [
    {
      name: 'boutique',
      profile: join(BOUTIQUE, 'profile.yaml'),
      manifests: [
        join(folder, 'online-boutique/kubernetes-manifests.yaml'),
        join(folder, 'online-boutique/upstream-network-policies'),
      ],
    },
  ],
  paths: [
    '/',
    '/hipstershop.AdService/GetAds',
    '/hipstershop.CartService/GetCart',
  ],
});

/** Bookinfo with policies of its mesh, and of the network where `isClosed`. */
const bookinfo = (folder: string, isClosed: boolean): Estate => ({
  name: isClosed ? 'Bookinfo' : 'Bookinfo, closed by its mesh alone',
  catalog: [join(BOOKS, 'catalog.yaml')],
  clusters: [
    {
      name: 'books',
      profile: join(BOOKS, 'profile.yaml'),
      manifests: [
        join(folder, 'bookinfo/bookinfo.yaml'),
        join(BOOKS, 'mesh.yaml'),
        ...(isClosed ? [join(BOOKS, 'closed.yaml')] : []),
      ],
    },
  ],
  // Without network policies ports that nothing declares are open today, and are not afterwards.
  ...(!isClosed && { acceptUndeclaredPorts: true }),
  paths: ['/', '/ratings', '/ratings/7', '/ratings/7/x', '/reviews/7'],
  operations: {
    getRatings: {
      method: 'GET',
      path: /^\/ratings\/[^/]+$/,
      example: '/ratings/7',
    },
    addRating: {
      method: 'POST',
      path: /^\/ratings\/[^/]+$/,
      example: '/ratings/7',
    },
    getReviews: {
      method: 'GET',
      path: /^\/reviews\/[^/]+$/,
      example: '/reviews/7',
    },
    dropReviews: {
      method: 'DELETE',
      path: /^\/reviews\/[^/]+$/,
      example: '/reviews/7',
    },
  },
});

/** The estates that are here, and why others are not. */
export function estatesHere(): { estates: Estate[]; skipped: string[] } {
  const folder = findEstates();
  if (folder === undefined)
    return {
      estates: [shop],
      skipped: [
        'Online Boutique and Bookinfo: their manifests are not here; set CALLGATE_ESTATES to the folder that has them',
      ],
    };
  return {
    estates: [
      boutique(folder),
      bookinfo(folder, true),
      bookinfo(folder, false),
      shop,
    ],
    skipped: [],
  };
}
