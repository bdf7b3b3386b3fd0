import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import {
  callgateForgesExtensionPoint,
  type Forge,
} from '@callgate/plugin-callgate-node';
import module from './index';

it('registers the forge with the folder of the configuration', async () => {
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
        data: { callgate: { dataDirectory: '.data' } },
      }),
    ],
  });
  expect(
    forges.map(({ id, reviewsInPortal }) => ({ id, reviewsInPortal })),
  ).toEqual([{ id: 'local', reviewsInPortal: true }]);
});
