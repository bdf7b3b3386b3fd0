import { readYamlDocuments } from '@callgate/policy';
import fs from 'node:fs';
import path from 'node:path';
import { asJson, type Json } from '../json';

/** The objects of `deploy/rbac.yaml`, in their order. */
export function readRbac(): Json[] {
  const file = path.resolve(__dirname, '../../deploy/rbac.yaml');
  return readYamlDocuments({
    path: 'rbac.yaml',
    text: fs.readFileSync(file, 'utf8'),
  }).map(each => {
    if ('problem' in each) throw new Error(each.problem.message);
    return asJson(each.value);
  });
}
