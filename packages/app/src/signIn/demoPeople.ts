import type { ConfigApi } from '@backstage/core-plugin-api';

/** One person of the demo company, as the sign-in page shows them. */
export interface DemoPerson {
  /** Full ref of the user, for example `user:default/ada`. */
  entityRef: string;
  title: string;
  /** What the person does in the demo, in one line. */
  role: string;
}

/** The people in `auth.providers.demo.people`; none where the provider is not configured. */
export function readDemoPeople(config: ConfigApi): DemoPerson[] {
  const people =
    config.getOptionalConfigArray('auth.providers.demo.people') ?? [];
  return people.map(person => ({
    entityRef: person.getString('entityRef'),
    title: person.getString('title'),
    role: person.getString('role'),
  }));
}
