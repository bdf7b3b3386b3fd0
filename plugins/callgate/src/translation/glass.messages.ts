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
    inbox: 'Decide afterwards',
    willBeProved:
      'Callgate proves that it changes what was asked for and nothing else before its pull request opens. The pull request has some lines more: who asked, and a receipt.',
    proved:
      'Proved before its pull request opened: it changes what was asked for, and nothing else.',
  },
} as const;
