import type {
  BackstageUserIdentity,
  IdentityApi,
  ProfileInfo,
} from '@backstage/core-plugin-api';
import { chosenPerson } from './chosenPerson';

/** The identity of a demo person; signing out forgets the person, so that the next page asks again. */
export class DemoIdentity implements IdentityApi {
  readonly #identity: IdentityApi;
  readonly #title: string;

  constructor(identity: IdentityApi, title: string) {
    this.#identity = identity;
    this.#title = title;
  }

  async getProfileInfo(): Promise<ProfileInfo> {
    const profile = await this.#identity.getProfileInfo();
    return { ...profile, displayName: profile.displayName ?? this.#title };
  }

  getBackstageIdentity(): Promise<BackstageUserIdentity> {
    return this.#identity.getBackstageIdentity();
  }

  getCredentials(): Promise<{ token?: string }> {
    return this.#identity.getCredentials();
  }

  async signOut(): Promise<void> {
    chosenPerson.clear();
    await this.#identity.signOut();
  }
}
