import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import {
  callgateForgesExtensionPoint,
  type Forge,
} from '@callgate/plugin-callgate-node';
import module from './index';

it('registers the forge with the credentials of integrations', async () => {
  const forges: Forge[] = [];
  await startTestBackend({
    extensionPoints: [
      [
        callgateForgesExtensionPoint,
        {
          addForge: (...added: Array<Forge | Forge[]>) =>
            forges.push(...added.flat()),
        },
      ],
    ],
    features: [
      module,
      mockServices.rootConfig.factory({
        data: {
          integrations: { github: [{ host: 'github.com', token: 'x' }] },
        },
      }),
    ],
  });
  expect(
    forges.map(({ id, reviewsInPortal }) => ({ id, reviewsInPortal })),
  ).toEqual([{ id: 'github', reviewsInPortal: false }]);
});
