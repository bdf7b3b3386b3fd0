import { servicesOf } from '../estate/serviceLookup';
import { rewritesInFront } from '../plan/rewritesInFront';
import { Check } from './LintContext';
import { few, notice } from './notice';
import { valuesOf } from './valuesOf';

/** Policies by path behind routes that change the path: what arrives is the changed one. */
export const rewrittenPaths: Check = ({ cluster, authorizations }) =>
  authorizations.flatMap(
    ({ manifest, spec, namespace, targets, workloads }) => {
      const [first] = [...valuesOf(spec)].filter(
        ({ name }) => name === 'paths',
      );
      if (first === undefined || spec.isDryRun) return [];
      const named = new Set(
        targets
          .filter(({ kind }) => kind === 'Service')
          .map(({ name }) => `${namespace}/${name}`),
      );
      const services = new Set([
        ...workloads.flatMap(each => servicesOf(cluster, each)),
        ...(named.size > 0
          ? cluster.services.filter(({ id }) => named.has(id))
          : []),
      ]);
      const routes = rewritesInFront(cluster, [...services]);
      if (routes.length === 0) return [];
      return [
        notice('path-rewritten', {
          manifest,
          path: first.list,
          text: `is compared with the path that arrives, and ${few(
            routes,
          )} changes it on the way: a path as callers write it does not match.`,
          others: routes,
        }),
      ];
    },
  );
