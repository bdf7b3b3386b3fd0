import { renderInTestApp } from '@backstage/frontend-test-utils';
import type {
  ApiOperations,
  Operation,
} from '@callgate/plugin-callgate-common';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { label } from '../RequestPage/__testUtils__/samples';
import { OperationPicker } from './OperationPicker';

/** 300 operations in 25 groups of twelve: eleven that read, and one that writes. */
const OPERATIONS: Operation[] = Array.from({ length: 300 }, (_, index) => {
  const group = Math.floor(index / 12);
  const writes = index % 12 === 11;
  return {
    id: `op${index}`,
    kind: 'http',
    method: writes ? 'POST' : 'GET',
    path: `/group-${group}/things/${index}`,
    tag: `Group ${group}`,
    summary: writes ? `Make ${index}` : `Read ${index}`,
    writes,
  };
});

const OFFERED: ApiOperations = {
  api: label('api:default/orders', 'Orders API'),
  operations: OPERATIONS,
  methods: [],
  lastDay: { today: '2027-02-15' },
  ports: [],
  clusters: [],
  findings: [],
};

function Picker() {
  const [picked, setPicked] = useState<Operation[]>([]);
  return (
    <OperationPicker offered={OFFERED} picked={picked} onChange={setPicked} />
  );
}

const search = () => screen.findByRole('searchbox', { name: 'Operations' });

describe('OperationPicker with 300 operations', () => {
  it('draws few of them, under the heads of their groups', async () => {
    renderInTestApp(<Picker />);
    await search();
    // One group is open, 25 heads are drawn.
    expect(screen.getAllByRole('checkbox')).toHaveLength(12);
    expect(
      screen.getByRole('button', { name: /^Group 24/, expanded: false }),
    ).toBeInTheDocument();
  });

  it.each([
    ['its path', '/things/299', 'Make 299'],
    ['its method and group', 'POST group-3/', 'Make 47'],
    ['its id', 'op150', 'Read 150'],
    ['its summary', 'read 42', 'Read 42'],
  ])('finds one by %s', async (_, text, found) => {
    renderInTestApp(<Picker />);
    await userEvent.type(await search(), text.replace(/[{[]/g, '$&$&'));
    expect(
      screen.getAllByRole('checkbox', { name: new RegExp(`${found}(?!\\d)`) }),
    ).toHaveLength(1);
    expect(screen.getAllByRole('checkbox').length).toBeLessThan(12);
  });

  it('counts what is picked, and says that later ones are not included where all that read today are', async () => {
    renderInTestApp(<Picker />);
    await userEvent.type(await search(), 'op11');
    await userEvent.click(
      screen.getByRole('checkbox', { name: /Make 11(?!\d)/ }),
    );
    expect(screen.getByText('1 of 300, 1 writes')).toBeInTheDocument();
    const later = 'Operations that are added later are not included.';
    expect(screen.queryByText(later)).not.toBeInTheDocument();
    await userEvent.clear(await search());
    await userEvent.click(
      screen.getByRole('button', { name: /^All GET \(11\) of Group 0 today/ }),
    );
    expect(screen.getByText('12 of 300, 1 writes')).toBeInTheDocument();
    expect(screen.getByText(later)).toBeInTheDocument();
  });
});
