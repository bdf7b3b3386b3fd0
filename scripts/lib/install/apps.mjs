import { classicApp } from './classicApp.mjs';
import { newApp } from './newApp.mjs';
import { previousApp } from './previousApp.mjs';

/**
 * The kinds of Backstage in which the packages are tried, by the name that `--only` takes. Each has
 *
 * - `title`: what it is, for people
 * - `createApp`: the version of create-app, which is that of Backstage in other words (0.9.2 makes 1.55.0), and its options
 * - `release`: the versions of an earlier release of Backstage than that of backstage.json
 * - `leftOut`: packages of its template's frontend that are left out, beside those of every template
 * - `leaveOut(host)`: takes all that is left out from the code of the frontend
 * - `addCallgate(host)`: what docs/install.md writes into the code of the frontend
 * - `addSignIn(host)`: the company's sign-in in the frontend
 * - `policy`: whether the company has a permission policy of its own, in place of the template's, which allows everything
 * - `database`: a client of `backend.database`
 */
export const APPS = {
  new: newApp,
  classic: classicApp,
  previous: previousApp,
};
