import fc from 'fast-check';
import { compileShop, policyText, shopCluster } from '../__fixtures__/shop';
import { fuzz } from '../__testUtils__/fuzz';
import { EVERY_LIE, placesOf, replaced, yamlOf } from '../__testUtils__/lies';
import { loadManifests } from '../estate/loadManifests';

const GRANTS = ['checkout: listOrders, createOrder', 'cart: getOrder'];
const HELD = policyText('orders', [
  'checkout: listOrders, dropOrders',
  GRANTS[1],
]);

const before = [...compileShop([policyText('orders', GRANTS)]).files];

/** Every field of every generated object that stands in a file, with what else is in it. */
const fields = before.flatMap(file => {
  const objects = loadManifests([file]).objects.map(({ object }) => object);
  return objects.flatMap((object, index) =>
    placesOf(object).map(place => ({ file, objects, index, place })),
  );
});

const sound = compileShop([HELD], shopCluster(), before);

describe('a generated file that somebody damaged', () => {
  it('is the exception: without damage the held grant keeps what it has in force', () => {
    expect(sound.failedApis).toEqual([]);
    expect(sound.held).toMatchObject([{ inForce: true }]);
    expect(fields.length).toBeGreaterThan(40);
  });

  const compiledWith = (
    { file, objects, index, place }: (typeof fields)[number],
    what: unknown,
  ) => {
    const text = objects
      .map((object, at) =>
        yamlOf(at === index ? replaced(object, place, what) : object),
      )
      .join('\n---\n');
    const files = before.map(each =>
      each === file ? { ...each, text } : each,
    );
    return compileShop([HELD], shopCluster(), files);
  };

  it('takes down nothing where a field lies about turning into text', () => {
    const [liar] = EVERY_LIE;
    for (const field of fields)
      expect(compiledWith(field, liar).failedApis).toEqual([]);
  });

  it('takes down nothing: what is not of the shape of generated objects keeps nothing open, and every other grant is compiled', () => {
    fuzz(
      fc.property(
        fc.constantFrom(...fields),
        fc.constantFrom(...EVERY_LIE, 1, 'x', {}, [{}], { a: 1 }, [[null]]),
        (field, what) => {
          const { failedApis, plan } = compiledWith(field, what);
          expect(failedApis).toEqual([]);
          expect(plan.edges).toEqual(sound.plan.edges);
        },
      ),
      100,
    );
  });
});
