import { fenced } from '../fence';
import { formatEntityRef, parseEntityRefText } from '../entityRef';
import { MAX_POLICY_FILE } from '../model/textRules';
import type { SourceFile } from '../source';
import { composeYaml } from '../yaml/composeYaml';

/**
 * The API that an AccessPolicy file is about, read leniently: so that a
 * declaration with an error can be attributed to its API, whose files then stay
 * as they are. Says nothing about the rest of the file being right.
 *
 * @public
 */
export function declaredApiOf(file: SourceFile): string | undefined {
  return fenced(
    () => readApi(file),
    () => undefined,
  );
}

function readApi(file: SourceFile): string | undefined {
  const { document } = composeYaml(file.text, { most: MAX_POLICY_FILE });
  const api: unknown = document.getIn(['spec', 'api']);
  const namespace: unknown = document.getIn(['metadata', 'namespace']);
  if (typeof api !== 'string') {
    return undefined;
  }
  const parts = parseEntityRefText(api, {
    kind: 'api',
    ...(typeof namespace === 'string' && { namespace }),
  });
  return parts?.kind === 'api' ? formatEntityRef(parts) : undefined;
}
