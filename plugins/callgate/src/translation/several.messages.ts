/** The same asked for several callers at once. */
export const severalMessages = {
  several: {
    title: 'The same for other callers of mine',
    help: 'A request each, with the same operations, clusters and reason.',
    checking: 'Working out what it opens',
    fine: 'Can be asked',
    already: 'Has it already',
    refused: 'Cannot be granted',
    failed: 'Cannot be worked out now',
    wait: 'It is not known yet what it opens for every caller.',
    send: 'Send {{number}} requests',
    results: 'What became of each',
    sending: 'Sending',
    sent: 'Sent',
    notSent: 'Not sent',
    done: 'Done',
    back: 'Back to those that were not sent',
  },
} as const;
