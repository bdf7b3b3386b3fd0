import { SignInPage } from '@backstage/core-components';
import {
  configApiRef,
  githubAuthApiRef,
  useApi,
} from '@backstage/core-plugin-api';
import type { SignInPageProps } from '@backstage/plugin-app-react';
import { DemoSignInPage } from './DemoSignInPage';
import { readDemoPeople } from './demoPeople';

/** The people of the demo where the configuration has some, otherwise sign-in by GitHub. */
export function PortalSignInPage(props: SignInPageProps) {
  const people = readDemoPeople(useApi(configApiRef));
  if (people.length > 0) {
    return <DemoSignInPage {...props} people={people} />;
  }
  return (
    <SignInPage
      {...props}
      provider={{
        id: 'github-auth-provider',
        title: 'GitHub',
        message: 'Sign in with your GitHub account',
        apiRef: githubAuthApiRef,
      }}
    />
  );
}
