import {
  describeApiAccess,
  toAccessRanges,
  type AccessPlace,
  type AccessRow,
  type ApiAccessAnswer,
  type CallerAccessAnswer,
  type GrantAccess,
} from '@callgate/policy';

/** Who can call an API, as JSON: sets of requests are written as `reach` writes them. */
export function apiJson({ rows, grants, ...answer }: ApiAccessAnswer) {
  return {
    ...answer,
    sentence: describeApiAccess({ rows, grants, ...answer }),
    rows: rows.map(rowJson),
  };
}

/** What an entity may call, as JSON. */
export function callerJson({
  rows,
  openToEveryone,
  ...answer
}: CallerAccessAnswer) {
  return {
    ...answer,
    rows: rows.map(rowJson),
    openToEveryone: openToEveryone.map(({ api }) => api),
  };
}

function rowJson({ grants, places, ...row }: AccessRow) {
  return {
    ...row,
    grants: grants.map(grantJson),
    places: places.map(placeJson),
  };
}

function grantJson({ grant, findings, refused, ...access }: GrantAccess) {
  return {
    id: grant.id,
    ...access,
    refused: refused.map(({ requests, ...each }) => ({
      ...each,
      access: toAccessRanges(requests),
    })),
    findings: findings.map(({ code, message }) => ({ code, message })),
  };
}

function placeJson({ requests, beyond, can, ...place }: AccessPlace) {
  return {
    ...place,
    access: toAccessRanges(requests),
    operations: can.operations,
    beyond: toAccessRanges(beyond),
  };
}
