import { ConfigReader } from '@backstage/config';
import type { Forge, ForgeRepository } from '@callgate/plugin-callgate-node';
import { readPolicyRepositoryConfig } from './policyRepositoryConfig';
import { RepositoryConnection } from './RepositoryConnection';

const read = (policyRepository: object) =>
  readPolicyRepositoryConfig(
    new ConfigReader({ callgate: { policyRepository } }),
  );

describe('readPolicyRepositoryConfig', () => {
  it('has defaults for everything that a local repository needs', () => {
    expect(read({ forge: 'local' })).toEqual({
      forge: 'local',
      url: '',
      branch: 'main',
      policiesFolder: 'policies',
      manifestsFolder: 'clusters',
      profilesFolder: 'profiles',
      guardrailsFile: 'guardrails.yaml',
      approvalsFile: 'approvals.yaml',
      reviewers: [],
    });
  });

  it('takes folders with or without a slash at the end', () => {
    expect(read({ policiesFolder: 'access/policies/' }).policiesFolder).toBe(
      'access/policies',
    );
  });

  it.each(['../outside', '/absolute', '.git', 'a/../b', 'a\\b'])(
    'refuses the folder %s',
    folder => {
      expect(() => read({ manifestsFolder: folder })).toThrow('cannot be used');
    },
  );

  it.each([
    { policiesFolder: 'clusters' },
    { policiesFolder: 'clusters/policies' },
    { manifestsFolder: 'policies/clusters' },
  ])('refuses folders inside each other: %j', folders => {
    expect(() => read(folders)).toThrow('must not lie inside each other');
  });
});

describe('the file of guardrails', () => {
  it.each(['../rules.yaml', '/etc/rules.yaml', '.git/rules.yaml'])(
    'is not %s',
    guardrailsFile => {
      expect(() => read({ guardrailsFile })).toThrow('cannot be used');
    },
  );

  it('does not lie where its text would be read as something else', () => {
    expect(() => read({ guardrailsFile: 'policies/rules.yaml' })).toThrow(
      'must not lie in the folder policies',
    );
  });
});

describe('RepositoryConnection', () => {
  const config = read({ forge: 'local' });

  it('names the package to install for a forge that is not there', () => {
    const forge = { id: 'github' } as Forge;
    expect(() =>
      RepositoryConnection.create({ forges: [forge], config }),
    ).toThrow(/"local", but only github is installed.*backend-module-local/);
  });

  it('connects once, and again only after a failure', async () => {
    const repository = {} as ForgeRepository;
    const connect = jest
      .fn()
      .mockRejectedValueOnce(new Error('down'))
      .mockResolvedValue(repository);
    const connection = RepositoryConnection.create({
      forges: [{ id: 'local', reviewsInPortal: true, connect }],
      config,
    });
    await expect(connection.repository()).rejects.toThrow('down');
    const [first, second] = await Promise.all([
      connection.repository(),
      connection.repository(),
    ]);
    expect([first, second]).toEqual([repository, repository]);
    expect(connect).toHaveBeenCalledTimes(2);
    expect(connect).toHaveBeenLastCalledWith({ url: '', branch: 'main' });
  });
});
