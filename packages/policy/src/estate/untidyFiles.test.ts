import { emptyEstate, loadManifests } from './loadManifests';
import { buildCluster } from './buildCluster';

const load = (text: string, path = 'a.yaml') => loadManifests([{ path, text }]);

const said = (text: string, path?: string) =>
  load(text, path).findings.map(({ code, message, fix }) => ({
    code,
    message,
    fix,
  }));

const POD = '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "NAME"}}';
const pod = (name: string) => POD.replace('NAME', name);

describe('files beside the manifests', () => {
  it.each([
    ['// comment\n{"a": 1}\n', 'settings.json'],
    ['{"a": 1, }}\n{"b": 2\n', 'rows.json'],
    ['{{ if .Values.on }}\nreplicas: 2\n', 'values.tpl.yaml'],
  ])('%j is no manifest, which is no error', (text, path) => {
    const [found, ...rest] = load(text, path).findings;
    expect(rest).toEqual([]);
    expect(found).toMatchObject({ code: 'not-a-manifest', severity: 'info' });
    expect(found.message).toMatch(new RegExp(`^${path} is no manifest`));
  });

  it('is said once for a file of several documents', () => {
    expect(said('{a: [}\n---\n{b: [}\n')).toHaveLength(1);
  });

  it('is an error where objects stand in the same file, or may do so', () => {
    expect(said(`${pod('a')}\n---\nb: [\n`)).toMatchObject([
      { code: 'estate-not-readable' },
    ]);
    expect(said('apiVersion: v1\nkind: Pod\nb: [\n')).toMatchObject([
      { code: 'estate-not-readable' },
    ]);
  });

  it('an unrendered template is called that, with what to do', () => {
    const [found] = said(
      '{{- if .Values.on }}\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\n{{- end }}\n',
      't.yaml',
    );
    expect(found).toMatchObject({
      code: 'estate-not-readable',
      message:
        't.yaml is an unrendered template ({{ … }}): what it makes is not known',
    });
    expect(found.fix).toContain('helm template');
  });

  it('braces in a text make no template of a manifest', () => {
    expect(
      said(
        'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { t: "{{ .Values.x }}" }\n',
      ),
    ).toEqual([]);
  });
});

describe('streams of JSON', () => {
  it.each([
    ['one object a line', `${pod('a')}\n${pod('b')}\n`, [1, 2]],
    [
      'one behind the other',
      `${JSON.stringify(JSON.parse(pod('a')), undefined, 2)}\n\n${pod('b')}\n`,
      [1, 9],
    ],
    ['with carriage returns', `${pod('a')}\r\n${pod('b')}\r\n`, [1, 2]],
  ])('are read: %s', (_, text, lines) => {
    const { objects, findings } = load(text, 'a.json');
    expect(findings).toEqual([]);
    expect(objects.map(({ object }) => object.metadata.name)).toEqual([
      'a',
      'b',
    ]);
    expect(objects.map(({ at }) => at.line)).toEqual(lines);
  });

  it('with a broken line are an error as a whole', () => {
    const { objects, findings } = load(`${pod('a')}\n${pod('b')},\n`);
    expect(objects).toEqual([]);
    expect(findings).toMatchObject([{ code: 'estate-not-readable' }]);
  });
});

describe('documents without kind', () => {
  it('are said to look like objects', () => {
    const { findings } = load(
      [
        'metadata: { name: web, namespace: shop }\nspec: { containers: [] }',
        'apiVersion: networking.k8s.io/v1\nmetadata: { name: close, namespace: shop }\nspec: {}',
        'kind: Service\nmetadata: { name: web }',
      ].join('\n---\n'),
    );
    expect(
      findings.map(({ code, message, at }) => [code, message, at?.line]),
    ).toEqual([
      [
        'invalid-object',
        'a.yaml: shop/web looks like an object and says no apiVersion and no kind: it was not read.',
        1,
      ],
      [
        'invalid-object',
        'a.yaml: shop/close looks like an object and says no kind: it was not read.',
        4,
      ],
      [
        'invalid-object',
        'a.yaml: Service web looks like an object and says no apiVersion: it was not read.',
        8,
      ],
    ]);
  });

  it.each([
    'name: chart\nversion: 1\n',
    'metadata: { name: x }\n',
    'openapi: 3.0.0\ninfo: { title: t }\npaths: {}\n',
    'kind: Kustomization\nresources: []\n',
    'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n',
  ])('%j looks like none', text => {
    expect(said(text)).toEqual([]);
  });

  it('an estate in which nothing is recognised is said to be so', () => {
    const files = [{ path: 'values.yaml', text: 'replicas: 2\n' }];
    expect(emptyEstate('prod', files, loadManifests(files))).toMatchObject([
      { code: 'estate-empty', objects: ['prod'] },
    ]);
    expect(emptyEstate('prod', [], loadManifests([]))).toEqual([]);
    expect(emptyEstate('prod', files, load(pod('a')))).toEqual([]);
  });
});

describe('manifests without namespace', () => {
  const TEXT =
    'apiVersion: v1\nkind: Service\nmetadata: { name: a }\n---\napiVersion: v1\nkind: Namespace\nmetadata: { name: n }\n';
  const build = (namespace?: string, text = TEXT) =>
    buildCluster({
      name: 'c',
      objects: load(text).objects,
      ...(namespace !== undefined && { namespace }),
    });

  it('are read as default, which is said once', () => {
    const { cluster, findings } = build();
    expect(cluster.services.map(({ id }) => id)).toEqual(['default/a']);
    expect(findings.map(({ code, message }) => [code, message])).toEqual([
      [
        'namespace-assumed',
        'Service a names no namespace, and is read as if applied to default.',
      ],
    ]);
  });

  it('are in the namespace to which they are said to be applied', () => {
    const { cluster, findings } = build('shop');
    expect(cluster.services.map(({ id }) => id)).toEqual(['shop/a']);
    expect(cluster.namespaces.has('n')).toBe(true);
    expect(findings).toEqual([]);
  });

  it('say nothing where default is what they name', () => {
    expect(
      build(undefined, TEXT.replace('name: a', 'name: a, namespace: default'))
        .findings,
    ).toEqual([]);
  });
});
