import { asJson } from '../json';
import { name, anyPort, isUnix } from './common';
import { atMostOne, fields, flag, list, map, oneOf, port, text } from './shape';

export const gateway = fields(
  {
    selector: map(text()),
    servers: list(
      fields(
        {
          port: fields(
            { number: anyPort, protocol: name, name, targetPort: anyPort },
            { required: ['number', 'protocol', 'name'] },
          ),
          hosts: list(text(), { least: 1 }),
          bind: text(),
          name: text(),
          tls: fields(
            {
              mode: oneOf(
                'is no mode of TLS',
                'PASSTHROUGH',
                'SIMPLE',
                'MUTUAL',
                'AUTO_PASSTHROUGH',
                'ISTIO_MUTUAL',
                'OPTIONAL_MUTUAL',
              ),
              httpsRedirect: flag,
              credentialName: text(),
              credentialNames: list(text(), { least: 1, most: 2 }),
            },
            {
              rules: [
                atMostOne('tlsCertificates', 'credentialNames'),
                atMostOne('credentialName', 'credentialNames'),
              ],
            },
          ),
        },
        {
          required: ['port', 'hosts'],
          rules: [
            server => {
              const at = ['port', 'number'];
              const { number: stated } = asJson(server.port);
              return isUnix(server.bind) || port(stated, at).length === 0
                ? undefined
                : { at, message: 'must be a port' };
            },
          ],
        },
      ),
      { least: 1 },
    ),
  },
  { required: ['servers'] },
);
