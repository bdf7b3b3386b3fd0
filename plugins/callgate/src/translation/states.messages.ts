/** Words of what is not known yet, of the start page, of one call's page and of an AccessPolicy's card. */
export const statesMessages = {
  gateway: {
    internet:
      'everyone behind {{gateway}}, which takes calls from the internet',
    network:
      'everyone behind {{gateway}}, which takes calls from a private network',
    cluster:
      'everyone behind {{gateway}}, which takes calls from inside the cluster',
    unknown:
      'everyone behind {{gateway}}; from where it takes calls is not known',
  },
  policyCard: {
    title: 'Grants',
    whoCan: 'Who can call the API',
    failed: 'The grants could not be read.',
    none: 'No grant is declared that you may see.',
    unreadable: 'This declaration cannot be read.',
    mend: 'Nothing of it is used until its file in the policy repository is corrected; the owner of the API does that.',
    noApi: 'This declaration does not name an API.',
  },
  home: {
    title: 'Home',
    lists: 'What concerns you',
    waits: 'Waits for you',
    waitsFailed: 'What waits for you could not be read.',
    waitsNothing: 'Nothing waits for you.',
    waitsHelp:
      'When somebody asks for access to an API of yours, or a pull request is yours to merge, it stands here.',
    mine: 'You asked for',
    mineFailed: 'What you asked for could not be read.',
    mineNothing: 'You have not asked for anything.',
    mineHelp: 'Open an API and request access on its Access tab.',
    ours: 'New on your APIs',
    oursFailed: 'What is new on your APIs could not be read.',
    oursNothing: 'Nothing is new on APIs of yours.',
    oursNothingElse: 'Nothing else is new on APIs of yours.',
    oursHelp:
      'Requests on APIs that you or a group of yours owns stand here once they do not wait for you: decided ones, and those that others decide.',
    allApis: 'All APIs',
    seeAll: 'All {{total}}',
    seeAllOf: 'All {{total}}: {{list}}',
    by: '{{who}}, {{when}}',
  },
  call: {
    title: 'Explain a call',
    help: 'This follows one call hop by hop and says who lets it through and who refuses it.',
    ends: '{{caller}} calls {{api}}',
    failed: 'This call could not be read.',
    bad: 'This link does not name a call that can be explained.',
    missingFrom:
      'It does not say who calls: from has to name an entity, such as component:default/checkout.',
    missingTo:
      'It does not say what is called: to has to name an API, such as api:default/orders.',
    badPort: '“{{value}}” is no port: a port is a number from 1 to 65535.',
    badProtocol: '“{{value}}” is no protocol: it is TCP, UDP or SCTP.',
    badPath: '“{{value}}” is no path: a path begins with /.',
    pathAlone: 'A path needs a method beside it, such as GET.',
    hostAlone: 'A host needs a method beside it, such as GET.',
    methodOfTcp: 'A method is asked of TCP alone, not of {{protocol}}.',
    how: 'Open the Calls tab of a component, or the Access tab of an API, and explain a call from there.',
    copyLink: 'Copy link',
    copied: 'The link is copied.',
    copyFailed: 'Copying did not work. The link is:',
    port: 'Port',
    protocol: 'Protocol',
    protocolOfPort: 'As declared',
    host: 'Host',
    openPage: 'Open as a page',
  },
  estate: {
    label: 'What is known of the clusters',
    again: 'Look again',
    state: {
      none: 'No cluster is configured, so nobody knows what runs and who can call what.',
      noneNext:
        'The platform team names each cluster in callgate.estate.manifests of the portal’s configuration.',
      first:
        'What runs in the clusters is being read for the first time, since {{when}}.',
      firstNext: 'This page shows it as soon as it is there.',
      never: 'What runs in the clusters could not be read yet.',
      neverNext:
        'It is tried again every minute. If it stays so, tell the platform team.',
      stale: 'What runs in the clusters was last read {{when}}.',
      staleNever: 'What runs in the clusters could not be read completely.',
      staleNext:
        'What is shown here is of then, and nothing is proposed meanwhile. It is tried again every minute; if it stays so, tell the platform team.',
      partly_one: '{{clusters}} cannot be read now.',
      partly_other: '{{clusters}} cannot be read now.',
      partlyNext:
        'Nothing is proposed for it until the platform team has mended that; other clusters go on.',
      shownOf: '{{cluster}} is shown as it was {{when}}.',
    },
    clusters: 'Not known: what runs in the clusters has not been read.',
  },
} as const;
