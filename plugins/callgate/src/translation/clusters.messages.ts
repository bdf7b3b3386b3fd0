/** Words of the page on which the platform team sees what is known of each cluster. */
export const clustersMessages = {
  clusters: {
    crumb: 'Clusters',
    title: 'What is known of the clusters',
    help: 'What judging and generating rest on, field by field: what the platform profile states, what is found in objects of the cluster, and what is guessed because nobody says it; from where calls come to gateways, and what lets probes of the kubelet through.',
    failed: 'Clusters could not be read.',
    empty: 'No cluster is known.',
    emptyHelp:
      'Clusters appear here as soon as the configuration names where they are read from, or the policy repository has a profile of one.',
    unread:
      'This cluster could not be read completely: the fields say what was read, and what is not there may be.',
    noProfile:
      'There is no platform profile that states anything. What is found in the cluster is used.',
    settle_one: '{{count}} thing to settle',
    settle_other: '{{count}} things to settle',
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
    at: 'At {{place}}',
    leftOut_one:
      '{{count}} more is not shown; callgate doctor cluster with -o json has it.',
    leftOut_other:
      '{{count}} more are not shown; callgate doctor cluster with -o json has all of them.',
    gateways_one: '{{count}} gateway, and from where calls come to it',
    gateways_other: '{{count}} gateways, and from where calls come to them',
    gatewayList: 'From where gateways take calls',
    moreGateways_one: '{{count}} more gateway',
    moreGateways_other: '{{count}} more gateways',
    gateway: {
      internet: '{{gateway}} takes calls from the internet.',
      network: '{{gateway}} takes calls from a private network.',
      cluster: '{{gateway}} takes calls from inside the cluster alone.',
      unknown: 'From where {{gateway}} takes calls is not known.',
    },
    gatewayAddresses_one:
      'It asks for or has an address of the internet: {{addresses}}.',
    gatewayAddresses_other:
      'It asks for or has addresses of the internet: {{addresses}}.',
    notProgrammed: 'Not programmed by its controller, as its status says.',
    probes: {
      title: 'Probes of the kubelet',
      summary_one: '{{count}} workload that the kubelet probes',
      summary_other: '{{count}} workloads that the kubelet probes',
      help: 'What lets these probes through once network policies close the workloads:',
      workloads_one: '{{count}} workload',
      workloads_other: '{{count}} workloads',
      andMore: '{{example}} and {{more}} more',
      state: {
        node: 'let through',
        address: 'let through',
        refused: 'kept out',
        unknown: 'not known',
      },
      why: {
        node: 'They come from the node of the pod, which no network policy keeps out (Kubernetes).',
        address:
          'They come from what the field probes names, which Callgate lets in by what it generates.',
        addresses:
          'They come from {{addresses}}, which Callgate lets in by what it generates.',
        closed: '{{object}} says allow-localhost: policy.',
        unknown:
          'Nothing says whether they are in ambient mode; state mesh.mode.',
      },
      ports_one: 'Port {{ports}}',
      ports_other: 'Ports {{ports}}',
      morePorts_one: '{{count}} more port',
      morePorts_other: '{{count}} more ports',
      noAddress: 'The profile states no address of probes.',
      keepsOut: '{{object}} ({{place}}) keeps the node out that pods run on.',
      fail_one:
        'Once a network policy closes it, the kubelet’s probes of {{count}} workload fail.',
      fail_other:
        'Once a network policy closes them, the kubelet’s probes of {{count}} workloads fail.',
      failSuchAs_one:
        'Once a network policy closes it, the kubelet’s probes of {{example}} fail.',
      failSuchAs_other:
        'Once a network policy closes them, the kubelet’s probes of {{count}} workloads fail, such as of {{example}}.',
      doOpen:
        'Take allow-localhost: policy back, or admit the entity host by a CiliumClusterwideNetworkPolicy first.',
      doState: 'State the address in the profile, or leave the field out.',
      withheld:
        'Names and ports may be of something that you may not see. Somebody who sees every entity can look.',
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
