import { useState } from 'react';
import { ProxiedSignInPage } from '@backstage/core-components';
import type { SignInPageProps } from '@backstage/plugin-app-react';
import { chosenPerson } from './chosenPerson';
import { DemoIdentity } from './DemoIdentity';
import type { DemoPerson } from './demoPeople';
import { PeopleCards } from './PeopleCards';
import { SignInProblem } from './SignInProblem';

/** Must be the name that the backend reads. */
const DEMO_USER_HEADER = 'x-callgate-demo-user';

/** Asks who one wants to be in the demo, once for each browser tab. */
export function DemoSignInPage(
  props: SignInPageProps & { people: DemoPerson[] },
) {
  const { people, onSignInSuccess } = props;
  const [entityRef, setEntityRef] = useState(chosenPerson.read);
  const [attempt, setAttempt] = useState(1);
  // A ref remembered from another configuration is nobody here.
  const person = people.find(p => p.entityRef === entityRef);

  if (!person) {
    return (
      <PeopleCards
        people={people}
        onChoose={chosen => {
          chosenPerson.write(chosen.entityRef);
          setEntityRef(chosen.entityRef);
        }}
      />
    );
  }

  const chooseAgain = () => {
    chosenPerson.clear();
    setEntityRef(undefined);
  };
  return (
    <ProxiedSignInPage
      key={`${person.entityRef} ${attempt}`}
      provider="demo"
      headers={{ [DEMO_USER_HEADER]: person.entityRef }}
      onSignInSuccess={identity =>
        onSignInSuccess(new DemoIdentity(identity, person.title))
      }
      ErrorComponent={({ error }) => (
        <SignInProblem
          name={person.title}
          error={error}
          onRetry={() => setAttempt(attempt + 1)}
          onChooseAgain={chooseAgain}
        />
      )}
    />
  );
}
