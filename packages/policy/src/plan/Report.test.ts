import { Report } from './Report';

describe('Report', () => {
  const add = (report: Report, object: string, data?: { port: string }) =>
    report.add('head-not-included', 'HEAD is not granted', [object], { data });

  it('makes one finding of the same words about several workloads, in any order', () => {
    const [one, other] = [new Report(), new Report()];
    ['shop/Deployment/b', 'shop/Deployment/a', 'shop/Deployment/b'].forEach(
      object => add(one, object),
    );
    ['shop/Deployment/a', 'shop/Deployment/b'].forEach(object =>
      add(other, object),
    );
    expect(one.all().map(({ objects }) => objects)).toEqual([
      ['shop/Deployment/a', 'shop/Deployment/b'],
    ]);
    expect(one.all()).toEqual(other.all());
  });

  it('keeps findings apart that differ in what they say, in their data, or in their grant', () => {
    const report = new Report();
    add(report, 'shop/Deployment/a', { port: '1' });
    add(report, 'shop/Deployment/b', { port: '2' });
    add(report.within({ grantId: 'checkout' }), 'shop/Deployment/a');
    expect(report.all()).toHaveLength(3);
  });

  it('brings the objects together when answers are replayed, and leaves the records as they are', () => {
    const recorded = ['shop/Deployment/a', 'shop/Deployment/b'].map(object =>
      Report.record(report => add(report, object)),
    );
    const report = new Report();
    recorded.forEach(each => report.replay(each));
    expect(report.all()[0].objects).toHaveLength(2);
    expect([...recorded[0].findings.values()][0].objects).toEqual([
      'shop/Deployment/a',
    ]);
  });
});
