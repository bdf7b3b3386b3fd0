import { features } from './features';

describe('features of the portal', () => {
  it('contain Callgate, whose absence Backstage would not mention', () => {
    expect(features).toContainEqual(
      expect.objectContaining({
        $$type: '@backstage/FrontendPlugin',
        pluginId: 'callgate',
      }),
    );
  });
});
