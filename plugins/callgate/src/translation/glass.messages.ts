/** What goes on before anybody approves it. */
export const glassMessages = {
  glass: {
    mark: 'Break-glass',
    markHelp: 'It went on before anybody approved it.',
    outcome: {
      undecided: 'Break-glass · nobody has decided yet',
      confirmed: 'Break-glass · confirmed afterwards',
      rejected: 'Break-glass · rejected afterwards',
      lapsed: 'Break-glass · nobody decided in time',
    },
    decision: {
      went: 'It could not wait: nobody had approved it',
      undecided: 'Its time was over, and nobody had decided',
      confirmed: '{{who}} confirmed it afterwards',
      confirmedAs: '{{who}} confirmed it afterwards, {{role}}',
    },
    ask: {
      title: 'It cannot wait',
      check: 'Open it before anybody approves it (break-glass)',
      follows:
        'It goes on at once and is to end on {{when}}; somebody else still has to merge its pull request. Those who would have approved it are told now and decide afterwards: if one of them rejects it, its end is asked for at once.',
      decides: 'Decide afterwards: {{who}}',
      send: 'Open it now',
    },
    decide: {
      title: 'Decide afterwards',
      help: 'It could not wait, so it went on before anybody approved it. If you confirm it, its end is still asked for on {{when}}; if you reject it, it goes no further, and what is merged already gets a pull request that ends it.',
      binds: 'You decide about exactly what was opened (digest {{digest}}).',
      note: 'Note (needed to reject)',
      confirm: 'Confirm afterwards',
      reject: 'Reject and end it',
    },
    done: {
      approve: 'Confirmed. Its end is still asked for when its time is over.',
      reject:
        'Rejected. It goes no further, and what is merged already gets a pull request that ends it. The requester is told why.',
    },
    event: {
      went: 'It could not wait: nobody had approved it',
      confirm: '{{who}} confirmed it afterwards',
      refuse: '{{who}} rejected it afterwards',
      lapse: 'Nobody decided in time',
    },
    page: {
      linkCount_one: 'Break-glass: {{count}} open',
      linkCount_other: 'Break-glass: {{count}} open',
      title_one: '{{count}} grant is open that nobody had approved before',
      title_other: '{{count}} grants are open that nobody had approved before',
      help: 'What could not wait and went on before anybody approved it (break-glass), now and in the past {{days}} days.',
      failed: 'What went on before anybody approved it could not be read.',
      empty: 'Nothing had to go on before it was approved.',
      emptyHelp:
        'Break-glass grants of the past {{days}} days appear here, with who asked, why, and what was decided afterwards.',
      leftOut_one:
        '{{count}} more is about an API or a caller that you may not see.',
      leftOut_other:
        '{{count}} more are about an API or a caller that you may not see.',
      request: 'Request {{number}}',
      noReason: 'The reason was taken out.',
      column: {
        state: 'Now',
        what: 'What for whom',
        who: 'Who asked, and why',
        until: 'Until',
        afterwards: 'Decided afterwards',
      },
      state: {
        open: 'Open',
        unknown: 'Not known: the declaration cannot be read',
        waiting: 'Not merged yet',
        kept: 'Kept: owners have agreed since',
        ended: 'Ended',
        never: 'Never merged',
      },
    },
    inbox: 'Decide afterwards',
    willBeProved:
      'Callgate proves that it changes what was asked for and nothing else before its pull request opens. The pull request has some lines more: who asked, and a receipt.',
    proved:
      'Proved before its pull request opened: it changes what was asked for, and nothing else.',
  },
} as const;
