import {
  CARRIED_STATES,
  nextState,
  OPEN_STATES,
  REQUEST_LIFECYCLE,
  REQUEST_STATES,
  UNDECIDED_STATES,
} from './requestLifecycle';

describe('the life of a request', () => {
  it('leads from the request over approval and proposal to the merge', () => {
    expect(nextState('submitted', 'approve')).toBe('approved');
    expect(nextState('approved', 'propose')).toBe('proposed');
    expect(nextState('proposed', 'merge')).toBe('merged');
  });

  it('lets nobody decide twice, or decide what was withdrawn', () => {
    for (const state of REQUEST_STATES.filter(s => s !== 'submitted')) {
      expect(nextState(state, 'approve')).toBeUndefined();
      expect(nextState(state, 'ask-change')).toBeUndefined();
    }
    const decided = REQUEST_STATES.filter(s => !UNDECIDED_STATES.includes(s));
    for (const state of decided) {
      expect(nextState(state, 'reject')).toBeUndefined();
      expect(nextState(state, 'revise')).toBeUndefined();
    }
  });

  it('comes back from its requester to those who decide, and never past them', () => {
    expect(nextState('submitted', 'ask-change')).toBe('returned');
    expect(nextState('returned', 'revise')).toBe('submitted');
    expect(nextState('returned', 'approve')).toBeUndefined();
    expect(nextState('returned', 'propose')).toBeUndefined();
    expect(nextState('returned', 'merge')).toBeUndefined();
  });

  it('ends for good in every state that is not open, unless it is merged all the same', () => {
    for (const state of REQUEST_STATES.filter(s => !OPEN_STATES.includes(s))) {
      expect(
        Object.values(REQUEST_LIFECYCLE[state]).filter(to => to !== state),
        // What came too late for its pull request took nothing away.
      ).toEqual(state === 'merged' ? [] : ['merged']);
    }
  });

  it('says afterwards what somebody decided, and changes nothing of what is merged', () => {
    expect(REQUEST_LIFECYCLE.merged).toEqual({
      confirm: 'merged',
      refuse: 'merged',
      lapse: 'merged',
    });
    for (const state of CARRIED_STATES) {
      expect(nextState(state, 'confirm')).toBe(state);
      expect(nextState(state, 'refuse')).toBe('rejected');
      expect(nextState(state, 'lapse')).toBeUndefined();
    }
    for (const state of UNDECIDED_STATES) {
      for (const event of ['confirm', 'refuse', 'lapse'] as const) {
        expect(nextState(state, event)).toBeUndefined();
      }
    }
  });

  it('never carries a request into a proposal that nobody approved', () => {
    expect(CARRIED_STATES).not.toContain('submitted');
    const steps = REQUEST_STATES.flatMap(state =>
      Object.entries(REQUEST_LIFECYCLE[state]).map(([event, to]) => ({
        state,
        event,
        to,
      })),
    ).filter(({ state, to }) => state !== to);
    expect(steps.filter(({ to }) => to === 'approved')).toEqual([
      { state: 'submitted', event: 'approve', to: 'approved' },
    ]);
    const carried = steps.filter(
      ({ to }) => to === 'proposed' || to === 'merged',
    );
    expect(
      carried.filter(({ state }) => !CARRIED_STATES.includes(state)),
    ).toEqual(
      // Each had been approved, and its pull request had not lost it.
      ['submitted', 'rejected', 'withdrawn', 'declined', 'superseded'].map(
        state => ({ state, event: 'merge', to: 'merged' }),
      ),
    );
  });
});
