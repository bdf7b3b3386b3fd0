import { renderInTestApp } from '@backstage/frontend-test-utils';
import type { Operation } from '@callgate/plugin-callgate-common';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { groupOperations } from './operationGroups';
import { OperationTree } from './OperationTree';

const MANY: Operation[] = Array.from({ length: 300 }, (_, index) => ({
  id: `op${index}`,
  kind: 'http',
  method: 'GET',
  path: `/things/${index}`,
  tag: 'Things',
  summary: `Read thing ${index}`,
  writes: false,
}));

function Tree(props: { operations: Operation[] }) {
  const [picked, setPicked] = useState<Operation[]>([]);
  return (
    <>
      <p>{picked.length} picked</p>
      <OperationTree
        groups={groupOperations(props.operations)}
        picked={picked}
        searching={false}
        onChange={setPicked}
      />
    </>
  );
}

describe('OperationTree', () => {
  beforeEach(() => {
    // jsdom lays nothing out: the list and its rows are told how high they are.
    jest.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(320);
    jest
      .spyOn(HTMLElement.prototype, 'offsetHeight', 'get')
      .mockReturnValue(38);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('draws only what is in sight of 300 operations', async () => {
    renderInTestApp(<Tree operations={MANY} />);
    const boxes = await screen.findAllByRole('checkbox');
    expect(boxes.length).toBeGreaterThan(5);
    expect(boxes.length).toBeLessThan(80);
  });

  it('takes all reading operations of a group, also those out of sight, and says that later ones are not included', async () => {
    renderInTestApp(<Tree operations={MANY} />);
    await userEvent.click(
      await screen.findByRole('button', {
        name: 'All GET (300) of Things today. Operations that are added later are not included.',
      }),
    );
    expect(screen.getByText('300 picked')).toBeInTheDocument();
  });

  it('is one stop of the Tab key, and arrows walk its rows', async () => {
    renderInTestApp(<Tree operations={MANY.slice(0, 5)} />);
    const boxes = await screen.findAllByRole('checkbox');
    expect(boxes.filter(box => box.tabIndex === 0)).toEqual([boxes[0]]);
    boxes[0].focus();
    await userEvent.keyboard('{ArrowDown}{ArrowDown} ');
    await waitFor(() => expect(boxes[2]).toHaveFocus());
    expect(boxes[2]).toBeChecked();
    await userEvent.keyboard('{End}');
    await waitFor(() => expect(boxes[4]).toHaveFocus());
    expect(boxes.filter(box => box.tabIndex === 0)).toEqual([boxes[4]]);
    await userEvent.keyboard('{Home}');
    await waitFor(() =>
      expect(
        screen.getByRole('button', { name: /Things/, expanded: true }),
      ).toHaveFocus(),
    );
  });

  it('is walked by the keyboard to its other end and back', async () => {
    // jsdom scrolls nothing: the list is told where it is, as a browser does.
    Element.prototype.scrollTo = function scrollTo(
      this: Element,
      ...to: unknown[]
    ) {
      const { top = 0 } = (to[0] ?? {}) as ScrollToOptions;
      this.scrollTop = top;
      this.dispatchEvent(new Event('scroll'));
    };
    jest
      .spyOn(Element.prototype, 'scrollHeight', 'get')
      .mockReturnValue(301 * 38);
    renderInTestApp(<Tree operations={MANY} />);
    const [first] = await screen.findAllByRole('checkbox');
    first.focus();
    await userEvent.keyboard('{End}');
    await waitFor(() =>
      expect(
        screen.getByRole('checkbox', { name: /Read thing 299/ }),
      ).toHaveFocus(),
    );
    await userEvent.keyboard(' ');
    expect(screen.getByText('1 picked')).toBeInTheDocument();
    expect(screen.getAllByRole('checkbox').length).toBeLessThan(80);
    await userEvent.keyboard('{ArrowUp}');
    await waitFor(() =>
      expect(
        screen.getByRole('checkbox', { name: /Read thing 298/ }),
      ).toHaveFocus(),
    );
    await userEvent.keyboard('{Home}');
    await waitFor(() =>
      expect(
        screen.getByRole('button', { name: /Things/, expanded: true }),
      ).toHaveFocus(),
    );
  });

  it('closes a group', async () => {
    renderInTestApp(<Tree operations={MANY.slice(0, 5)} />);
    await userEvent.click(
      await screen.findByRole('button', { name: /Things/, expanded: true }),
    );
    expect(screen.queryByRole('checkbox')).not.toBeInTheDocument();
  });
});
