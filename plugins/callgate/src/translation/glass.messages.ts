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
    ends: 'What it opened is to end on {{when}}.',
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
        'It goes on at once, holds for {{hours}} hours, until {{when}}, and somebody else still has to merge its pull request. Whoever would have approved it, and the security team, are told now and decide afterwards; if one of them rejects it, it ends at once.',
      follows_one:
        'It goes on at once, holds for one hour, until {{when}}, and somebody else still has to merge its pull request. Whoever would have approved it, and the security team, are told now and decide afterwards; if one of them rejects it, it ends at once.',
      refused: 'Not this way: {{reason}}',
      decides: 'Decide afterwards',
      send: 'Open it now',
    },
    decide: {
      title: 'Decide afterwards',
      help: 'It could not wait, so it went on before anybody approved it. If you confirm it, it still ends on {{when}}; if you reject it, it ends at once.',
      confirm: 'Confirm afterwards',
      reject: 'Reject and end it',
    },
    inbox: 'Decide afterwards',
  },
};
