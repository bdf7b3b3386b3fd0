/** What has become of the things that grants name. */
export const flagsMessages = {
  flags: {
    title: 'What went or changed',
    sign: 'To be looked at:',
    new: 'Ask under the new name',
    change: 'Prepare the change',
    end: 'Prepare the end',
    request: 'See the request',
  },
} as const;
