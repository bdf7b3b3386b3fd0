/** Words of the page on which the platform team sees what is known of each cluster. */
export const clustersMessages = {
  clusters: {
    crumb: 'Clusters',
    title: 'What is known of the clusters',
    help: 'What judging and generating rest on, field by field: what the platform profile states, what is found in objects of the cluster, and what is guessed because nobody says it.',
    failed: 'Clusters could not be read.',
    empty: 'No cluster is known.',
    emptyHelp:
      'Clusters appear here as soon as the configuration names where they are read from, or the policy repository has a profile of one.',
    unread:
      'This cluster could not be read completely: the fields say what was read, and what is not there may be.',
    noProfile:
      'There is no platform profile that states anything. What is found in the cluster is used.',
    settle_one: '{{count}} field to settle',
    settle_other: '{{count}} fields to settle',
    nothingToSettle: 'Nothing has to be settled.',
    group: {
      found_one: '{{count}} found in objects of the cluster',
      found_other: '{{count}} found in objects of the cluster',
      stated_one: '{{count}} stated by the profile',
      stated_other: '{{count}} stated by the profile',
      guessed_one: '{{count}} left at its default',
      guessed_other: '{{count}} left at their defaults',
    },
    state: {
      stated: 'stated',
      found: 'found',
      guessed: 'guessed',
      contradicts: 'contradiction',
    },
    value: 'Used: {{value}}',
    noValue: 'Nothing is used.',
    statedAt: 'The profile states it at {{place}}',
    statesAt: 'The profile states {{value}} at {{place}}',
    says: '{{object}} says {{value}} at {{place}}',
    suggests: '{{object}} at {{place}} suggests it, and is not believed',
    takesFrom: {
      internet: 'takes calls from the internet',
      network: 'takes calls from a private network',
      cluster: 'takes calls from inside the cluster alone',
      unknown: 'from where it takes calls is not known',
    },
    uses: {
      stated: 'What is stated counts until both say the same.',
      found:
        'What is found counts until both say the same: it is the stricter one.',
      default: 'None of it counts: state the value in the profile.',
    },
    conditional: 'Verdicts that rest on it are conditional.',
    withheld:
      'What it says may name something that you may not see. Somebody who sees every entity can look.',
    line: {
      default: 'If what is assumed is right, add below {{below}}:',
      suggested:
        'It opens access. If {{objects}} is to be let in, add below {{below}}:',
      example: 'An example to replace, below {{below}}:',
    },
    copy: 'Copy',
    copyOf: 'Copy the line of {{field}}',
    copied: 'Copied',
    copyFailed: 'It could not be copied: select the line.',
    missing_one: '{{count}} kind of which nothing was read',
    missing_other: '{{count}} kinds of which nothing was read',
    missingHelp:
      'Objects of these kinds could say some of what is guessed. They are not in the manifests, not in the cluster, or not read.',
    link: 'Clusters',
  },
} as const;
