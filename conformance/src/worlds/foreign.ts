import { Random } from './Random';
import { randomForeign } from './randomForeign';
import { ForeignPolicy, World } from './types';

/** About DNS alone: nobody of a company runs it. */
function besideAll(random: Random): ForeignPolicy {
  return randomForeign(random, {
    name: 'dns',
    namespace: 'kube-system',
    labels: { 'k8s-app': 'kube-dns' },
  });
}

/** About some of those who call and are called, about nobody, or now and then about all of a namespace. */
function aboutSome(
  { namespaces, workloads }: World,
  random: Random,
  name: string,
): ForeignPolicy {
  const some = random.one(
    workloads.filter(
      ({ ports, isPlatform }) => ports.length > 0 && !isPlatform,
    ),
  );
  const namespace = random.chance(0.8)
    ? some.namespace
    : random.one(namespaces).name;
  const labels = random.one<Record<string, string>>([
    { app: some.name },
    { app: some.name },
    { app: some.name, tier: 'front' },
    { tier: 'back' },
    { team: 'red' },
    { app: 'nobody' },
    {},
  ]);
  return randomForeign(random, { name, namespace, labels });
}

/** The world with policies of others in it, now and then: of kinds that no engine here knows. */
export function withForeign(world: World, random: Random): World {
  if (!random.chance(0.25)) return world;
  const foreign = random.chance(0.25)
    ? [besideAll(random)]
    : ['some', 'more']
        .slice(0, 1 + random.below(2))
        .map(name => aboutSome(world, random, name));
  return { ...world, foreign };
}
