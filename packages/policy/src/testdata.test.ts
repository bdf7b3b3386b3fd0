import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { filesIn } from './__testUtils__/filesIn';
import {
  buildCluster,
  compile,
  declaredApiOf,
  loadManifests,
  meaning,
  parseAccessPolicy,
  parsePlatformProfile,
  prove,
  verify,
  withGenerated,
  type CatalogEntity,
  type CompileInput,
} from './index';

/*
 * Golden cases: testdata/<case>/ holds catalog.yaml, policies/, estate/,
 * profile.yaml, expected/ and why.md (testdata/README.md says more). What is
 * compiled has to be what is expected, byte by byte; and because expected bytes
 * can be wrong, the evaluator, which shares no code with the generator, has to
 * find that effective access is what is declared.
 */
const TESTDATA = resolve(__dirname, '../testdata');

/** Cases with tests of their own. */
const APART = new Set(['access', 'judgement', 'onboard']);

const cases = existsSync(TESTDATA)
  ? readdirSync(TESTDATA, { withFileTypes: true })
      .filter(entry => entry.isDirectory() && !APART.has(entry.name))
      .map(entry => entry.name)
      .sort()
  : [];

function readCase(name: string): CompileInput {
  const folder = join(TESTDATA, name);
  const catalog = parseAllDocuments(
    readFileSync(join(folder, 'catalog.yaml'), 'utf8'),
  ).map((document): CatalogEntity => document.toJS());
  const { profile, findings } = parsePlatformProfile({
    path: 'profile.yaml',
    text: readFileSync(join(folder, 'profile.yaml'), 'utf8'),
  });
  expect(findings).toEqual([]);
  const manifests = loadManifests(filesIn(join(folder, 'estate')));
  expect(manifests.findings).toEqual([]);
  const { cluster } = buildCluster({
    name: profile!.name,
    objects: manifests.objects,
    profile,
  });
  const policies: CompileInput['policies'][number][] = [];
  const unreadable: NonNullable<CompileInput['unreadable']>[number][] = [];
  for (const file of filesIn(join(folder, 'policies'))) {
    const parsed = parseAccessPolicy(file);
    if (parsed.policy) {
      policies.push({ policy: parsed.policy, file: file.path });
    } else {
      unreadable.push({
        file: file.path,
        api: declaredApiOf(file),
        findings: parsed.findings,
      });
    }
  }
  return { policies, unreadable, catalog, clusters: [cluster] };
}

/** One line of `expected/findings.yaml`. */
interface ExpectedFinding {
  code: string;
  /** Stated where it matters. */
  field?: string;
}

function expectedFindings(name: string): ExpectedFinding[] {
  const file = join(TESTDATA, name, 'expected', 'findings.yaml');
  return existsSync(file) ? parse(readFileSync(file, 'utf8')) ?? [] : [];
}

describe('golden cases', () => {
  it('are there', () => {
    expect(cases.length).toBeGreaterThan(0);
  });

  describe.each(cases)('%s', name => {
    it('says why it is there', () => {
      const why = readFileSync(join(TESTDATA, name, 'why.md'), 'utf8');
      expect(why.trim().length).toBeGreaterThan(40);
    });

    it('compiles to the expected files and findings', () => {
      const compilation = compile(readCase(name));
      const expected = expectedFindings(name);
      expect(compilation.findings.map(({ code }) => code).sort()).toEqual(
        expected.map(({ code }) => code).sort(),
      );
      const places = compilation.findings.map(
        ({ code, at }) => `${code} at ${at?.field}`,
      );
      expect(places).toEqual(
        expect.arrayContaining(
          expected
            .filter(({ field }) => field !== undefined)
            .map(({ code, field }) => `${code} at ${field}`),
        ),
      );
      expect(
        Object.fromEntries(
          compilation.files.map(({ path, text }) => [path, text]),
        ),
      ).toEqual(
        Object.fromEntries(
          filesIn(join(TESTDATA, name, 'expected'))
            .filter(({ path }) => path !== 'findings.yaml')
            .map(({ path, text }) => [path, text]),
        ),
      );
    });

    it('gives the same bytes when its input is shuffled', () => {
      const input = readCase(name);
      const shuffled = compile({
        ...input,
        policies: [...input.policies].reverse(),
        catalog: [...input.catalog].reverse(),
        clusters: input.clusters.map(
          cluster =>
            buildCluster({
              name: cluster.name,
              objects: [...cluster.objects].reverse(),
              profile: cluster.profile,
            }).cluster,
        ),
      });
      expect(shuffled.files).toEqual(compile(input).files);
    });

    it('enforces what it declares, as the independent evaluator sees it', () => {
      const input = readCase(name);
      const compilation = compile(input);
      const result = verify({
        plan: compilation.plan,
        clusters: input.clusters.map(cluster =>
          withGenerated(cluster, loadManifests(compilation.files).objects),
        ),
      });
      expect(result.missing).toEqual([]);
      expect(result.surplusOurs).toEqual([]);
      expect(result.equal).toBe(true);
    });

    it('is proved as a proposal: approved access and no more, and nobody is cut in between', () => {
      const input = readCase(name);
      const { clusters, catalog } = input;
      const compilation = compile(input);
      const before = {
        compilation: compile({ ...input, policies: [], unreadable: [] }),
        clusters,
      };
      const after = { compilation, clusters };
      const approved = input.policies.map(
        ({ policy }) =>
          meaning({ before, after, api: policy.spec.api, catalog }).content,
      );
      const proof = prove({ before, after, approved });
      expect(
        proof.points
          .filter(({ outcome }) => outcome === 'failed')
          .map(({ text }) => text),
      ).toEqual([]);
    });
  });
});
