/**
 * What an agent in a cluster says: that it is there, and what the cluster has. Schema `EstatePush` of
 * `POST /estates/{cluster}`, whose description has the order of things; sizes are in bytes of UTF-8, digests SHA-256 in hex.
 *
 * @public
 */
export interface EstatePush {
  /** One run of one agent. */
  session: string;
  /** Of what is sent; agent and portal have to agree. */
  form: number;
  /** The version that this follows. */
  base?: string;
  /** How long ago what is there was last what the cluster has, in milliseconds. */
  ageMs?: number;
  /** Words of the agent, which nobody vouches for. */
  problems: string[];
  /** Every file of the cluster; absent where nothing is different. */
  files?: { path: string; digest: string }[];
  /** Of `files`, so that half of them is not taken for all. */
  total?: { files: number; digest: string };
  /** Texts that were missing. */
  texts?: { digest: string; text: string }[];
  /** The agent ends. */
  ends?: boolean;
}

/**
 * What became of what an agent said.
 *
 * @public
 */
export interface EstateAnswer {
  state: 'taken' | 'missing' | 'other-base';
  /** Of what is there now. */
  version?: string;
  /** Digests of texts that have to come first. */
  missing: string[];
  /** Files that are left out, each with why as the rest of a sentence; absent where all are taken. */
  refused?: { path: string; why: string }[];
}

/**
 * Takes what agents say of clusters that the portal cannot reach. Part of an estate source.
 *
 * @public
 */
export interface EstateIntake {
  /**
   * May whoever comes with this subject, such as `external:prod-eu-agent`, write the estate of the cluster? The same answer
   * for a cluster that is not there.
   */
  maySend(cluster: string, subject: string): boolean;
  /** Is it the subject of an agent, of whatever cluster? */
  isAgent(subject: string): boolean;
  /**
   * Is a message of a version that is taken here? Asked before anything else of it is read, as other versions have other fields.
   *
   * @param form - of the message
   * @throws InputError for another, with what to do about it
   */
  checkForm(form: number): void;
  /**
   * Takes it whole, or nothing of it; but a file whose text is not taken is left out alone, and said to be.
   *
   * @throws InputError for what no agent of this version sends, ConflictError while another one sends; both with words for
   * whoever runs the agent
   */
  take(cluster: string, push: EstatePush): Promise<EstateAnswer>;
}
