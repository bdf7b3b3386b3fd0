/** Words of the page that lists the rules of who approves. */
export const rulesMessages = {
  rules: {
    link: 'Approval rules',
    title: 'Who approves',
    help: 'Without a rule, one owner of the API approves. Rules that hold for a request add up: of each role and group the largest number counts.',
    failed: 'The rules could not be read.',
    empty: 'There are no rules.',
    emptyHelp: 'One owner of the API approves each request.',
    when: 'Holds when',
    whenHidden:
      'When it holds is not shown: it names something that you may not see.',
    needs: 'Needs {{needs}}',
    and: ' and ',
    automatic:
      'Nobody has to approve, unless something else asks for somebody or somebody is cut off',
    maxDays_one: 'Access lasts at most 1 day',
    maxDays_other: 'Access lasts at most {{count}} days',
    defaultDays_one: 'Access lasts 1 day where nobody says how long',
    defaultDays_other: 'Access lasts {{count}} days where nobody says how long',
    reviewEvery_one: 'Owners review it again every day',
    reviewEvery_other: 'Owners review it again every {{count}} days',
    inFile: 'In {{file}} at {{version}}',
    inFileLine: 'In {{file}}, line {{line}}, at {{version}}',
    configured: 'In the {{version}} of the portal',
    standInTitle: 'The newest version of the rules cannot be read',
    standIn:
      'What you see here is the last version that could be read, {{commit}}. It holds until the file is corrected.',
    stopsTitle: 'The rules cannot be read',
    stops:
      'No earlier version can be read either. Nothing is sent or approved until the file is corrected.',
    code: 'Asked by code besides',
    reminders: 'Requests that wait',
    remind: 'Whoever can decide is reminded after {{after}}.',
    escalate:
      '{{group}} hears of it after {{after}}, and decides nothing by that.',
    days_one: '1 day',
    days_other: '{{count}} days',
    hours_one: '1 hour',
    hours_other: '{{count}} hours',
  },
} as const;
