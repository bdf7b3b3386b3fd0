import { type Json, asJson } from '@callgate/cluster-reader';
import { readYamlDocuments } from '@callgate/policy';
import fs from 'node:fs';
import path from 'node:path';

/** The objects of a file of `deploy`, in their order; by default of `deploy/rbac.yaml`. */
export function readRbac(name = 'rbac.yaml'): Json[] {
  const file = path.resolve(__dirname, '../../deploy', name);
  return readYamlDocuments({
    path: name,
    text: fs.readFileSync(file, 'utf8'),
  }).map(each => {
    if ('problem' in each) throw new Error(each.problem.message);
    return asJson(each.value);
  });
}
