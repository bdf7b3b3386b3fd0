export { readYamlDocuments } from './readYamlDocuments';
export type { YamlDocument } from './readYamlDocuments';
export type { DocumentText } from './splitDocuments';
export type { YamlProblem } from './YamlProblem';
export type { YamlReading } from './readYaml';
