/** Words of what is done about a grant that is there. */
export const grantsMessages = {
  grants: {
    menuOf: 'Change, renew or end the grant of {{caller}}: {{operations}}',
    failed: 'What you may do could not be read.',
    change: 'Change',
    renew: 'Renew',
    end: 'End',
    title: {
      change: 'Change the access of {{caller}} to {{api}}',
      renew: 'Renew the access of {{caller}} to {{api}}',
      end: 'End the access of {{caller}} to {{api}}',
    },
    help: {
      change:
        'What is added is decided by the owners of the API. What is taken away is not.',
      renew: 'Say until when it is needed. An owner of the API decides.',
      end: 'See who loses what, then say why.',
    },
    what: 'What it is about',
    changes: 'What this changes',
    working: 'Working out what this changes',
    upToDate: 'What this changes is up to date: {{text}}',
    previewFailed: 'What this changes cannot be worked out now.',
    pickDay: 'Say the last day to see what it changes.',
    nobodyDecides: 'Nobody has to approve it: it only takes away.',
    needsDay: 'Say the last day.',
    lastDay: 'Last day',
    lastDayNone: 'Without a day it has no end.',
    lastDayLatest: 'At most until {{day}}.',
    lastDayNow: 'It is until {{day}} now.',
    lastDayUtc: 'Days are counted in UTC.',
    whenLast: 'This is the last grant of {{api}}. What becomes of the API?',
    keepClosed: 'Keep it closed to everyone',
    keepClosedHelp: 'Nobody can call it until somebody gets a grant again.',
    open: 'Open it to everyone',
    openHelp: 'Everyone can call it, without a grant. Its owners decide that.',
  },
} as const;
