import { name, anyPort, names, selector } from './common';
import { Rule, fields, flag, isAbsent, list, oneOf, text } from './shape';

const clientTls = fields(
  {
    mode: oneOf(
      'is no mode of TLS',
      'DISABLE',
      'SIMPLE',
      'MUTUAL',
      'ISTIO_MUTUAL',
    ),
    credentialName: text(),
    clientCertificate: text(),
    privateKey: text(),
    caCertificates: text(),
    sni: text(),
    subjectAltNames: names,
    insecureSkipVerify: flag,
  },
  {
    rules: [
      ({ mode, credentialName, clientCertificate, privateKey }) =>
        mode === 'MUTUAL' &&
        !credentialName &&
        (!clientCertificate || !privateKey)
          ? { at: ['mode'], message: 'MUTUAL needs a certificate and its key' }
          : undefined,
    ],
  },
);

const SETTINGS = [
  'tls',
  'loadBalancer',
  'connectionPool',
  'outlierDetection',
] as const;

/** Traffic policies of which every field is left out are refused. */
function saysSomething(...more: readonly string[]): Rule {
  return value =>
    [...SETTINGS, ...more].every(
      field => !Object.hasOwn(value, field) || isAbsent(value[field]),
    )
      ? { message: 'must have a field at least' }
      : undefined;
}

const SETTINGS_SHAPES = {
  tls: clientTls,
  loadBalancer: fields({}),
  connectionPool: fields({}),
  outlierDetection: fields({}),
};

const trafficPolicy = fields(
  {
    ...SETTINGS_SHAPES,
    portLevelSettings: list(
      fields(
        { ...SETTINGS_SHAPES, port: fields({ number: anyPort }) },
        { required: ['port'], rules: [saysSomething()] },
      ),
      { most: 4096 },
    ),
  },
  {
    rules: [
      saysSomething(
        'portLevelSettings',
        'tunnel',
        'proxyProtocol',
        'retryBudget',
      ),
    ],
  },
);

export const destinationRule = fields(
  {
    host: name,
    trafficPolicy,
    subsets: list(fields({ name, trafficPolicy }, { required: ['name'] })),
    exportTo: names,
    workloadSelector: selector,
  },
  { required: ['host'] },
);
