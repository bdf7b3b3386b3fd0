/** Words of the page on which the platform team settles whose workloads are. */
export const claimsMessages = {
  claims: {
    crumb: 'Claims',
    title: 'Who owns what runs',
    help: 'An entity of the catalog that is bound to a workload claims it. Where several owners claim one and nothing says whose it is, nothing is granted through any of the claims until you settle it.',
    failed: 'Claims could not be read.',
    empty: 'Nobody contests a claim.',
    emptyHelp:
      'Workloads that several owners claim appear here as soon as the catalog and the estate say so.',
    contested: 'Contested claims',
    where: '{{workload}} in {{cluster}}',
    claimants: 'Who claims it',
    claimedBy: 'owned by {{owners}}',
    nobody: 'nobody',
    registeredAt: 'registered at {{place}}',
    registeredNowhere: 'registered at an unknown place',
    state: { holds: 'holds', refused: 'refused', contested: 'contested' },
    concerns: 'Held because of it',
    noConcerns: 'No API and no grant waits for this.',
    concernCaller: '{{caller}} on {{api}}',
    belongsTo: 'It belongs to {{owner}}, {{statedBy}}.',
    statedBy: {
      profile: 'as the platform profile says',
      namespace: 'as its namespace says',
      workload: 'as it says itself',
      established: 'for whom access with it was approved',
    },
    whose: 'Whose is it?',
    holds: 'Then this claim holds: {{claimants}}. All others are refused.',
    holdsNone: 'Then none of the claims holds.',
    other: 'Another group or user',
    otherLabel: 'Reference of a group or user',
    otherHelp: 'Such as group:default/orders-team',
    prepare: 'Prepare pull request',
    change: 'Change the pull request',
    choose: 'Choose whose it is first.',
    busy: 'This is on its way: it is checked once more before it is written.',
    actionFailed: 'That did not work.',
    prepared: 'The pull request is ready.',
    pull: 'Pull request #{{number}}: it belongs to {{owner}}',
    pullUnknown: 'Pull request #{{number}}',
    branch: 'Branch {{branch}}',
    outdated:
      'It is not what Callgate would write now: the profile or the claims have changed, or somebody else has pushed onto its branch. Prepare it again.',
    newer:
      'It has changed since you opened this page. What is here is the new version: read it before you merge.',
    secretFile:
      '{{path}} gets one more line. Its text is for people who may see every entity.',
    merge: 'Merge',
    merged: '{{workload}} in {{cluster}} is settled: it belongs to {{owner}}.',
    elsewhere: 'Merge it on {{forge}}.',
    openElsewhere: 'Open the pull request',
    byHand: 'The line, for whoever writes it by hand',
    byHandIn: 'In {{field}} of the platform profile of {{cluster}}:',
    byHandAny: 'In {{field}} of a platform profile:',
    outside: 'Addresses, identities and names outside the clusters',
    outsideHelp:
      'These are settled by a line that you add to a platform profile by hand.',
    outsideKind: {
      addresses: 'Addresses',
      identity: 'Identity',
      host: 'Host',
    },
    refused_one: '{{count}} refused claim',
    refused_other: '{{count}} refused claims',
    refusedHelp:
      'These bind nothing. Nothing has to be done, unless what is stated is wrong.',
    unseen_one:
      '{{count}} more is claimed by something that you may not see. Somebody else of the platform team settles it.',
    unseen_other:
      '{{count}} more are claimed by something that you may not see. Somebody else of the platform team settles them.',
    link: 'Claims',
    linkCount_one: '{{count}} workload is claimed by several owners: settle it',
    linkCount_other:
      '{{count}} workloads are claimed by several owners: settle them',
  },
} as const;
