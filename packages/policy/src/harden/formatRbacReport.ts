import { RbacReport } from './types';

/** A cell of a markdown table: names come from manifests and are not trusted. */
function cell(text: string): string {
  return `\`${text.replace(/[`|\r\n]/g, '_')}\``;
}

function table(header: readonly string[], rows: readonly string[][]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  return line(header) + line(header.map(() => '---')) + rows.map(line).join('');
}

/** The report on roles of one cluster, for people. */
export function formatRbacReport(
  { holders, unknown }: RbacReport,
  cluster: string,
): string {
  const own = holders.filter(each => each.cluster === cluster);
  const open = unknown.filter(each => each.cluster === cluster);
  const place = (namespace: string) =>
    namespace === '*' ? 'everywhere' : cell(namespace);
  const known =
    own.length === 0
      ? 'No role of the estate gives anybody such a power.\n'
      : table(
          ['who', 'where', 'may', 'defeats', 'through'],
          own.map(each => [
            cell(each.subject),
            place(each.namespace),
            each.text,
            each.defeats.join(', '),
            cell(each.through),
          ]),
        );
  const missing =
    open.length === 0
      ? ''
      : `\n## Not known\n\nThe estate does not have the roles of these bindings. Add them to know what they allow.\n\n${table(
          ['who', 'where', 'through'],
          open.map(each => [
            cell(each.subject),
            place(each.namespace),
            cell(each.through),
          ]),
        )}`;
  return `# Who could defeat the layers in ${cell(
    cluster,
  )}\n\nBy the roles and bindings of the estate, for the namespaces in which granted calls begin or end. Who holds none of\nthese cannot open what Callgate closes without a pull request.\n\n${known}${missing}`;
}
