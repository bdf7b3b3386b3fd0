import { mockServices } from '@backstage/backend-test-utils';
import type { StoredRequest } from '../database/AccessStore';
import { ChangeNotifier } from './ChangeNotifier';

const REQUEST = {
  id: '01',
  number: 7,
  apiRef: 'api:default/orders',
  requestedBy: 'user:default/priya',
  state: 'submitted',
} as unknown as StoredRequest;

describe('ChangeNotifier', () => {
  it("does not leave one approver's note under the name of the next", async () => {
    const send = jest.fn();
    const notifier = ChangeNotifier.create({
      notifications: { send },
      signals: { publish: jest.fn() },
      events: mockServices.events.mock(),
      logger: mockServices.logger.mock(),
    });
    await notifier.approvedInPart(REQUEST, 'user:default/omar', 'For May only');
    await notifier.decided(REQUEST, 'approved', 'user:default/sam');
    const [first, second] = send.mock.calls.map(([{ payload }]) => payload);
    expect(first).toMatchObject({ description: 'For May only', scope: '01' });
    // A description that is absent leaves that of the notification with the same scope as it was.
    expect(second).toMatchObject({ description: 'Request 7.', scope: '01' });
  });
});
