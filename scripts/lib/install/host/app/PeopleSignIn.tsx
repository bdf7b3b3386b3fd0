import { useState } from 'react';
import { ProxiedSignInPage } from '@backstage/core-components';
import type { SignInPageProps } from '@backstage/core-plugin-api';

const KEY = 'person';

/** Stands for the sign-in that a company has: asks for a name, and remembers it in this tab. */
export const PeopleSignIn = (props: SignInPageProps) => {
  const [person, setPerson] = useState(sessionStorage.getItem(KEY));
  const [typed, setTyped] = useState('');
  if (person) {
    return (
      <ProxiedSignInPage
        {...props}
        provider="people"
        headers={{ 'x-person': person }}
      />
    );
  }
  return (
    <form
      onSubmit={event => {
        event.preventDefault();
        sessionStorage.setItem(KEY, typed);
        setPerson(typed);
      }}
    >
      <label>
        Your name
        <input value={typed} onChange={event => setTyped(event.target.value)} />
      </label>
      <button type="submit">Sign in</button>
    </form>
  );
};
