import { RequestSet } from '../requestset/RequestSet';
import { describeRequests } from './describeRequests';

const on8080 = (http: { methods?: string[]; path?: string } = {}) =>
  RequestSet.of({
    protocol: 'TCP',
    ports: [8080],
    ...(http.methods && { methods: http.methods }),
    ...(http.path !== undefined && { paths: [{ exact: http.path }] }),
  });

describe('a set of requests for people', () => {
  it('is everything but what is left out, not what it is not', () => {
    const granted = on8080({ methods: ['GET'], path: '/admin/stuck' });
    expect(describeRequests(on8080().subtract(granted))).toBe(
      'TCP 8080: GET on any path but /admin/stuck; any method but GET on any path',
    );
  });

  it('is methods and paths where it is some', () => {
    const some = on8080({ methods: ['GET', 'POST'], path: '/orders' });
    expect(describeRequests(some)).toBe('TCP 8080: GET,POST /orders');
  });
});
