import { AuthenticationError, NotAllowedError } from '@backstage/errors';
import { createProxyAuthenticator } from '@backstage/plugin-auth-node';

/** The header in which the sign-in page says who was clicked. */
export const DEMO_USER_HEADER = 'x-callgate-demo-user';

/** The person that was clicked, as an entity ref that the configuration lists. */
export interface DemoUser {
  userEntityRef: string;
}

/** Believes the header, for people listed in `auth.providers.demo.people` and in development only. */
export const demoAuthenticator = createProxyAuthenticator<
  { people: string[] },
  DemoUser,
  undefined
>({
  defaultProfileTransform: async () => ({ profile: {} }),

  initialize({ config }) {
    requireDevelopment();
    return {
      people: config
        .getConfigArray('people')
        .map(person => person.getString('entityRef')),
    };
  },

  async authenticate({ req }, { people }) {
    // Checked on every request too: what is read once at start can be changed afterwards.
    requireDevelopment();
    const userEntityRef = req.header(DEMO_USER_HEADER);
    if (!userEntityRef) {
      throw new AuthenticationError(
        `The header ${DEMO_USER_HEADER} is missing: choose a person on the sign-in page.`,
      );
    }
    if (!people.includes(userEntityRef)) {
      throw new NotAllowedError(
        'This person is not in auth.providers.demo.people.',
      );
    }
    return { result: { userEntityRef } };
  },
});

function requireDevelopment(): void {
  if (process.env.NODE_ENV !== 'development') {
    throw new NotAllowedError(
      'Sign-in as a demo person works in development only (NODE_ENV=development).',
    );
  }
}
