/** Words of what is done about a grant that is there. */
export const grantsMessages = {
  grants: {
    menuOf: 'Change, renew or end the grant of {{caller}}: {{operations}}',
    failed: 'What you may do could not be read.',
    notRead: 'The grant could not be read.',
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
        'The owners of the API decide about what is added. What is taken away needs nobody’s approval.',
      renew: 'Say until when it is needed. An owner of the API decides.',
      end: 'See who loses what, then say why.',
    },
    what: 'What it is about',
    changes: 'What this changes',
    working: 'Working out what this changes',
    upToDate: 'What this changes is up to date: {{text}}',
    previewFailed: 'What this changes cannot be worked out now.',
    pickChange:
      'Add or take away operations, or set another last day, to see what it changes.',
    pickDay: 'Say the last day to see what it changes.',
    nobodyDecides: 'Nobody has to approve it: it only takes away.',
    needsReason: 'Say why: whoever it concerns reads it.',
    why: {
      change: 'Why it has to change',
      renew: 'Why it is still needed',
      end: 'Why it is not needed any more',
    },
    needsDay: 'Say the last day.',
    lastDay: 'Last day',
    lastDayNone: 'Without a day it has no end.',
    lastDayLatest: 'At most until {{day}}.',
    lastDayNow: 'It is until {{day}} now.',
    lastDayNever: 'It has no end now.',
    lastDayUtc: 'Days are counted in UTC.',
    whenLast: 'This is the last grant of {{api}}. What becomes of the API?',
    keepClosed: 'Closed to everyone',
    keepClosedHelp: 'Nobody can call it until somebody gets a grant again.',
    open: 'Open to everyone',
    openHelp: 'Everyone can call it, without a grant. Its owners decide that.',
  },
} as const;
