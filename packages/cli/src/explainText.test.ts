import {
  folderWith,
  removeFolders,
  runCaptured,
} from './__fixtures__/runCaptured';

afterEach(removeFolders);

const pod = (name: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: shop, labels: { app: ${name} } }\nspec: { containers: [{ name: c, image: i, ports: [{ containerPort: 8080 }] }] }\n---\n`;
const policy = (name: string, app: string, port: number) =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: ${name}, namespace: shop }\nspec: { podSelector: { matchLabels: { app: ${app} } }, ingress: [{ ports: [{ port: ${port} }] }] }\n---\n`;

const WORLD = {
  'world/a.yaml':
    pod('orders') +
    pod('web') +
    policy('orders', 'orders', 80) +
    policy('other', 'other', 1),
};

const ASK = [
  ...['explain', '--world', 'world', '--from', 'shop/Pod/web'],
  ...['--to', 'shop/Pod/orders', '--port', '8080'],
];

describe('explain in words', () => {
  it.each(['table', 'markdown'])(
    'says as %s what was looked at and why it does not count, and which rule is nearest',
    async format => {
      const cwd = folderWith(WORLD);
      const { stdout, code } = await runCaptured([...ASK, '-o', format], {
        cwd,
      });
      expect(code).toBe(1);
      const lines = stdout
        .split('\n')
        .map(line => line.replace(/[ |]+/g, ' ').trim());
      expect(lines).toEqual(
        expect.arrayContaining([
          'node of shop/Pod/orders NetworkPolicy shop/orders ingress\\[0\\] it admits TCP 80, and the call is to TCP 8080'.replace(
            /\\/g,
            format === 'table' ? '' : '\\',
          ),
          'NetworkPolicy shop/orders yes It isolates shop/Pod/orders for ingress.',
          'NetworkPolicy shop/other no Its podSelector does not match the pods of shop/Pod/web.',
        ]),
      );
    },
  );

  it('names the Host in the title', async () => {
    const cwd = folderWith(WORLD);
    const http = ['--method', 'GET', '--path', '/a', '--host', 'orders:80'];
    const { stdout } = await runCaptured([...ASK, ...http, '-o', 'table'], {
      cwd,
    });
    expect(stdout).toContain(
      'shop/Pod/web → shop/Pod/orders TCP 8080 GET /a at host orders:80: refused',
    );
  });
});
