import { randomCalls } from '../worlds/randomCalls';
import { randomWorld } from '../worlds/randomWorld';
import { smallerWorlds } from '../worlds/smaller';
import { Question, Suite } from './types';

/**
 * Everywhere else we tell Envoy who calls, which is quick. Here the same calls
 * are made with certificates over mutual TLS, and filters that read them, as a
 * sidecar has them: the answers have to be the same.
 */
export const certificates: Suite<Question> = {
  name: 'certificates',

  make(seed) {
    const world = randomWorld(seed);
    const withSidecar = (end: number | string) =>
      typeof end === 'number' && world.workloads[end].mesh === 'sidecar';
    const calls = randomCalls(world, seed, 60).filter(
      ({ from, to }) => withSidecar(from) && withSidecar(to),
    );
    return calls.length > 0 ? { world, calls } : undefined;
  },

  questions: ({ world, calls }) => [
    { world, calls },
    { world, calls, byCertificate: true },
  ],

  compare({ world, calls }, [told, shown], report) {
    calls.forEach((call, index) => {
      report.judged += 2;
      report.coverage.add(world, call, shown[index].allowed, 'sure');
      const [a, b] = [told[index], shown[index]];
      if (a.allowed !== b.allowed || a.mesh !== b.mesh)
        report.differs({
          world,
          call,
          text: `Envoy answers otherwise where the caller shows a certificate: ${JSON.stringify(
            [a, b],
          )}`,
        });
    });
  },

  refused(_, __, { notes }) {
    notes.note('refused by an engine');
  },

  smaller: smallerWorlds,
};
