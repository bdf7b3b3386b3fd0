import { parseEntityRef } from '@backstage/catalog-model';
import type {
  AuthService,
  BackstageCredentials,
  DiscoveryService,
} from '@backstage/backend-plugin-api';
import { InputError, NotAllowedError, ResponseError } from '@backstage/errors';
import {
  type AccessRequest,
  type AccessRequestDraft,
  type ApiAccess,
  CALLGATE_PLUGIN_ID,
  DefaultApiClient,
  type ExplainedCall,
  type Explanation,
  type NewAccessRequest,
  type Preview,
  type TypedResponse,
} from '@callgate/plugin-callgate-common';
import { readRef } from './readRef';

/**
 * Callgate's REST for other plugins, each time as the person they act for: what that one may not do or see, is not done and
 * not answered. It can read, preview and ask. To decide is not among what it can do.
 *
 * Whatever is refused is thrown as Callgate said it, with the `name` and `message` of that error.
 *
 * @public
 */
export class CallgateRest {
  readonly #client: DefaultApiClient;
  readonly #auth: AuthService;

  constructor(options: { auth: AuthService; discovery: DiscoveryService }) {
    this.#auth = options.auth;
    this.#client = new DefaultApiClient({ discoveryApi: options.discovery });
  }

  /**
   * Who can call an API.
   *
   * @param ref - entity ref of the API, such as `api:default/orders`; without a kind it is an API's
   * @throws InputError for what is no API's
   */
  async getApiAccess(
    ref: string,
    credentials: BackstageCredentials,
  ): Promise<ApiAccess> {
    const { kind, namespace, name } = parseEntityRef(readRef(ref, 'api'));
    if (kind !== 'api') {
      throw new InputError(`${ref} is no API.`);
    }
    return this.#ask(credentials, token =>
      this.#client.getApiAccess({ path: { namespace, name } }, { token }),
    );
  }

  /** Whether a call gets through, in each cluster, and what would have to change. */
  async explain(
    call: ExplainedCall,
    credentials: BackstageCredentials,
  ): Promise<Explanation[]> {
    const body = {
      ...call,
      api: readRef(call.api, 'api'),
      caller: readRef(call.caller, 'component'),
    };
    return this.#ask(credentials, token =>
      this.#client.explainCall({ body }, { token }),
    );
  }

  /** What a draft would mean. Nothing is stored. */
  async preview(
    draft: AccessRequestDraft,
    credentials: BackstageCredentials,
  ): Promise<Preview> {
    return this.#ask(credentials, token =>
      this.#client.createPreview({ body: draft }, { token }),
    );
  }

  /**
   * Sends a request with the digest of what was previewed.
   *
   * @param idempotencyKey - the same for every attempt to send one request: the later ones are answered with what the first
   *   one made
   */
  async createRequest(
    request: NewAccessRequest,
    idempotencyKey: string,
    credentials: BackstageCredentials,
  ): Promise<AccessRequest> {
    // What the generated client calls `idempotencyKey` it would send under that name.
    const header: object = { 'Idempotency-Key': idempotencyKey };
    return this.#ask(credentials, token =>
      this.#client.createRequest({ body: request, header }, { token }),
    );
  }

  /** A request with where it stands. */
  async getRequest(
    id: string,
    credentials: BackstageCredentials,
  ): Promise<AccessRequest> {
    return this.#ask(credentials, token =>
      this.#client.getRequest({ path: { id } }, { token }),
    );
  }

  async #ask<T>(
    credentials: BackstageCredentials,
    ask: (token: string) => Promise<TypedResponse<T>>,
  ): Promise<T> {
    // The token of a plugin would be asked with, and nobody would know any more which program it was.
    if (!this.#auth.isPrincipal(credentials, 'user')) {
      throw new NotAllowedError(
        'Only people who are signed in can do this here. Programs call the REST of Callgate with a token of their own.',
      );
    }
    const { token } = await this.#auth.getPluginRequestToken({
      onBehalfOf: credentials,
      targetPluginId: CALLGATE_PLUGIN_ID,
    });
    const response = await ask(token);
    if (!response.ok) {
      const { cause } = await ResponseError.fromResponse(
        response as unknown as Response,
      );
      // It comes without the stack of the backend; logs show that of who asked.
      Error.captureStackTrace(cause);
      throw cause;
    }
    return response.json();
  }
}
