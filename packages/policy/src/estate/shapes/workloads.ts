import { asArray, asJson } from '../json';
import { name, anyPort, names, labelValue, isUnix } from './common';
import {
  Rule,
  atMostOne,
  fields,
  isAbsent,
  list,
  map,
  oneOf,
  port,
  text,
} from './shape';

const WORKLOAD_FIELDS = {
  address: text(
    { most: 256 },
    {
      is: value =>
        !isUnix(value) ||
        (/^unix:\/\/[/@]/.test(value) && !value.endsWith('/')),
      message: 'must be an absolute path of a socket',
    },
  ),
  labels: map(text(), { most: 256 }),
  locality: text({ most: 2048 }),
  network: text({ most: 2048 }),
  ports: map(
    port,
    { most: 128 },
    {
      is: key =>
        key.length < 63 &&
        /^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/.test(key),
      message: 'must be the name of a port',
    },
  ),
  serviceAccount: text({ most: 253 }),
  weight: anyPort,
};

const noPortsOfSocket: Rule = ({ address, ports }) =>
  isUnix(address) && !isAbsent(ports)
    ? {
        at: ['ports'],
        message: 'and the address of a socket exclude each other',
      }
    : undefined;

export const workloadEntry = fields(WORKLOAD_FIELDS, {
  rules: [
    ({ address, network }) =>
      isAbsent(address) && isAbsent(network)
        ? { at: ['address'], message: 'is required' }
        : undefined,
    noPortsOfSocket,
  ],
});

const probe = fields({
  httpGet: fields({ port }, { required: ['port'] }),
  tcpSocket: fields({ port }, { required: ['port'] }),
  exec: fields({ command: list(name) }, { required: ['command'] }),
});

export const workloadGroup = fields(
  {
    template: fields(WORKLOAD_FIELDS, { rules: [noPortsOfSocket] }),
    metadata: fields({
      labels: map(text(), { most: 256 }),
      annotations: map(text(), { most: 256 }),
    }),
    probe,
  },
  { required: ['template'] },
);

const resolutionOf = ({ resolution }: Readonly<Record<string, unknown>>) =>
  isAbsent(resolution) ? 'NONE' : resolution;

export const serviceEntry = fields(
  {
    hosts: list(
      text(
        {},
        { is: value => value !== '*', message: 'may not be every host' },
      ),
      { least: 1, most: 256 },
    ),
    addresses: list(text({ most: 64 }), { most: 256 }),
    ports: list(
      fields(
        {
          number: port,
          name: text({ least: 1, most: 256 }),
          protocol: text({ most: 256 }),
          targetPort: port,
        },
        { required: ['number', 'name'] },
      ),
      { most: 256 },
    ),
    location: oneOf('is no location', 'MESH_EXTERNAL', 'MESH_INTERNAL'),
    resolution: oneOf(
      'is no resolution',
      'NONE',
      'STATIC',
      'DNS',
      'DNS_ROUND_ROBIN',
      'DYNAMIC_DNS',
    ),
    endpoints: list(workloadEntry, { most: 4096 }),
    workloadSelector: fields({ labels: map(labelValue, { most: 256 }) }),
    exportTo: names,
    subjectAltNames: names,
  },
  {
    required: ['hosts'],
    rules: [
      atMostOne('endpoints', 'workloadSelector'),
      entry =>
        resolutionOf(entry) === 'NONE' && !isAbsent(entry.endpoints)
          ? { at: ['endpoints'], message: 'need a resolution' }
          : undefined,
      entry =>
        resolutionOf(entry) === 'DNS_ROUND_ROBIN' &&
        asArray(entry.endpoints).length > 1
          ? {
              at: ['endpoints'],
              message: 'may be one at most where DNS is asked in turn',
            }
          : undefined,
      entry =>
        ['STATIC', 'NONE'].some(each => each === resolutionOf(entry)) ||
        !asArray(entry.addresses).some(
          each => typeof each === 'string' && each.includes('/'),
        )
          ? undefined
          : {
              at: ['addresses'],
              message:
                'may be blocks only where the resolution is STATIC or NONE',
            },
      ({ ports }) => {
        const numbers = asArray(ports).map(each => asJson(each).number);
        return new Set(numbers).size < numbers.length
          ? { at: ['ports'], message: 'must have different numbers' }
          : undefined;
      },
    ],
  },
);
