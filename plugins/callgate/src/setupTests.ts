import '@testing-library/jest-dom';
import { configure } from '@testing-library/react';
import { toHaveNoViolations } from 'jest-axe';

expect.extend(toHaveNoViolations);

// Screens are mounted in a whole app, on machines that do other things besides.
configure({ asyncUtilTimeout: 10_000 });
jest.setTimeout(60_000);
