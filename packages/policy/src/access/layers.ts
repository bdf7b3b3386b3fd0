import type { Layer } from '../evaluate/types';
import type { Edge, LayerState } from '../plan/types';
import { PROTOCOLS, RequestSet } from '../requestset/RequestSet';
import type { AccessLayers } from './types';

/** The weaker of two is what counts: of several workloads behind one grant, and of several grants. */
function weaker<T extends AccessLayers[keyof AccessLayers]>(a: T, b: T): T {
  const order = ['open', 'none', 'acknowledged-gap', 'enforced'];
  return order.indexOf(a) <= order.indexOf(b) ? a : b;
}

/**
 * The weakest of several, layer by layer: there is at least one.
 *
 * @public
 */
export function weakestOf<T extends AccessLayers[keyof AccessLayers]>(
  all: readonly Readonly<Record<Layer, T>>[],
): Readonly<Record<Layer, T>> {
  return all.reduce((a, b) => ({
    kernel: weaker(a.kernel, b.kernel),
    identity: weaker(a.identity, b.identity),
    method: weaker(a.method, b.method),
  }));
}

/**
 * How far each layer holds for a pair. A layer lets more through than was granted where `beyond` needs it to: requests on
 * ports that were granted anyhow ask nothing more of kernel and identity, which see no requests.
 */
export function layersOf(options: {
  edges: readonly Edge[];
  granted: RequestSet;
  beyond: RequestSet;
  hasMesh: boolean;
}): AccessLayers {
  const { edges, granted, beyond, hasMesh } = options;
  const mesh: LayerState | 'open' = hasMesh ? 'open' : 'none';
  const declared =
    edges.length > 0 ? weakestOf(edges.map(({ layers }) => layers)) : undefined;
  if (beyond.isEmpty && declared) return declared;
  if (!declared) return { kernel: 'open', identity: mesh, method: mesh };
  const otherPorts = hasOtherPorts(beyond, granted);
  return {
    kernel: otherPorts ? 'open' : declared.kernel,
    identity: otherPorts ? mesh : declared.identity,
    method: declared.method === 'none' && !hasMesh ? 'none' : 'open',
  };
}

function hasOtherPorts(set: RequestSet, granted: RequestSet): boolean {
  return PROTOCOLS.some(protocol =>
    set
      .segments(protocol)
      .some(
        ({ from, to }) =>
          !granted
            .segments(protocol)
            .some(segment => segment.from <= from && to <= segment.to),
      ),
  );
}
