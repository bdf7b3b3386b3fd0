/** Words of what is not known yet, of the start page, of one call's page and of an AccessPolicy's card. */
export const statesMessages = {
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
