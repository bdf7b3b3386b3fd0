export interface Config {
  auth?: {
    providers?: {
      /**
       * Sign-in by a click as one of the people of the demo company. Development only: with any other `NODE_ENV` the
       * backend refuses to start.
       *
       * @deepVisibility frontend
       */
      demo?: {
        /** The people on the sign-in page. Nobody else can be signed in as. */
        people: Array<{
          /** The user's full entity ref, for example `user:default/ada`. */
          entityRef: string;
          /** The person's name. */
          title: string;
          /** What the person does in the demo, in one line. */
          role: string;
        }>;
      };
    };
  };
}
