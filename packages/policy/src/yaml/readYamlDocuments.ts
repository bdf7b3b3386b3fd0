import { asJson } from '../estate/json';
import { SourceFile } from '../source';
import { MAX_FILE } from './limits';
import { readYaml, YamlReading } from './readYaml';
import { DocumentText, splitDocuments } from './splitDocuments';
import { splitJson } from './splitJson';

/**
 * One document of a file: its value, or why it has none, with the line and
 * column of the file.
 *
 * @public
 */
export type YamlDocument = YamlReading & DocumentText;

/** A mark of byte order inside of a document would make another key of the first one after it, and nobody sees why. */
function withoutMarkedKeys(reading: YamlReading, text: string): YamlReading {
  if (!('value' in reading) || !text.includes('\uFEFF')) return reading;
  const marked = Object.keys(asJson(reading.value)).some(key =>
    key.startsWith('\uFEFF'),
  );
  if (!marked) return reading;
  const lines = text.slice(0, text.search(/(?:^|\n)\uFEFF/) + 1).split('\n');
  const message =
    'has a byte order mark in the middle of a document: a file was put behind another one without --- between them';
  return { problem: { message, line: lines.length, column: 1 } };
}

/**
 * Reads every document of a YAML or JSON file: core schema of YAML 1.2, merge
 * keys, several JSON values one behind the other, anchors within bounds (128 Mi characters a file, 200 levels, a million
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
  return splitDocuments(file.text).flatMap(part => {
    const read = readPart(part);
    // Not until it is known that the text is no single document.
    const values = 'problem' in read ? splitJson(part) : undefined;
    return values ? values.map(readPart) : [read];
  });
}

function readPart(part: DocumentText): YamlDocument {
  const reading = withoutMarkedKeys(readYaml(part.text), part.text);
  if ('value' in reading) return { ...reading, ...part };
  const { message, line, column } = reading.problem;
  const problem = { message, line: line + part.firstLine - 1, column };
  return { problem, ...part };
}
