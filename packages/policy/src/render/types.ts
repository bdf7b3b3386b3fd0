/**
 * One file of the policy repository.
 *
 * @public
 */
export interface RenderedFile {
  /** `clusters/<cluster>/<namespace>/callgate-<api>.yaml` */
  path: string;
  text: string;
  cluster: string;
  /** files with a lower number are applied earlier; the highest order of the objects inside */
  order: number;
}
