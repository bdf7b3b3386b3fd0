import { ApiBlueprint, fetchApiRef } from '@backstage/frontend-plugin-api';
import { callgateApiRef, CallgateClient } from '../api';

/** The client of the backend; portals replace it by the same id. */
export const callgateApi = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: callgateApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new CallgateClient({ fetchApi }),
    }),
});
