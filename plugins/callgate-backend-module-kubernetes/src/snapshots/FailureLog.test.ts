import { FailureLog } from './FailureLog';

it('says what the database says once in ten minutes, without the statement', () => {
  const said: string[] = [];
  let now = 0;
  const log = new FailureLog({ warn: text => said.push(text) }, () => now);
  const failure = new Error(
    "insert into `kubernetes_contents` values (X'1f8b') - connection refused",
  );
  log.add(failure);
  now = 599_999;
  log.add(failure);
  expect(said).toEqual([
    'What clusters have cannot be shared by the database: connection refused. It is tried again.',
  ]);
  log.add(new Error('the text of prod/pods.yaml is missing'));
  expect(said).toHaveLength(2);
  now = 600_000;
  log.add(failure);
  expect(said).toHaveLength(3);
});
