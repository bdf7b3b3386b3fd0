import { headline } from './headline';

describe('the sentence about an API that runs in no cluster', () => {
  it('says that it is outside where its provider says so, and not that nothing was found', () => {
    expect(headline([], [], [], true)).toMatchObject({
      state: 'unknown',
      text: 'Not known: it is served outside the clusters, so calls can be held at the callers alone',
    });
  });

  it('says that nothing was found where nothing says where it is', () => {
    expect(headline([], [], [], false)).toMatchObject({
      state: 'no-workload',
      text: 'Not known: no workload that provides this API was found',
    });
  });
});
