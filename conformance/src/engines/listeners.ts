import { Certificate } from './Oracle';

/** One way in that Envoy enforces: the filters of Istio for a workload, and what it does with paths. */
export interface Door {
  /** Port of this process's own loopback address. */
  port: number;
  kind: 'http' | 'tcp';
  /** As istiod built them. */
  filters: readonly Record<string, unknown>[];
  pathNormalization:
    | 'NONE'
    | 'BASE'
    | 'MERGE_SLASHES'
    | 'DECODE_AND_MERGE_SLASHES';
  /** For TCP, where no header can say it: who calls. */
  principal?: string;
  /** Who calls is told by a certificate, and not by us. */
  tls?: { own: Certificate; authority: string };
}

/** A loopback address of this process alone, so that several can run at the same time. */
export const DOOR_ADDRESS = `127.${64 + (process.pid % 128)}.${
  (process.pid >> 7) % 256
}.1`;

/** Header of ours that says who calls, as the certificate would. */
export const PRINCIPAL_HEADER = 'x-conformance-principal';

const PEER_PRINCIPAL = 'io.istio.peer_principal';

const TYPE = 'type.googleapis.com/envoy.extensions';

/** What Istio sets on the connection manager for each option (istio `pilot/pkg/networking/core/listener.go`). */
function normalization(
  option: Door['pathNormalization'],
): Record<string, unknown> {
  switch (option) {
    case 'NONE':
      return {};
    case 'BASE':
      return { normalize_path: true };
    case 'MERGE_SLASHES':
      return { normalize_path: true, merge_slashes: true };
    default:
      return {
        normalize_path: true,
        merge_slashes: true,
        path_with_escaped_slashes_action: 'UNESCAPE_AND_FORWARD',
      };
  }
}

function filterState(
  text: string,
  filter: 'http' | 'network',
): Record<string, unknown> {
  return {
    name: 'principal',
    typed_config: {
      '@type': `${TYPE}.filters.${filter}.set_filter_state.v3.Config`,
      [filter === 'http' ? 'on_request_headers' : 'on_new_connection']: [
        {
          object_key: PEER_PRINCIPAL,
          factory_key: 'envoy.string',
          format_string: {
            text_format_source: { inline_string: text },
            // Else a header that is not there would be the name "-".
            omit_empty_values: true,
          },
          skip_if_empty: true,
        },
      ],
    },
  };
}

function httpFilters({ filters, pathNormalization }: Door): unknown[] {
  return [
    {
      name: 'envoy.filters.network.http_connection_manager',
      typed_config: {
        '@type': `${TYPE}.filters.network.http_connection_manager.v3.HttpConnectionManager`,
        stat_prefix: 'door',
        ...normalization(pathNormalization),
        delayed_close_timeout: '0s',
        stream_idle_timeout: '0s',
        route_config: {
          virtual_hosts: [
            {
              name: 'all',
              domains: ['*'],
              routes: [
                { match: { prefix: '/' }, direct_response: { status: 200 } },
              ],
            },
          ],
        },
        http_filters: [
          filterState(`%REQ(${PRINCIPAL_HEADER})%`, 'http'),
          ...filters,
          {
            name: 'envoy.filters.http.router',
            typed_config: { '@type': `${TYPE}.filters.http.router.v3.Router` },
          },
        ],
        // The reason says which policy decided, also where it lets the request pass.
        local_reply_config: {
          body_format: {
            text_format_source: {
              inline_string: `%RESPONSE_CODE_DETAILS% %DYNAMIC_METADATA(envoy.filters.http.rbac:enforced_effective_policy_id)%`,
            },
          },
        },
      },
    },
  ];
}

function tcpFilters({ filters, principal }: Door): unknown[] {
  return [
    ...(principal === undefined ? [] : [filterState(principal, 'network')]),
    ...filters,
    // The filters before it decide when the first byte comes, not when the connection does.
    {
      name: 'envoy.filters.network.echo',
      typed_config: { '@type': `${TYPE}.filters.network.echo.v3.Echo` },
    },
  ];
}

/** Mutual TLS as a sidecar demands it: whoever the authority vouches for. */
function transportSocket({
  own,
  authority,
}: NonNullable<Door['tls']>): Record<string, unknown> {
  return {
    name: 'envoy.transport_sockets.tls',
    typed_config: {
      '@type': `${TYPE}.transport_sockets.tls.v3.DownstreamTlsContext`,
      require_client_certificate: true,
      common_tls_context: {
        tls_certificates: [
          {
            certificate_chain: { inline_string: own.certificate },
            private_key: { inline_string: own.key },
          },
        ],
        validation_context: { trusted_ca: { inline_string: authority } },
      },
    },
  };
}

/** The listener of a door. Addresses and the port that was called come by the PROXY protocol. */
export function listenerOf(door: Door): Record<string, unknown> {
  return {
    '@type': 'type.googleapis.com/envoy.config.listener.v3.Listener',
    name: `door-${door.port}`,
    address: {
      socket_address: { address: DOOR_ADDRESS, port_value: door.port },
    },
    listener_filters: [
      {
        name: 'envoy.filters.listener.proxy_protocol',
        typed_config: {
          '@type': `${TYPE}.filters.listener.proxy_protocol.v3.ProxyProtocol`,
        },
      },
    ],
    filter_chains: [
      {
        filters: door.kind === 'http' ? httpFilters(door) : tcpFilters(door),
        ...(door.tls && { transport_socket: transportSocket(door.tls) }),
      },
    ],
  };
}
