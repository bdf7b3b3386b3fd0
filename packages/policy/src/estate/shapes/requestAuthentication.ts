import { ATTACHED, ATTACHED_ONCE, duration, name } from './common';
import { atMostOne, fields, flag, isAbsent, list, text } from './shape';

const jwksUri = text(
  { least: 1, most: 2048 },
  {
    is: value => /^https?:/i.test(value),
    message: 'must be an address of http or https',
  },
);

const jwtRule = fields(
  {
    issuer: name,
    audiences: list(name),
    jwksUri,
    jwks_uri: jwksUri,
    jwks: text(),
    fromHeaders: list(fields({ name, prefix: text() }, { required: ['name'] })),
    fromParams: list(name),
    fromCookies: list(name),
    outputPayloadToHeader: text(),
    forwardOriginalToken: flag,
    outputClaimToHeaders: list(
      fields({ header: name, claim: name }, { required: ['header', 'claim'] }),
    ),
    timeout: duration,
  },
  {
    rules: [
      atMostOne('jwksUri', 'jwks_uri', 'jwks'),
      ({ issuer, jwksUri: uri, jwks_uri: older }) =>
        isAbsent(issuer) && isAbsent(uri) && isAbsent(older)
          ? { at: ['issuer'], message: 'or jwksUri is required' }
          : undefined,
    ],
  },
);

export const requestAuthentication = fields(
  { ...ATTACHED, jwtRules: list(jwtRule, { most: 4096 }) },
  { rules: [ATTACHED_ONCE] },
);
