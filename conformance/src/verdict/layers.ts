import { Hop, Verdict } from '@callgate/policy';
import { EngineVerdict } from './EngineVerdicts';

/** Where a verdict says that a call is not let through, and why. */
export function refusals({ hops }: Verdict): string {
  const reasons = hops
    .filter(({ verdict }) => verdict !== 'allow')
    .map(({ layer, at, text }) => ` [${layer} at ${at}: ${text}]`);
  return reasons.join('');
}

/** All hops of a layer let it through, one does not, or it rests on something. */
function answerOf(hops: readonly Hop[]): boolean | undefined {
  if (hops.some(({ verdict }) => verdict === 'deny')) return false;
  return hops.every(({ verdict }) => verdict === 'allow') ? true : undefined;
}

/** What is different where the layers are looked at one by one. */
export function layersAgree(
  { hops }: Verdict,
  answer: EngineVerdict,
): string | undefined {
  const kernel = answerOf(hops.filter(({ layer }) => layer === 'kernel'));
  const mesh = answerOf(hops.filter(({ layer }) => layer !== 'kernel'));
  for (const [name, ours, theirs] of [
    ['kernel', kernel, answer.kernel],
    ['mesh', mesh, answer.mesh],
  ] as const) {
    if (ours !== undefined && ours !== theirs)
      return `the hops of the ${name} say ${
        ours ? 'allow' : 'deny'
      }, the engines ${JSON.stringify(answer)}`;
  }
  return undefined;
}
