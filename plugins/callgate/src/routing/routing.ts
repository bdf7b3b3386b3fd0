/** The only file that knows the router, because Backstage is about to change how pages reach it. */
import { parseEntityRef } from '@backstage/catalog-model';
import {
  ExternalRouteRef,
  RouteFunc,
  RouteRef,
  useRouteRef,
} from '@backstage/core-plugin-api';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import { useCallback } from 'react';
import {
  accessRouteRef,
  approvalRulesRouteRef,
  breakGlassRouteRef,
  reviewsRouteRef,
  catalogIndexRouteRef,
  claimsRouteRef,
  clustersRouteRef,
  importRouteRef,
  explainRouteRef,
  grantRouteRef,
} from '../routes';

export {
  useLocation,
  useNavigate,
  useParams,
  useSearchParams,
} from 'react-router-dom';

type Params = { [name: string]: string } | undefined;

/** The way to a page, or `undefined` in portals that do not have that page: show text instead of a link then. */
export function useOptionalRouteRef<T extends Params>(
  ref: RouteRef<T>,
): RouteFunc<T> | undefined {
  // The hook throws after its own hooks have run, so their order stays the same.
  try {
    return useRouteRef(ref);
  } catch {
    return undefined;
  }
}

const IN_CATALOG = new Set([
  'accesspolicy',
  'api',
  'component',
  'domain',
  'group',
  'resource',
  'system',
  'user',
]);

/** The path of an entity's page or of one of its tabs; `undefined` for what has no page in the catalog. */
export function useEntityPath(): (
  ref: string,
  tab?: string,
) => string | undefined {
  const entityRoute = useOptionalRouteRef(entityRouteRef);
  return useCallback(
    (ref, tab) => {
      const kind = ref.slice(0, Math.max(ref.indexOf(':'), 0)).toLowerCase();
      if (!entityRoute || !IN_CATALOG.has(kind)) {
        return undefined;
      }
      const page = entityRoute({ ...parseEntityRef(ref), kind });
      return tab ? `${page}/${tab}` : page;
    },
    [entityRoute],
  );
}

/** The path of the claims: of its own, or below the page that holds all others; `undefined` in portals that have neither. */
export function useClaimsPath(): string | undefined {
  const claims = useOptionalRouteRef(claimsRouteRef);
  const access = useOptionalRouteRef(accessRouteRef);
  return claims?.() ?? (access && `${access()}/claims`);
}

/** The path of what is known of the clusters: of its own, or below the page that holds all others; `undefined` without either. */
export function useClustersPath(): string | undefined {
  const clusters = useOptionalRouteRef(clustersRouteRef);
  const access = useOptionalRouteRef(accessRouteRef);
  return clusters?.() ?? (access && `${access()}/clusters`);
}

/** The path of what went on before anybody approved it: of its own, or below the page that holds all others; `undefined` without either. */
export function useBreakGlassPath(): string | undefined {
  const glass = useOptionalRouteRef(breakGlassRouteRef);
  const access = useOptionalRouteRef(accessRouteRef);
  return glass?.() ?? (access && `${access()}/break-glass`);
}

/** The path of what can be imported: of its own, or below the page that holds all others; `undefined` without either. */
export function useImportPath(): string | undefined {
  const imports = useOptionalRouteRef(importRouteRef);
  const access = useOptionalRouteRef(accessRouteRef);
  return imports?.() ?? (access && `${access()}/import`);
}

/** The path of the rules of who approves: of its own, or below the page that holds all others; `undefined` without either. */
export function useApprovalRulesPath(): string | undefined {
  const rules = useOptionalRouteRef(approvalRulesRouteRef);
  const access = useOptionalRouteRef(accessRouteRef);
  return rules?.() ?? (access && `${access()}/approval-rules`);
}

/** The path of the grants to review: of its own, or below the page that holds all others; `undefined` without either. */
export function useReviewsPath(): string | undefined {
  const reviews = useOptionalRouteRef(reviewsRouteRef);
  const access = useOptionalRouteRef(accessRouteRef);
  return reviews?.() ?? (access && `${access()}/reviews`);
}

/** The path of the page that explains a call: of its own, or below the page that holds all others; `undefined` without either. */
export function useExplainPath(): string | undefined {
  const explain = useOptionalRouteRef(explainRouteRef);
  const access = useOptionalRouteRef(accessRouteRef);
  return explain?.() ?? (access && `${access()}/explain`);
}

/** The path of a grant's page, by its id and the API that has it; `undefined` in portals without that page. */
export function useGrantPath(): (
  id: string,
  api: string,
) => string | undefined {
  const grant = useOptionalRouteRef(grantRouteRef);
  return useCallback(
    (id, api) => grant && `${grant({ id })}?of=${encodeURIComponent(api)}`,
    [grant],
  );
}

/** The path of the catalog's list of all APIs; `undefined` in portals without a catalog page. */
export function useAllApisPath(): string | undefined {
  const catalogIndex = useOptionalExternalRouteRef(catalogIndexRouteRef);
  return (
    catalogIndex && `${catalogIndex()}?filters[kind]=api&filters[user]=all`
  );
}

function useOptionalExternalRouteRef<T extends Params>(
  ref: ExternalRouteRef<T, true>,
): RouteFunc<T> | undefined {
  try {
    return useRouteRef(ref);
  } catch {
    return undefined;
  }
}
