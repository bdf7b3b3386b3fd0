import { SourceFile } from '../source';
import { MAX_FILE } from './limits';
import { readYaml, YamlReading } from './readYaml';
import { DocumentText, splitDocuments } from './splitDocuments';

/**
 * One document of a file: its value, or why it has none, with the line and
 * column of the file.
 *
 * @public
 */
export type YamlDocument = YamlReading & DocumentText;

/**
 * Reads every document of a YAML or JSON file: core schema of YAML 1.2, merge
 * keys, anchors within bounds (128 Mi characters a file, 200 levels, a million
 * values once aliases are written out). A document that cannot be read leaves
 * the others readable. Never throws.
 *
 * @public
 */
export function readYamlDocuments(file: SourceFile): YamlDocument[] {
  if (file.text.length > MAX_FILE) {
    const message = `has more than ${MAX_FILE} characters and was not read`;
    return [
      {
        problem: { message, line: 1, column: 1 },
        text: file.text,
        firstLine: 1,
      },
    ];
  }
  return splitDocuments(file.text).map(part => {
    const reading = readYaml(part.text);
    if ('value' in reading) return { ...reading, ...part };
    const { message, line, column } = reading.problem;
    const problem = { message, line: line + part.firstLine - 1, column };
    return { problem, ...part };
  });
}
