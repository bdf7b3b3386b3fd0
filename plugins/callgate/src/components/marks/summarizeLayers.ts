import type {
  EdgeCluster,
  Layers,
  LayerState,
} from '@callgate/plugin-callgate-common';
import type { Text } from '../../translation';
import type { Tone } from './tones';

/** The three layers in the order in which a call meets them. */
export const LAYERS = ['kernel', 'identity', 'method'] as const;

/** What a row says about its layers: all is well, or what is not. */
export interface LayerSummary {
  tone: Tone;
  icon?: 'unknown';
  text: string;
  /** Greater is weaker: the weakest cluster is named first. */
  weakness: number;
}

/**
 * Layers in a word. `portOnly`: nothing but whole ports is granted, so the method layer has nothing to enforce.
 */
export function summarizeLayers(
  t: Text,
  layers: Layers,
  portOnly: boolean = false,
): LayerSummary {
  const relevant = portOnly
    ? LAYERS.filter(layer => layer !== 'method')
    : LAYERS;
  const states = relevant.map(layer => layers[layer]);
  const holding = relevant.filter(layer => layers[layer] === 'enforced');
  if (states.includes('unknown')) {
    return {
      tone: 'quiet',
      icon: 'unknown',
      text: t('layers.unknown'),
      weakness: 4,
    };
  }
  if (states.every(state => state === 'open' || state === 'none')) {
    return { tone: 'bad', text: t('layers.nothing'), weakness: 5 };
  }
  if (holding.length === relevant.length) {
    return portOnly
      ? { tone: 'good', text: t('layers.kernelIdentity'), weakness: 0 }
      : { tone: 'good', text: t('layers.all'), weakness: 0 };
  }
  if (states.includes('conditional')) {
    return {
      tone: 'warn',
      icon: 'unknown',
      text: t('layers.conditional'),
      weakness: 3,
    };
  }
  if (holding.length === 1 && holding[0] === 'kernel') {
    return { tone: 'warn', text: t('layers.kernelOnly'), weakness: 2 };
  }
  const missing = relevant.filter(layer => layers[layer] !== 'enforced');
  return {
    tone: 'warn',
    text: missing.map(layer => t(`layers.${layer}Missing`)).join(', '),
    weakness: missing.length,
  };
}

/** One layer in one cluster, in a table. */
export function layerStateText(t: Text, state: LayerState): string {
  switch (state) {
    case 'enforced':
      return t('layers.state.enforced');
    case 'open':
      return t('layers.state.open');
    case 'none':
      return t('layers.state.none');
    case 'conditional':
      return t('layers.state.conditional');
    case 'acknowledged-gap':
      return t('layers.state.acknowledgedGap');
    default:
      return t('layers.state.unknown');
  }
}

/** The tone of one layer's state. */
export function layerStateTone(state: LayerState): Tone {
  switch (state) {
    case 'enforced':
      return 'good';
    case 'open':
      return 'bad';
    case 'unknown':
      return 'quiet';
    default:
      return 'warn';
  }
}

/** Clusters that hold alike, the weakest first. */
export function groupClusters(
  t: Text,
  clusters: readonly EdgeCluster[],
  portOnly: boolean,
): { summary: LayerSummary; clusters: EdgeCluster[] }[] {
  const groups = new Map<
    string,
    { summary: LayerSummary; clusters: EdgeCluster[] }
  >();
  for (const cluster of clusters) {
    const summary = summarizeLayers(t, cluster.layers, portOnly);
    const key = `${summary.text} ${cluster.note ?? ''}`;
    const group = groups.get(key) ?? { summary, clusters: [] };
    group.clusters.push(cluster);
    groups.set(key, group);
  }
  return [...groups.values()].sort(
    (a, b) => b.summary.weakness - a.summary.weakness,
  );
}
